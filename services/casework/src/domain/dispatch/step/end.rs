//! It is no longer wanted: 撤呼, the caller takes it back; somebody above accepts its decline, or ends one that is silent or late; or its
//! case closes.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use super::relead::pass_lead;
use crate::domain::{
    beside::Beside,
    clocks::Clocks,
    dispatch::{Assessment, Dispatch, DispatchChange, DispatchState, above, calling, commands, waits},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

/// The caller needs it no more, before anybody reported in; the chair of its group, also afterwards, and whoever may where the profile has
/// the called unit no longer, which could neither complete nor decline it.
#[derive(Clone, Debug)]
pub struct TakeBack {
    pub reason: String,
}

/// A decline is accepted, or a department that is silent or late let go, by somebody above the caller.
#[derive(Clone, Debug)]
pub struct Release {
    pub reason: String,
    /// The caller called the right one all the same.
    pub apt: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Ended {
    pub reason: String,
    /// How; none in what builds before wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Assessment>,
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
    const RULE: Rule<Dispatch> = Rule::new("take_back", END.from, END.to).by(|_, _| Ok(())).fits(unneeded);

    fn decide(&self, dispatch: &Dispatch, known: &dyn Known) -> Result<Decided<DispatchChange>, Halt<Error>> {
        // Of one that somebody came for, nobody can say that it was not apt.
        let apt = (dispatch.state == DispatchState::Sent).then_some(false);
        Ok(Decided::one(end(dispatch, Ending::TakenBack, apt, &self.reason, known)))
    }

    fn beside(&self, dispatch: &Dispatch, known: &dyn Known) -> Answer<Vec<Beside>> {
        pass_lead(dispatch, known)
    }
}

impl Step<Dispatch> for Release {
    const RULE: Rule<Dispatch> =
        Rule::new("release", END.from, END.to).by(above).fits(|dispatch, _| Ok(waits(dispatch, "release")?));

    fn decide(&self, dispatch: &Dispatch, known: &dyn Known) -> Result<Decided<DispatchChange>, Halt<Error>> {
        Ok(Decided::one(end(dispatch, Ending::Released, Some(self.apt), &self.reason, known)))
    }

    fn beside(&self, dispatch: &Dispatch, known: &dyn Known) -> Answer<Vec<Beside>> {
        pass_lead(dispatch, known)
    }
}

fn unneeded(dispatch: &Dispatch, known: &dyn Known) -> Answer<()> {
    calling(dispatch, known)?;
    let open = END.leads(dispatch.state).is_some();
    let early = dispatch.state == DispatchState::Sent || commands(dispatch, known)?;
    if early || (open && known.profile().lacks(&dispatch.unit)) {
        return Ok(());
    }
    Err(Error::StepNotAllowed { step: "take_back", state: dispatch.state.name() }.into())
}

/// The end of an open one. Whether it was apt to call: what was taken back was not, and of what closes with its case nobody can say.
pub fn end(
    dispatch: &Dispatch,
    ending: Ending,
    apt: Option<bool>,
    reason: &str,
    known: &dyn Known,
) -> DispatchChange {
    let clocks = dispatch.clocks.all_stopped(known.profile(), known.now());
    let assessment = Some(Assessment::of(&clocks, dispatch.silences, apt));
    Ended { reason: reason.to_owned(), ending: Some(ending), assessment, clocks }.into()
}

impl Happened<Dispatch> for Ended {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        Some(END)
    }

    fn fold(&self, dispatch: &mut Dispatch, stamp: &Stamp) {
        dispatch.ruled(&self.reason, stamp);
        dispatch.clocks = self.clocks.clone();
        dispatch.tally.ending = self.ending;
        dispatch.tally.apt = self.assessment.as_ref().and_then(|it| it.apt);
    }
}
