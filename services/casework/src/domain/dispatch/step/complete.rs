//! 完成: the task is done, and the resolve clock stops.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use super::relead::pass_lead;
use crate::domain::{
    beside::Beside,
    clocks::ClockKind,
    dispatch::{Assessment, Dispatch, DispatchChange, DispatchState, called},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Complete {
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Completed {
    pub note: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve: Option<Clock>,
    /// None in what builds before wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assessment: Option<Assessment>,
}

impl Step<Dispatch> for Complete {
    const RULE: Rule<Dispatch> =
        Rule::new("complete", &[DispatchState::Accepted], To::At(DispatchState::Done)).by(called);

    fn decide(&self, dispatch: &Dispatch, known: &dyn Known) -> Result<Decided<DispatchChange>, Halt<Error>> {
        let resolve = dispatch.clocks.stopped(ClockKind::Resolve, known.profile(), known.now());
        let mut clocks = dispatch.clocks.clone();
        clocks.set(ClockKind::Resolve, resolve.as_ref());
        let assessment = Some(Assessment::of(&clocks, dispatch.silences, Some(true)));
        Ok(Decided::one(Completed { note: self.note.clone(), resolve, assessment }.into()))
    }

    fn beside(&self, dispatch: &Dispatch, known: &dyn Known) -> Answer<Vec<Beside>> {
        pass_lead(dispatch, known)
    }
}

impl Happened<Dispatch> for Completed {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        Some(Complete::RULE)
    }

    fn fold(&self, dispatch: &mut Dispatch, _: &Stamp) {
        dispatch.say(&self.note);
        dispatch.tally.apt = Some(true);
        dispatch.clocks.set(ClockKind::Resolve, self.resolve.as_ref());
    }
}
