//! 呼叫: a street, the district or a department that holds a case summons departments. The case's change and the dispatches it makes commit
//! together or not at all.

use huying_chassis::{
    id,
    log::{Draft, Meta, Replay, Versioned},
    run::{Command, Decision},
    status::Problem,
};
use huying_terms::Limit;
use uuid::Uuid;

use super::{
    App,
    world::{CalledIn, Placed as _, ProfileOf, See, Stop, Units, World},
};
use crate::domain::{
    By, Called, Case, CaseworkProfile, Clocks, Dispatch, DispatchChange, Error, Limits, Step, Task, Unit,
};

/// Whom a call summons, and to do what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summons {
    pub unit: String,
    pub lead: bool,
    pub task: String,
}

/// A call as asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    pub summons: Vec<Summons>,
    /// None: the profile's.
    pub respond: Option<Limit>,
    pub resolve: Option<Limit>,
}

/// The case after it and what was sent, in the order asked. A repeated command gets what it sent the first time, as it is now.
pub type Sent = (Versioned<Case>, Vec<Versioned<Dispatch>>);

impl App {
    pub async fn call(&self, id: Uuid, by: &By, call: &Call, meta: &Meta) -> Result<Sent, Problem> {
        self.call_among(id, by, call, None, meta).await
    }

    /// The same, with the units known, in the order of the summons.
    pub async fn call_units(
        &self,
        id: Uuid,
        by: &By,
        call: &Call,
        units: &[Unit],
        meta: &Meta,
    ) -> Result<Sent, Problem> {
        self.call_among(id, by, call, Some(units), meta).await
    }

    async fn call_among(
        &self,
        id: Uuid,
        by: &By,
        call: &Call,
        units: Option<&[Unit]>,
        meta: &Meta,
    ) -> Result<Sent, Problem> {
        let called = |summons: &Summons| Called {
            dispatch: id::new(),
            unit: summons.unit.clone(),
            lead: summons.lead,
        };
        let called = call.summons.iter().map(called).collect();
        Ok(self.runner.run(&Calling { case: id, by, call, units, called }, meta).await?)
    }
}

/// The command.
struct Calling<'a> {
    case: Uuid,
    by: &'a By,
    call: &'a Call,
    units: Option<&'a [Unit]>,
    /// In the order of the summons.
    called: Vec<Called>,
}

impl Command<World> for Calling<'_> {
    type Error = Error;
    type Answer = Sent;

    fn admit(&self, seen: &See) -> Result<(), Stop> {
        seen.reached::<Case>(self.case, |case| case.is_reached(self.by))
    }

    fn decide(&self, seen: &See) -> Result<Decision<Sent>, Stop> {
        let case = seen.expected::<Case>(self.case)?;
        let profile = seen.ask(ProfileOf(case.it.district.clone()))?;
        case.it.may_take(Step::Call, self.by, profile)?;
        let units = match self.units {
            Some(units) => units,
            None => {
                let codes = self.call.summons.iter().map(|summons| summons.unit.clone()).collect();
                seen.ask(Units { district: case.it.district.clone(), codes })?
            }
        };
        let decided = case.it.call(self.by, units, &self.called, profile)?;
        let Some((draft, after)) = seen.draft(case, decided)? else {
            return Ok(Decision::nothing((case.clone(), Vec::new())));
        };
        let (mut drafts, mut sent): (Vec<Draft>, Vec<_>) = (vec![draft], Vec::new());
        for (summons, called) in self.call.summons.iter().zip(&self.called) {
            let change = self.sending(case, summons, profile, seen);
            let begun = seen.begin::<Dispatch>(called.dispatch, &[change])?;
            let (draft, dispatch): (Vec<_>, Vec<_>) = begun.into_iter().unzip();
            drafts.extend(draft);
            sent.extend(dispatch);
        }
        Ok(Decision { drafts, answer: (after, sent) })
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<Sent, Stop> {
        let case = seen.get::<Case>(self.case)?.clone();
        let ids = seen.ask(CalledIn { case: self.case, version: done.version })?;
        let mut sent: Vec<_> = seen.all::<Dispatch>(ids)?.into_iter().cloned().collect();
        sent.sort_by_key(|sent| self.call.summons.iter().position(|summons| summons.unit == sent.it.unit));
        Ok((case, sent))
    }
}

impl Calling<'_> {
    fn sending(
        &self,
        case: &Versioned<Case>,
        summons: &Summons,
        profile: &CaseworkProfile,
        seen: &See,
    ) -> DispatchChange {
        let limits = Limits {
            respond: self.call.respond.unwrap_or(profile.dispatch_respond),
            resolve: self.call.resolve.unwrap_or(profile.dispatch_resolve),
        };
        let task = Task {
            case: case.id,
            number: case.it.number.clone(),
            district: case.it.district.clone(),
            unit: summons.unit.clone(),
            caller: case.it.holder.clone(),
            lead: summons.lead,
            task: summons.task.clone(),
            category: case.it.category.clone(),
            area: case.it.area.clone(),
            location: case.it.location.clone(),
        };
        DispatchChange::Sent { task: Box::new(task), clocks: Clocks::start(limits, profile, seen.now()) }
    }
}
