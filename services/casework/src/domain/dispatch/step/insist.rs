//! A decline is overruled, or a department that is silent or late is told once more: sent again, and binding. Time to report in begins
//! anew, and so does a time to complete that is up; of one that is not, what was used counts.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use super::end::END;
use crate::domain::{
    clocks::{ClockKind, Clocks},
    dispatch::{Dispatch, DispatchChange, DispatchState, above, waits},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Insist {
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Insisted {
    pub reason: String,
    pub clocks: Clocks,
}

impl Step<Dispatch> for Insist {
    const RULE: Rule<Dispatch> = Rule::new("insist", END.from, To::At(DispatchState::Sent))
        .by(above)
        .fits(|dispatch, _| Ok(waits(dispatch, "insist")?));

    fn decide(&self, dispatch: &Dispatch, known: &dyn Known) -> Result<Decided<DispatchChange>, Halt<Error>> {
        let (clocks, profile, now) = (&dispatch.clocks, known.profile(), known.now());
        let resolve = match dispatch.is_late() {
            true => clocks.anew(ClockKind::Resolve, profile, now),
            false => clocks.resumed(ClockKind::Resolve, profile, now),
        };
        let respond = clocks.anew(ClockKind::Respond, profile, now);
        let clocks = Clocks::from_iter([(ClockKind::Respond, respond), (ClockKind::Resolve, resolve)]);
        Ok(Decided::one(Insisted { reason: self.reason.clone(), clocks }.into()))
    }
}

impl Happened<Dispatch> for Insisted {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        Some(Insist::RULE)
    }

    fn fold(&self, dispatch: &mut Dispatch, stamp: &Stamp) {
        dispatch.ruled(&self.reason, stamp);
        (dispatch.clocks, dispatch.binding) = (self.clocks.clone(), true);
        dispatch.tally.reported = false;
    }
}
