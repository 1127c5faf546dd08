//! 拆单 as cases remember it: what a whole was split into, and what keeps the two apart.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Case, CaseName, Change, Outcome, Ruled as _, step::Closed};
use crate::domain::{
    beside::Beside,
    error::Error,
    handling::{HandlingField, required_of},
    known::{Answer, Known},
    profile::CaseworkProfile,
};

/// Most parts of a case.
pub const MOST_PARTS: usize = 20;

/// A part as its whole names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartOf {
    #[serde(flatten)]
    pub name: CaseName,
    /// The unit that it was given to.
    pub unit: String,
}

/// Not a part, whose reporter hears of the whole alone.
///
/// # Errors
/// `CASE_IS_PART`.
pub fn is_whole(case: &Case) -> Result<(), Error> {
    match &case.whole {
        Some(whole) => Err(Error::IsPart { whole: whole.number.clone() }),
        None => Ok(()),
    }
}

impl Case {
    /// What must be said of how it was handled before it can be resolved; of a part nothing, since its whole is what is told of.
    pub fn required_handling(&self, profile: &CaseworkProfile) -> Vec<HandlingField> {
        let required = if self.whole.is_none() { profile.required.as_slice() } else { &[] };
        required_of(&self.category, required)
    }
}

/// Each of its parts is done.
///
/// # Errors
/// `OPEN_PARTS`; [`huying_chassis::run::Halt::More`].
pub fn parts_done(case: &Case, known: &dyn Known) -> Answer<()> {
    let open = open_parts(case, known)?;
    let parts: Vec<String> = open.into_iter().map(|(_, part)| part.number.clone()).collect();
    if parts.is_empty() { Ok(()) } else { Err(Error::OpenParts { parts }.into()) }
}

/// What is open when a case closes unresolved ends with it: its dispatches, and its parts, which are withdrawn with what is open on them.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub fn end_all_open(case: &Case, why: &str, known: &dyn Known) -> Answer<Vec<Beside>> {
    let mut beside = super::step::end_open(case, why, known)?;
    for (id, part) in open_parts(case, known)? {
        let clocks = Some(part.clocks.all_stopped(known.profile(), known.now()));
        let mut changes: Vec<Change> =
            vec![Closed { outcome: Outcome::Withdrawn, clocks, resolved: None }.into()];
        let known = known.on(id);
        let (more, others) = part.entails(&changes, &*known)?;
        changes.extend(more);
        beside.push(Beside::Case(id, changes));
        beside.extend(others);
        // A part has none of its own, so this ends.
        beside.extend(end_all_open(part, why, &*known)?);
    }
    Ok(beside)
}

fn open_parts<'k>(case: &Case, known: &'k dyn Known) -> Answer<Vec<(Uuid, &'k Case)>> {
    Ok(parts(case, known)?.into_iter().filter(|(_, part)| part.state.is_open()).collect())
}

/// Its parts, each with its id, in their order.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub(super) fn parts<'k>(case: &Case, known: &'k dyn Known) -> Answer<Vec<(Uuid, &'k Case)>> {
    // All are asked for before it is said that one is not known yet, so that they are looked up at once.
    let parts: Vec<_> = case.part_ids().into_iter().map(|id| known.case(id).map(|it| (id, it))).collect();
    parts.into_iter().collect()
}
