//! 上报: to the unit one tier up, as routing says. Open dispatches stay with the case.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::Clock;
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Case, Change, State, holder},
    clocks::ClockKind,
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    unit::{Holder, Unit},
};

#[derive(Clone, Debug)]
pub struct Escalate {
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Escalated {
    pub from: String,
    pub to: Holder,
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respond: Option<Clock>,
}

impl Step<Case> for Escalate {
    const RULE: Rule<Case> =
        Rule::new("escalate", &[State::Assigned, State::Working], To::At(State::Assigned))
            .by(holder)
            .fits(below_the_top);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let superior = superior(case, known)?;
        Ok(Decided::one(escalated(case, superior, &self.reason, known)))
    }
}

/// It goes up to a unit.
pub(super) fn escalated(case: &Case, to: &Unit, reason: &str, known: &dyn Known) -> Change {
    Escalated {
        from: case.holder.unit.clone(),
        to: Holder::of(to),
        reason: reason.to_owned(),
        respond: case.clocks.anew(ClockKind::Respond, known.profile(), known.now()),
    }
    .into()
}

fn below_the_top(case: &Case, known: &dyn Known) -> Answer<()> {
    superior(case, known).map(drop)
}

/// Whoever is above the holder, within the top tier. Routing is asked only where somebody can be.
fn superior<'k>(case: &Case, known: &'k dyn Known) -> Answer<&'k Unit> {
    let top = known.profile().top_tier;
    if case.holder.tier >= top {
        return Err(Error::AtTopTier.into());
    }
    let above = known.above(&case.district, &case.holder.unit)?;
    let above = above.ok_or_else(|| Error::NobodyAbove { holder: case.holder.unit.clone() })?;
    let fits = above.tier > case.holder.tier && above.tier <= top;
    if fits { Ok(above) } else { Err(Error::AtTopTier.into()) }
}

impl Happened<Case> for Escalated {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Escalate::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.holder = self.to.clone();
        case.clocks.set(ClockKind::Respond, self.respond.as_ref());
    }

    fn words(&self) -> String {
        self.reason.clone()
    }
}
