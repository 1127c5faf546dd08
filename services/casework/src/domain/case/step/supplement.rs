//! 补充: the reporter added something, and the holder should read it. Where the reporter was asked, it is the answer: the case is worked
//! on again.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    case::{Case, Change, State},
    clocks::{ClockKind, Clocks},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Supplement {
    pub request: Uuid,
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supplemented {
    pub request: Uuid,
    pub text: String,
    /// As they run on, where it was waited for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clocks: Option<Clocks>,
}

impl Step<Case> for Supplement {
    const RULE: Rule<Case> =
        Rule::new("supplement", &State::OPEN, To::Per(&[(State::Waiting, State::Working)]));

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        if !case.has(self.request) {
            return Ok(Decided::AlreadyDone);
        }
        let waited = case.state == State::Waiting;
        let clocks = waited.then(|| case.clocks.running_on(ClockKind::Wait, known.profile(), known.now()));
        Ok(Decided::one(Supplemented { request: self.request, text: self.text.clone(), clocks }.into()))
    }
}

impl Happened<Case> for Supplemented {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Supplement::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.notes += 1;
        if let Some(clocks) = &self.clocks {
            (case.question, case.clocks) = (None, clocks.clone());
        }
    }

    fn stirs(&self) -> bool {
        false
    }

    fn words(&self) -> String {
        self.text.clone()
    }
}
