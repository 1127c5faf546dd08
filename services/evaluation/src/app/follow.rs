//! What a case's events cause. Drafts only: they commit with the event's mark, and may be drafted again.

use huying_chassis::{
    follow::Failure,
    id,
    log::{ChangeSet, Draft, Meta},
    run::heard,
};
use uuid::Uuid;

use super::{App, See, ask::others};
use crate::{
    NAME,
    domain::{
        callback::{Callback, Resolved},
        change::Cause,
    },
};

impl App {
    /// A case was resolved: its reporters are to be asked, each once for this attempt.
    ///
    /// # Errors
    /// The store is away.
    pub async fn open(&self, resolved: Resolved) -> Result<ChangeSet, Failure> {
        if self.store.has_attempt(resolved.case, resolved.attempt).await? {
            return Ok(ChangeSet::default());
        }
        let (profile, by_default) = self
            .profile_or_default(&resolved.district)
            .await
            .map_err(|problem| Failure::Away(problem.to_string()))?;
        if by_default {
            tracing::warn!(district = resolved.district, case = %resolved.case, "no evaluation profile: the built-in window holds");
        }
        let (meta, now) = (Meta::of_service(NAME), self.log.now());
        let mut drafts = Vec::new();
        for opened in Callback::open(&resolved, &profile, by_default) {
            let draft = Draft::new::<Callback>(id::new(), &[opened], &meta, now)?;
            drafts.extend(draft.map(|(draft, _)| draft));
        }
        Ok(drafts.into())
    }

    /// A reporter took their request back, and others of its case did not: what is still to be asked about it moves the case no more.
    ///
    /// # Errors
    /// The store is away.
    pub async fn withdraw(&self, case: Uuid, request: Uuid) -> Result<ChangeSet, Failure> {
        let pending = self.store.pending_of_case(case).await?;
        let withdrawn = heard(|seen: &See| {
            let mut drafts = Vec::new();
            for it in seen.all::<Callback>(&pending)?.into_iter().filter(|it| it.it.asked() == Some(request))
            {
                let drafted = seen.draft(it, it.it.withdraw(&others(seen, it)?))?;
                drafts.extend(drafted.map(|(draft, _)| draft));
            }
            Ok(drafts)
        });
        Ok(self.runner.heard(&withdrawn, &Meta::of_service(NAME)).await?)
    }

    /// A case moved on: what is still to be asked about it is not asked any more.
    ///
    /// # Errors
    /// The store is away.
    pub async fn cancel(&self, case: Uuid, cause: Cause) -> Result<ChangeSet, Failure> {
        let pending = self.store.pending_of_case(case).await?;
        let moved_on = heard(|seen: &See| {
            let callbacks = seen.all::<Callback>(&pending)?;
            let drafted = callbacks.into_iter().map(|it| seen.draft(it, it.it.cancel(cause)));
            let drafted = drafted.collect::<Result<Vec<_>, _>>()?;
            Ok(drafted.into_iter().flatten().map(|(draft, _)| draft).collect())
        });
        Ok(self.runner.heard(&moved_on, &Meta::of_service(NAME)).await?)
    }
}
