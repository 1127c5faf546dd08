//! What each word of a message weighs.

use std::collections::BTreeMap;

use crate::{
    Message, Users, cut,
    lexicon::{BREAK, Lexicon, Text, people},
    vector::{Vector, normalize, sum},
};

/// What a long word counts as itself; the rest goes to the shorter words within it.
const ITSELF: f32 = 0.5;
/// A word of a larger share of all people weighs nothing.
const EVERYBODYS: f32 = 0.2;
/// Among words of fewer people, none weighs more than another: what two use may be chance.
const FEW: f32 = 10.0;
/// So many people more are thought of, who write as people do everywhere: where few wrote, they tell which words are common.
const OTHERS: f32 = 200.0;
/// Words of each of their texts.
const LENGTH: f32 = 100.0;
/// Most words of a message, the heaviest.
const MOST: usize = 80;
/// What stands before the name of an area to make a word of it that no text has.
pub(crate) const AREA: char = '\u{1}';

pub(crate) struct Weights {
    /// Of each message, of length 1, or empty.
    pub(crate) vectors: Vec<Vector>,
    /// How many people use each word.
    pub(crate) people: Vec<u32>,
    /// All of them.
    pub(crate) all: f32,
}

impl Weights {
    pub(crate) fn of(lexicon: &mut Lexicon, texts: &[Text], messages: &[Message<'_>], users: &Users) -> Self {
        let within = lexicon.within(texts);
        let counted: Vec<[Vector; 2]> = texts
            .iter()
            .zip(messages)
            .map(|(text, message)| {
                let [mut title, body] =
                    [counted(lexicon, &within, &text[0]), counted(lexicon, &within, &text[1])];
                if !message.area.is_empty() {
                    // Numbers of areas come after those of words.
                    title.push((lexicon.number(&format!("{AREA}{}", message.area)), 1.0));
                }
                [title, body]
            })
            .collect();
        let people = people(lexicon.len(), users, |at| counted[at].iter().flatten().map(|(word, _)| *word));
        let mut often = vec![0u32; lexicon.len()];
        counted.iter().flatten().flatten().for_each(|(word, _)| often[*word as usize] += 1);
        let all = users.count as f32 + OTHERS;
        let rare: Vec<f32> = (0..lexicon.len())
            .map(|word| {
                let others = OTHERS * (cut::share(lexicon.name(word as u32)) * LENGTH).min(1.0);
                let users = people[word] as f32 + others;
                if often[word] < 2 { 0.0 } else { (all * EVERYBODYS / users.max(FEW)).ln().max(0.0) }
            })
            .collect();
        let weigh = |words: &Vector| {
            let mut vector: Vector =
                words.iter().map(|(word, often)| (*word, often * rare[*word as usize])).collect();
            vector.retain(|(_, weight)| *weight > 0.0);
            normalize(&mut vector);
            vector
        };
        let vector = |parts: &[Vector; 2]| {
            // A title counts as much as a text does, so each of its words, being few, weighs more.
            let mut vector = sum(&weigh(&parts[0]), &weigh(&parts[1]), MOST);
            normalize(&mut vector);
            vector
        };
        let vectors = counted.iter().map(vector).collect();
        Self { vectors, people, all: users.count as f32 }
    }
}

/// How much there is of each word, by the logarithm.
fn counted(lexicon: &Lexicon, within: &[Vec<u32>], words: &[u32]) -> Vector {
    let mut all: BTreeMap<u32, (f32, f32)> = BTreeMap::new();
    let mut add = |word: u32, share: f32| {
        let (often, whole) = all.entry(word).or_insert((0.0, 0.0));
        *often += 1.0;
        *whole = whole.max(share.sqrt());
    };
    for word in words.iter().filter(|word| **word != BREAK && lexicon.name(**word).chars().nth(1).is_some()) {
        let parts = &within[*word as usize];
        add(*word, if parts.is_empty() { 1.0 } else { ITSELF });
        parts.iter().for_each(|part| add(*part, (1.0 - ITSELF) / parts.len() as f32));
    }
    all.into_iter().map(|(word, (often, whole))| (word, (1.0 + often.ln()) * whole)).collect()
}

#[cfg(test)]
mod tests {
    use super::Weights;
    use crate::{
        Message, Users,
        lexicon::{Lexicon, Text},
    };

    #[test]
    fn a_title_counts_as_much_as_a_text() {
        let message =
            |user| Message { user, topic: "水泵噪音", text: "楼道路灯昏暗", ..Message::default() };
        let messages = [message("u1"), message("u2")];
        let mut lexicon = Lexicon::default();
        let texts: Vec<Text> = messages.iter().map(|message| lexicon.read(message)).collect();
        let weights = Weights::of(&mut lexicon, &texts, &messages, &Users::of(&messages));
        let of = |part: usize| -> f32 {
            let words = weights.vectors[0].iter().filter(|(word, _)| texts[0][part].contains(word));
            words.map(|(_, weight)| weight * weight).sum()
        };
        assert!((of(0) - 0.5).abs() < 1e-3 && (of(1) - 0.5).abs() < 1e-3, "{} {}", of(0), of(1));
    }
}
