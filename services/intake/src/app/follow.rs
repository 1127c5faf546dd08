//! What cases say reaches the requests on them.

use huying_chassis::{
    follow::Failure,
    log::{ChangeSet, Meta},
    run::heard,
};
use uuid::Uuid;

use super::{App, See};
use crate::{
    NAME,
    domain::request::{News, Request},
};

impl App {
    /// What a case's news changes in its requests.
    pub async fn hear(&self, case: Uuid, requests: &[Uuid], news: &News) -> Result<ChangeSet, Failure> {
        let told = heard(|seen: &See| {
            let mut drafts = Vec::with_capacity(requests.len());
            for id in requests {
                let Some(request) = seen.find::<Request>(*id)? else {
                    // Intake was restored from an older copy and has lost the request. Its followers report that; here is nobody to tell.
                    tracing::warn!(%case, request = %id, "a case speaks of a request that is not here");
                    continue;
                };
                let drafted = seen.draft(request, request.it.hear(case, news.clone()))?;
                drafts.extend(drafted.map(|(draft, _)| draft));
            }
            Ok(drafts)
        });
        Ok(self.runner.heard(&told, &Meta::of_service(NAME)).await?)
    }
}
