//! 不予受理: the holder asks that the case be declined on one of the listed grounds, and the district grants it. It closes unworked; its
//! reporters are told why and where to turn.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::approval::{ask, asked, not_asked};
use crate::domain::{
    approval::{Ask, AskKind},
    beside::Beside,
    case::{
        Case, Change, Outcome, State, holder,
        part::{end_all_open, is_whole},
    },
    clocks::Clocks,
    error::Error,
    known::{Answer, Known},
    policies::Ground,
    rule::{Happened, Rule, Step, To},
};

/// Why the dispatches of a declined case end, for the departments.
const DECLINED: &str = "不予受理";

/// The holder asks for it.
#[derive(Clone, Debug)]
pub struct AskDecline {
    /// The id of the approval that it becomes.
    pub approval: Uuid,
    /// The code of a ground.
    pub ground: String,
    /// What the reporter is told.
    pub answer: String,
}

/// It was granted.
#[derive(Clone, Debug)]
pub struct Decline {
    pub ground: Ground,
    pub answer: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Declined {
    pub ground: Ground,
    pub answer: String,
    pub clocks: Clocks,
}

impl Step<Case> for AskDecline {
    const RULE: Rule<Case> = Rule::new("ask_decline", &[State::Assigned, State::Working], To::Same)
        .by(holder)
        .fits(|case, _| Ok(is_whole(case).and_then(|()| not_asked(case, AskKind::Decline))?));

    fn decide(&self, _: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        self.ground(known)?;
        Ok(Decided::one(asked(self.approval, AskKind::Decline, &self.answer)))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        let ground = self.ground(known)?;
        ask(case, self.approval, Ask::Decline { ground }, &self.answer, known)
    }
}

impl AskDecline {
    fn ground(&self, known: &dyn Known) -> Result<Ground, Error> {
        let policies = &known.profile().policies;
        policies.ground(&self.ground).cloned().ok_or_else(|| Error::UnknownGround {
            ground: self.ground.clone(),
            known: policies.decline_grounds.iter().map(|ground| ground.code.clone()).collect(),
        })
    }
}

impl Step<Case> for Decline {
    const RULE: Rule<Case> = Rule::new("decline", &[State::Assigned, State::Working], To::At(State::Closed));

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let clocks = case.clocks.all_stopped(known.profile(), known.now());
        Ok(Decided::one(Declined { ground: self.ground.clone(), answer: self.answer.clone(), clocks }.into()))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        end_all_open(case, DECLINED, known)
    }
}

impl Happened<Case> for Declined {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Decline::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        (case.outcome, case.closed_at) = (Some(Outcome::Declined), Some(stamp.at));
        (case.declined, case.answer) = (Some(self.ground.clone()), self.answer.clone());
        case.clocks = self.clocks.clone();
    }

    fn words(&self) -> String {
        format!("{} {}", self.ground.name, self.answer)
    }
}
