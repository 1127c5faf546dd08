//! Words and their numbers.

use std::collections::HashMap;

use crate::{Message, Users, cut};

/// Most characters that are read of a title and of a text: what comes later says less and less of what it is about.
const READ: [usize; 2] = [100, 400];
/// How often pairs are looked for: a name of four words is found in two turns.
const TURNS: usize = 2;
/// Least people who use a pair.
const USED: u32 = 3;
/// Which share of the rarer word's people use it in this pair, and where one is a single character, which is hardly a word.
const TOGETHER: f32 = 0.6;
const SINGLE: f32 = 0.5;
/// A word that a larger share of all people use joins with none.
const EVERYBODYS: f32 = 0.2;
/// Most characters of a joined word.
const LONGEST: usize = 8;
/// What stands where no word does.
pub(crate) const BREAK: u32 = 0;

/// The words of a title and of a text, in order.
pub(crate) type Text = [Vec<u32>; 2];

pub(crate) struct Lexicon {
    names: Vec<Box<str>>,
    numbers: HashMap<Box<str>, u32>,
}

impl Default for Lexicon {
    fn default() -> Self {
        Self { names: vec!["".into()], numbers: HashMap::from([("".into(), BREAK)]) }
    }
}

impl Lexicon {
    pub(crate) fn len(&self) -> usize {
        self.names.len()
    }

    pub(crate) fn name(&self, word: u32) -> &str {
        &self.names[word as usize]
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.numbers.get(name).copied()
    }

    /// The word's number; a new one for a new word.
    pub(crate) fn number(&mut self, name: &str) -> u32 {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.names.len() as u32;
        self.names.push(name.into());
        self.numbers.insert(name.into(), number);
        number
    }

    pub(crate) fn read(&mut self, message: &Message<'_>) -> Text {
        let mut text = Text::default();
        for ((part, said), most) in text.iter_mut().zip([message.topic, message.text]).zip(READ) {
            cut::words(said, most, &mut |word| part.push(self.number(word)));
        }
        text
    }

    /// Makes one word of two that nearly always stand together.
    pub(crate) fn join(&mut self, texts: &mut [Text], users: &Users) {
        for _ in 0..TURNS {
            let joined = self.pairs(texts, users);
            for part in texts.iter_mut().flatten() {
                let mut kept = Vec::with_capacity(part.len());
                let mut words = part.iter().copied().peekable();
                while let Some(word) = words.next() {
                    let pair = words.peek().and_then(|next| joined.get(&(word, *next)));
                    if pair.is_some() {
                        words.next();
                    }
                    kept.push(pair.copied().unwrap_or(word));
                }
                *part = kept;
            }
        }
    }

    /// The pairs to join, each with the number of the joined word.
    fn pairs(&mut self, texts: &[Text], users: &Users) -> HashMap<(u32, u32), u32> {
        let words = people(self.len(), users, |at| texts[at].iter().flatten().copied());
        let mut used: HashMap<(u32, u32), (u32, u32)> = HashMap::new();
        for at in &users.by_person {
            let user = users.of[*at];
            for pair in texts[*at].iter().flat_map(|part| part.windows(2)) {
                if pair[0] != BREAK && pair[1] != BREAK {
                    let (count, last) = used.entry((pair[0], pair[1])).or_insert((0, u32::MAX));
                    *count += u32::from(*last != user);
                    *last = user;
                }
            }
        }
        let too_many = EVERYBODYS * users.count as f32;
        let mut pairs: Vec<(u32, u32)> = used
            .into_iter()
            .filter(|((one, other), (together, _))| {
                let (here, there) = (words[*one as usize], words[*other as usize]);
                (here.max(there) as f32) < too_many
                    && self.is_phrase(*one, *other, *together, here.min(there))
            })
            .map(|(pair, _)| pair)
            .collect();
        pairs.sort_unstable();
        let join = |(one, other)| {
            let name = format!("{}{}", self.name(one), self.name(other));
            ((one, other), self.number(&name))
        };
        pairs.into_iter().map(join).collect()
    }

    fn is_phrase(&self, one: u32, other: u32, together: u32, rarer: u32) -> bool {
        let lengths = [one, other].map(|word| self.name(word).chars().count());
        let least = if lengths.contains(&1) { SINGLE } else { TOGETHER };
        together >= USED
            && together as f32 >= least * rarer as f32
            && lengths.iter().sum::<usize>() <= LONGEST
            && ![one, other].iter().any(|word| is_code(self.name(*word)))
    }

    /// Of each word, the shorter ones within it that are words themselves.
    pub(crate) fn within(&self, texts: &[Text]) -> Vec<Vec<u32>> {
        let mut often = vec![0u32; self.len()];
        texts.iter().flatten().flatten().for_each(|word| often[*word as usize] += 1);
        let parts = |name: &str| {
            let characters: Vec<char> = name.chars().collect();
            if characters.first().is_none_or(char::is_ascii) {
                return Vec::new();
            }
            let runs = [2, 3].into_iter().filter(|length| *length < characters.len());
            let runs =
                runs.flat_map(|length| characters.windows(length)).map(|run| run.iter().collect::<String>());
            let mut parts: Vec<u32> = runs.filter_map(|run| self.find(&run)).collect();
            parts.retain(|part| often[*part as usize] >= 2);
            parts.sort_unstable();
            parts.dedup();
            parts
        };
        self.names.iter().map(|name| parts(name)).collect()
    }
}

/// An area's code, such as a2区: it is the same whatever stands beside it.
pub(crate) fn is_code(name: &str) -> bool {
    let mut characters = name.chars();
    let last = characters.next_back();
    last.is_some_and(|last| "省市区县".contains(last))
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && characters.all(|c| c.is_ascii_alphanumeric())
}

/// How many people use each word.
pub(crate) fn people<W: Iterator<Item = u32>>(
    words: usize,
    users: &Users,
    of: impl Fn(usize) -> W,
) -> Vec<u32> {
    let (mut count, mut last) = (vec![0u32; words], vec![u32::MAX; words]);
    for at in &users.by_person {
        for word in of(*at) {
            let (user, word) = (users.of[*at], word as usize);
            if last[word] != user {
                last[word] = user;
                count[word] += 1;
            }
        }
    }
    count
}
