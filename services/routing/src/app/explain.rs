//! Why requests are decided as they are, and what another profile would decide. Nothing is changed, and what is looked at is bounded: a page
//! of requests, each decided twice in memory.

use chrono::{DateTime, Utc};
use huying_chassis::{
    auth::{Reach, outside},
    log::Versioned,
    status::Problem,
};
use tokio::task::spawn_blocking;
use tonic::Code;
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        decide::explain::{Explanation, explain},
        index::Index,
        profile::Directory,
        route::Route,
        simulation::{Simulated, simulate},
    },
    store,
};

/// Where a span of requests begins, or goes on: after the instant in microseconds and the id.
pub type Since = (i64, Uuid);

impl App {
    /// How a route comes about, by the profile that is applied; and when that was.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`, `STORE_UNAVAILABLE`.
    pub async fn explain(&self, route: &Route) -> Result<(Explanation, Option<DateTime<Utc>>), Problem> {
        let district = &route.submission.district;
        let index = self.directory(district).await?;
        let models = self.models(district).await?;
        let past = self.past(&index, &route.submission.location, route.request).await?;
        let applied_at = store::profile::applied_at(self.log.pool(), district).await?;
        Ok((explain(&index, models.with(&past), route, self.log.now()), applied_at))
    }

    /// Decides a page of a district's requests anew, by the profile that is applied and by another; and where the next page begins.
    ///
    /// # Errors
    /// `OUTSIDE_AREA` for who does not govern the district; `UNKNOWN_DISTRICT` where none is applied; `PROFILE_UNUSABLE`;
    /// `STORE_UNAVAILABLE`.
    pub async fn simulate(
        &self,
        other: Directory,
        reach: &Reach,
        since: Since,
        size: i64,
    ) -> Result<(Simulated, Option<Since>), Problem> {
        let district = other.district.to_string();
        if !reach.governs(&district) {
            return Err(outside());
        }
        let applied = self.directory(&district).await?;
        let models = self.models(&district).await?;
        let routes = store::route::submitted(self.log.pool(), &district, since, size).await?;
        let last = routes.last().filter(|_| routes.len() as i64 >= size);
        let next = last.map(|last| (last.it.submission.submitted_at.timestamp_micros(), last.id));
        let work = spawn_blocking(move || {
            let other = Index::new(other).map_err(unusable)?;
            let asked = routes.iter().map(|Versioned { id, it, .. }| (*id, &it.submission));
            Ok::<_, Problem>(simulate((&applied, &other), models.with(&[]), asked))
        });
        Ok((work.await.map_err(Problem::bug)??, next))
    }
}

fn unusable(why: String) -> Problem {
    Problem::new(Code::InvalidArgument, "PROFILE_UNUSABLE", format!("the profile cannot be used: {why}"))
}
