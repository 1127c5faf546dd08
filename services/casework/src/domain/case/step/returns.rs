//! 退单: not ours, says the holder soon after it was assigned. Somebody above decides, and the case's clocks stand still until then.

use chrono::{DateTime, Utc};
use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use super::resolve::none_open;
use crate::domain::{
    case::{Case, Change, State, holder, refusal::UnitRefusal},
    clocks::{ClockKind, Clocks},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    unit::{Holder, Named},
};

#[derive(Clone, Debug)]
pub struct Return {
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Returned {
    pub reason: String,
    /// Who is to decide.
    pub arbiter: Holder,
    pub clocks: Clocks,
}

impl Step<Case> for Return {
    const RULE: Rule<Case> =
        Rule::new("return", &[State::Assigned], To::At(State::Returned)).by(holder).fits(may_be_returned);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let (profile, now) = (known.profile(), known.now());
        let mut clocks = case.clocks.clone();
        for kind in [ClockKind::Respond, ClockKind::Resolve] {
            clocks.set(kind, case.clocks.paused(kind, profile, now).as_ref());
        }
        clocks.set(ClockKind::Arbitrate, Some(&profile.clock(profile.policies.arbitrate, now)));
        Ok(Decided::one(
            Returned { reason: self.reason.clone(), arbiter: arbiter(case, known)?, clocks }.into(),
        ))
    }
}

/// Not where it was decided for good, not late, with nobody called on it, and only where somebody is above.
fn may_be_returned(case: &Case, known: &dyn Known) -> Answer<()> {
    if case.binds() || case.refusals.len() >= known.profile().policies.returns as usize {
        return Err(Error::ReturnsBind { holder: case.holder.unit.clone() }.into());
    }
    if let Some(closed_at) = window_ends(case, known).filter(|end| *end <= known.now()) {
        return Err(Error::ReturnWindowClosed { closed_at }.into());
    }
    if !case.dispatches.is_empty() {
        none_open(&known.dispatches(case)?)?;
    }
    arbiter(case, known).map(|_| ())
}

/// The window begins with each assignment, as the respond clock does.
fn window_ends(case: &Case, known: &dyn Known) -> Option<DateTime<Utc>> {
    let (profile, respond) = (known.profile(), case.clocks.get(ClockKind::Respond)?);
    profile.clock(profile.policies.return_window, respond.started_at).due_at
}

fn arbiter(case: &Case, known: &dyn Known) -> Answer<Holder> {
    let above = known.above(&case.district, &case.holder.unit)?;
    Ok(above.map(Holder::of).ok_or(Error::AtTopTier)?)
}

impl Happened<Case> for Returned {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Return::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        let (unit, reason, at) = (Named::from(&case.holder), self.reason.clone(), stamp.at);
        case.refusals.push(UnitRefusal { unit, reason, at, arbitration: None });
        (case.arbiter, case.clocks) = (Some(self.arbiter.clone()), self.clocks.clone());
    }

    fn words(&self) -> String {
        self.reason.clone()
    }
}
