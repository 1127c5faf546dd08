//! Appeals of judged units against verdicts.

use huying_chassis::{
    log::{Meta, Versioned},
    status::Problem,
};
use uuid::Uuid;

use super::{App, Refused, parties::not_own_work};
use crate::domain::{
    appeal::{Lodged, Ruling},
    callback::Callback,
    wanted::Appeals,
};

impl App {
    /// The judged unit appeals.
    ///
    /// # Errors
    /// The domain's, and the log's.
    pub async fn lodge(&self, id: Uuid, meta: &Meta, said: &Lodged) -> Result<Versioned<Callback>, Refused> {
        self.step(id, meta, |it, seen| Ok(it.it.lodge(said.clone(), &meta.actor, seen.now())?)).await
    }

    /// Somebody else decides.
    ///
    /// # Errors
    /// The domain's, and the log's.
    pub async fn rule(&self, id: Uuid, meta: &Meta, ruling: &Ruling) -> Result<Versioned<Callback>, Refused> {
        self.step(id, meta, |it, seen| {
            not_own_work(seen, &it.it, meta)?;
            Ok(it.it.rule(ruling.clone(), &meta.actor)?)
        })
        .await
    }

    /// Callbacks that were appealed against, the oldest first.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any callback; the store is away.
    pub async fn appeals(
        &self,
        wanted: &Appeals,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Callback>>, Problem> {
        let page = self.store.appeals(wanted, after, size).await?;
        if page.is_empty() && after.is_none() {
            self.require_district(&wanted.district).await?;
        }
        Ok(page)
    }
}
