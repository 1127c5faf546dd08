//! The steps on an absence, a file each. It begins when it is recorded.

mod end;
mod record;

pub use end::{End, Ended};
pub use record::{Record, Recorded};

use super::Absence;
use crate::domain::rule::{Rule, Step, changes};

changes! {
    /// What can happen to an absence. The serde form is kept for ever: only add.
    AbsenceChange of Absence:
    Recorded,
    Ended,
}

/// In the order in which they are told.
pub(super) const RULES: &[Rule<Absence>] = &[End::RULE];
