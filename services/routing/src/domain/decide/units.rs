//! Whose business it may be, by what was decided before: for the desk to choose from. Nothing is decided by it.

use huying_terms::AreaCode;

use crate::domain::{decision::Suggestion, index::Index, learned::Classifier, said::Said};

/// Most units that are suggested.
const SUGGESTED: usize = 3;

/// The likeliest units that may hold it where it lies; of one whose place is unknown, those that may wherever that is.
pub(super) fn suggest(
    index: &Index,
    classifier: Option<&Classifier>,
    said: Said<'_>,
    area: Option<&AreaCode>,
) -> Vec<Suggestion> {
    let Some(classifier) = classifier else { return Vec::new() };
    let area = area.unwrap_or(&index.district);
    // What the profile has dropped since the model was applied is no unit any more.
    let may_hold = |it: &Suggestion| index.unit(&it.unit).is_some_and(|unit| unit.may_hold(area));
    classifier.units(said.message()).into_iter().filter(may_hold).take(SUGGESTED).collect()
}
