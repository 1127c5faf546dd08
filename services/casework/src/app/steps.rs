//! A caller's steps on one case. Where routing must say who is above or who a unit is, it is asked before the decision and its answer
//! passed in; the version the caller named makes sure that it was asked about the same holder.

use huying_chassis::{
    log::{Meta, StepError, Versioned},
    status::Problem,
};
use uuid::Uuid;

use super::App;
use crate::domain::{By, Case, Dispatch, Error, Step, Unit};

type Done = Result<Versioned<Case>, Problem>;

impl App {
    pub async fn accept(&self, id: Uuid, by: &By, meta: &Meta) -> Done {
        let profile = self.profile_of_case(id).await?;
        let step = self.log.step(id, meta, |case: &Case, now| case.accept(by, &profile, now));
        step.await.map_err(|error| error.problem("case", id))
    }

    pub async fn note(&self, id: Uuid, by: &By, text: &str, public: bool, meta: &Meta) -> Done {
        let profile = self.profile_of_case(id).await?;
        let step = self.log.step(id, meta, |case: &Case, _| case.note(by, text, public, &profile));
        step.await.map_err(|error| error.problem("case", id))
    }

    pub async fn escalate(&self, id: Uuid, by: &By, reason: &str, meta: &Meta) -> Done {
        let case = self.get::<Case>(id).await?;
        if self.is_replay(meta).await? {
            return Ok(case);
        }
        expected(&case, meta)?;
        let profile = self.profile(&case.it.district).await?;
        case.it.may_escalate(by, &profile)?;
        let superior = self.directory.superior(&case.it.district, &case.it.holder.unit).await?;
        self.escalate_to(id, by, &superior, reason, meta).await
    }

    /// The same, with the superior known.
    pub async fn escalate_to(&self, id: Uuid, by: &By, superior: &Unit, reason: &str, meta: &Meta) -> Done {
        let profile = self.profile_of_case(id).await?;
        let step =
            self.log.step(id, meta, |case: &Case, now| case.escalate(by, superior, reason, &profile, now));
        step.await.map_err(|error| error.problem("case", id))
    }

    pub async fn delegate(&self, id: Uuid, by: &By, unit: &str, reason: &str, meta: &Meta) -> Done {
        let case = self.get::<Case>(id).await?;
        if self.is_replay(meta).await? {
            return Ok(case);
        }
        expected(&case, meta)?;
        case.it.may_take(Step::Delegate, by, &*self.profile(&case.it.district).await?)?;
        let units = self.directory.units(&case.it.district, &[unit.to_owned()]).await?;
        let Some(target) = units.first() else {
            return Ok(case);
        };
        self.delegate_to(id, by, target, reason, meta).await
    }

    /// The same, with the unit known.
    pub async fn delegate_to(&self, id: Uuid, by: &By, target: &Unit, reason: &str, meta: &Meta) -> Done {
        let profile = self.profile_of_case(id).await?;
        let step =
            self.log.step(id, meta, |case: &Case, now| case.delegate(by, target, reason, &profile, now));
        step.await.map_err(|error| error.problem("case", id))
    }

    /// The dispatches are other aggregates, loaded before the decision. That is safe: a dispatch only moves towards its end (a declined
    /// one that is sent again was open already), and a new call makes a new version of the case, which this step is guarded by.
    pub async fn resolve(&self, id: Uuid, by: &By, answer: &str, meta: &Meta) -> Done {
        let case = self.get::<Case>(id).await?;
        let profile = self.profile(&case.it.district).await?;
        let ids: Vec<Uuid> = case.it.dispatches.iter().map(|called| called.dispatch).collect();
        let dispatches = self
            .log
            .load_all::<Dispatch>(&ids)
            .await?
            .into_iter()
            .map(|dispatch| (dispatch.id, dispatch.it))
            .collect::<Vec<_>>();
        let meta = Meta { expected: Some(meta.expected.unwrap_or(case.version)), ..meta.clone() };
        let step =
            self.log.step(id, &meta, |case: &Case, now| case.resolve(by, answer, &dispatches, &profile, now));
        step.await.map_err(|error| error.problem("case", id))
    }

    pub async fn strike_off(&self, id: Uuid, by: &By, meta: &Meta) -> Done {
        let profile = self.profile_of_case(id).await?;
        let step = self.log.step(id, meta, |case: &Case, _| case.strike_off(by, &profile));
        step.await.map_err(|error| error.problem("case", id))
    }

    /// A supervisor's reopening. From the second on it goes one tier up, where there is one.
    pub async fn reopen(&self, id: Uuid, by: &By, reason: &str, meta: &Meta) -> Done {
        let case = self.get::<Case>(id).await?;
        if self.is_replay(meta).await? {
            return Ok(case);
        }
        expected(&case, meta)?;
        let profile = self.profile(&case.it.district).await?;
        let superior = self.superior_for_reopening(&case.it, &profile).await?;
        let meta = Meta { expected: Some(case.version), ..meta.clone() };
        let step = self.log.step::<Case, Error>(id, &meta, |case, now| {
            case.reopen(by, superior.as_ref(), reason, &profile, now)
        });
        step.await.map_err(|error| error.problem("case", id))
    }
}

/// What is looked up for a caller must be looked up for the version the caller saw.
pub(super) fn expected(case: &Versioned<Case>, meta: &Meta) -> Result<(), Problem> {
    match meta.expected {
        Some(expected) if expected != case.version => {
            Err(StepError::<Error>::Stale { current: case.version }.problem("case", case.id))
        }
        Some(_) | None => Ok(()),
    }
}
