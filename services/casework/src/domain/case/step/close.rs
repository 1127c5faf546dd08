//! 销号 by hand, where it would have happened by itself; and what every closing has in common.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};

use super::{Decline, Merge, Resolved, Withdraw};
use crate::domain::{
    beside::Beside,
    case::{Case, Change, Outcome, State, above},
    clocks::Clocks,
    dispatch::step::{Ending, end},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Copy, Debug)]
pub struct StrikeOff;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Closed {
    pub outcome: Outcome,
    /// Where they were stopped by it; when it is struck off they have been.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clocks: Option<Clocks>,
    /// What it stood resolved with where nobody had looked at it yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Box<Resolved>>,
}

impl Closed {
    pub(super) const STRUCK_OFF: Self = Self { outcome: Outcome::StruckOff, clocks: None, resolved: None };
}

impl Step<Case> for StrikeOff {
    const RULE: Rule<Case> =
        Rule::new("strike_off", &[State::Resolved], To::At(State::Closed)).by(above).fits(reconciled);

    fn decide(&self, _: &Case, _: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        Ok(Decided::one(Closed::STRUCK_OFF.into()))
    }
}

fn reconciled(case: &Case, _: &dyn Known) -> Answer<()> {
    if let Some(verifier) = &case.verifier {
        return Err(Error::NotVerified { verifier: verifier.unit.clone() }.into());
    }
    if case.is_answered_and_judged() {
        return Ok(());
    }
    let unanswered = case.requests.iter().filter(|request| !request.answered).map(|request| request.id);
    Err(Error::NotReconciled { judged: case.judgement.is_some(), unanswered: unanswered.collect() }.into())
}

/// The dispatches that are open when a case closes end with it.
pub(in crate::domain::case) fn end_open(case: &Case, why: &str, known: &dyn Known) -> Answer<Vec<Beside>> {
    let open = known.dispatches(case)?.into_iter().filter(|(_, dispatch)| !dispatch.state.is_settled());
    let end = |dispatch| vec![end(dispatch, Ending::CaseClosed, None, why, known)];
    Ok(open.map(|(id, dispatch)| Beside::Dispatch(id, end(dispatch))).collect())
}

impl Happened<Case> for Closed {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(match self.outcome {
            Outcome::StruckOff => StrikeOff::RULE,
            Outcome::Withdrawn => Withdraw::RULE,
            // Said by a change of its own.
            Outcome::Declined => Decline::RULE,
            Outcome::Merged => Merge::RULE,
        })
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        (case.outcome, case.closed_at) = (Some(self.outcome), Some(stamp.at));
        (case.question, case.suspension) = (None, None);
        if let Some(clocks) = &self.clocks {
            case.clocks = clocks.clone();
        }
    }
}
