//! Steps on a request that somebody asks for.

use huying_chassis::{
    log::{Decided, Meta, Versioned},
    run::{Halt, on},
    status::Problem,
};
use uuid::Uuid;

use super::{App, See, profile::ProfileOf};
use crate::domain::{Error, change::Change, request::Request, submission::Reporter};

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

    pub async fn answer(&self, id: Uuid, answer: String, meta: &Meta) -> Done {
        self.step(id, meta, |request, _| refusing(request.answer(answer.clone()))).await
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

fn refusing(decided: Result<Decided<Change>, Error>) -> Decision {
    decided.map_err(Halt::Refused)
}
