//! Lists of appeals, the oldest callback first. One short range of an index for each state.

use huying_chassis::{db::asked, log::Versioned};
use uuid::Uuid;

use super::Store;
use crate::domain::{appeal::AppealState, callback::Callback, wanted::Appeals};

// $1 district, $2 the states wanted, $3 area prefix, $4 the last id of the page before, $5 the page's size, $6 unit.
macro_rules! page {
    ($unit:literal) => {
        concat!(
            "select page.id, page.version, page.shape, page.hash, page.body
               from unnest($2::text[]) as wanted (state)
              cross join lateral (
                    select c.id, c.version, c.shape, c.hash, c.body
                      from callback c
                     where c.district = $1 and ",
            $unit,
            " and c.body #>> '{appeal,state}' = wanted.state and starts_with(c.area, $3) and c.id > $4
                     order by c.id
                     limit $5) as page
              order by page.id
              limit $5"
        )
    };
}

// By callback_appeal.
pub(crate) const BY_DISTRICT: &str = page!("$6 = ''");
// By callback_appeal_unit.
pub(crate) const BY_UNIT: &str = page!("c.unit = $6");

impl Store {
    /// A page of callbacks that were appealed against.
    ///
    /// # Errors
    /// The database is away.
    pub async fn appeals(
        &self,
        wanted: &Appeals,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Callback>>, sqlx::Error> {
        let states: Vec<&str> = match wanted.state {
            Some(state) => vec![state.name()],
            None => AppealState::ALL.iter().map(|state| state.name()).collect(),
        };
        sqlx::query_as(if wanted.unit.is_empty() { BY_DISTRICT } else { BY_UNIT })
            .bind(&wanted.district)
            .bind(states)
            .bind(&wanted.area)
            .bind(after.unwrap_or_default())
            .bind(size)
            .bind(&wanted.unit)
            .fetch_all(asked(&self.pool))
            .await
    }
}
