//! 呼叫: a street, the district or a department that holds a case summons departments. The case's change and the dispatches it makes commit
//! together or not at all.

use chrono::{DateTime, Utc};
use huying_chassis::{
    id,
    log::{AppendError, Decided, Draft, Meta, StepError, Versioned},
    status::Problem,
};
use huying_terms::Limit;
use uuid::Uuid;

use super::{App, steps::expected};
use crate::{
    domain::{
        By, Called, Case, CaseworkProfile, Change, Clocks, Dispatch, DispatchChange, Error, Limits, Step,
        Task, Unit,
    },
    store,
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

impl App {
    /// The case after it and what was sent, in the order asked. A repeated command gets what it sent the first time, as it is now.
    pub async fn call(
        &self,
        id: Uuid,
        by: &By,
        call: &Call,
        meta: &Meta,
    ) -> Result<(Versioned<Case>, Vec<Versioned<Dispatch>>), Problem> {
        let case = self.get::<Case>(id).await?;
        if self.is_replay(meta).await? {
            return self.sent(case, call, meta).await;
        }
        expected(&case, meta)?;
        case.it.may_take(Step::Call, by, &*self.profile(&case.it.district).await?)?;
        let codes: Vec<String> = call.summons.iter().map(|summons| summons.unit.clone()).collect();
        let units = self.directory.units(&case.it.district, &codes).await?;
        self.call_units(id, by, call, &units, meta).await
    }

    /// The same, with the units known, in the order of the summons.
    pub async fn call_units(
        &self,
        id: Uuid,
        by: &By,
        call: &Call,
        units: &[Unit],
        meta: &Meta,
    ) -> Result<(Versioned<Case>, Vec<Versioned<Dispatch>>), Problem> {
        let profile = self.profile_of_case(id).await?;
        let called: Vec<Called> = call
            .summons
            .iter()
            .map(|summons| Called { dispatch: id::new(), unit: summons.unit.clone(), lead: summons.lead })
            .collect();
        let step = self.log.step_with(id, meta, |case: &Versioned<Case>, now| {
            let decided = case.it.call(by, units, &called, &profile).map_err(StepError::Refused)?;
            let drafts = drafts(case, call, &called, &profile, meta, now).map_err(StepError::Append)?;
            Ok::<(Decided<Change>, Vec<Draft>), StepError<Error>>((decided, drafts))
        });
        let case = step.await.map_err(|error| error.problem("case", id))?;
        self.sent(case, call, meta).await
    }

    async fn sent(
        &self,
        case: Versioned<Case>,
        call: &Call,
        meta: &Meta,
    ) -> Result<(Versioned<Case>, Vec<Versioned<Dispatch>>), Problem> {
        let replay = match &meta.command {
            Some(command) => self.log.replayed(command).await?,
            None => None,
        };
        let ids = match replay {
            Some(replay) => store::case::called_in(self.log.pool(), case.id, replay.version).await?,
            None => case.it.dispatches.iter().map(|called| called.dispatch).collect(),
        };
        let mut dispatches = self.log.load_all::<Dispatch>(&ids).await?;
        dispatches
            .sort_by_key(|dispatch| call.summons.iter().position(|summons| summons.unit == dispatch.it.unit));
        Ok((case, dispatches))
    }
}

fn drafts(
    case: &Versioned<Case>,
    call: &Call,
    called: &[Called],
    profile: &CaseworkProfile,
    meta: &Meta,
    now: DateTime<Utc>,
) -> Result<Vec<Draft>, AppendError> {
    let limits = Limits {
        respond: call.respond.unwrap_or(profile.dispatch_respond),
        resolve: call.resolve.unwrap_or(profile.dispatch_resolve),
    };
    let sent = call.summons.iter().zip(called).filter_map(|(summons, called)| {
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
        let change =
            DispatchChange::Sent { task: Box::new(task), clocks: Clocks::start(limits, profile, now) };
        Draft::new::<Dispatch>(called.dispatch, &[change], meta, now)
            .map(|drafted| drafted.map(|(draft, _)| draft))
            .transpose()
    });
    sent.collect()
}
