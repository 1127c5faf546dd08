//! What cases say reaches the requests on them.

use huying_chassis::{
    follow::Failure,
    log::{ChangeSet, Meta},
    run::heard,
};
use uuid::Uuid;

use super::{App, See, profile::ProfileOf};
use crate::{
    NAME,
    domain::request::{News, Request, Teller},
};

impl App {
    /// What a case's news changes in its requests.
    pub async fn hear(&self, teller: &Teller, requests: &[Uuid], news: &News) -> Result<ChangeSet, Failure> {
        let told = heard(|seen: &See| {
            // Looked up together: a case may have hundreds of them.
            let found = seen.all::<Request>(requests)?;
            let lost = requests.len() - found.len();
            if lost > 0 {
                // Intake was restored from an older copy and has lost them. Its followers report that; here is nobody to tell.
                tracing::warn!(case = %teller.case, lost, "a case speaks of requests that are not here");
            }
            let mut drafts = Vec::with_capacity(found.len());
            for request in found {
                let profile = seen.ask(ProfileOf(request.it.submission.district.clone()))?;
                let heard = request.it.hear(teller, news.clone(), profile, seen.now());
                let drafted = seen.draft(request, heard)?;
                drafts.extend(drafted.map(|(draft, _)| draft));
            }
            Ok(drafts)
        });
        Ok(self.runner.heard(&told, &Meta::of_service(NAME)).await?)
    }
}
