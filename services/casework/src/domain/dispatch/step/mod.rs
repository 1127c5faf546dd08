//! The steps on a dispatch, a file each.

mod accept;
mod appoint;
mod arbitrate;
mod complete;
mod decline;
mod end;
mod insist;
mod relead;
mod send;
mod silent;

pub use accept::{Accept, Accepted};
pub use arbitrate::ArbitrationClimbed;
pub(super) use arbitrate::climbing;
pub use complete::{Complete, Completed};
pub use decline::{Decline, Declined};
pub use end::{Ended, Ending, Release, TakeBack, end};
pub use insist::{Insist, Insisted};
pub use relead::{LeadPassed, Relead, give_up_lead};
pub use send::{Sent, Task};
pub use silent::Silent;
pub(super) use silent::silence;

use super::Dispatch;
use crate::domain::{
    case::step::{Appoint, Appointed},
    clocks::LampTurned,
    recompute::Recomputed,
    rule::{Rule, Step, changes},
    successor::Replaced,
};

changes! {
    /// What can happen to a dispatch. The serde form is kept for ever: only add.
    DispatchChange of Dispatch:
    Sent,
    Accepted,
    Completed,
    Declined,
    Insisted,
    Ended,
    LampTurned,
    Silent,
    LeadPassed,
    Recomputed,
    Appointed,
    Replaced,
    ArbitrationClimbed,
}

/// In the order in which they are told.
pub(super) const RULES: &[Rule<Dispatch>] = &[
    Accept::RULE,
    Complete::RULE,
    Decline::RULE,
    <Appoint as Step<Dispatch>>::RULE,
    TakeBack::RULE,
    Relead::RULE,
    Insist::RULE,
    Release::RULE,
    end::END,
];
