//! What a caller is told when the domain says no.

use huying_chassis::status::Problem;
use tonic::Code;

use crate::domain::Error;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let words = error.to_string();
        match &error {
            Error::StepNotAllowed { state, step } => {
                Self::new(Code::FailedPrecondition, "STEP_NOT_ALLOWED", words.clone())
                    .meta("state", state.name())
                    .meta("step", step.name())
                    .allowed(state.allowed())
            }
            Error::OwnWork { unit } => {
                Self::new(Code::PermissionDenied, "OWN_WORK", words.clone()).meta("unit", unit)
            }
            Error::ObjectionWindowClosed { until } => {
                Self::new(Code::FailedPrecondition, "OBJECTION_WINDOW_CLOSED", words.clone())
                    .meta("until", until.to_rfc3339())
                    .allowed::<&str>([])
            }
            Error::NotAConsultation => {
                Self::new(Code::InvalidArgument, "NOT_A_CONSULTATION", words.clone()).field("answer", words)
            }
            Error::UnknownGuide { code } => Self::new(Code::InvalidArgument, "UNKNOWN_GUIDE", words.clone())
                .meta("guide", code)
                .field("guide", words),
            Error::AnsweredAtOnce => {
                Self::new(Code::FailedPrecondition, "ANSWERED_AT_ONCE", words.clone()).allowed::<&str>([])
            }
            Error::OrderChanged { number } => Self::new(Code::AlreadyExists, "ORDER_CHANGED", words.clone())
                .meta("number", number)
                .resource("request", number),
            Error::TooMany { door, after } => {
                Self::new(Code::ResourceExhausted, "TOO_MANY_REQUESTS", words.clone())
                    .meta("door", door.name())
                    .retry_after(*after)
            }
            Error::CardRevoked { call } => {
                Self::new(Code::FailedPrecondition, "CARD_REVOKED", words.clone()).meta("call", call)
            }
            Error::NotCardUnit { unit } => {
                Self::new(Code::PermissionDenied, "NOT_CARD_UNIT", words.clone()).meta("unit", unit)
            }
            Error::UnknownUnit { unit } => Self::new(Code::InvalidArgument, "UNKNOWN_UNIT", words.clone())
                .field("unit", words)
                .meta("unit", unit),
            Error::OfferStepNotAllowed { state, step } => {
                Self::new(Code::FailedPrecondition, "STEP_NOT_ALLOWED", words.clone())
                    .meta("state", state.name())
                    .meta("step", step.name())
                    .allowed(state.allowed())
            }
            Error::OffersDiffer => {
                Self::new(Code::InvalidArgument, "OFFERS_DIFFER", words.clone()).field("counterpart", words)
            }
            Error::RatedAlready => {
                Self::new(Code::AlreadyExists, "RATED_ALREADY", words.clone()).field("side", words)
            }
            Error::OrderTaken => Self::new(Code::AlreadyExists, "ORDER_TAKEN", words),
            Error::NoUnit => {
                Self::new(Code::InvalidArgument, "BAD_FIELD", words.clone()).field("unit", words)
            }
            Error::NotOfKind { field } => {
                Self::new(Code::InvalidArgument, "BAD_FIELD", words.clone()).field(*field, words)
            }
            Error::UnknownNeed { number } => {
                Self::new(Code::FailedPrecondition, "UNKNOWN_NEED", words.clone())
                    .meta("number", number.to_string())
                    .allowed::<&str>([])
            }
            Error::ManyDues { most } => Self::new(Code::FailedPrecondition, "MANY_DUES", words.clone())
                .meta("most", most.to_string())
                .allowed::<&str>([]),
            Error::ManyNeeds { most } => Self::new(Code::FailedPrecondition, "MANY_NEEDS", words.clone())
                .meta("most", most.to_string())
                .allowed::<&str>([]),
            Error::UnknownChannel { .. } => {
                Self::new(Code::InvalidArgument, "UNKNOWN_CHANNEL", words.clone()).field("channel", words)
            }
        }
    }
}
