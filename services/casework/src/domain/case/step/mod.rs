//! The steps on a case, a file each: who may take it and when, what comes with it, what happened, and how the case is then.
//!
//! A change carries whatever the fold could not know by itself (clocks as they are afterwards, the new holder), so replaying the log
//! needs neither profile nor calendar nor routing.

mod accept;
mod answer;
mod answer_supervision;
mod appoint;
mod approval;
mod arbitrate;
mod ask;
mod attach;
mod call;
mod charge;
mod climb;
mod close;
mod consult;
mod correct;
mod decline;
mod delegate;
mod deliberate;
mod endanger;
mod escalate;
mod extend;
mod group;
mod idle;
mod judge;
mod ladder;
mod merge;
mod note;
mod on_duty;
mod open;
mod recategorise;
mod relieve;
mod reopen;
mod resolve;
mod resume;
mod returns;
mod review;
mod split;
mod supervise;
mod supplement;
mod suspend;
mod task_force;
mod unmerge;
mod verify;
mod withdraw;

pub use accept::{Accept, Accepted};
pub use answer::{Answer, Answered};
pub(super) use answer_supervision::no_answer_needed;
pub use answer_supervision::{AnswerSupervision, SupervisionAnswered, SupervisionLapsed};
pub use appoint::{Appoint, Appointed};
pub(super) use approval::lapsing;
pub use approval::{ApprovalAsked, ApprovalRuled, Ruling};
pub(super) use arbitrate::climbing;
pub use arbitrate::{Arbitrate, Arbitrated, ArbitrationClimbed};
pub(super) use ask::missing_answer;
pub use ask::{AnswerMissed, AskReporter, Asked};
pub use attach::{Attach, Attached};
pub use call::{Call, Called, Summons};
pub use charge::{
    Charge, ChargeEnded, ChargeReported, ChargeTaken, EndCharge, Progress, ReportCharge, TakeCharge,
};
pub use climb::SupervisionClimbed;
pub(super) use climb::climbs;
pub(super) use close::end_open;
pub use close::{Closed, StrikeOff};
pub use consult::{Consult, Consulted};
pub use correct::{Correct, Corrected};
pub use decline::{AskDecline, Decline, Declined};
pub use delegate::{Delegate, Delegated};
pub use deliberate::Deliberated;
pub use endanger::Endanger;
pub use escalate::{Escalate, Escalated};
pub use extend::{AskExtension, Extend, Extended};
pub use group::{AskGroup, CallGroup, EndGroup, EndSpans, GroupCalled, GroupEnded};
pub use idle::{GoIdle, Idled};
pub use judge::{Judge, Judged};
pub(super) use ladder::ladder;
pub use ladder::{ToldUpward, on_dispatch};
pub use merge::{Joined, Merge, Merged};
pub use note::{Note, Noted};
pub(super) use on_duty::coming;
pub use on_duty::{Coming, least_loaded};
pub use open::{DeskStay, Opened, Opening};
pub use recategorise::{Recategorise, Recategorised, Rerouted, Routed};
pub use relieve::{Relieve, Relieved};
pub use reopen::{Fail, Object, Reopen, Reopened};
pub use resolve::{Resolve, Resolved};
pub use resume::{Resume, Resumed};
pub use returns::{Return, Returned};
pub use review::{ReviewSuspension, SuspensionReviewed};
pub use split::{Part, Split, SplitOff, WasSplit};
pub use supervise::{Supervise, Supervised};
pub use supplement::{Supplement, Supplemented};
pub use suspend::{AskSuspension, Suspend, Suspended};
pub use task_force::FormTaskForce;
pub use unmerge::{Parted, Unmerge, Unmerged};
pub(super) use verify::unverified;
pub use verify::{VerificationClimbed, VerificationFailed, Verified, Verify};
pub use withdraw::{RequestWithdrawn, Withdraw};

use super::Case;
use crate::domain::{
    clocks::LampTurned,
    recompute::Recomputed,
    rule::{Rule, Step, changes},
    successor::Replaced,
};

changes! {
    /// What can happen to a case. The serde form is kept for ever: only add.
    Change of Case:
    Opened,
    Accepted,
    Noted,
    Escalated,
    Delegated,
    Called,
    LampTurned,
    Resolved,
    Answered,
    Judged,
    Reopened,
    Closed,
    Supplemented,
    ApprovalAsked,
    ApprovalRuled,
    Extended,
    Recomputed,
    Attached,
    Asked,
    AnswerMissed,
    Returned,
    Arbitrated,
    ArbitrationClimbed,
    Suspended,
    SuspensionReviewed,
    Resumed,
    Declined,
    Supervised,
    SupervisionAnswered,
    SupervisionClimbed,
    SupervisionLapsed,
    ToldUpward,
    Idled,
    Consulted,
    GroupCalled,
    GroupEnded,
    ChargeTaken,
    ChargeReported,
    ChargeEnded,
    Verified,
    VerificationFailed,
    VerificationClimbed,
    Deliberated,
    Appointed,
    Merged,
    Joined,
    Unmerged,
    Parted,
    RequestWithdrawn,
    WasSplit,
    SplitOff,
    Relieved,
    Replaced,
    Recategorised,
    Rerouted,
    Corrected,
}

/// In the order in which they are told.
pub(super) const RULES: &[Rule<Case>] = &[
    Accept::RULE,
    Note::RULE,
    <Appoint as Step<Case>>::RULE,
    Escalate::RULE,
    Delegate::RULE,
    Return::RULE,
    Arbitrate::RULE,
    Call::RULE,
    Consult::RULE,
    AskGroup::RULE,
    FormTaskForce::RULE,
    EndGroup::RULE,
    Merge::RULE,
    Unmerge::RULE,
    Split::RULE,
    Recategorise::RULE,
    Attach::RULE,
    AskExtension::RULE,
    AskDecline::RULE,
    AskReporter::RULE,
    AskSuspension::RULE,
    ReviewSuspension::RULE,
    Resume::RULE,
    Supervise::RULE,
    AnswerSupervision::RULE,
    TakeCharge::RULE,
    ReportCharge::RULE,
    EndCharge::RULE,
    Resolve::RULE,
    Verify::RULE,
    StrikeOff::RULE,
    Reopen::RULE,
    Relieve::RULE,
    Withdraw::RULE,
    Answer::RULE,
    Judge::RULE,
    Supplement::RULE,
    Extend::RULE,
    GoIdle::RULE,
    CallGroup::RULE,
    EndSpans::RULE,
    ask::MISS_ANSWER,
    arbitrate::CLIMB,
    Suspend::RULE,
    Decline::RULE,
    verify::FAIL,
    verify::CLIMB,
    merge::JOIN,
    unmerge::PART,
    withdraw::LEAVE,
    recategorise::REROUTE,
    Correct::RULE,
    correct::HAND_OVER,
];
