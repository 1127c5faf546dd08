//! The learned classifier: a district's model, and the decisions that the next one learns from.

use std::sync::Arc;

use huying_chassis::{
    auth::{Reach, outside},
    log::{Meta, Versioned},
    profile::Part as _,
    status::Problem,
};
use huying_terms::AreaCode;
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        learned::{Classifier, Learned},
        route::Route,
    },
    store,
};

impl App {
    /// Replaces a district's model, for who governs it.
    ///
    /// # Errors
    /// `OUTSIDE_AREA`, `UNKNOWN_DISTRICT`, `NO_MODEL`, `UNKNOWN_CATEGORY` naming labels that are no categories of the district.
    pub async fn apply_model(
        &self,
        district: AreaCode,
        bytes: &[u8],
        reach: &Reach,
        meta: &Meta,
    ) -> Result<Option<Arc<Classifier>>, Problem> {
        if !reach.governs(district.as_str()) {
            return Err(outside());
        }
        let is_new = self.log.repeated(meta).await?.is_none();
        let learned = Learned::new(district, bytes)?;
        if is_new {
            learned.check(self.directory(learned.district()).await?.as_ref())?;
        }
        let district = learned.district.clone();
        self.models.apply(learned, false, reach, meta).await?;
        self.model(district.as_str()).await
    }

    /// A district's model, if one is applied.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub async fn model(&self, district: &str) -> Result<Option<Arc<Classifier>>, Problem> {
        self.models.find(district).await
    }

    /// Routes after one, in the order of their ids, of whatever district: who asks for one district's takes these out.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub async fn routes_after(&self, after: Uuid, size: i64) -> Result<Vec<Versioned<Route>>, Problem> {
        Ok(store::route::after(self.log.pool(), after, size).await?)
    }
}
