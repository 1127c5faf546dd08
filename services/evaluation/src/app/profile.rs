//! A district's profile: applied, carried into what is pending, and found.

use std::sync::Arc;

use huying_chassis::{
    auth::Reach,
    log::Meta,
    profile::Outcome,
    run::heard,
    status::Problem,
    sweep::{Live, Sweeper, Swept},
};
use uuid::Uuid;

use super::{App, See, ask::ProfileOf};
use crate::{
    NAME,
    domain::{callback::Callback, profile::EvaluationProfile},
};

/// What is pending, as the index `callback_pending` has it.
const PENDING: &str = "state = 'pending'";

impl App {
    /// Replaces a district's part and lets what is pending go by it, or with `dry_run` only says what would differ.
    ///
    /// # Errors
    /// The chassis's.
    pub async fn apply_profile(
        &self,
        part: EvaluationProfile,
        dry_run: bool,
        reach: &Reach,
        meta: &Meta,
    ) -> Result<(Outcome, Swept), Problem> {
        self.sweeper()
            .apply(&self.world.profiles, part, dry_run, std::future::ready(Ok(())), (reach, meta))
            .await
    }

    /// Looks at what is pending once its district's profile was replaced.
    pub fn sweeper(&self) -> Sweeper {
        let recompute = |id: Uuid| {
            heard(move |seen: &See| {
                let Some(callback) = seen.find::<Callback>(id)? else { return Ok(Vec::new()) };
                let profile = seen.ask(ProfileOf(callback.it.opened.district.clone()))?;
                let drafted = seen.draft(callback, callback.it.recompute(profile))?;
                Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
            })
        };
        let live =
            Live::new::<Callback, _, _>(PENDING, self.runner.clone(), Meta::of_service(NAME), recompute);
        Sweeper::new(self.log.clone(), vec![live])
    }

    /// A district's profile, or the built-in one (true).
    ///
    /// # Errors
    /// The store is away.
    pub async fn profile_or_default(
        &self,
        district: &str,
    ) -> Result<(Arc<EvaluationProfile>, bool), Problem> {
        self.world.profile(district).await
    }

    /// A district is known by its profile, or by a callback that came before one.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`; the store is away.
    pub async fn require_district(&self, district: &str) -> Result<(), Problem> {
        let found = self.world.profiles.get(district).await.map(|_| ());
        if found.is_err() && self.store.knows(district).await? { Ok(()) } else { found }
    }
}
