//! 报到: the department is on it, and the respond clock stops.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use crate::domain::{
    clocks::ClockKind,
    dispatch::{Dispatch, DispatchChange, DispatchState, called},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Accept {
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Accepted {
    pub note: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respond: Option<Clock>,
    /// It was silent: there is nothing left to settle.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arbitrate: Option<Clock>,
}

impl Step<Dispatch> for Accept {
    const RULE: Rule<Dispatch> =
        Rule::new("accept", &[DispatchState::Sent], To::At(DispatchState::Accepted)).by(called);

    fn decide(&self, dispatch: &Dispatch, known: &dyn Known) -> Result<Decided<DispatchChange>, Halt<Error>> {
        let stopped = |kind| dispatch.clocks.stopped(kind, known.profile(), known.now());
        let (respond, arbitrate) = (stopped(ClockKind::Respond), stopped(ClockKind::Arbitrate));
        Ok(Decided::one(Accepted { note: self.note.clone(), respond, arbitrate }.into()))
    }
}

impl Happened<Dispatch> for Accepted {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        Some(Accept::RULE)
    }

    fn fold(&self, dispatch: &mut Dispatch, _: &Stamp) {
        dispatch.say(&self.note);
        dispatch.tally.reported = true;
        dispatch.clocks.set(ClockKind::Respond, self.respond.as_ref());
        dispatch.clocks.set(ClockKind::Arbitrate, self.arbitrate.as_ref());
    }
}
