//! 答复: the first contact has told the reporter of a request, what was done or why it was declined. With the verdict there too the account
//! is reconciled, and it closes.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Closed;
use crate::domain::{
    case::{Case, Change, Outcome, State},
    error::Error,
    known::{self, Known},
    rule::{Happened, Rule, Step, To},
};

/// Only an answer to a resolved or declined case is one: intake gives no other. An answer to an earlier attempt came too late.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    pub request: Uuid,
    pub attempt: i32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub request: Uuid,
}

impl Step<Case> for Answer {
    const RULE: Rule<Case> =
        Rule::new("answer", &[State::Resolved, State::Closed], To::Same).fits(is_owed_answers);

    fn decide(&self, case: &Case, _: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let owed = case.requests.iter().any(|one| one.id == self.request && !one.answered);
        if !owed || self.attempt != case.attempt {
            return Ok(Decided::AlreadyDone);
        }
        let mut changes = vec![Answered { request: self.request }.into()];
        let others = case.requests.iter().all(|one| one.answered || one.id == self.request);
        let settled = case.judgement.is_some() && case.verifier.is_none();
        if others && case.state == State::Resolved && settled {
            changes.push(Closed::STRUCK_OFF.into());
        }
        Ok(Decided::Done(changes))
    }
}

/// Of those that are closed only a declined one is answered afterwards.
fn is_owed_answers(case: &Case, _: &dyn Known) -> known::Answer<()> {
    if case.state.is_open() || case.outcome == Some(Outcome::Declined) {
        Ok(())
    } else {
        Err(Error::StepNotAllowed { step: "answer", state: case.state.name() }.into())
    }
}

impl Happened<Case> for Answered {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Answer::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        for one in case.requests.iter_mut().filter(|one| one.id == self.request) {
            one.answered = true;
        }
    }
}
