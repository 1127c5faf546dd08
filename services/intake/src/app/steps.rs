//! Steps on a request that somebody asks for.

use huying_chassis::{
    log::{Decided, Meta, Versioned},
    run::{Halt, heard, on},
    status::Problem,
    timer::Timer,
};
use uuid::Uuid;

use super::{App, See, profile::ProfileOf};
use crate::{
    NAME,
    domain::{Error, change::Change, request::Request, submission::Reporter},
};

type Done = Result<Versioned<Request>, Problem>;
type Decision = Result<Decided<Change>, Halt<Error>>;

impl App {
    pub async fn add(&self, id: Uuid, content: String, meta: &Meta) -> Done {
        self.step(id, meta, |request, _| refusing(request.add(content.clone()))).await
    }

    pub async fn join(&self, id: Uuid, reporter: Option<Reporter>, content: String, meta: &Meta) -> Done {
        self.step(id, meta, |request, _| refusing(request.join(reporter.clone(), content.clone()))).await
    }

    pub async fn withdraw(&self, id: Uuid, reason: String, meta: &Meta) -> Done {
        let unit = meta.actor.unit.as_deref();
        self.step(id, meta, |request, _| refusing(request.withdraw(reason.clone(), unit))).await
    }

    /// `may_tell`: whether the caller may, as the request is now; one that did may hear so again, whoever it is with then.
    ///
    /// # Errors
    /// `NOT_FIRST_CONTACT`.
    pub async fn answer(
        &self,
        id: Uuid,
        answer: String,
        may_tell: impl Fn(&Request) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Done {
        self.step(id, meta, |request, _| {
            allowed(may_tell(request))?;
            refusing(request.answer(answer.clone()))
        })
        .await
    }

    /// The same, with how it goes.
    ///
    /// # Errors
    /// `NOT_FIRST_CONTACT`.
    pub async fn tell_progress(
        &self,
        id: Uuid,
        text: String,
        may_tell: impl Fn(&Request) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Done {
        self.step(id, meta, |request, seen| {
            allowed(may_tell(request))?;
            let profile = seen.ask(ProfileOf(request.submission.district.clone()))?;
            refusing(request.tell_progress(text.clone(), profile, seen.now()))
        })
        .await
    }

    /// What first contacts did not tell in time climbs.
    pub fn duty_timer(&self) -> Timer {
        let due = "instant(body -> 'first_contact' -> 'due_at')";
        Timer::new::<Request, _, _>("miss", due, self.runner.clone(), Meta::of_service(NAME), |id| {
            heard(move |seen: &See| {
                let request = seen.get::<Request>(id)?;
                let profile = seen.ask(ProfileOf(request.it.submission.district.clone()))?;
                let drafted = seen.draft(request, request.it.miss(profile, seen.now()))?;
                Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
            })
        })
    }

    /// The window is the district's, by the calendar of today.
    pub async fn object(&self, id: Uuid, reason: String, meta: &Meta) -> Done {
        let unit = meta.actor.unit.as_deref();
        self.step(id, meta, |request, seen| {
            let profile = seen.ask(ProfileOf(request.submission.district.clone()))?;
            refusing(request.object(reason.clone(), unit, profile, seen.now()))
        })
        .await
    }

    async fn step(
        &self,
        id: Uuid,
        meta: &Meta,
        decide: impl Fn(&Request, &See) -> Decision + Send + Sync,
    ) -> Done {
        let step = on(id, |it: &Versioned<Request>, seen: &See| decide(&it.it, seen));
        Ok(self.runner.run(&step, meta).await?)
    }
}

fn allowed(may: bool) -> Result<(), Halt<Error>> {
    if may { Ok(()) } else { Err(Halt::Refused(Error::NotFirstContact)) }
}

fn refusing(decided: Result<Decided<Change>, Error>) -> Decision {
    decided.map_err(Halt::Refused)
}
