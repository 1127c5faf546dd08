//! The learned classifiers: a district's models, and the decisions that the next ones learn from.

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
        learned::{Classifier, Learned, LearnedUnits, Of},
        route::Route,
    },
    store,
};

impl App {
    /// Replaces a district's model of what it tells, for who governs it.
    ///
    /// # Errors
    /// `OUTSIDE_AREA`, `UNKNOWN_DISTRICT`, `NO_MODEL`, `UNKNOWN_CATEGORY` or `UNKNOWN_UNIT` naming labels that are none of the district's.
    pub async fn apply_model(
        &self,
        of: Of,
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
            learned.check(of, self.directory(learned.district()).await?.as_ref())?;
        }
        let district = learned.district.clone();
        match of {
            Of::Category => self.models.apply(learned, false, reach, meta).await?,
            Of::Unit => self.unit_models.apply(LearnedUnits(learned), false, reach, meta).await?,
        };
        self.model(of, district.as_str()).await
    }

    /// A district's model of what is asked, if one is applied.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub async fn model(&self, of: Of, district: &str) -> Result<Option<Arc<Classifier>>, Problem> {
        match of {
            Of::Category => self.models.find(district).await,
            Of::Unit => self.unit_models.find(district).await,
        }
    }

    /// Routes after one, in the order of their ids, of whatever district: who asks for one district's takes these out.
    ///
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub async fn routes_after(&self, after: Uuid, size: i64) -> Result<Vec<Versioned<Route>>, Problem> {
        Ok(store::route::after(self.log.pool(), after, size).await?)
    }
}
