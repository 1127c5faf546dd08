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
                let request = seen.get::<Request>(*id)?;
                let drafted = seen.draft(request, request.it.hear(case, news.clone()))?;
                drafts.extend(drafted.map(|(draft, _)| draft));
            }
            Ok(drafts)
        });
        Ok(self.runner.heard(&told, &Meta::of_service(NAME)).await?)
    }
}
