//! Walking through the archives of an area, and counting them.

use chrono::{DateTime, Utc};
use huying_chassis::{db::asked, log::Versioned};
use sqlx::PgPool;
use uuid::Uuid;

use super::{
    counted::{self, counting},
    within::pick,
};
use crate::domain::{
    archive::Archive,
    counted::{Count, Counted},
    wanted::{Cursor, Placed, Walk},
};

/// Archives, in the order of their areas.
pub type Walked = Vec<Versioned<Archive>>;

pub(crate) const LIST: &str = "
    select id, version, shape, hash, body from archive
     where (area, id) > ($1, $2) and area <= $3 order by area, id limit $4";
pub(crate) const COVERAGE: &str = counting!("archive", "visited_at", "visited_at >= $6");

macro_rules! due {
    ($lead:literal) => {
        concat!(
            "select id, version, shape, hash, body from archive where ",
            $lead,
            " and (instant(body -> 'due_at'), id) > ($2, $3) and instant(body -> 'due_at') < $4
             order by instant(body -> 'due_at'), id limit $5"
        )
    };
}

/// By district, by street, by community and by grid.
pub(crate) const DUE: [&str; 4] =
    [due!("district = $1"), due!("left(area, 9) = $1"), due!("left(area, 12) = $1"), due!("area = $1")];

/// Those whose visits are due before an instant, first what is due first.
pub async fn due(
    pool: &PgPool,
    placed: &Placed,
    until: DateTime<Utc>,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Walked, sqlx::Error> {
    let (sql, lead) = pick(&DUE, placed);
    let (at, id) = after.unwrap_or((DateTime::<Utc>::UNIX_EPOCH, Uuid::nil()));
    sqlx::query_as(sql).bind(lead).bind(at).bind(id).bind(until).bind(limit).fetch_all(asked(pool)).await
}

/// Those of an area by area, after one.
pub async fn list(pool: &PgPool, area: &str, after: Option<Walk>, limit: i64) -> Result<Walked, sqlx::Error> {
    let last = counted::last_of(area);
    let (area, id) = after.unwrap_or_else(|| (area.to_owned(), Uuid::nil()));
    sqlx::query_as(LIST).bind(area).bind(id).bind(last).bind(limit).fetch_all(asked(pool)).await
}

/// How many there are, and how many of them were visited from an instant on, or ever.
pub async fn coverage(
    pool: &PgPool,
    placed: &Placed,
    since: Option<DateTime<Utc>>,
    after: Option<Walk>,
) -> Result<Counted<Count, Walk>, sqlx::Error> {
    let since = since.unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
    counted::count(pool, COVERAGE, placed, after, |query| query.bind(since)).await
}
