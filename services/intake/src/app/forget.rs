//! Forgetting who called: the keys of what is sealed of them are destroyed, and everything else goes on.
//!
//! A visit has what its archive knew of a household copied into it. So whoever forgets one of them forgets the archive and all its visits.

use huying_chassis::{
    log::{AppendError, Decided, Draft, Log, Meta, Replay, Versioned},
    run::{Answering, Command, Decision, Halt, Question},
    seal::{RotatePlace, Rotated, Seals},
    status::Problem,
};
use uuid::Uuid;

use super::{App, See, World, people, steps::WorkersOf};
use crate::{
    domain::{Error, archive::Archive, request::Request, visit::Visit},
    store,
};

/// Visits that are forgotten in one commit.
const AT_ONCE: usize = 500;
/// Commits of one command at most; whoever asks again goes on from there.
const COMMITS: usize = 200;

type Stop = Halt<Error>;

/// How far a command has come.
enum Forgot<T> {
    All(T),
    /// Nothing is done yet: this archive has more visits than one commit forgets, and they go first.
    VisitsFirst(Uuid),
}

impl App {
    /// Forgets who made a request, and who joined it; where it was found on a visit, also whom that visit, its archive and all visits of
    /// that archive are about. `reaches`: whether the caller does.
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
        let command = Forgetting { id, reason, unit, reaches, seals: &self.seals };
        self.forget_all(&command, reason, meta).await
    }

    /// Forgets who lives or works at an archive, in it and in all its visits. `reaches`: whether the caller does.
    ///
    /// # Errors
    /// `NOT_FOUND`, `OWN_WORK`, `KEPT_IN_CLEAR`.
    pub async fn forget_occupant(
        &self,
        id: Uuid,
        reason: &str,
        reaches: impl Fn(&Archive) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Result<Versioned<Archive>, Problem> {
        self.forget_all(&ForgettingOccupant { id, reason, reaches }, reason, meta).await
    }

    /// Runs a command that forgets; the visits that are too many for its own commit in others before it. When it is cut short, some of
    /// them are forgotten and the command is not carried out: asked again, it does the rest.
    async fn forget_all<T, C>(&self, command: &C, reason: &str, meta: &Meta) -> Result<T, Problem>
    where
        C: Command<World, Error = Error, Answer = Forgot<T>>,
    {
        // By the same caller; the command itself is carried out with the last of them.
        let before = Meta { command: None, ..meta.clone() };
        for _ in 0..COMMITS {
            match self.runner.run(command, meta).await? {
                Forgot::All(done) => return Ok(done),
                Forgot::VisitsFirst(archive) => {
                    self.runner.run(&VisitsFirst { archive, reason }, &before).await?;
                }
            }
        }
        Err(AppendError::Stale.into())
    }

    /// Wraps at most so many data keys after a place by the newest key.
    pub async fn rotate_keys(&self, after: Option<RotatePlace>, at_most: i64) -> Result<Rotated, Problem> {
        Ok(self.seals.rotate(after, at_most).await?)
    }

    /// The names of the keys that there are, the newest first; and of those that are used.
    pub async fn keys(&self) -> Result<(Vec<String>, Vec<String>), Problem> {
        Ok(self.seals.names().await?)
    }
}

/// The visits of an archive that know still who was visited: as many as one commit forgets, and one more.
#[derive(Clone, Debug)]
struct VisitsOf(Uuid);

impl Question<World> for VisitsOf {
    type Answer = Vec<Versioned<Visit>>;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a World) -> Answering<'a, Self::Answer> {
        let most = i64::try_from(AT_ONCE + 1).unwrap_or(i64::MAX);
        Box::pin(async move { Ok(store::visit::known(log.pool(), self.0, most).await?) })
    }
}

/// What forgets whom a visit is about; none where that is forgotten.
fn forgetting(seen: &See, visit: &Versioned<Visit>, reason: &str) -> Result<Option<Draft>, Stop> {
    let decided = visit.it.forget(reason).map_err(Halt::Refused)?;
    Ok(seen.draft(visit, decided)?.map(|(draft, _)| draft.forgetting()))
}

/// What forgets who lives or works somewhere.
struct Household {
    /// The archive then.
    archive: Versioned<Archive>,
    /// Of the archive first, then of its visits.
    drafts: Vec<Draft>,
    /// It has more visits than one commit forgets.
    has_more: bool,
}

