//! The triage desk: what waits, and deciding it.

use huying_chassis::{
    auth::{Reach, outside},
    log::{Meta, Versioned},
    run::{Halt, Seen, on},
    status::Problem,
};
use uuid::Uuid;

use super::{App, DirectoryOf, World};
use crate::{
    domain::{
        decision::Triage,
        route::{Cursor, Route},
    },
    store,
};

impl App {
    /// One route.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub async fn route(&self, request: Uuid) -> Result<Option<Versioned<Route>>, Problem> {
        Ok(self.log.load::<Route>(request).await?)
    }

    /// What waits in a district, of that what lies in an area; oldest first.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub async fn triage_queue(
        &self,
        district: &str,
        within: &str,
        after: Option<Cursor>,
        size: i64,
    ) -> Result<Vec<Versioned<Route>>, Problem> {
        Ok(store::route::triage(self.log.pool(), district, within, after, size).await?)
    }

    /// A person decides a queued request that they see. That their area has grown smaller since, or the district knows less, does not
    /// change what a repeated decision is told.
    ///
    /// # Errors
    /// `NOT_FOUND`, `STALE_VERSION`, `OUTSIDE_AREA` for a decision on an area that is not theirs, `STEP_NOT_ALLOWED`, what the
    /// district does not know.
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
            route.it.triage(index, triage, seen.now()).map_err(|why| Halt::Refused(why.into()))
        });
        Ok(self.runner.run(&decide.reached(sees), meta).await?)
    }
}
