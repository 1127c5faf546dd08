//! The triage queue.

use huying_chassis::{db::asked, log::Versioned};
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::route::{Cursor, Route};

// Oldest first within a district, of those that lie in an area. The partial index holds only what waits.
pub(crate) const TRIAGE: &str = "
    select id, version, shape, hash, body
      from route
     where district = $1 and state = 'queued' and starts_with(area, $2) and (submitted_at, id) > ($3, $4)
     order by submitted_at, id
     limit $5";

// Every route once, in the order of their keys: what a page costs does not hang on how few of them are wanted.
pub(crate) const AFTER: &str = "
    select id, version, shape, hash, body
      from route
     where id > $1
     order by id
     limit $2";

/// Routes after one, by id.
pub async fn after(pool: &PgPool, after: Uuid, limit: i64) -> Result<Vec<Versioned<Route>>, sqlx::Error> {
    sqlx::query_as(AFTER).bind(after).bind(limit).fetch_all(asked(pool)).await
}

/// What waits for a person, oldest first.
pub async fn triage(
    pool: &PgPool,
    district: &str,
    within: &str,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Versioned<Route>>, sqlx::Error> {
    let (submitted_at, id) = after.unwrap_or_default();
    sqlx::query_as(TRIAGE)
        .bind(district)
        .bind(within)
        .bind(submitted_at)
        .bind(id)
        .bind(limit)
        .fetch_all(asked(pool))
        .await
}
