//! Words in a text: one automaton over the words of all rules, conditions and dangers, so that a text is read once whatever their number.
//!
//! A word is looked for in its normal form. `甲…乙` is a word in two parts: both in one clause, in this order, near each other; `甲|乙` in a
//! part is one of both.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    ops::Range,
};

use aho_corasick::AhoCorasick;
use huying_terms::PriorityKind;
use huying_words::normal;
use strum::VariantArray as _;

use crate::domain::{
    danger::{self, Danger, DangerWords},
    people::PeopleWords,
    profile::{Condition, KeywordRule},
    text::{Place, Standing, Text},
};

/// Between the parts of a word.
pub const GAP: char = '…';
/// Between what a part may be.
const OR: char = '|';
/// Characters between two parts of a word.
const NEAR: usize = 8;

type Word = usize;
type Piece = usize;
/// A word's parts, and for each the pieces that it may be.
type Parts = Vec<Vec<Piece>>;

/// A rule in numbers of words.
struct Numbers {
    all: Vec<Word>,
    any: Vec<Word>,
    none: Vec<Word>,
}

/// All words, and who asks for them.
pub(super) struct Words {
    /// Over the pieces.
    automaton: Option<AhoCorasick>,
    /// By word.
    parts: Vec<Parts>,
    /// The words that begin with a piece.
    begun_by: HashMap<Piece, Vec<Word>>,
    /// Words of things: that there is none is the very matter.
    things: HashSet<Word>,
    rules: Vec<Numbers>,
    conditions: Vec<Vec<Word>>,
    dangers: Vec<(Danger, Vec<Word>)>,
    /// They hold a word of danger and are none.
    harmless: Vec<Word>,
    people: Vec<(PriorityKind, Vec<Word>)>,
    /// They hold a word of people who come first and tell of nobody.
    nobody: Vec<Word>,
    /// The rules a word speaks for.
    wanted_by: HashMap<Word, Vec<usize>>,
}

/// A word where it occurs.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What the text says, in normal form; a gap where it is a word in parts.
    pub said: String,
    pub range: Range<usize>,
    pub in_parts: bool,
    pub sentence: usize,
    pub place: Place,
    /// It is said to be so now.
    pub is_now: bool,
    pub standing: Standing,
}

/// The words that occur in a text, each with its hits in order.
pub struct Read {
    hits: BTreeMap<Word, Vec<Hit>>,
    /// Sentences before this one are the title's.
    titles: usize,
    /// Characters in normal form.
    pub length: usize,
}

/// A rule that holds.
pub struct Matched<'a> {
    pub rule: &'a KeywordRule,
    /// The words that made it hold, where they did.
    pub hits: Vec<&'a Hit>,
}

/// Numbers words, and their pieces.
#[derive(Default)]
struct Numbering {
    word_at: HashMap<String, Word>,
    parts: Vec<Parts>,
    texts: Vec<String>,
    piece_at: HashMap<String, Piece>,
}

impl Numbering {
    fn all<'a>(&mut self, list: impl IntoIterator<Item = &'a (impl AsRef<str> + 'a + ?Sized)>) -> Vec<Word> {
        list.into_iter().filter_map(|word| self.one(word.as_ref())).collect()
    }

    /// None for a word that says nothing.
    fn one(&mut self, word: &str) -> Option<Word> {
        let parts = parts(word);
        if parts.is_empty() {
            return None;
        }
        let written: Vec<String> = parts.iter().map(|part| part.join("|")).collect();
        let written = written.join(&GAP.to_string());
        if let Some(known) = self.word_at.get(&written) {
            return Some(*known);
        }
        let mut pieces = |part: Vec<String>| part.into_iter().map(|it| self.piece(it)).collect();
        let parts = parts.into_iter().map(&mut pieces).collect();
        self.parts.push(parts);
        self.word_at.insert(written, self.parts.len() - 1);
        Some(self.parts.len() - 1)
    }

