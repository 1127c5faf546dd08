//! Finding what is offered and needed.

use huying_chassis::{db::asked, log::Versioned};
use sqlx::PgPool;
use uuid::Uuid;

use super::within::{by_area, pick};
use crate::domain::{offer::Offer, wanted::Placed};

pub(crate) const LIST: [&str; 4] = by_area!(
    "select id, version, shape, hash, body from offer where ",
    " = $1 and id < $2 order by id desc limit $3"
);

/// Newest first.
pub async fn list(
    pool: &PgPool,
    within: &Placed,
    after: Option<Uuid>,
    limit: i64,
) -> Result<Vec<Versioned<Offer>>, sqlx::Error> {
    let (statement, area) = pick(&LIST, within);
    let after = after.unwrap_or(Uuid::max());
    sqlx::query_as(statement).bind(area).bind(after).bind(limit).fetch_all(asked(pool)).await
}
