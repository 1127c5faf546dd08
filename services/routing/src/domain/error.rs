//! Why the domain says no.

use super::{
    desk::Claim,
    state::{State, Step},
};

/// Why a decision by hand is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    #[error("a route that is {} takes no {}", .state.name(), .step.name())]
    StepNotAllowed { state: State, step: Step },
    #[error("{area} is no area of this district")]
    UnknownArea { area: String },
    #[error("{category} is no category of this district")]
    UnknownCategory { category: String },
    #[error("{unit} is no unit of this district")]
    UnknownUnit { unit: String },
    /// The holder's area must contain the case, unless it is a department, a group or a utility.
    #[error("{unit} does not answer for {area}")]
    UnitElsewhere { unit: String, area: String },
    #[error("no unit of this district answers for {area} at any tier: name a holder")]
    NoHolder { area: String },
    #[error("this is no model of `huying train`: {why}")]
    NoModel { why: String },
    #[error("{} has it in hand until {}: wait, or ask them to release it", .0.by.subject, .0.until)]
    Claimed(Box<Claim>),
    #[error("nobody is above {unit}")]
    NoSuperior { unit: String },
}