impl Household {
    fn of(seen: &See, archive: Uuid, reason: &str) -> Result<Self, Stop> {
        // The archive is read first: a visit that is recorded after that changes it, and all this is decided anew.
        let archive = seen.get::<Archive>(archive)?;
        let visits = seen.ask(VisitsOf(archive.id))?;
        let decided = archive.it.forget(reason).map_err(Halt::Refused)?;
        let (own, archive) = match seen.draft(archive, decided)? {
            Some((draft, after)) => (Some(draft.forgetting()), after),
            None => (None, archive.clone()),
        };
        let mut drafts: Vec<Draft> = own.into_iter().collect();
        for visit in visits {
            drafts.extend(forgetting(seen, visit, reason)?);
        }
        Ok(Self { archive, drafts, has_more: visits.len() > AT_ONCE })
    }
}

/// Some of an archive's visits, as many as one commit forgets. Whoever runs it has asked whether that may be.
struct VisitsFirst<'a> {
    archive: Uuid,
    reason: &'a str,
}

impl Command<World> for VisitsFirst<'_> {
    type Error = Error;
    type Answer = ();

    fn decide(&self, seen: &See) -> Result<Decision<()>, Stop> {
        let visits = seen.ask(VisitsOf(self.archive))?.iter().take(AT_ONCE);
        let drafts: Result<Vec<_>, Stop> =
            visits.filter_map(|visit| forgetting(seen, visit, self.reason).transpose()).collect();
        Ok(Decision { drafts: drafts?, answer: () })
    }

    fn again(&self, _: &See, _: &Replay) -> Result<(), Stop> {
        Ok(())
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

impl<F: Fn(&Request) -> bool + Send + Sync> Command<World> for Forgetting<'_, F> {
    type Error = Error;
    type Answer = Forgot<Versioned<Request>>;

    fn admit(&self, seen: &See) -> Result<(), Stop> {
        seen.reached::<Request>(self.id, &self.reaches)
    }

    fn decide(&self, seen: &See) -> Result<Decision<Self::Answer>, Stop> {
        let it = seen.get::<Request>(self.id)?;
        let workers = seen.ask(WorkersOf::new(self.id, seen.meta()))?;
        let decided: Decided<_> =
            it.it.forget(self.reason.to_owned(), self.unit, workers).map_err(Halt::Refused)?;
        let Some((draft, answer)) = seen.draft(it, decided)? else {
            return Ok(Decision::nothing(Forgot::All(it.clone())));
        };
        let mut drafts = vec![draft.forgetting()];
        // Where it was found on a visit, its reporter is whom that was to, and whom all visits there were to.
        if let Some(visit) = it.it.submission.visit {
            let visit = seen.get::<Visit>(visit)?;
            match visit.it.archive {
                None => drafts.extend(forgetting(seen, visit, self.reason)?),
                Some(archive) => {
                    let household = Household::of(seen, archive, self.reason)?;
                    if household.has_more {
                        return Ok(Decision::nothing(Forgot::VisitsFirst(archive)));
                    }
                    drafts.extend(household.drafts);
                }
            }
        }
        // Where it was called for at a forum, its reporter is one of those who came.
        if let Some(forum) = it.it.submission.forum {
            drafts.extend(people::forgetting(seen, self.seals, (forum, self.id), self.reason)?);
        }
        Ok(Decision { drafts, answer: Forgot::All(answer) })
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Self::Answer, Stop> {
        Ok(Forgot::All(seen.get::<Request>(self.id)?.clone()))
    }
}

struct ForgettingOccupant<'a, F> {
    id: Uuid,
    reason: &'a str,
    reaches: F,
}

impl<F: Fn(&Archive) -> bool + Send + Sync> Command<World> for ForgettingOccupant<'_, F> {
    type Error = Error;
    type Answer = Forgot<Versioned<Archive>>;

    fn admit(&self, seen: &See) -> Result<(), Stop> {
        seen.reached::<Archive>(self.id, &self.reaches)
    }

    fn decide(&self, seen: &See) -> Result<Decision<Self::Answer>, Stop> {
        let found = &seen.get::<Archive>(self.id)?.it.requests;
        let workers = found.iter().map(|request| seen.ask(WorkersOf::new(*request, seen.meta())));
        // Asked all at once.
        let workers: Vec<_> = workers.collect();
        for workers in workers {
            workers?.refuse(seen.meta().actor.unit.as_deref()).map_err(Halt::Refused)?;
        }
        let Household { archive, drafts, has_more } = Household::of(seen, self.id, self.reason)?;
        Ok(match has_more {
            true => Decision::nothing(Forgot::VisitsFirst(self.id)),
            false => Decision { drafts, answer: Forgot::All(archive) },
        })
    }

    fn again(&self, seen: &See, _: &Replay) -> Result<Self::Answer, Stop> {
        Ok(Forgot::All(seen.get::<Archive>(self.id)?.clone()))
    }
}
