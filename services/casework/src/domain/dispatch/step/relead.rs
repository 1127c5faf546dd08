//! 改主责: of the open dispatches of a case exactly one leads. The caller, or whoever holds the case now, gives the lead to another; a call
//! that names a new lead does so too. Where the one that leads is settled (done, taken back, released), the lead passes by itself to the
//! one that was called first of those still open; the settled one keeps the mark that it led. A declined one leads on until it is decided.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    beside::Beside,
    case::Case,
    dispatch::{Dispatch, DispatchChange, DispatchState, calling},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

/// Why the lead passes by itself, for the departments.
const SETTLED: &str = "原主责部门的任务已完成或终止";

#[derive(Clone, Debug)]
pub struct Relead {
    pub reason: String,
}

/// It leads now, or no longer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeadPassed {
    pub lead: bool,
    pub reason: String,
}

impl Step<Dispatch> for Relead {
    const RULE: Rule<Dispatch> =
        Rule::new("relead", &[DispatchState::Sent, DispatchState::Accepted], To::Same)
            .by(|_, _| Ok(()))
            .fits(not_yet);

    fn decide(&self, _: &Dispatch, _: &dyn Known) -> Result<Decided<DispatchChange>, Halt<Error>> {
        Ok(Decided::one(LeadPassed { lead: true, reason: self.reason.clone() }.into()))
    }

    fn beside(&self, dispatch: &Dispatch, known: &dyn Known) -> Answer<Vec<Beside>> {
        give_up_lead(known.case(dispatch.case)?, &self.reason, known)
    }
}

fn not_yet(dispatch: &Dispatch, known: &dyn Known) -> Answer<()> {
    calling(dispatch, known)?;
    if dispatch.lead { Err(Error::LeadsAlready.into()) } else { Ok(()) }
}

/// Whoever leads of a case's open ones leads no longer.
pub fn give_up_lead(case: &Case, reason: &str, known: &dyn Known) -> Answer<Vec<Beside>> {
    let leads = known.dispatches(case)?.into_iter().filter(|(_, it)| it.leads());
    let passed = LeadPassed { lead: false, reason: reason.to_owned() };
    Ok(leads.map(|(id, _)| Beside::Dispatch(id, vec![passed.clone().into()])).collect())
}

/// Beside the end of one that leads: the first of the others leads, rather not one that is declined.
pub(super) fn pass_lead(dispatch: &Dispatch, known: &dyn Known) -> Answer<Vec<Beside>> {
    if !dispatch.lead {
        return Ok(Vec::new());
    }
    let dispatches = known.dispatches(known.case(dispatch.case)?)?;
    let open = dispatches.into_iter().filter(|(id, it)| *id != known.id() && !it.state.is_settled());
    let next = open.min_by_key(|(_, it)| it.state == DispatchState::Declined);
    let passed = LeadPassed { lead: true, reason: SETTLED.to_owned() };
    Ok(next.map(|(id, _)| Beside::Dispatch(id, vec![passed.into()])).into_iter().collect())
}

impl Happened<Dispatch> for LeadPassed {
    fn rule(&self) -> Option<Rule<Dispatch>> {
        None
    }

    fn fold(&self, dispatch: &mut Dispatch, _: &Stamp) {
        dispatch.lead = self.lead;
    }
}
