//! Why the domain says no.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::channel::Channel;
use super::{
    offer::{OfferState, OfferStep},
    state::{State, Step},
};

/// Why a command on a request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("a request that is {} takes no {}", .state.name(), .step.name())]
    StepNotAllowed { state: State, step: Step },
    #[error(
        "{unit} holds its case: the reporter, by the door or the desk, does this and not who works on it"
    )]
    OwnWork { unit: String },
    #[error("only who took the request, or the desk, may do this")]
    NotFirstContact,
    #[error("an objection was to be raised until {}: what is wrong is a new request now", .until.to_rfc3339())]
    ObjectionWindowClosed { until: DateTime<Utc> },
    #[error("it was answered at once and nobody worked on it: what is left of it is a new request")]
    AnsweredAtOnce,
    #[error("the district has not opened the door {channel}: its profile opens it")]
    UnknownChannel { channel: &'static str },
    #[error(
        "this order was taken as {number} with other content: add to that, or send it under another number"
    )]
    OrderChanged { number: String },
    #[error("this card counts no more: call {call}")]
    CardRevoked { call: String },
    #[error(
        "only {unit}, which the card names, or the desk notes its calls: note this one by a card of your own unit"
    )]
    NotCardUnit { unit: String },
    #[error("{unit} is no unit of the district: name one of its profile")]
    UnknownUnit { unit: String },
    #[error("too much was sent by the door {}: come again in {} seconds", .door.name(), .after.as_secs())]
    TooMany { door: Channel, after: Duration },
    #[error("this order was taken from somebody else: send it under a number of your own")]
    OrderTaken,
    #[error("the caller's token names no unit: name the one that acts")]
    NoUnit,
    #[error("an archive of this kind has no {field}: it must be left out")]
    NotOfKind { field: &'static str },
    #[error("the archive has no need {number} that is not met yet")]
    UnknownNeed { number: u32 },
    #[error("an archive keeps {most} visits that are due: visit them, and record it")]
    ManyDues { most: usize },
    #[error("an archive keeps {most} needs that are not met: say which of them are")]
    ManyNeeds { most: usize },
    #[error("what is {} takes no {}", .state.name(), .step.name())]
    OfferStepNotAllowed { state: OfferState, step: OfferStep },
    #[error("an offer answers a need of the other side in the same district, or a request")]
    OffersDiffer,
    #[error(
        "who called was kept before it was sealed, and an entry of the log is never written again: it cannot be forgotten here"
    )]
    KeptInClear,
    #[error("who this was is forgotten: nothing of them is known any more")]
    Forgotten,
    #[error("this side has rated it already")]
    RatedAlready,
}
