//! What a caller is told when the domain says no.

use huying_chassis::status::Problem;
use tonic::Code;

use crate::domain::Error;

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let words = error.to_string();
        let field = |reason, field: &str| {
            Self::new(Code::InvalidArgument, reason, words.clone()).field(field, words.clone())
        };
        let refused = |reason| Self::new(Code::FailedPrecondition, reason, words.clone());
        match &error {
            Error::StepNotAllowed { state, step } => refused("STEP_NOT_ALLOWED")
                .meta("state", state.name())
                .meta("step", step.name())
                .allowed(state.allowed()),
            Error::UnknownArea { area } => field("UNKNOWN_AREA", "area").resource("area", area),
            Error::UnknownCategory { category } => {
                field("UNKNOWN_CATEGORY", "category").resource("category", category)
            }
            Error::UnknownUnit { unit } => field("UNKNOWN_UNIT", "unit").resource("unit", unit),
            Error::UnitElsewhere { unit, .. } => field("UNIT_ELSEWHERE", "holder").resource("unit", unit),
            Error::NoHolder { area } => field("NO_HOLDER", "holder").resource("area", area),
            Error::NoModel { .. } => field("NO_MODEL", "model"),
            Error::Claimed(claim) => refused("CLAIMED")
                .meta("claimed_by", claim.by.subject.clone())
                .meta("unit", claim.by.unit.clone().unwrap_or_default())
                .meta("until", claim.until.to_rfc3339()),
            Error::NoSuperior { unit } => refused("NO_SUPERIOR").resource("unit", unit),
        }
    }
}