    fn piece(&mut self, text: String) -> Piece {
        let next = self.texts.len();
        let piece = *self.piece_at.entry(text.clone()).or_insert(next);
        if piece == next {
            self.texts.push(text);
        }
        piece
    }
}

/// The parts of a word, each with what it may be, in normal form; none of a word that says nothing.
pub fn parts(word: &str) -> Vec<Vec<String>> {
    let part = |part: &str| part.split(OR).map(normal).filter(|it| !it.is_empty()).collect();
    word.split(GAP).map(part).filter(|part: &Vec<String>| !part.is_empty()).collect()
}

impl Words {
    pub(super) fn new(
        rules: &[KeywordRule],
        conditions: &[Condition],
        things: &[String],
        (dangers, people): (&[DangerWords], &[PeopleWords]),
    ) -> Result<Self, String> {
        let mut number = Numbering::default();
        let rules: Vec<Numbers> = rules
            .iter()
            .map(|rule| Numbers {
                all: number.all(&rule.all),
                any: number.all(&rule.any),
                none: number.all(&rule.none),
            })
            .collect();
        let conditions = conditions.iter().map(|condition| number.all(&condition.keywords)).collect();
        let things = number.all(things).into_iter().collect();
        let mut dangers_of: Vec<(Danger, Vec<Word>)> =
            Danger::VARIANTS.iter().map(|it| (*it, number.all(danger::words(*it)))).collect();
        dangers_of.extend(dangers.iter().map(|it| (it.danger, number.all(&it.words))));
        let harmless = number.all(danger::harmless());
        let told: Vec<_> = people.iter().map(|it| (it.kind, number.all(&it.words))).collect();
        let nobody =
            told.iter().filter(|(kind, _)| kind.is_none()).flat_map(|(_, words)| words.clone()).collect();
        let people = told.into_iter().filter_map(|(kind, words)| Some((kind?, words))).collect();
        let mut wanted_by: HashMap<Word, Vec<usize>> = HashMap::new();
        for (at, rule) in rules.iter().enumerate() {
            for word in rule.all.iter().chain(&rule.any) {
                wanted_by.entry(*word).or_default().push(at);
            }
        }
        let built = AhoCorasick::new(&number.texts);
        let automaton = Some(built.map_err(|error| format!("the keywords cannot be made ready: {error}"))?);
        let parts = number.parts;
        let mut begun_by: HashMap<Piece, Vec<Word>> = HashMap::new();
        for (word, first) in parts.iter().enumerate().filter_map(|(word, parts)| Some((word, parts.first()?)))
        {
            first.iter().for_each(|piece| begun_by.entry(*piece).or_default().push(word));
        }
        let dangers = dangers_of;
        Ok(Self {
            automaton,
            parts,
            begun_by,
            things,
            rules,
            conditions,
            dangers,
            harmless,
            people,
            nobody,
            wanted_by,
        })
    }

    pub(super) fn read(&self, text: &str) -> Read {
        let text = Text::new(text);
        let found = self.automaton.iter().flat_map(|it| it.find_overlapping_iter(text.normal()));
        let mut by_piece: HashMap<Piece, Vec<Range<usize>>> = HashMap::new();
        let mut spans = Vec::new();
        for hit in found {
            by_piece.entry(hit.pattern().as_usize()).or_default().push(hit.range());
            spans.push(hit.range());
        }
        spans.sort_unstable_by_key(|span| (span.start, span.end));
        let mut hits: BTreeMap<Word, Vec<Hit>> = BTreeMap::new();
        let begun = by_piece.keys().filter_map(|piece| self.begun_by.get(piece)).flatten().copied();
        let begun: BTreeSet<Word> = begun.collect();
        for (word, parts) in begun.into_iter().filter_map(|word| Some((word, self.parts.get(word)?))) {
            let is_thing = self.things.contains(&word);
            let of_it: Vec<Hit> = occurrences(&text, parts, &by_piece)
                .into_iter()
                .map(|parts| hit(&text, &parts, &spans, is_thing))
                .collect();
            if !of_it.is_empty() {
                hits.insert(word, of_it);
            }
        }
        deny_within(&mut hits, &self.parts);
        Read { hits, titles: text.titles(), length: text.length() }
    }

