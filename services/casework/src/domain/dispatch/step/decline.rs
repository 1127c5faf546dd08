//! 拒绝: not theirs, says the department, at once or after it has looked on site. Both clocks stand still until somebody above has
//! decided, for whom another runs.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use super::arbitrate::time_to_settle;
use crate::domain::{
    clocks::{ClockKind, Clocks},
    dispatch::{Dispatch, DispatchChange, DispatchState, called},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Decline {
    pub note: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Declined {
    pub note: String,
    pub clocks: Clocks,
}

impl Step<Dispatch> for Decline {
    const RULE: Rule<Dispatch> = Rule::new(
        "decline",
        &[DispatchState::Sent, DispatchState::Accepted],
        To::At(DispatchState::Declined),
    )
    .by(called)
    .fits(free);

    fn decide(&self, dispatch: &Dispatch, known: &dyn Known) -> Result<Decided<DispatchChange>, Halt<Error>> {
        let (clocks, profile, now) = (&dispatch.clocks, known.profile(), known.now());
        let clocks = Clocks::from_iter([
            (ClockKind::Respond, clocks.stopped(ClockKind::Respond, profile, now)),
            (ClockKind::Resolve, clocks.paused(ClockKind::Resolve, profile, now)),
            (ClockKind::Arbitrate, Some(time_to_settle(known))),
        ]);
        Ok(Decided::one(Declined { note: self.note.clone(), clocks }.into()))
    }
}

fn free(dispatch: &Dispatch, _: &dyn Known) -> Answer<()> {
    if dispatch.binding { Err(Error::DispatchBinds.into()) } else { Ok(()) }
}

impl Happened<Dispatch> for Declined {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        Some(Decline::RULE)
    }

    fn fold(&self, dispatch: &mut Dispatch, _: &Stamp) {
        dispatch.say(&self.note);
        dispatch.clocks = self.clocks.clone();
        dispatch.tally.declined = true;
    }
}
