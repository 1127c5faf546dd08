//! The steps on an open meeting, a file each. It begins when it is convened.

mod cancel;
mod convene;
mod record;

pub use cancel::{Cancel, Cancelled};
pub use convene::{Convene, Convened};
pub use record::{Record, Recorded};

use super::Meeting;
use crate::domain::rule::{Rule, Step, changes};

changes! {
    /// What can happen to a meeting. The serde form is kept for ever: only add.
    MeetingChange of Meeting:
    Convened,
    Recorded,
    Cancelled,
}

/// In the order in which they are told.
pub(super) const RULES: &[Rule<Meeting>] = &[Record::RULE, Cancel::RULE];
