//! What casework knows, pure: no I/O, no clock, no randomness. Instants, ids and other services' answers are asked of [`known`].
//!
//! - [`case`] is the work on a request: who holds it, at which tier, with which clocks. [`dispatch`] is a department's part in it.
//!   [`approval`] is what somebody above must allow, [`attachment`] a file on a case, [`group`] who works on one together. [`meeting`] is where people of a place
//!   deliberate over cases. [`absence`] is an officer who is away, [`roster`] and [`duty`] who is there when. [`prelude`] keeps what came of a request before its case.
//! - A step is a file (`case/step`, `dispatch/step`): one line of [`rule`], what comes with it, what then happened and how things are
//!   afterwards; or why not ([`error`]). The fold of what happened is the row.
//! - [`parties`] says who had part in a case, and so does not judge it. [`wanted`] is what lists are asked for, [`ledger`] the lists that a profile names. [`account`] adds up what entered, is worked on and is settled.

pub mod absence;
pub mod account;
pub mod approval;
pub mod attachment;
pub mod beside;
pub mod case;
pub mod clocks;
pub mod demands;
pub mod dispatch;
pub mod duty;
pub mod error;
pub mod group;
pub mod handling;
pub mod known;
pub mod ladder;
pub mod lamp;
pub mod ledger;
pub mod meeting;
pub mod parties;
pub mod policies;
pub mod prelude;
pub mod profile;
pub mod recompute;
pub mod roster;
pub mod rule;
pub mod successor;
pub mod supervision;
pub mod unit;
pub mod verification;
pub mod wanted;

pub use absence::Absence;
pub use approval::{Approval, ApprovalChange, ApprovalState, Ask, AskKind};
pub use attachment::{Attachment, AttachmentKind, AttachmentPolicy, Evidence, File};
pub use beside::Beside;
pub use case::{Case, Change, Judgement, Note, Outcome, State, Summoned};
pub use clocks::{ClockKind, Clocks};
pub use demands::Demands;
pub use dispatch::{Dispatch, DispatchChange, DispatchState};
pub use error::{Error, Refusal};
pub use group::{Group, GroupKind, ResponseGroup};
pub use handling::Handling;
pub use huying_terms::{Location, Point, Priority, UnitKind, place, place::contains};
pub use known::Known;
pub use ledger::Ledger;
pub use meeting::{Meeting, MeetingState, step::Convene};
pub use parties::{CaseParty, Parties};
pub use policies::Policies;
pub use prelude::Prelude;
pub use profile::CaseworkProfile;
pub use roster::{Load, Rostered};
pub use rule::{Ruled, Step};
pub use supervision::Level;
pub use unit::{By, Holder, Officer, Sight, Unit};
pub use wanted::{
    Absences, Approvals, Cases, Dispatches, MeetingCount, Meetings, Order, Page, Period, Place, Span,
};
