//! 呼叫: a street, the district or a department that holds it summons departments, or adds further ones; so does the chair of a group that
//! works on it. The dispatches begin in the same commit; of those that are open one leads.

use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use huying_terms::{Limit, Tier, place::related};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::domain::{
    beside::Beside,
    case::{Case, Change, State, Summoned, holder_or_chair},
    clocks::{ClockKind, Clocks},
    dispatch::{DispatchChange, Sent, Task, step::give_up_lead},
    error::Error,
    group::Group,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    unit::{By, Holder, Named, Unit},
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

/// Who calls, as the dispatches keep it.
pub(super) struct Caller {
    pub holder: Holder,
    /// Who settles what is declined.
    pub arbiter: Option<Named>,
    /// The group that is called; none: by the holder.
    pub group: Option<String>,
}

impl Step<Case> for Call {
    const RULE: Rule<Case> =
        Rule::new("call", &[State::Working], To::Same).by(holder_or_chair).fits(may_call);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        self.check(case, self.units(case, known)?, known)?;
        Ok(Decided::one(Called { dispatches: self.summoned() }.into()))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        self.send(case, self.units(case, known)?, known)
    }
}

impl Call {
    /// Whom it summons, in the order asked.
    fn units<'a>(&self, case: &Case, known: &'a dyn Known) -> Answer<&'a [Unit]> {
        known.units(&case.district, &self.codes().collect::<Vec<_>>())
    }

    pub(super) fn codes(&self) -> impl Iterator<Item = String> {
        self.summons.iter().map(|summons| summons.unit.clone())
    }

    /// Whether all of these units may be called, and one leads.
    pub(super) fn check(&self, case: &Case, units: &[Unit], known: &dyn Known) -> Answer<()> {
        has_room(case, self.summons.len())?;
        let leads = known.dispatches(case)?.iter().any(|(_, dispatch)| dispatch.leads());
        if !leads && !self.names_lead() {
            return Err(Error::LeadRequired.into());
        }
        let caller = Caller::of(case, known.by());
        units.iter().try_for_each(|unit| callable(case, unit, &caller.holder)).map_err(Halt::from)
    }

    /// The lead first.
    pub(super) fn summoned(&self) -> Vec<Summoned> {
        let summoned = self.summons.iter().map(|summons| Summoned {
            dispatch: summons.dispatch,
            unit: summons.unit.clone(),
            lead: summons.lead,
        });
        let mut dispatches: Vec<Summoned> = summoned.collect();
        dispatches.sort_by_key(|summoned| !summoned.lead);
        dispatches
    }

    /// The dispatches begin; whoever led before leads no longer where one of them leads.
    pub(super) fn send(&self, case: &Case, units: &[Unit], known: &dyn Known) -> Answer<Vec<Beside>> {
        let caller = Caller::knowing(case, known)?;
        let summoned = self.summons.iter().zip(units);
        let sent = summoned.map(|(summons, unit)| {
            let (respond, resolve) = (summons.respond.or(self.respond), summons.resolve.or(self.resolve));
            let summons = Summons { respond, resolve, ..summons.clone() };
            Beside::Dispatch(summons.dispatch, vec![sent(case, &summons, &unit.name, &caller, known)])
        });
        let mut beside: Vec<_> = sent.collect();
        if self.names_lead() {
            beside.extend(give_up_lead(case, RELEAD, known)?);
        }
        Ok(beside)
    }

    fn names_lead(&self) -> bool {
        self.summons.iter().any(|summons| summons.lead)
    }
}

impl Caller {
    /// The holder, or the chair of a group at work, by who asks; without who is above.
    fn of(case: &Case, by: &By) -> Self {
        match case.chaired(by).filter(|_| !case.is_held(by)) {
            Some(group) => Self::chair(group),
            None => Self { holder: case.holder.clone(), arbiter: None, group: None },
        }
    }

