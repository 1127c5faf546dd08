//! Forgetting who called: the keys of what is sealed of them are destroyed, and everything else goes on.

use huying_chassis::{
    log::{Decided, Draft, Meta, Replay, Versioned},
    run::{Command, Decision, Halt},
    seal::{Rotated, Seals},
    status::Problem,
};
use uuid::Uuid;

use super::{App, See, World, people, steps::WorkersOf};
use crate::domain::{Error, archive::Archive, request::Request, visit::Visit};

type Stop = Halt<Error>;

impl App {
    /// Forgets who made a request, and who joined it. `reaches`: whether the caller does.
    ///
    /// # Errors
    /// `NOT_FOUND`, `OWN_WORK`, `KEPT_IN_CLEAR`.
    pub async fn forget(
        &self,
        id: Uuid,
        reason: &str,
        reaches: impl Fn(&Request) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Result<Versioned<Request>, Problem> {
        let unit = meta.actor.unit.as_deref();
        Ok(self.runner.run(&Forgetting { id, reason, unit, reaches, seals: &self.seals }, meta).await?)
    }

    /// Wraps at most so many data keys by the newest key.
    ///
    /// # Errors
    /// `SEAL_KEY_MISSING`.
    pub async fn rotate_keys(&self, at_most: i64) -> Result<Rotated, Problem> {
        Ok(self.seals.rotate(at_most).await?)
    }

    /// The names of the keys that there are, the newest first; and of those that are used.
    pub async fn keys(&self) -> Result<(Vec<String>, Vec<String>), Problem> {
        Ok(self.seals.names().await?)
    }
}

struct Forgetting<'a, F> {
    id: Uuid,
    reason: &'a str,
    /// Of whoever asks.
    unit: Option<&'a str>,
    reaches: F,
    seals: &'a Seals,
}

impl<F> Forgetting<'_, F> {
    fn archive(&self, seen: &See, id: Option<Uuid>) -> Result<Option<Draft>, Stop> {
        let Some(id) = id else { return Ok(None) };
        let archive = seen.get::<Archive>(id)?;
        let decided = archive.it.forget(self.reason).map_err(Halt::Refused)?;
        Ok(seen.draft(archive, decided)?.map(|(draft, _)| draft.forgetting()))
    }
}

impl<F: Fn(&Request) -> bool + Send + Sync> Command<World> for Forgetting<'_, F> {
    type Error = Error;
    type Answer = Versioned<Request>;

    fn admit(&self, seen: &See) -> Result<(), Stop> {
        seen.reached::<Request>(self.id, &self.reaches)
    }

    fn decide(&self, seen: &See) -> Result<Decision<Versioned<Request>>, Stop> {
        let it = seen.get::<Request>(self.id)?;
        let workers = seen.ask(WorkersOf::new(self.id, seen.meta()))?;
        let decided: Decided<_> =
            it.it.forget(self.reason.to_owned(), self.unit, workers).map_err(Halt::Refused)?;
        let Some((draft, answer)) = seen.draft(it, decided)? else {
            return Ok(Decision::nothing(it.clone()));
        };
        let mut drafts = vec![draft.forgetting()];
        // Where it was found on a visit, its reporter is whom that was to.
        if let Some(visit) = it.it.submission.visit {
            let visit = seen.get::<Visit>(visit)?;
            let decided = visit.it.forget(self.reason).map_err(Halt::Refused)?;
            drafts.extend(seen.draft(visit, decided)?.map(|(draft, _)| draft.forgetting()));
            drafts.extend(self.archive(seen, visit.it.archive)?);
        }
        // Where it was called for at a forum, its reporter is one of those who came.
        if let Some(forum) = it.it.submission.forum {
            drafts.extend(people::forgetting(seen, self.seals, (forum, self.id), self.reason)?);
        }
        Ok(Decision { drafts, answer })
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Versioned<Request>, Stop> {
        seen.get::<Request>(self.id).cloned()
    }
}
