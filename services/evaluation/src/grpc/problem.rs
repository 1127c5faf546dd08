//! What a caller is told when the domain says no.

use huying_chassis::status::Problem;
use tonic::Code;

use crate::domain::error::Error;

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
            Error::OwnWork { unit } => {
                Self::new(Code::PermissionDenied, "OWN_WORK", message).meta("unit", unit)
            }
        }
    }
}