    pub(super) fn rules_in<'a>(
        &'a self,
        rules: &'a [KeywordRule],
        read: &'a Read,
    ) -> impl Iterator<Item = Matched<'a>> {
        let words = read.hits.keys().filter_map(|word| self.wanted_by.get(word));
        let touched: BTreeSet<usize> = words.flatten().copied().collect();
        touched.into_iter().filter_map(move |at| {
            let (rule, hits) = (rules.get(at)?, self.rules.get(at)?.holds(read));
            (!hits.is_empty()).then_some(Matched { rule, hits })
        })
    }

    /// The first word of a condition that occurs.
    pub(super) fn condition_in<'a>(&self, condition: usize, read: &'a Read) -> Option<&'a str> {
        let words = self.conditions.get(condition)?;
        words.iter().find_map(|word| read.speaking(*word).next()).map(|hit| hit.said.as_str())
    }

    /// The words of rules that occur only where they are denied.
    pub(super) fn denied_in<'a>(&self, read: &'a Read) -> Vec<&'a str> {
        let denied = read
            .hits
            .iter()
            .filter(|(word, hits)| self.wanted_by.contains_key(word) && !hits.iter().any(Hit::speaks));
        denied.filter_map(|(_, hits)| Some(hits.first()?.said.as_str())).collect()
    }

    /// The dangers that a text speaks of, each with its words.
    pub(super) fn dangers_in<'a>(&self, read: &'a Read) -> BTreeMap<Danger, Vec<&'a Hit>> {
        read.alarming(&self.dangers, &self.harmless)
    }

    /// The people who come first that a text speaks of, each with its words.
    pub(super) fn people_in<'a>(&self, read: &'a Read) -> BTreeMap<PriorityKind, Vec<&'a Hit>> {
        read.alarming(&self.people, &self.nobody)
    }
}

/// Where the parts of a word stand together, each time as near as they can.
fn occurrences(
    text: &Text,
    parts: &[Vec<Piece>],
    by_piece: &HashMap<Piece, Vec<Range<usize>>>,
) -> Vec<Vec<Range<usize>>> {
    let Some((first, rest)) = parts.split_first() else { return Vec::new() };
    let begins = first.iter().filter_map(|piece| by_piece.get(piece)).flatten();
    let whole = |begin: &Range<usize>| {
        let mut parts = vec![begin.clone()];
        let mut end = begin.end;
        for part in rest {
            let after = |piece| by_piece.get(piece)?.iter().find(|it| it.start >= end);
            let next = part.iter().filter_map(after).min_by_key(|it| it.start)?;
            if !text.is_near(end, next.start, NEAR) {
                return None;
            }
            end = next.end;
            parts.push(next.clone());
        }
        Some(parts)
    };
    let mut all: Vec<Vec<Range<usize>>> = begins.filter_map(whole).collect();
    all.sort_unstable_by_key(|parts| parts.first().map_or(0, |first| first.start));
    all
}

/// A word in parts is denied where one of its parts is.
fn hit(text: &Text, parts: &[Range<usize>], spans: &[Range<usize>], is_thing: bool) -> Hit {
    let start = parts.first().map_or(0, |part| part.start);
    let range = start..parts.last().map_or(start, |part| part.end);
    let standings = parts.iter().map(|part| text.standing(part, spans, is_thing));
    let said: Vec<&str> = parts.iter().filter_map(|part| text.normal().get(part.clone())).collect();
    Hit {
        said: said.join(&GAP.to_string()),
        sentence: text.sentence(range.start),
        place: text.place(&range),
        is_now: text.is_now(&range),
        standing: standings.max().unwrap_or(Standing::Stands),
        in_parts: parts.len() > 1,
        range,
    }
}

