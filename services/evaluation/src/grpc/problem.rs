//! What a caller is told when the domain says no.

use huying_chassis::{log::not_found, status::Problem};
use tonic::Code;

use crate::domain::{error::Error, rules::Unlisted};

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let message = error.to_string();
        match error {
            Error::NotAllowed { state, step } => {
                Self::new(Code::FailedPrecondition, "STEP_NOT_ALLOWED", message)
                    .meta("state", state.name())
                    .meta("step", step.name())
                    .allowed(state.allowed())
            }
            Error::Judged { state } => {
                Self::new(Code::AlreadyExists, "JUDGED_ALREADY", message).meta("state", state.name())
            }
            Error::NotResolved => Self::new(Code::FailedPrecondition, "CASE_NOT_RESOLVED", message),
            Error::WindowOver => Self::new(Code::FailedPrecondition, "WINDOW_OVER", message),
            Error::OwnWork { unit } => {
                Self::new(Code::PermissionDenied, "OWN_WORK", message).meta("unit", unit)
            }
            Error::NotYours => Self::new(Code::PermissionDenied, "NOT_YOURS", message),
            Error::Appealed => Self::new(Code::FailedPrecondition, "APPEALED_ALREADY", message),
            Error::NoAppeal => Self::new(Code::FailedPrecondition, "NO_OPEN_APPEAL", message),
            Error::NotAsking => Self::new(Code::PermissionDenied, "NOT_ASKING", message),
            Error::Unlisted(Unlisted { field }) => {
                let listed = "must be one of the codes of the district's profile";
                Self::new(Code::InvalidArgument, "BAD_FIELD", message).field(field, listed)
            }
            Error::UnknownToken => not_found("callback with this", "token"),
            Error::TokenUsed => Self::new(Code::AlreadyExists, "TOKEN_USED", message),
            Error::TokenExpired => Self::new(Code::FailedPrecondition, "TOKEN_EXPIRED", message),
        }
    }
}
