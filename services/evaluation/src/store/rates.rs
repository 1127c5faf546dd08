//! Counting verdicts: one statement that reads nothing but the index callback_judged.

use huying_chassis::db::{self, asked_within};

use super::Store;
use crate::domain::{rates::Counts, wanted::Period};

// Only rows with a verdict are in the index: a callback that lapsed or was cancelled is not valid.
pub(crate) const COUNTS_BY_UNIT: &str = "
    select unit, count(*), count(*) filter (where contacted), count(*) filter (where solved),
           count(*) filter (where satisfaction = 'satisfied'), count(*) filter (where satisfaction = 'basically')
      from callback
     where district = $1 and end_at >= $2 and end_at < $3 and satisfaction is not null
       and ($4 = '' or unit = $4) and starts_with(area, $5)
     group by unit";

impl Store {
    /// Verdicts by unit.
    ///
    /// # Errors
    /// The database is away.
    pub async fn counts_by_unit(&self, period: &Period) -> Result<Vec<(String, Counts)>, sqlx::Error> {
        let rows: Vec<(String, i64, i64, i64, i64, i64)> = sqlx::query_as(COUNTS_BY_UNIT)
            .bind(&period.district)
            .bind(period.from)
            .bind(period.to)
            .bind(&period.unit)
            .bind(&period.area)
            .fetch_all(asked_within(&self.pool, db::PAGE))
            .await?;
        let counted = rows.into_iter().map(|(unit, valid, contacted, solved, satisfied, basically)| {
            (unit, Counts { valid, contacted, solved, satisfied, basically })
        });
        Ok(counted.collect())
    }
}
