//! What a caller is told when the domain says no.

use huying_chassis::status::Problem;
use tonic::Code;

use crate::domain::Error;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let words = error.to_string();
        let wrong = |reason, field: &str| {
            Self::new(Code::InvalidArgument, reason, words.clone()).field(field, words.clone())
        };
        let late = |reason| Self::new(Code::FailedPrecondition, reason, words.clone());
        let denied = |reason| Self::new(Code::PermissionDenied, reason, words.clone());
        let there = |reason| Self::new(Code::AlreadyExists, reason, words.clone());
        let not_allowed = |state, step| late("STEP_NOT_ALLOWED").meta("state", state).meta("step", step);
        match &error {
            Error::StepNotAllowed { state, step } => {
                not_allowed(state.name(), step.name()).allowed(state.allowed())
            }
            Error::OfferStepNotAllowed { state, step } => {
                not_allowed(state.name(), step.name()).allowed(state.allowed())
            }
            Error::OwnWork { unit } => denied("OWN_WORK").meta("unit", unit),
            Error::NotFirstContact => denied("NOT_FIRST_CONTACT"),
            Error::NotCardUnit { unit } => denied("NOT_CARD_UNIT").meta("unit", unit),
            Error::ObjectionWindowClosed { until } => {
                late("OBJECTION_WINDOW_CLOSED").meta("until", until.to_rfc3339()).allowed::<&str>([])
            }
            Error::Forgotten => late("FORGOTTEN").allowed::<&str>([]),
            Error::KeptInClear => late("KEPT_IN_CLEAR").allowed::<&str>([]),
            Error::AnsweredAtOnce => late("ANSWERED_AT_ONCE").allowed::<&str>([]),
            Error::CardRevoked { call } => late("CARD_REVOKED").meta("call", call),
            Error::UnknownNeed { number } => {
                late("UNKNOWN_NEED").meta("number", number.to_string()).allowed::<&str>([])
            }
            Error::ManyDues { most } => late("MANY_DUES").meta("most", most.to_string()).allowed::<&str>([]),
            Error::ManyNeeds { most } => {
                late("MANY_NEEDS").meta("most", most.to_string()).allowed::<&str>([])
            }
            Error::UnknownUnit { unit } => wrong("UNKNOWN_UNIT", "unit").meta("unit", unit),
            Error::UnknownChannel { .. } => wrong("UNKNOWN_CHANNEL", "channel"),
            Error::OffersDiffer => wrong("OFFERS_DIFFER", "counterpart"),
            Error::NoUnit => wrong("BAD_FIELD", "unit"),
            Error::NotOfKind { field } => wrong("BAD_FIELD", field),
            Error::OrderChanged { number } => {
                there("ORDER_CHANGED").meta("number", number).resource("request", number)
            }
            Error::OrderTaken => there("ORDER_TAKEN"),
            Error::RatedAlready => there("RATED_ALREADY").field("side", words.clone()),
            Error::TooMany { door, after } => {
                Self::new(Code::ResourceExhausted, "TOO_MANY_REQUESTS", words.clone())
                    .meta("door", door.name())
                    .retry_after(*after)
            }
        }
    }
}
