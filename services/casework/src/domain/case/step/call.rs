//! 呼叫: a street, the district or a department that holds it summons departments, or adds further ones. The dispatches begin in the same
//! commit; of those that are open one leads.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::{Limit, Tier, place::related};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    beside::Beside,
    case::{Case, Change, State, Summoned, holder},
    clocks::{ClockKind, Clocks},
    dispatch::{DispatchChange, Sent, Task, step::give_up_lead},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    unit::{Named, Unit},
};

/// Most dispatches of a case.
pub const MOST_DISPATCHES: usize = 50;

/// Why another leads no longer, for the departments.
const RELEAD: &str = "新呼叫的部门主责";

#[derive(Clone, Debug)]
pub struct Call {
    /// In the order asked, no unit twice, at most one in the lead; one where no open dispatch of the case leads.
    pub summons: Vec<Summons>,
    /// Time to report in; none: the profile's.
    pub respond: Option<Limit>,
    /// Time to complete; none: the profile's.
    pub resolve: Option<Limit>,
}

/// Whom a call summons, and to do what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summons {
    /// The id of the dispatch that it becomes.
    pub dispatch: Uuid,
    pub unit: String,
    pub lead: bool,
    pub task: String,
    /// Its own time to report in; none: the call's.
    pub respond: Option<Limit>,
    /// Its own time to complete; none: the call's.
    pub resolve: Option<Limit>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// The lead first.
    pub dispatches: Vec<Summoned>,
}

impl Step<Case> for Call {
    const RULE: Rule<Case> = Rule::new("call", &[State::Working], To::Same).by(holder).fits(may_call);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        if case.dispatches.len() + self.summons.len() > MOST_DISPATCHES {
            return Err(Error::TooManyDispatches { most: MOST_DISPATCHES }.into());
        }
        let leads = known.dispatches(case)?.iter().any(|(_, dispatch)| dispatch.leads());
        if !leads && !self.names_lead() {
            return Err(Error::LeadRequired.into());
        }
        for unit in self.units(case, known)? {
            if !unit.kind.is_callable() || unit.code == case.holder.unit {
                return Err(Error::UnitNotCallable { unit: unit.code.clone() }.into());
            }
            if !related(&unit.area, &case.area) {
                return Err(Error::UnitOutsideArea { unit: unit.code.clone() }.into());
            }
        }
        let summoned = self.summons.iter().map(|summons| Summoned {
            dispatch: summons.dispatch,
            unit: summons.unit.clone(),
            lead: summons.lead,
        });
        let mut dispatches: Vec<Summoned> = summoned.collect();
        dispatches.sort_by_key(|summoned| !summoned.lead);
        Ok(Decided::one(Called { dispatches }.into()))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        let arbiter = known.above(&case.district, &case.holder.unit)?.map(Named::of);
        let summoned = self.summons.iter().zip(self.units(case, known)?);
        let sent = summoned.map(|(summons, unit)| {
            let sent = self.sent(case, summons, (&unit.name, arbiter.clone()), known);
            Beside::Dispatch(summons.dispatch, vec![sent])
        });
        let mut beside: Vec<_> = sent.collect();
        if self.names_lead() {
            beside.extend(give_up_lead(case, RELEAD, known)?);
        }
        Ok(beside)
    }
}

impl Call {
    fn names_lead(&self) -> bool {
        self.summons.iter().any(|summons| summons.lead)
    }

    /// Whom it summons, in the order asked.
    fn units<'a>(&self, case: &Case, known: &'a dyn Known) -> Answer<&'a [Unit]> {
        let codes: Vec<String> = self.summons.iter().map(|summons| summons.unit.clone()).collect();
        known.units(&case.district, &codes)
    }

    fn sent(
        &self,
        case: &Case,
        summons: &Summons,
        (unit_name, arbiter): (&str, Option<Named>),
        known: &dyn Known,
    ) -> DispatchChange {
        let profile = known.profile();
        let (respond, resolve) = (summons.respond.or(self.respond), summons.resolve.or(self.resolve));
        let limits = [
            (ClockKind::Respond, respond.unwrap_or(profile.dispatch_respond)),
            (ClockKind::Resolve, resolve.unwrap_or(profile.dispatch_resolve)),
        ];
        let task = Task {
            case: known.id(),
            number: case.number.clone(),
            district: case.district.clone(),
            unit: summons.unit.clone(),
            unit_name: unit_name.to_owned(),
            caller: case.holder.clone(),
            arbiter,
            lead: summons.lead,
            task: summons.task.clone(),
            category: case.category.clone(),
            area: case.area.clone(),
            location: case.location.clone(),
        };
        Sent { task: Box::new(task), clocks: Clocks::start(limits, profile, known.now()) }.into()
    }
}

fn may_call(case: &Case, _: &dyn Known) -> Answer<()> {
    if case.holder.tier < Tier::Street {
        return Err(Error::TierMayNotCall.into());
    }
    if case.dispatches.len() >= MOST_DISPATCHES {
        return Err(Error::TooManyDispatches { most: MOST_DISPATCHES }.into());
    }
    Ok(())
}

impl Happened<Case> for Called {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Call::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.dispatches.extend(self.dispatches.iter().cloned());
    }

    fn words(&self) -> String {
        self.dispatches.iter().map(|summoned| summoned.unit.as_str()).collect::<Vec<_>>().join(" ")
    }
}
