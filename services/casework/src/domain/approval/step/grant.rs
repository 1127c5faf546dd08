//! 同意: what was asked for happens to the case in the same commit.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    approval::{Approval, ApprovalChange, ApprovalState, AskKind, granter, stopped},
    beside::Beside,
    clocks::Clocks,
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Grant {
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Granted {
    pub reason: String,
    pub clocks: Clocks,
}

impl Step<Approval> for Grant {
    /// Only where what is asked for can still happen: meanwhile the case may wait for its reporter, or a day be past.
    const RULE: Rule<Approval> = Rule::new("grant", &[ApprovalState::Asked], To::At(ApprovalState::Granted))
        .by(granter)
        .fits(may_be_granted);

    fn decide(&self, approval: &Approval, known: &dyn Known) -> Result<Decided<ApprovalChange>, Halt<Error>> {
        let clocks = stopped(approval, known)?;
        Ok(Decided::one(Granted { reason: self.reason.clone(), clocks }.into()))
    }

    fn beside(&self, approval: &Approval, known: &dyn Known) -> Answer<Vec<Beside>> {
        approval.effect(known.id(), &self.reason, known)
    }
}

/// Nobody who acted on the case for the unit that asked grants it, whichever unit they work in now. What takes the case out of the rates is
/// granted by nobody who had part in it, also where they passed it down and stand above: whoever else answers for the area does.
fn may_be_granted(approval: &Approval, known: &dyn Known) -> Answer<()> {
    let (parties, by) = (known.on(approval.case).parties(known.case(approval.case)?)?, known.by());
    let leaves = AskKind::from(&approval.ask).leaves_the_rates();
    if parties.has_acted(&approval.asked_by.unit, &by.person)
        || (leaves && parties.have(&approval.district, by))
    {
        return Err(Error::OwnWork.into());
    }
    approval.effect(known.id(), "", known).map(drop)
}

impl Happened<Approval> for Granted {
    fn rule(&self) -> Option<Rule<Approval>> {
        Some(Grant::RULE)
    }

    fn fold(&self, approval: &mut Approval, _: &Stamp) {
        (approval.clocks, approval.ruling) = (self.clocks.clone(), self.reason.clone());
    }

    fn words(&self) -> String {
        self.reason.clone()
    }
}
