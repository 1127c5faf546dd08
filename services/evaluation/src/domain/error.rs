//! Why the domain says no.

use super::state::{State, Step};

/// A command that may not be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not in this state.
    #[error("a callback that has {state} takes no {step}")]
    NotAllowed { state: State, step: Step },
    /// Whoever worked on a case must not judge it.
    #[error("{unit} worked on this case and must not judge it")]
    OwnWork { unit: String },
}
