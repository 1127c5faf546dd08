//! It is no longer wanted: 撤呼, the caller takes it back; somebody above accepts its decline; or its case closes.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    clocks::Clocks,
    dispatch::{Dispatch, DispatchChange, DispatchState, above, calling},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

/// The caller needs it no more, before anybody reported in.
#[derive(Clone, Debug)]
pub struct TakeBack {
    pub reason: String,
}

/// A decline is accepted by somebody above the caller.
#[derive(Clone, Debug)]
pub struct Release {
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    pub reason: String,
    /// How; none in what builds before wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    pub clocks: Clocks,
}

/// How a dispatch ended without being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The caller took it back.
    TakenBack,
    /// Somebody above let the department go.
    Released,
    /// Its case closed.
    CaseClosed,
}

/// Wherever it is open: beside a step on its case.
pub(super) const END: Rule<Dispatch> = Rule::new(
    "end",
    &[DispatchState::Sent, DispatchState::Accepted, DispatchState::Declined],
    To::At(DispatchState::Ended),
);

impl Step<Dispatch> for TakeBack {
    const RULE: Rule<Dispatch> =
        Rule::new("take_back", &[DispatchState::Sent], To::At(DispatchState::Ended)).by(|_, _| Ok(()));

    fn decide(&self, dispatch: &Dispatch, known: &dyn Known) -> Result<Decided<DispatchChange>, Halt<Error>> {
        calling(dispatch, known)?;
        Ok(Decided::one(end(dispatch, Ending::TakenBack, &self.reason, known)))
    }
}

impl Step<Dispatch> for Release {
    const RULE: Rule<Dispatch> =
        Rule::new("release", &[DispatchState::Declined], To::At(DispatchState::Ended)).by(above);

    fn decide(&self, dispatch: &Dispatch, known: &dyn Known) -> Result<Decided<DispatchChange>, Halt<Error>> {
        Ok(Decided::one(end(dispatch, Ending::Released, &self.reason, known)))
    }
}

/// The end of an open one.
pub fn end(dispatch: &Dispatch, ending: Ending, reason: &str, known: &dyn Known) -> DispatchChange {
    let clocks = dispatch.clocks.all_stopped(known.profile(), known.now());
    Ended { reason: reason.to_owned(), ending: Some(ending), clocks }.into()
}

impl Happened<Dispatch> for Ended {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        Some(END)
    }

    fn fold(&self, dispatch: &mut Dispatch, stamp: &Stamp) {
        dispatch.ruled(&self.reason, stamp);
        dispatch.clocks = self.clocks.clone();
    }
}
