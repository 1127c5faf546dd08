//! 恢复办理: the holder or the district takes a suspended case up again, and its clocks run on where they stood.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Case, Change, State, holder_or_district},
    clocks::{ClockKind, Clocks},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Resume {
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resumed {
    pub reason: String,
    pub clocks: Clocks,
}

impl Step<Case> for Resume {
    const RULE: Rule<Case> =
        Rule::new("resume", &[State::Suspended], To::At(State::Working)).by(holder_or_district);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let clocks = case.clocks.running_on(ClockKind::Review, known.profile(), known.now());
        Ok(Decided::one(Resumed { reason: self.reason.clone(), clocks }.into()))
    }
}

impl Happened<Case> for Resumed {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Resume::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        (case.suspension, case.clocks) = (None, self.clocks.clone());
    }

    fn words(&self) -> String {
        self.reason.clone()
    }
}
