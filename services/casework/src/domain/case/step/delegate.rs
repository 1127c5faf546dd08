//! 交办: to a unit of a tier below whose area lies in the holder's and has to do with the case's.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::{
    Clock, Tier,
    place::{contains, related},
};
use serde::{Deserialize, Serialize};

use crate::domain::{
    case::{Case, Change, State, holder},
    clocks::ClockKind,
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    unit::Holder,
};

#[derive(Clone, Debug)]
pub struct Delegate {
    /// The code of the unit to hold it.
    pub unit: String,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Delegated {
    pub from: String,
    pub to: Holder,
    pub reason: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respond: Option<Clock>,
}

impl Step<Case> for Delegate {
    const RULE: Rule<Case> =
        Rule::new("delegate", &[State::Assigned, State::Working], To::At(State::Assigned))
            .by(holder)
            .fits(above_the_grid);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        // The answer has as many as were asked for.
        let [target] = known.units(&case.district, std::slice::from_ref(&self.unit))? else {
            return Ok(Decided::AlreadyDone);
        };
        if target.tier >= case.holder.tier {
            return Err(Error::UnitNotBelow { unit: target.code.clone() }.into());
        }
        if !contains(&case.holder.area, &target.area) || !related(&target.area, &case.area) {
            return Err(Error::UnitOutsideArea { unit: target.code.clone() }.into());
        }
        Ok(Decided::one(
            Delegated {
                from: case.holder.unit.clone(),
                to: Holder::of(target),
                reason: self.reason.clone(),
                respond: case.clocks.anew(ClockKind::Respond, known.profile(), known.now()),
            }
            .into(),
        ))
    }
}

fn above_the_grid(case: &Case, _: &dyn Known) -> Answer<()> {
    if case.holder.tier > Tier::Grid { Ok(()) } else { Err(Error::AtLowestTier.into()) }
}

impl Happened<Case> for Delegated {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Delegate::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.holder = self.to.clone();
        case.clocks.set(ClockKind::Respond, self.respond.as_ref());
    }

    fn words(&self) -> String {
        self.reason.clone()
    }
}
