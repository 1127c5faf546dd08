//! 不同意: the case stays as it is, and its history says so.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::case::step::Ruling;
use crate::domain::{
    approval::{Approval, ApprovalChange, ApprovalState, granter, stopped},
    beside::Beside,
    clocks::Clocks,
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Refuse {
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Refused {
    pub reason: String,
    pub clocks: Clocks,
}

impl Step<Approval> for Refuse {
    const RULE: Rule<Approval> =
        Rule::new("refuse", &[ApprovalState::Asked], To::At(ApprovalState::Refused)).by(granter);

    fn decide(&self, approval: &Approval, known: &dyn Known) -> Result<Decided<ApprovalChange>, Halt<Error>> {
        let clocks = stopped(approval, known)?;
        Ok(Decided::one(Refused { reason: self.reason.clone(), clocks }.into()))
    }

    fn beside(&self, approval: &Approval, known: &dyn Known) -> Answer<Vec<Beside>> {
        let ruled = approval.ruled(known.id(), Ruling::Refused, &self.reason);
        Ok(vec![Beside::Case(approval.case, vec![ruled.into()])])
    }
}

impl Happened<Approval> for Refused {
    fn rule(&self) -> Option<Rule<Approval>> {
        Some(Refuse::RULE)
    }

    fn fold(&self, approval: &mut Approval, _: &Stamp) {
        (approval.clocks, approval.ruling) = (self.clocks.clone(), self.reason.clone());
    }

    fn words(&self) -> String {
        self.reason.clone()
    }
}
