//! It is no longer wanted: somebody above accepts its decline, or its case closes.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    clocks::Clocks,
    dispatch::{Dispatch, DispatchChange, DispatchState, above},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

/// A decline is accepted by somebody above the caller.
#[derive(Clone, Debug)]
pub struct Release {
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    pub reason: String,
    pub clocks: Clocks,
}

/// Wherever it is open: beside a step on its case.
pub(super) const END: Rule<Dispatch> = Rule::new(
    "end",
    &[DispatchState::Sent, DispatchState::Accepted, DispatchState::Declined],
    To::At(DispatchState::Ended),
);

impl Step<Dispatch> for Release {
    const RULE: Rule<Dispatch> =
        Rule::new("release", &[DispatchState::Declined], To::At(DispatchState::Ended)).by(above);

    fn decide(&self, dispatch: &Dispatch, known: &dyn Known) -> Result<Decided<DispatchChange>, Halt<Error>> {
        Ok(Decided::one(end(dispatch, &self.reason, known)))
    }
}

/// The end of an open one.
pub fn end(dispatch: &Dispatch, reason: &str, known: &dyn Known) -> DispatchChange {
    let clocks = dispatch.clocks.all_stopped(known.profile(), known.now());
    Ended { reason: reason.to_owned(), clocks }.into()
}

impl Happened<Dispatch> for Ended {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        Some(END)
    }

    fn fold(&self, dispatch: &mut Dispatch, _: &Stamp) {
        dispatch.clocks = self.clocks.clone();
    }
}
