//! What a case's events cause. Drafts only: they commit with the event's mark, and may be drafted again.

use huying_chassis::{
    follow::Failure,
    id,
    log::{ChangeSet, Draft, Meta},
    run::heard,
};
use uuid::Uuid;

use super::{App, See};
use crate::{
    NAME,
    domain::{
        callback::{Callback, Resolved},
        change::Cause,
    },
};

impl App {
    /// A case was resolved: its reporter is to be asked, once for this attempt.
    ///
    /// # Errors
    /// The store is away.
    pub async fn open(&self, resolved: Resolved) -> Result<ChangeSet, Failure> {
        if self.store.of_attempt(resolved.case, resolved.attempt).await?.is_some() {
            return Ok(ChangeSet::default());
        }
        let (profile, by_default) = self
            .profile_or_default(&resolved.district)
            .await
            .map_err(|problem| Failure::Away(problem.to_string()))?;
        if by_default {
            tracing::warn!(district = resolved.district, case = %resolved.case, "no evaluation profile: the built-in window holds");
        }
        let opened = Callback::open(resolved, &profile, by_default);
        let draft = Draft::new::<Callback>(id::new(), &[opened], &Meta::of_service(NAME), self.log.now())?;
        Ok(draft.into_iter().map(|(draft, _)| draft).collect::<Vec<_>>().into())
    }

    /// A case moved on: what is still to be asked about it is not asked any more.
    ///
    /// # Errors
    /// The store is away.
    pub async fn cancel(&self, case: Uuid, cause: Cause) -> Result<ChangeSet, Failure> {
        let Some(id) = self.store.latest_of_case(case).await? else {
            return Ok(ChangeSet::default());
        };
        let moved_on = heard(|seen: &See| {
            let callback = seen.get::<Callback>(id)?;
            let drafted = seen.draft(callback, callback.it.cancel(cause))?;
            Ok(drafted.map(|(draft, _)| draft).into_iter().collect())
        });
        Ok(self.runner.heard(&moved_on, &Meta::of_service(NAME)).await?)
    }
}