/// What lies within a denied word is denied with it: 燃气 in 燃气泄漏是误会.
fn deny_within(hits: &mut BTreeMap<Word, Vec<Hit>>, parts: &[Parts]) {
    let whole = hits.iter().filter(|(word, _)| parts.get(**word).is_some_and(|parts| parts.len() == 1));
    let denied = whole.flat_map(|(_, hits)| hits).filter(|hit| hit.standing == Standing::Denied);
    let denied: Vec<Range<usize>> = denied.map(|hit| hit.range.clone()).collect();
    for hit in hits.values_mut().flatten() {
        if denied.iter().any(|outer| outer.start <= hit.range.start && hit.range.end <= outer.end) {
            hit.standing = Standing::Denied;
        }
    }
}

impl Hit {
    /// Whether it says what the text is about.
    pub fn speaks(&self) -> bool {
        matches!(self.standing, Standing::Stands | Standing::Supposed)
    }
}

impl Read {
    pub fn is_titled(&self) -> bool {
        self.titles > 0
    }

    /// Every word, wherever it occurs and however it is meant.
    pub fn hits(&self) -> impl Iterator<Item = &Hit> {
        self.hits.values().flatten()
    }

    /// What is spoken of unless it is denied beyond doubt, each with its words; one that touches a harmless word does not count.
    fn alarming<K: Copy + Ord>(&self, words: &[(K, Vec<Word>)], harmless: &[Word]) -> BTreeMap<K, Vec<&Hit>> {
        let harmless: Vec<&Hit> = harmless.iter().filter_map(|word| self.hits.get(word)).flatten().collect();
        let alarms = |hit: &Hit| {
            matches!(hit.standing, Standing::Stands | Standing::Doubtful)
                && !harmless.iter().any(|it| it.range.start < hit.range.end && hit.range.start < it.range.end)
        };
        let mut spoken_of: BTreeMap<K, Vec<&Hit>> = BTreeMap::new();
        for (what, words) in words {
            let hits = words.iter().filter_map(|word| self.hits.get(word)).flatten();
            for hit in hits.filter(|hit| alarms(hit)) {
                spoken_of.entry(*what).or_default().push(hit);
            }
        }
        spoken_of
    }

    /// Where a word speaks.
    fn speaking(&self, word: Word) -> impl Iterator<Item = &Hit> {
        self.hits.get(&word).into_iter().flatten().filter(|hit| hit.speaks())
    }

    /// In a sentence, or in the title, which goes with each.
    fn speaking_in(&self, word: Word, sentence: usize) -> impl Iterator<Item = &Hit> {
        self.speaking(word).filter(move |hit| hit.sentence == sentence || hit.sentence < self.titles)
    }
}

impl Numbers {
    /// The words that make it hold, in all sentences where they do; none when it does not. A word that says otherwise does so in its sentence.
    fn holds<'a>(&self, read: &'a Read) -> Vec<&'a Hit> {
        let own = || self.all.iter().chain(&self.any).copied();
        let sentences: BTreeSet<usize> =
            own().flat_map(|word| read.speaking(word)).map(|hit| hit.sentence).collect();
        let occurs = |word: &Word, sentence| read.speaking_in(*word, sentence).next().is_some();
        let holds = |sentence: &usize| {
            self.all.iter().all(|word| occurs(word, *sentence))
                && (self.any.is_empty() || self.any.iter().any(|word| occurs(word, *sentence)))
                && !self.none.iter().any(|word| occurs(word, *sentence))
        };
        let held: Vec<usize> = sentences.into_iter().filter(holds).collect();
        own()
            .flat_map(|word| read.speaking(word))
            .filter(|hit| held.contains(&hit.sentence) || (hit.sentence < read.titles && !held.is_empty()))
            .collect()
    }
}
