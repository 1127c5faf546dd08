//! 我也遇到: somebody joins a request. Who that is lies sealed beside it.

use huying_chassis::{
    log::{AppendError, Decided, Meta, Replay, Versioned},
    run::{Command, Decision, Halt},
    seal::Fresh,
    status::Problem,
};
use uuid::Uuid;

use super::{App, See, World, seal, steps::JOIN};
use crate::domain::{
    Error,
    change::Change,
    request::Request,
    submission::{Kept, Reporter},
};

type Stop = Halt<Error>;

struct Joining<'a> {
    id: Uuid,
    /// Who joins, and the key that seals it.
    joiner: Option<(Reporter, Fresh)>,
    content: String,
    app: &'a App,
    meta: &'a Meta,
}

impl App {
    pub async fn join(
        &self,
        id: Uuid,
        reporter: Option<Reporter>,
        content: String,
        meta: &Meta,
    ) -> Result<Versioned<Request>, Problem> {
        let joiner = match reporter {
            Some(reporter) => Some((reporter, self.seals.fresh(id).await?)),
            None => None,
        };
        let joining = Joining { id, joiner, content, app: self, meta };
        Ok(self.runner.run(&joining, meta).await?)
    }
}

impl Joining<'_> {
    fn is_on(&self, seen: &See, request: &Versioned<Request>) -> Result<bool, Stop> {
        let Some((joiner, _)) = &self.joiner else { return Ok(false) };
        let Some(number) = joiner.number() else { return Ok(false) };
        Ok(request.it.has(joiner) || *seen.ask(seal::OnIt::new(&self.app.seals, request, &number))?)
    }
}

impl Command<World> for Joining<'_> {
    type Error = Error;
    type Answer = Versioned<Request>;

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Request>>, Stop> {
        let it = seen.expected::<Request>(self.id)?;
        self.app.quota(JOIN, &it.it, self.meta, seen)?;
        let is_on_it = self.is_on(seen, it)?;
        // Of a request that was forgotten nothing personal is kept any more.
        let joiner = self.joiner.as_ref().filter(|_| !is_on_it && it.it.forgotten_at.is_none());
        let sealed =
            joiner.map(|(joiner, fresh)| seal::sealed_joiner(&self.app.seals, fresh, self.id, joiner));
        let sealed = sealed.transpose().map_err(|error| Halt::Draft(AppendError::Bug(error.to_string())))?;
        let (kept, key): (Option<Kept>, _) = sealed.unzip();
        let decided: Decided<Change> =
            it.it.join(is_on_it, kept, self.content.clone()).map_err(Halt::Refused)?;
        Ok(match seen.draft(it, decided)? {
            Some((draft, answer)) => Decision { drafts: vec![draft.with_key(key)], answer },
            None => Decision::nothing(it.clone()),
        })
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Versioned<Request>, Stop> {
        seen.get::<Request>(self.id).cloned()
    }
}
