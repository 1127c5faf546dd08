//! 评价: evaluation passed an attempt or let it lapse. With every request answered the account is reconciled, and it closes.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use super::Closed;
use crate::domain::{
    case::{Case, Change, Judgement, State},
    error::Error,
    known::Known,
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Copy, Debug)]
pub struct Judge {
    pub attempt: i32,
    pub judgement: Judgement,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    pub judgement: Judgement,
}

impl Step<Case> for Judge {
    const RULE: Rule<Case> = Rule::new("judge", &[State::Resolved], To::Same);

    fn decide(&self, case: &Case, _: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        if self.attempt != case.attempt || case.judgement.is_some() {
            return Ok(Decided::AlreadyDone);
        }
        let mut changes = vec![Judged { judgement: self.judgement }.into()];
        if case.verifier.is_none() && case.requests.iter().all(|request| request.answered) {
            changes.push(Closed::STRUCK_OFF.into());
        }
        Ok(Decided::Done(changes))
    }
}

impl Happened<Case> for Judged {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Judge::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.judgement = Some(self.judgement);
    }
}
