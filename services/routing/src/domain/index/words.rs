//! Words in a text: one automaton over the keywords of all rules and conditions, so that a text is read once whatever their number.

use std::collections::{BTreeSet, HashMap, HashSet};

use aho_corasick::AhoCorasick;

use crate::domain::profile::{Condition, KeywordRule};

type Word = usize;

/// A rule in numbers of words.
struct Numbers {
    all: Vec<Word>,
    any: Vec<Word>,
    none: Vec<Word>,
}

/// All words, and who asks for them.
pub(super) struct Words {
    automaton: Option<AhoCorasick>,
    words: Vec<String>,
    rules: Vec<Numbers>,
    conditions: Vec<Vec<Word>>,
    /// The rules a word speaks for.
    wanted_by: HashMap<Word, Vec<usize>>,
}

/// The words that occur in a text.
pub struct Read(HashSet<Word>);

/// A rule that holds.
pub struct Matched<'a> {
    pub rule: &'a KeywordRule,
    /// The words that made it hold.
    pub words: Vec<&'a str>,
}

impl Words {
    pub(super) fn new(rules: &[KeywordRule], conditions: &[Condition]) -> Result<Self, String> {
        let mut numbers = HashMap::new();
        let mut words = Vec::new();
        let mut number = |list: &[String]| -> Vec<Word> {
            let given = list.iter().filter(|word| !word.is_empty());
            let one = |word: &String| {
                *numbers.entry(word.clone()).or_insert_with(|| {
                    words.push(word.clone());
                    words.len() - 1
                })
            };
            given.map(one).collect()
        };
        let rules: Vec<Numbers> = rules
            .iter()
            .map(|rule| Numbers { all: number(&rule.all), any: number(&rule.any), none: number(&rule.none) })
            .collect();
        let conditions = conditions.iter().map(|condition| number(&condition.keywords)).collect();
        let mut wanted_by: HashMap<Word, Vec<usize>> = HashMap::new();
        for (at, rule) in rules.iter().enumerate() {
            for word in rule.all.iter().chain(&rule.any) {
                wanted_by.entry(*word).or_default().push(at);
            }
        }
        let automaton = if words.is_empty() {
            None
        } else {
            let built = AhoCorasick::builder().ascii_case_insensitive(true).build(&words);
            Some(built.map_err(|error| format!("the keywords cannot be made ready: {error}"))?)
        };
        Ok(Self { automaton, words, rules, conditions, wanted_by })
    }

    pub(super) fn read(&self, text: &str) -> Read {
        let found = self.automaton.iter().flat_map(|automaton| automaton.find_overlapping_iter(text));
        Read(found.map(|hit| hit.pattern().as_usize()).collect())
    }

    pub(super) fn rules_in<'a>(
        &'a self,
        rules: &'a [KeywordRule],
        read: &'a Read,
    ) -> impl Iterator<Item = Matched<'a>> {
        let touched: BTreeSet<usize> =
            read.0.iter().filter_map(|word| self.wanted_by.get(word)).flatten().copied().collect();
        touched.into_iter().filter_map(move |at| {
            let words = self.rules.get(at)?.holds(read)?;
            Some(Matched {
                rule: rules.get(at)?,
                words: words.into_iter().filter_map(|word| self.word(word)).collect(),
            })
        })
    }

    /// The first word of a condition that occurs.
    pub(super) fn condition_in(&self, condition: usize, read: &Read) -> Option<&str> {
        let words = self.conditions.get(condition)?;
        self.word(*words.iter().find(|word| read.0.contains(*word))?)
    }

    fn word(&self, word: Word) -> Option<&str> {
        self.words.get(word).map(String::as_str)
    }
}

impl Numbers {
    /// The words that make it hold; none when it does not.
    fn holds(&self, read: &Read) -> Option<Vec<Word>> {
        let occurs = |word: &Word| read.0.contains(word);
        if !self.all.iter().all(occurs) || self.none.iter().any(occurs) {
            return None;
        }
        let any: Vec<Word> = self.any.iter().copied().filter(|word| occurs(word)).collect();
        if !self.any.is_empty() && any.is_empty() {
            return None;
        }
        Some(self.all.iter().copied().chain(any).collect())
    }
}
