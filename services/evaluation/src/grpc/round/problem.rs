//! What a caller is told when a round or an interview says no.

use huying_chassis::status::Problem;
use tonic::Code;

use crate::domain::{round::RoundError, rules::Unlisted};

impl From<RoundError> for Problem {
    fn from(error: RoundError) -> Self {
        let message = error.to_string();
        let unfit = |reason| Self::new(Code::FailedPrecondition, reason, message.clone());
        let denied = |reason| Self::new(Code::PermissionDenied, reason, message.clone());
        match error {
            RoundError::PopulationTooSmall { there, sample } => unfit("POPULATION_TOO_SMALL")
                .meta("population", there.to_string())
                .meta("sample", sample.to_string()),
            RoundError::TooManyStrata { strata, sample } => {
                unfit("TOO_MANY_STRATA").meta("strata", strata.to_string()).meta("sample", sample.to_string())
            }
            RoundError::UnknownUnit { unit } => {
                Self::new(Code::InvalidArgument, "UNKNOWN_UNIT", message.clone()).meta("unit", unit)
            }
            RoundError::Closed => unfit("ROUND_CLOSED"),
            RoundError::NotAllowed { state, step } => {
                unfit("STEP_NOT_ALLOWED").meta("state", state.name()).meta("step", step)
            }
            RoundError::OwnWork { unit } => denied("OWN_WORK").meta("unit", unit),
            RoundError::HandedToAnother => denied("HANDED_TO_ANOTHER"),
            RoundError::Unlisted(Unlisted { field }) => {
                let listed = "must be one of the codes of the district's profile";
                Self::new(Code::InvalidArgument, "BAD_FIELD", message).field(field, listed)
            }
        }
    }
}
