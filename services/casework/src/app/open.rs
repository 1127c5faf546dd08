//! 立案: a case opens when routing has decided. What the reporter said in the meantime is taken over; a request taken back opens none.

use huying_chassis::{
    follow::Failure,
    id,
    log::{Draft, Meta},
};
use huying_terms::Limit;
use uuid::Uuid;

use super::App;
use crate::{
    NAME,
    domain::{
        Case, Change, Clocks, Limits, Opening, Prelude,
        profile::{FALLBACK_RESOLVE, FALLBACK_RESPOND},
    },
    store,
};

impl App {
    /// Drafts the opening; nothing when the request has a case already or was taken back. Should two see none at once, the store lets one
    /// of them through and the other looks again.
    pub async fn open(
        &self,
        opening: Opening,
        respond: Option<Limit>,
        resolve: Option<Limit>,
    ) -> Result<Vec<Draft>, Failure> {
        let request = opening.request;
        if store::case::by_request(self.log.pool(), request).await?.is_some() {
            return Ok(Vec::new());
        }
        let prelude = self.log.load::<Prelude>(request).await?;
        if prelude.as_ref().is_some_and(|prelude| prelude.it.withdrawn) {
            return Ok(Vec::new());
        }
        let profile =
            self.profile(&opening.district).await.map_err(|problem| Failure::Later(problem.to_string()))?;
        let (id, now, meta) = (id::new(), self.log.now(), Meta::of_service(NAME));
        let limits = Limits {
            respond: respond.unwrap_or(FALLBACK_RESPOND),
            resolve: resolve.unwrap_or(FALLBACK_RESOLVE),
        };
        let mut changes =
            vec![Change::Opened { opening: Box::new(opening), clocks: Clocks::start(limits, &profile, now) }];
        let mut drafts = Vec::with_capacity(2);
        if let Some(prelude) = &prelude {
            let additions =
                prelude.it.additions.iter().map(|text| Change::Supplemented { request, text: text.clone() });
            changes.extend(additions);
            let taken = Draft::on(prelude, &prelude.it.take(id).changes(), &meta, now)?;
            drafts.extend(taken.map(|(draft, _)| draft));
        }
        let opened = Draft::new::<Case>(id, &changes, &meta, now)?.map(|(draft, _)| draft);
        drafts
            .extend(opened.map(|draft| if prelude.is_some() { draft.claiming_from(request) } else { draft }));
        Ok(drafts)
    }

    /// The case of a request, if it is open yet.
    pub(super) async fn case_of(&self, request: Uuid) -> Result<Option<Uuid>, Failure> {
        Ok(store::case::by_request(self.log.pool(), request).await?)
    }
}
