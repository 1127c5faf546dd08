//! 撤回: a reporter took a request back. One of several leaves the case; the last one closes it, and open dispatches end beside it.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Closed, verify::stood};
use crate::domain::{
    beside::Beside,
    case::{Case, Change, Outcome, State, part::end_all_open},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

/// Why the dispatches of a withdrawn case end, for the departments.
const WITHDRAWN: &str = "诉求人已撤回";

#[derive(Clone, Copy, Debug)]
pub struct Withdraw {
    pub request: Uuid,
}

/// One of several.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestWithdrawn {
    pub request: Uuid,
}

impl Step<Case> for Withdraw {
    const RULE: Rule<Case> = Rule::new("withdraw", &State::OPEN, To::At(State::Closed));

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        if !case.has(self.request) {
            return Ok(Decided::AlreadyDone);
        }
        if self.is_last(case) {
            let clocks = Some(case.clocks.all_stopped(known.profile(), known.now()));
            // Withdrawing what is done takes nothing back: its reporter is asked about it.
            let done = case.state == State::Resolved && case.verifier.is_some();
            let resolved = if done { Some(Box::new(stood(case, known)?)) } else { None };
            return Ok(Decided::one(Closed { outcome: Outcome::Withdrawn, clocks, resolved }.into()));
        }
        let mut changes = vec![RequestWithdrawn { request: self.request }.into()];
        // It may be the one whose answer was waited for.
        let others = case.requests.iter().all(|one| one.answered || one.id == self.request);
        let settled = case.judgement.is_some() && case.verifier.is_none();
        if others && settled && case.state == State::Resolved {
            changes.push(Closed::STRUCK_OFF.into());
        }
        Ok(Decided::Done(changes))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        if self.is_last(case) { end_all_open(case, WITHDRAWN, known) } else { Ok(Vec::new()) }
    }
}

impl Withdraw {
    fn is_last(&self, case: &Case) -> bool {
        case.requests.iter().all(|one| one.id == self.request)
    }
}

impl Happened<Case> for RequestWithdrawn {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(LEAVE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.requests.retain(|one| one.id != self.request);
    }

    fn stirs(&self) -> bool {
        false
    }
}

/// By the withdrawal of one of several.
pub(super) const LEAVE: Rule<Case> = Rule::new("leave", &State::OPEN, To::Same);
