//! What cases say reaches the requests on them.

use huying_chassis::{
    follow::Failure,
    log::{ChangeSet, Meta},
};
use uuid::Uuid;

use super::App;
use crate::{
    NAME,
    domain::{
        Error,
        request::{News, Request},
    },
};

impl App {
    /// Drafts what a case's news changes in its requests.
    pub async fn hear(&self, case: Uuid, requests: &[Uuid], news: &News) -> Result<ChangeSet, Failure> {
        let meta = Meta::of_service(NAME);
        let mut drafts = Vec::with_capacity(requests.len());
        for request in requests {
            drafts.extend(
                self.log
                    .draft::<Request, Error>(*request, &meta, |request, _| {
                        Ok(request.hear(case, news.clone()))
                    })
                    .await?,
            );
        }
        Ok(drafts.into())
    }
}
