//! The triage desk: what waits, and deciding it. Who may do so is decided before.

use huying_chassis::{
    log::{Meta, Versioned},
    run::{Halt, Seen, on},
    status::Problem,
};
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        Error,
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

    /// A person decides a queued request.
    ///
    /// # Errors
    /// `STEP_NOT_ALLOWED`, `STALE_VERSION`, what the district does not know.
    pub async fn decide_triage(
        &self,
        route: &Versioned<Route>,
        triage: &Triage,
        meta: &Meta,
    ) -> Result<Versioned<Route>, Problem> {
        let index = self.directory(&route.it.submission.district).await?;
        let decide = on(route.id, |route: &Versioned<Route>, seen: &Seen<(), Error>| {
            route.it.triage(&index, triage, seen.now()).map_err(Halt::Refused)
        });
        Ok(self.runner.run(&decide, meta).await?)
    }
}
