//! Looking: one callback, lists, the three rates.

use huying_chassis::{log::Versioned, status::Problem};
use uuid::Uuid;

use super::App;
use crate::domain::{
    callback::Callback,
    rates::{Rates, standings},
    wanted::{Cursor, Filter, Period},
};

impl App {
    /// One callback.
    ///
    /// # Errors
    /// The store is away.
    pub async fn get(&self, id: Uuid) -> Result<Option<Versioned<Callback>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    /// A page of callbacks, the earliest due first.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any callback; the store is away.
    pub async fn list(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        size: i64,
    ) -> Result<Vec<Versioned<Callback>>, Problem> {
        let page = self.store.list(filter, after, size).await?;
        if page.is_empty() && after.is_none() {
            self.require_district(&filter.district).await?;
        }
        Ok(page)
    }

    /// The whole's rates and its units'.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any callback; the store is away.
    pub async fn rates(&self, period: &Period) -> Result<(Rates, Vec<Rates>), Problem> {
        let units = self.store.counts_by_unit(period).await?;
        if units.is_empty() {
            self.require_district(&period.district).await?;
        }
        let (profile, _) = self.profile_or_default(&period.district).await?;
        Ok(standings(units, &profile.weights))
    }
}
