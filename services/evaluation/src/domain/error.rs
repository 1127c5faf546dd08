//! Why the domain says no.

use huying_chassis::run::Halt;

use super::{
    rules::Unlisted,
    state::{State, Step},
};

/// A command that may not be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not in this state.
    #[error("a callback that has {state} takes no {step}")]
    NotAllowed { state: State, step: Step },
    /// A reporter gives one verdict on an attempt.
    #[error("the reporter has judged this already: it has {state}")]
    Judged { state: State },
    /// The case went back to work.
    #[error("the case is not resolved any more: what comes of it is asked about anew")]
    NotResolved,
    /// The time to reach the reporter is over.
    #[error("the window of this callback is over")]
    WindowOver,
    /// Whoever had part in a case must not judge it.
    #[error("{unit} had part in this case: who acts for it, or acted for it there, must not judge it")]
    OwnWork { unit: String },
    /// Another's to do: of the judged unit to appeal, of somebody who neither took the verdict nor appealed to decide.
    #[error("this is for somebody else to do")]
    NotYours,
    #[error("there was an appeal against this verdict")]
    Appealed,
    #[error("no appeal against this verdict is open")]
    NoAppeal,
    /// The profile lets others ask.
    #[error("neither a first contact nor a link asks here by itself: the place lets others do it")]
    NotAsking,
    #[error(transparent)]
    Unlisted(#[from] Unlisted),
    /// No callback has this token now.
    #[error("there is no callback with this token")]
    UnknownToken,
    /// A verdict was given by it.
    #[error("this token has been used")]
    TokenUsed,
    /// The window is over.
    #[error("this token has expired")]
    TokenExpired,
}

impl From<Error> for Halt<Error> {
    fn from(why: Error) -> Self {
        Self::Refused(why)
    }
}
