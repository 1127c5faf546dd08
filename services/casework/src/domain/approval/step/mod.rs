//! The steps on an approval, a file each. It begins beside a step on its case.

mod ask;
mod climb;
mod grant;
mod lapse;
mod refuse;

pub use ask::Asked;
pub use climb::Climbed;
pub use grant::{Grant, Granted};
pub use lapse::{Lapsed, lapse};
pub use refuse::{Refuse, Refused};

use super::Approval;
use crate::domain::{
    clocks::LampTurned,
    recompute::Recomputed,
    rule::{Rule, Step, changes},
    successor::Replaced,
};

changes! {
    /// What can happen to an approval. The serde form is kept for ever: only add.
    ApprovalChange of Approval:
    Asked,
    Granted,
    Refused,
    Climbed,
    Lapsed,
    LampTurned,
    Recomputed,
    Replaced,
}

/// In the order in which they are told.
pub(super) const RULES: &[Rule<Approval>] = &[Grant::RULE, Refuse::RULE, climb::CLIMB, lapse::LAPSE];
