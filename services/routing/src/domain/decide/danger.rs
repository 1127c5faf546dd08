//! Danger to life, whatever else is known: a reason for each kind, and the priority that follows.

use huying_terms::Priority;

use super::quoted;
use crate::domain::{
    danger::Danger,
    decision::{Part, Reason},
    index::{Hit, Index, Read},
    text::Place,
};

/// What danger makes of a request.
pub(super) const PRIORITY: Priority = Priority::Urgent;

/// In a text of more characters one word in its midst may be by the way, and is not enough.
const LONG: usize = 200;

/// The dangers that were read, with a reason for each.
pub(super) fn find(index: &Index, read: &Read, reasons: &mut Vec<Reason>) -> Vec<Danger> {
    let mut dangers = index.dangers_in(read);
    dangers.retain(|danger, hits| *danger == Danger::Suicide || insists(read, hits));
    for (danger, hits) in &dangers {
        let words = quoted(hits.iter().map(|hit| hit.said.as_str()));
        let text = format!("内容提到{words}，可能危及生命（{}）", danger.chinese());
        reasons.push(Reason::new(Part::Danger, danger.name(), text));
    }
    dangers.into_keys().collect()
}

/// Whether a text is short, or else speaks of it in its title or opening, or as of now, or more than once: in more than one sentence, or by
/// words of one that do not overlap (我父亲被困在里面出不来).
pub(super) fn insists(read: &Read, hits: &[&Hit]) -> bool {
    let apart =
        |one: &Hit, other: &Hit| one.range.end <= other.range.start || other.range.end <= one.range.start;
    let again = |hit: &Hit| hits.iter().any(|other| apart(hit, other));
    read.length <= LONG || hits.iter().any(|hit| hit.place >= Place::Opening || hit.is_now || again(hit))
}
