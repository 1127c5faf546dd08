//! The use cases: load, decide, append.
//!
//! - [`steps`] are a caller's steps on one case, [`call`] summons departments, [`dispatch`] are the steps on a dispatch.
//! - [`open`] opens a case on a decided route; [`follow`] is what intake and evaluation cause; [`fire`] is the timers'.
//! - [`read`] looks up, [`watch`] streams.

pub mod call;
pub mod dispatch;
pub mod fire;
pub mod follow;
pub mod open;
pub mod read;
pub mod steps;
pub mod watch;

use std::{sync::Arc, time::Duration};

use huying_chassis::{
    log::{Aggregate, Log, Meta, Versioned, not_found},
    profile::{Outcome, Part, Profiles},
    shutdown::Shutdown,
    status::Problem,
};
use uuid::Uuid;

use crate::{
    directory::Directory,
    domain::{Case, CaseworkProfile, Dispatch},
    store,
};

/// What the use cases work with.
#[derive(Clone)]
pub struct App {
    pub log: Log,
    pub profiles: Arc<Profiles<CaseworkProfile>>,
    pub directory: Directory,
    pub stop: Shutdown,
    /// How often a watch looks and when an idle one says that it is there.
    pub watch_poll: Duration,
    pub watch_heartbeat: Duration,
}

impl App {
    /// The district's profile. Where none is applied yet the fallback stands in: a case that is here must be workable.
    pub async fn profile(&self, district: &str) -> Result<Arc<CaseworkProfile>, Problem> {
        match self.profiles.get(district).await {
            Ok(profile) => Ok(profile),
            Err(problem) if problem.reason() == "UNKNOWN_DISTRICT" => {
                tracing::warn!(district, "no casework profile is applied: the fallback stands in");
                Ok(Arc::new(CaseworkProfile::fallback(district)))
            }
            Err(problem) => Err(problem),
        }
    }

    /// The profile that a case's steps go by.
    pub(crate) async fn profile_of_case(&self, id: Uuid) -> Result<Arc<CaseworkProfile>, Problem> {
        let district = store::case::district(self.log.pool(), id).await?;
        self.profile(&district.ok_or_else(|| not_found(Case::KIND, id))?).await
    }

    /// The profile that a dispatch's steps go by.
    pub(crate) async fn profile_of_dispatch(&self, id: Uuid) -> Result<Arc<CaseworkProfile>, Problem> {
        let district = store::dispatch::district(self.log.pool(), id).await?;
        self.profile(&district.ok_or_else(|| not_found(Dispatch::KIND, id))?).await
    }

    /// An aggregate as it is now.
    pub async fn get<A: Aggregate>(&self, id: Uuid) -> Result<Versioned<A>, Problem> {
        self.log.load(id).await?.ok_or_else(|| not_found(A::KIND, id))
    }

    /// Whether this command was done before: then its preparations (a look at the directory) would look at another state than it did.
    pub async fn is_replay(&self, meta: &Meta) -> Result<bool, Problem> {
        let replay = self.log.is_replay::<Problem>(meta).await;
        Ok(replay.map_err(|error| error.problem("command", ""))?.is_some())
    }

    /// Replaces a district's profile; a repeated command answers how it stands.
    pub async fn apply_profile(
        &self,
        part: CaseworkProfile,
        dry_run: bool,
        meta: &Meta,
    ) -> Result<Outcome, Problem> {
        tracing::debug!(district = part.district(), dry_run, "a profile is applied");
        self.profiles.apply(part, dry_run, meta).await
    }
}
