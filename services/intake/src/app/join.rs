//! 我也遇到: somebody joins a request. Who that is lies sealed beside it.
//!
//! A number counts once; but the count, and whether anything changes, would say who is on a request to whoever tries numbers. So a number is
//! compared with those that the same door gave, and with the reporter's for whoever may speak to them. By two doors one person counts twice.

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

/// Who joins somebody to a request.
pub struct Joiner<F> {
    /// The platform or unit.
    pub door: String,
    /// Whether it may speak to the reporter of a request.
    pub reaches: F,
}

struct Joining<'a, F> {
    id: Uuid,
    by: &'a Joiner<F>,
    /// Who joins, and the key that seals it.
    joiner: Option<(Reporter, Fresh)>,
    content: String,
    app: &'a App,
}

impl App {
    pub async fn join(
        &self,
        id: Uuid,
        reporter: Option<Reporter>,
        content: String,
        by: &Joiner<impl Fn(&Request) -> bool + Send + Sync>,
        meta: &Meta,
    ) -> Result<Versioned<Request>, Problem> {
        let joiner = match reporter {
            Some(reporter) => Some((reporter, self.seals.fresh(id).await?)),
            None => None,
        };
        let joining = Joining { id, by, joiner, content, app: self };
        Ok(self.runner.run(&joining, meta).await?)
    }
}

impl<F: Fn(&Request) -> bool> Joining<'_, F> {
    fn is_on(&self, seen: &See, request: &Versioned<Request>) -> Result<bool, Stop> {
        let Some((joiner, _)) = &self.joiner else { return Ok(false) };
        let Some(number) = joiner.number() else { return Ok(false) };
        let reaches = (self.by.reaches)(&request.it);
        let on_it = seal::OnIt::new(&self.app.seals, request, (self.by.door.as_str(), reaches), &number);
        Ok((reaches && request.it.has(joiner)) || *seen.ask(on_it)?)
    }
}

impl<F: Fn(&Request) -> bool + Send + Sync> Command<World> for Joining<'_, F> {
    type Error = Error;
    type Answer = Versioned<Request>;

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Request>>, Stop> {
        let it = seen.expected::<Request>(self.id)?;
        let is_on_it = self.is_on(seen, it)?;
        // Of a request that was forgotten nothing personal is kept any more.
        let joiner = self.joiner.as_ref().filter(|_| !is_on_it && it.it.forgotten_at.is_none());
        let at = (self.id, self.by.door.as_str());
        let sealed = joiner.map(|(joiner, fresh)| seal::sealed_joiner(&self.app.seals, fresh, at, joiner));
        let sealed = sealed.transpose().map_err(|error| Halt::Draft(AppendError::Bug(error.to_string())))?;
        let (kept, key): (Option<Kept>, _) = sealed.unzip();
        let decided: Decided<Change> =
            it.it.join(is_on_it, kept, self.content.clone()).map_err(Halt::Refused)?;
        Ok(match seen.draft(it, decided)? {
            Some((draft, answer)) => {
                self.app.quota(JOIN, &it.it.submission.district, seen)?;
                Decision { drafts: vec![draft.with_key(key)], answer }
            }
            None => Decision::nothing(it.clone()),
        })
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Versioned<Request>, Stop> {
        seen.get::<Request>(self.id).cloned()
    }
}
