//! What a caller is told when an inquiry says no.

use huying_chassis::status::Problem;
use tonic::Code;

use crate::domain::inquiry::InquiryError;

impl From<InquiryError> for Problem {
    fn from(error: InquiryError) -> Self {
        let message = error.to_string();
        let unfit = |reason| Self::new(Code::FailedPrecondition, reason, message.clone());
        let denied = |reason| Self::new(Code::PermissionDenied, reason, message.clone());
        match error {
            InquiryError::NotAllowed { state, step } => {
                unfit("STEP_NOT_ALLOWED").meta("state", state.name()).meta("step", step)
            }
            InquiryError::UnknownCases { places } => {
                cases("UNKNOWN_CASE", &message, places, "must be the id of a case in the inquiry's area")
            }
            InquiryError::NotOfCases { unit, places } => {
                cases("UNIT_NOT_OF_CASES", &message, places, "must be a case on which the unit worked")
                    .meta("unit", unit)
            }
            InquiryError::ClaimedAlready => unfit("CLAIMED_ALREADY"),
            InquiryError::OwnWork => denied("OWN_WORK"),
            InquiryError::NotYours => denied("NOT_YOURS"),
        }
    }
}

/// Each by its place.
fn cases(reason: &'static str, message: &str, places: Vec<usize>, what: &str) -> Problem {
    let problem = Problem::new(Code::InvalidArgument, reason, message.to_owned());
    let problem = problem.meta("count", places.len().to_string());
    places.into_iter().fold(problem, |problem, n| problem.field(format!("cases[{n}]"), what))
}
