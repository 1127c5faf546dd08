//! A caller's steps on one case: reach is asked first, then whether it was done before, then what must hold. Where routing must say who is above or who a unit is, the step asks for it once the rest allows it.

use huying_chassis::{
    log::{Meta, Versioned},
    status::Problem,
};
use uuid::Uuid;

use super::{
    App,
    follow::superior_for_reopening,
    world::{SuperiorOf, Units, asked},
};
use crate::domain::{By, Case, Dispatch, Step, Unit};

type Done = Result<Versioned<Case>, Problem>;

impl App {
    pub async fn accept(&self, id: Uuid, by: &By, meta: &Meta) -> Done {
        let step =
            asked::<Case, _>(id, by, |case, profile, seen| Ok(case.it.accept(by, profile, seen.now())?));
        Ok(self.runner.run(&step, meta).await?)
    }

    pub async fn note(&self, id: Uuid, by: &By, text: &str, public: bool, meta: &Meta) -> Done {
        let step =
            asked::<Case, _>(id, by, |case, profile, _| Ok(case.it.note(by, text, public, profile)?));
        Ok(self.runner.run(&step, meta).await?)
    }

    /// To the holder's superior, as routing says.
    pub async fn escalate(&self, id: Uuid, by: &By, reason: &str, meta: &Meta) -> Done {
        let step = asked::<Case, _>(id, by, |case, profile, seen| {
            case.it.may_escalate(by, profile)?;
            let superior = seen.ask(SuperiorOf::holder(&case.it))?;
            Ok(case.it.escalate(by, superior, reason, profile, seen.now())?)
        });
        Ok(self.runner.run(&step, meta).await?)
    }

    /// The same, with the superior known.
    pub async fn escalate_to(&self, id: Uuid, by: &By, superior: &Unit, reason: &str, meta: &Meta) -> Done {
        let step = asked::<Case, _>(id, by, |case, profile, seen| {
            Ok(case.it.escalate(by, superior, reason, profile, seen.now())?)
        });
        Ok(self.runner.run(&step, meta).await?)
    }

    pub async fn delegate(&self, id: Uuid, by: &By, unit: &str, reason: &str, meta: &Meta) -> Done {
        let step = asked::<Case, _>(id, by, |case, profile, seen| {
            case.it.may_take(Step::Delegate, by, profile)?;
            let codes = vec![unit.to_owned()];
            let units = seen.ask(Units { district: case.it.district.clone(), codes })?;
            Ok(case.it.delegate(by, &units[0], reason, profile, seen.now())?)
        });
        Ok(self.runner.run(&step, meta).await?)
    }

    /// The same, with the unit known.
    pub async fn delegate_to(&self, id: Uuid, by: &By, target: &Unit, reason: &str, meta: &Meta) -> Done {
        let step = asked::<Case, _>(id, by, |case, profile, seen| {
            Ok(case.it.delegate(by, target, reason, profile, seen.now())?)
        });
        Ok(self.runner.run(&step, meta).await?)
    }

    /// With every dispatch of the case at hand, and guarded: one that changes meanwhile has the decision made again.
    pub async fn resolve(&self, id: Uuid, by: &By, answer: &str, meta: &Meta) -> Done {
        let step = asked::<Case, _>(id, by, |case, profile, seen| {
            let called: Vec<Uuid> = case.it.dispatches.iter().map(|called| called.dispatch).collect();
            let dispatches = seen.all::<Dispatch>(&called)?;
            let dispatches: Vec<_> = dispatches.into_iter().map(|it| (it.id, it.it.clone())).collect();
            Ok(case.it.resolve(by, answer, &dispatches, profile, seen.now())?)
        });
        Ok(self.runner.run(&step, meta).await?)
    }

    pub async fn strike_off(&self, id: Uuid, by: &By, meta: &Meta) -> Done {
        let step = asked::<Case, _>(id, by, |case, profile, _| Ok(case.it.strike_off(by, profile)?));
        Ok(self.runner.run(&step, meta).await?)
    }

    /// A supervisor's reopening. From the second on it goes one tier up, where there is one.
    pub async fn reopen(&self, id: Uuid, by: &By, reason: &str, meta: &Meta) -> Done {
        let step = asked::<Case, _>(id, by, |case, profile, seen| {
            let superior = superior_for_reopening(seen, &case.it, profile)?;
            Ok(case.it.reopen(by, superior, reason, profile, seen.now())?)
        });
        Ok(self.runner.run(&step, meta).await?)
    }
}
