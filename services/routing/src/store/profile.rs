//! When a district's profile was applied.

use chrono::{DateTime, Utc};
use huying_chassis::db::asked;
use sqlx::PgPool;

pub(crate) const APPLIED_AT: &str = "
    select log.at
      from profile
      join log on log.aggregate = profile.id and log.version = profile.version
     where profile.district = $1";

/// None: it has none.
pub async fn applied_at(pool: &PgPool, district: &str) -> Result<Option<DateTime<Utc>>, sqlx::Error> {
    sqlx::query_scalar(APPLIED_AT).bind(district).fetch_optional(asked(pool)).await
}
