//! A district's profile: applied, and found.

use std::sync::Arc;

use huying_chassis::{auth::Reach, log::Meta, profile::Outcome, status::Problem};

use super::App;
use crate::domain::profile::EvaluationProfile;

impl App {
    /// Replaces a district's part, or with `dry_run` only says what would differ.
    ///
    /// # Errors
    /// The chassis's.
    pub async fn apply_profile(
        &self,
        part: EvaluationProfile,
        dry_run: bool,
        reach: &Reach,
        meta: &Meta,
    ) -> Result<Outcome, Problem> {
        self.profiles.apply(part, dry_run, reach, meta).await
    }

    /// A district's profile, or the built-in one (true).
    ///
    /// # Errors
    /// The store is away.
    pub async fn profile_or_default(
        &self,
        district: &str,
    ) -> Result<(Arc<EvaluationProfile>, bool), Problem> {
        match self.profiles.get(district).await {
            Ok(profile) => Ok((profile, false)),
            Err(problem) if problem.reason() == "UNKNOWN_DISTRICT" => {
                Ok((Arc::new(EvaluationProfile::default_of(district)), true))
            }
            Err(problem) => Err(problem),
        }
    }

    /// A district is known by its profile, or by a callback that came before one.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`; the store is away.
    pub async fn require_district(&self, district: &str) -> Result<(), Problem> {
        let found = self.profiles.get(district).await.map(|_| ());
        if found.is_err() && self.store.knows(district).await? { Ok(()) } else { found }
    }
}
