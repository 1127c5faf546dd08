//! A message as numbers: a hash for each character and each two that stand together, in the normal form of texts.
//!
//! The hash is part of the model file's format: changing it makes all models that there are worthless.

use huying_words::normal;

/// Most characters of a text that are read; what comes later says little more.
pub(crate) const READ: usize = 1000;
/// Most characters of a title that are read.
const TITLE: usize = 300;
/// Without a title, what stands among the first characters counts as one.
const HEAD: usize = 20;
/// How often what stands in a title counts.
const TITLE_COUNTS: u32 = 2;
/// Most characters that stand together.
const LONGEST: usize = 2;

/// What is to be classified: a title, a text or both, as received.
#[derive(Clone, Copy, Debug, Default)]
pub struct Message<'a> {
    pub topic: &'a str,
    pub text: &'a str,
}

/// One number and how often it occurs.
pub(crate) type Counted = (u32, u32);

/// The numbers of a message, each once, in the order they are met.
pub(crate) fn counted(message: Message<'_>) -> Vec<Counted> {
    let (topic, text) = (characters(message.topic, TITLE), characters(message.text, READ));
    let mut all = Tally::new((topic.len() + text.len()) * LONGEST + HEAD);
    let head = if topic.is_empty() { HEAD } else { 0 };
    note(&topic, topic.len(), &mut all);
    note(&text, head, &mut all);
    all.counted
}

/// Places of the table that finds a number again: a power of two, more than twice as many as a message can have numbers (each character of a
/// title has four, each of a text two).
const PLACES: usize = 1 << 13;

/// Counts numbers. Sorting them would take longer than all the rest of classifying.
struct Tally {
    counted: Vec<Counted>,
    /// Where in the list a number is, plus one; at its lowest bits, or at the next place that is free.
    places: [u16; PLACES],
}

impl Tally {
    fn new(about: usize) -> Self {
        Self { counted: Vec::with_capacity(about), places: [0; PLACES] }
    }

    fn add(&mut self, number: u32, times: u32) {
        let mut place = number as usize % PLACES;
        loop {
            match self.places[place] {
                0 => break,
                at if self.counted[usize::from(at) - 1].0 == number => {
                    self.counted[usize::from(at) - 1].1 += times;
                    return;
                }
                _ => place = (place + 1) % PLACES,
            }
        }
        self.counted.push((number, times));
        self.places[place] = self.counted.len() as u16;
    }
}

/// What is read of a text. Names of places are told apart by numbers (A1区), which say nothing of what it is about: each digit is a 0.
fn characters(text: &str, most: usize) -> Vec<char> {
    // Of a text that came in words every third character is a blank, and no blank is read.
    let end = text.char_indices().nth(2 * most).map_or(text.len(), |(end, _)| end);
    let form = normal(&text[..end]);
    let seen = form.chars().filter(|c| !c.is_whitespace()).take(most);
    seen.map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
}

/// Each run of characters; those that begin in the title count more, and once more as words of a title.
fn note(characters: &[char], title: usize, all: &mut Tally) {
    for from in 0..characters.len() {
        let mut hash = 7;
        for c in characters.iter().skip(from).take(LONGEST) {
            hash = mix(hash, u64::from(u32::from(*c)));
            if from < title {
                all.add(upper(hash), TITLE_COUNTS);
                all.add(upper(mix(hash, 4242)), 1);
            } else {
                all.add(upper(hash), 1);
            }
        }
    }
}

/// Spreads what is hashed over all bits.
pub(crate) fn mix(hash: u64, next: u64) -> u64 {
    let spread = (hash ^ next).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let spread = (spread ^ (spread >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    spread ^ (spread >> 31)
}

/// The upper half: the best mixed.
pub(crate) fn upper(hash: u64) -> u32 {
    (hash >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::{Message, PLACES, READ, TITLE, counted};

    fn text(text: &str) -> Vec<super::Counted> {
        counted(Message { topic: "", text })
    }

    #[test]
    fn blanks_and_forms_of_writing_make_no_difference() {
        assert_eq!(text("路 灯 不亮"), text("路灯不亮"));
        assert_eq!(text("路燈\u{200b}不亮"), text("路灯不亮"));
        assert_eq!(text("Ａ１区"), text("a7区"));
        assert!(text(" \n ").is_empty());
    }

    #[test]
    fn a_title_counts_more_than_what_comes_late() {
        let most = |counted: Vec<super::Counted>| counted.iter().map(|(_, count)| *count).max();
        let late = format!("{}路", "，".repeat(30));
        let of = |message| counted(message).len();
        assert_eq!(most(text("路")), Some(2));
        assert!(
            of(Message { topic: "路", text: "灯" })
                > of(Message { topic: "", text: &late[late.len() - 3..] })
        );
    }

    #[test]
    fn a_long_text_is_read_to_its_bound_and_its_title_to_another() {
        let long: String = ('\u{4e00}'..).take(10 * READ).collect();
        let first = |most| long.chars().take(most).collect::<String>();
        assert_eq!(text(&long), text(&first(READ)));
        assert_ne!(text(&long), text(&first(READ - 1)));
        let both = Message { topic: &long, text: &long };
        assert_eq!(counted(both), counted(Message { topic: &first(TITLE), text: &first(READ) }));
        const { assert!(2 * (4 * TITLE + 2 * READ) < PLACES) };
    }
}
