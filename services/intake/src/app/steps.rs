//! Steps on a request that somebody asks for.

use huying_chassis::{
    log::{Decided, Meta, Versioned},
    run::{Halt, on},
    status::Problem,
};
use uuid::Uuid;

use super::{App, See};
use crate::domain::{Error, change::Change, request::Request};

type Done = Result<Versioned<Request>, Problem>;

impl App {
    pub async fn add(&self, id: Uuid, content: &str, meta: &Meta) -> Done {
        self.step(id, meta, |request| request.add(content.to_owned())).await
    }

    pub async fn withdraw(&self, id: Uuid, reason: &str, meta: &Meta) -> Done {
        let unit = meta.actor.unit.as_deref();
        self.step(id, meta, |request| request.withdraw(reason.to_owned(), unit)).await
    }

    pub async fn answer(&self, id: Uuid, answer: &str, meta: &Meta) -> Done {
        self.step(id, meta, |request| request.answer(answer.to_owned())).await
    }

    async fn step(
        &self,
        id: Uuid,
        meta: &Meta,
        decide: impl Fn(&Request) -> Result<Decided<Change>, Error> + Send + Sync,
    ) -> Done {
        let step = on(id, |it: &Versioned<Request>, _: &See| decide(&it.it).map_err(Halt::Refused));
        Ok(self.runner.run(&step, meta).await?)
    }
}
