//! The triage desk: what waits, who has it in hand, deciding it, and correcting what was decided.

use std::fmt;

use huying_chassis::{
    auth::{Reach, outside},
    log::{Meta, Versioned},
    run::{Halt, Seen, heard, on},
    status::Problem,
    timer::Timer,
};
use uuid::Uuid;

use super::{App, DirectoryOf, World};
use crate::{
    NAME,
    domain::{
        Error,
        decision::Triage,
        desk::Correction,
        profile::TriageRules,
        route::{Cursor, Route},
        wanted::{Counted, Wanted},
    },
    store,
};

/// A route by what its caller knows of it.
#[derive(Clone, Debug)]
pub enum RouteName {
    /// The request's id.
    Id(Uuid),
    /// The request's number.
    Number(String),
}

impl fmt::Display for RouteName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl App {
    /// One route.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub async fn route(&self, name: &RouteName) -> Result<Option<Versioned<Route>>, Problem> {
        Ok(match name {
            RouteName::Id(request) => self.log.load::<Route>(*request).await?,
            RouteName::Number(number) => store::route::by_number(self.log.pool(), number).await?,
        })
    }

    /// What waits in a district, the most pressing first, then what is due first; and where the next page begins.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub async fn triage_queue(
        &self,
        wanted: &Wanted,
    ) -> Result<(Vec<Versioned<Route>>, Option<Cursor>), Problem> {
        Ok(store::route::triage(self.log.pool(), wanted).await?)
    }

    /// How much waits in a district, of that what lies in an area.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub async fn count_triage(&self, wanted: &Wanted) -> Result<Counted, Problem> {
        let (rows, more) = store::route::count(self.log.pool(), wanted).await?;
        let mut counted = Counted { more, ..Counted::default() };
        for (kind, key, count) in rows {
            match kind.as_str() {
                "all" => counted.waiting = count,
                "overdue" => counted.overdue = count,
                "claimed" => counted.claimed = count,
                "area" => counted.areas.push((key, count)),
                "undecided" => counted.undecided.push((key, count)),
                _ => {}
            }
        }
        Ok(counted)
    }

    /// Somebody takes a queued request that they see in hand, for as long as the profile says.
    ///
    /// # Errors
    /// `NOT_FOUND`, `STEP_NOT_ALLOWED`, `CLAIMED` by somebody else.
    pub async fn claim_triage(
        &self,
        request: Uuid,
        sees: impl Fn(&Route) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Result<Versioned<Route>, Problem> {
        let minutes = self.claim_minutes(request).await?;
        let claim = on(request, |route: &Versioned<Route>, seen: &Seen<World, Error>| {
            route.it.claim(&meta.actor.unnamed(), minutes, seen.now()).map_err(Halt::Refused)
        });
        Ok(self.runner.run(&claim.reached(sees), meta).await?)
    }

    /// A district without a directory has a desk all the same.
    async fn claim_minutes(&self, request: Uuid) -> Result<u32, Problem> {
        let route = self.log.load::<Route>(request).await?;
        let Some(district) = route.map(|route| route.it.submission.district) else {
            return Ok(TriageRules::default().claim_minutes);
        };
        match self.directory(&district).await {
            Ok(index) => Ok(index.triage.claim_minutes),
            Err(problem) if problem.reason() == "UNKNOWN_DISTRICT" => {
                Ok(TriageRules::default().claim_minutes)
            }
            Err(problem) => Err(problem),
        }
    }

    /// Whoever has it in hand gives it back.
    ///
    /// # Errors
    /// As [`claim_triage`](Self::claim_triage).
    pub async fn release_triage(
        &self,
        request: Uuid,
        sees: impl Fn(&Route) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Result<Versioned<Route>, Problem> {
        let release = on(request, |route: &Versioned<Route>, seen: &Seen<World, Error>| {
            route.it.release(&meta.actor.unnamed(), seen.now()).map_err(Halt::Refused)
        });
        Ok(self.runner.run(&release.reached(sees), meta).await?)
    }

    /// A person decides a queued request that they see. That their area has grown smaller since, or the district knows less, does not
    /// change what a repeated decision is told.
    ///
    /// # Errors
    /// `NOT_FOUND`, `STALE_VERSION`, `OUTSIDE_AREA` for a decision on an area that is not theirs, `STEP_NOT_ALLOWED`, `CLAIMED` by
    /// somebody else, what the district does not know.
    pub async fn decide_triage(
        &self,
        request: Uuid,
        triage: &Triage,
        reach: &Reach,
        sees: impl Fn(&Route) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Result<Versioned<Route>, Problem> {
        let decide = on(request, |route: &Versioned<Route>, seen: &Seen<World, Problem>| {
            if !reach.governs(&triage.area) {
                return Err(Halt::Refused(outside()));
            }
            let index = seen.ask(DirectoryOf(route.it.submission.district.clone()))?;
            let decided = route.it.triage(index, triage, &meta.actor, seen.now());
            decided.map_err(|why| Halt::Refused(why.into()))
        });
        Ok(self.runner.run(&decide.reached(sees), meta).await?)
    }

    /// A person puts another decision in the place of one that they see.
    ///
    /// # Errors
    /// As [`decide_triage`](Self::decide_triage), but for `CLAIMED`.
    pub async fn correct_route(
        &self,
        request: Uuid,
        correction: &Correction,
        reach: &Reach,
        sees: impl Fn(&Route) -> bool + Send + Sync,
        meta: &Meta,
    ) -> Result<Versioned<Route>, Problem> {
        let correct = on(request, |route: &Versioned<Route>, seen: &Seen<World, Problem>| {
            if correction.area.as_ref().is_some_and(|area| !reach.governs(area)) {
                return Err(Halt::Refused(outside()));
            }
            let index = seen.ask(DirectoryOf(route.it.submission.district.clone()))?;
            let corrected = route.it.correct(index, correction, &meta.actor, seen.now());
            corrected.map_err(|why| Halt::Refused(why.into()))
        });
        Ok(self.runner.run(&correct.reached(sees), meta).await?)
    }

    /// Turns the lamps of what waits, and tells a unit above of what nobody minds.
    pub fn desk_timer(&self) -> Timer {
        let due = "instant(body -> 'due_at')";
        Timer::new::<Route, _, _>("pass", due, self.runner.clone(), Meta::of_service(NAME), |id| {
            heard(move |seen: &Seen<World, Error>| {
                let route = seen.get::<Route>(id)?;
                let drafted = seen.draft(route, route.it.pass(seen.now()))?;
                Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
            })
        })
    }
}