    /// The same, with the superior of a holder that calls.
    fn knowing(case: &Case, known: &dyn Known) -> Answer<Self> {
        let mut caller = Self::of(case, known.by());
        if caller.group.is_none() {
            caller.arbiter = known.above(&case.district, &case.holder.unit)?.map(Named::of);
        }
        Ok(caller)
    }

    /// Who commands settles as well.
    fn chair(group: &Group) -> Self {
        let (holder, arbiter) = (group.chair.clone(), Some(Named::from(&group.chair)));
        Self { holder, arbiter, group: Some(group.code.clone()) }
    }
}

/// Whether a unit may be called on a case.
pub(super) fn callable(case: &Case, unit: &Unit, caller: &Holder) -> Result<(), Error> {
    if !unit.kind.is_callable() || unit.code == case.holder.unit || unit.code == caller.unit {
        return Err(Error::UnitNotCallable { unit: unit.code.clone() });
    }
    if !related(&unit.area, &case.area) {
        return Err(Error::UnitOutsideArea { unit: unit.code.clone() });
    }
    Ok(())
}

/// Whether a case may have so many more dispatches.
pub(super) fn has_room(case: &Case, more: usize) -> Result<(), Error> {
    if case.dispatches.len() + more > MOST_DISPATCHES {
        return Err(Error::TooManyDispatches { most: MOST_DISPATCHES });
    }
    Ok(())
}

/// The dispatches of a group that begins to work, all with one task: the first leads.
pub(super) fn send_group(
    case: &Case,
    group: &Group,
    task: &str,
    dispatches: &[Summoned],
    known: &dyn Known,
) -> Answer<Vec<Beside>> {
    let caller = Caller::chair(group);
    let mut beside = Vec::new();
    for Summoned { dispatch, unit, lead } in dispatches {
        let name = group.members.iter().find(|it| it.unit == *unit).map_or("", |it| it.name.as_str());
        let (dispatch, unit, lead, task) = (*dispatch, unit.clone(), *lead, task.to_owned());
        let summons = Summons { dispatch, unit, lead, task, respond: None, resolve: None };
        beside.push(Beside::Dispatch(dispatch, vec![sent(case, &summons, name, &caller, known)]));
    }
    beside.extend(give_up_lead(case, RELEAD, known)?);
    Ok(beside)
}

/// What one dispatch begins with.
fn sent(
    case: &Case,
    summons: &Summons,
    unit_name: &str,
    caller: &Caller,
    known: &dyn Known,
) -> DispatchChange {
    let profile = known.profile();
    let limits = [
        (ClockKind::Respond, summons.respond.unwrap_or(profile.dispatch_respond)),
        (ClockKind::Resolve, summons.resolve.unwrap_or(profile.dispatch_resolve)),
    ];
    let task = Task {
        case: known.id(),
        number: case.number.clone(),
        district: case.district.clone(),
        unit: summons.unit.clone(),
        unit_name: unit_name.to_owned(),
        caller: caller.holder.clone(),
        arbiter: caller.arbiter.clone(),
        group: caller.group.clone(),
        lead: summons.lead,
        task: summons.task.clone(),
        category: case.category.clone(),
        area: case.area.clone(),
        location: case.location.clone(),
    };
    Sent { task: Box::new(task), clocks: Clocks::start(limits, profile, known.now()) }.into()
}

fn may_call(case: &Case, known: &dyn Known) -> Answer<()> {
    at_street(case, known)?;
    Ok(has_room(case, 1)?)
}

/// A community asks its street; a chair stands high enough.
pub(super) fn at_street(case: &Case, known: &dyn Known) -> Answer<()> {
    if case.is_held(known.by()) && case.holder.tier < Tier::Street {
        return Err(Error::TierMayNotCall.into());
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

    fn called(&self) -> Vec<Uuid> {
        self.dispatches.iter().map(|it| it.dispatch).collect()
    }
}
