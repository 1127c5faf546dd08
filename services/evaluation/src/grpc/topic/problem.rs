//! What a caller is told when a topic says no.

use huying_chassis::status::Problem;
use tonic::Code;

use crate::domain::topic::{CASES, TopicError, measure};

impl From<TopicError> for Problem {
    fn from(error: TopicError) -> Self {
        let message = error.to_string();
        let unfit = |reason| Self::new(Code::FailedPrecondition, reason, message.clone());
        let bad = |reason| Self::new(Code::InvalidArgument, reason, message.clone());
        match error {
            TopicError::NotAllowed { state, step } => {
                unfit("STEP_NOT_ALLOWED").meta("state", state.name()).meta("step", step)
            }
            TopicError::UnknownCases { places } => {
                let problem = bad("UNKNOWN_CASE").meta("count", places.len().to_string());
                let what = "must be the id of a case in the topic's area";
                places.into_iter().fold(problem, |problem, n| problem.field(format!("cases[{n}]"), what))
            }
            TopicError::TooManyCases { there, more } => unfit("TOO_MANY_CASES")
                .meta("there", there.to_string())
                .meta("more", more.to_string())
                .meta("most", CASES.to_string()),
            TopicError::UnknownMeasures { numbers } => {
                bad("UNKNOWN_MEASURE").meta("measures", measure::listed(&numbers))
            }
            TopicError::TooManyMeasures { there } => unfit("TOO_MANY_MEASURES")
                .meta("there", there.to_string())
                .meta("most", measure::MOST.to_string()),
            TopicError::Outstanding { numbers } => {
                unfit("MEASURES_OUTSTANDING").meta("measures", measure::listed(&numbers))
            }
            TopicError::NotTheirs { unit } => {
                Self::new(Code::PermissionDenied, "OUTSIDE_UNIT", message.clone()).meta("unit", unit)
            }
        }
    }
}
