//! What is known from before, looked up for one request: the district's models, from memory, and where its road led. Only that is a query, and
//! only where an address names a road and nothing else tells the place.

use std::sync::Arc;

use huying_chassis::status::Problem;
use huying_place::address::Reading;
use huying_terms::Location;
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        decide::area::{Placed, find},
        house::Past,
        index::Index,
        learned::{Classifier, Memory},
    },
    store,
};

/// How many requests on a road are looked at, the newest.
const REMEMBERED: i64 = 200;

/// A district's models.
#[derive(Default)]
pub(crate) struct Models {
    categories: Option<Arc<Classifier>>,
    units: Option<Arc<Classifier>>,
}

impl Models {
    /// These, and where a road led.
    pub fn with<'a>(&'a self, past: &'a [Past]) -> Memory<'a> {
        Memory { categories: self.categories.as_deref(), units: self.units.as_deref(), past }
    }
}

impl App {
    /// # Errors
    /// `STORE_UNAVAILABLE`.
    pub(crate) async fn models(&self, district: &str) -> Result<Models, Problem> {
        let (categories, units) = (self.models.find(district).await?, self.unit_models.find(district).await?);
        Ok(Models { categories, units })
    }

    /// Where the road led that is all that is known of a place; nothing where more is. What one request came to does not count.
    ///
    /// # Errors
    /// The database's.
    pub(crate) async fn past(
        &self,
        index: &Index,
        location: &Location,
        but: Uuid,
    ) -> Result<Vec<Past>, sqlx::Error> {
        let placed = find(index, location, None);
        let Some(house) = placed.open_house() else { return Ok(Vec::new()) };
        let road = (index.district.as_str(), house.road.as_str());
        store::route::on_road(self.log.pool(), road, but, REMEMBERED).await
    }

    /// What a location says, and what it comes to.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT`, `STORE_UNAVAILABLE`.
    pub async fn placed(&self, district: &str, location: &Location) -> Result<(Reading, Placed), Problem> {
        let index = self.directory(district).await?;
        let past = self.past(&index, location, Uuid::nil()).await?;
        let placed = find(&index, location, None).recall(&index, &past);
        Ok((index.addresses.read(&location.address), placed))
    }
}
