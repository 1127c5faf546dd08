//! Finding visits, and counting them.

use chrono::{DateTime, Utc};
use huying_chassis::{db::asked, log::Versioned};
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use super::{
    counted::MOST,
    newest::{self, Lists, by_lead, newest},
};
use crate::domain::{
    counted::{Counted, VisitCount},
    visit::Visit,
    wanted::{Cursor, Newest},
};

macro_rules! listed {
    ($lead:literal) => {
        newest!("id, version, shape, hash, body", "visit", "visited_at", "", $lead)
    };
}

pub(super) const LISTS: Lists = by_lead!(listed);

macro_rules! counts {
    ($lead:literal) => {
        concat!(
            "with looked as (",
            newest!("area, kind, night, requests, risks, visited_at, id", "visit", "visited_at", "", $lead),
            ") select left(area, $8) as area, kind, count(*) as visits, count(*) filter (where night) as nights,
                      sum(requests)::int8 as requests, sum(risks)::int8 as risks, (select count(*) from looked) as looked,
                      (select visited_at from looked order by visited_at, id limit 1) as last_at,
                      (select id from looked order by visited_at, id limit 1) as last_id
                 from looked group by 1, 2 order by 1, 2"
        )
    };
}

pub(super) const COUNTS: Lists = by_lead!(counts);

// By the index `visit_archive`: who was forgotten is not in it.
pub(crate) const KNOWN: &str = r#"
    select id, version, shape, hash, body from visit
     where body ->> 'archive' = $1 and (body -> 'visited') - 'priority' <> '{"name": "", "address": "", "contact": "", "code": ""}'::jsonb
     order by id limit $2"#;

#[derive(FromRow)]
struct Row {
    area: String,
    kind: String,
    visits: i64,
    nights: i64,
    requests: i64,
    risks: i64,
    looked: i64,
    last_at: DateTime<Utc>,
    last_id: Uuid,
}

/// The newest first. What of it is not wanted is left to whoever asks.
pub async fn list(
    pool: &PgPool,
    wanted: &Newest,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Versioned<Visit>>, sqlx::Error> {
    let (sql, [one, two, three]) = LISTS.led(wanted);
    let (at, id) = newest::after(wanted, after);
    let from = wanted.from.unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
    sqlx::query_as(sql)
        .bind(one)
        .bind(two)
        .bind(three)
        .bind(at)
        .bind(id)
        .bind(from)
        .bind(limit)
        .fetch_all(asked(pool))
        .await
}

/// Counts on, from where an answer ended.
pub async fn count(
    pool: &PgPool,
    wanted: &Newest,
    after: Option<Cursor>,
) -> Result<Counted<VisitCount, Cursor>, sqlx::Error> {
    let (sql, [one, two, three]) = COUNTS.led(wanted);
    let (at, id) = newest::after(wanted, after);
    let from = wanted.from.unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
    let query = sqlx::query_as(sql).bind(one).bind(two).bind(three).bind(at).bind(id).bind(from);
    let query = query.bind(MOST);
    let rows: Vec<Row> = query.bind(wanted.placed.below()).fetch_all(asked(pool)).await?;
    let next = rows.first().filter(|row| row.looked >= MOST).map(|row| (row.last_at, row.last_id));
    let rows = rows.into_iter().filter(|row| wanted.placed.contains(&row.area));
    let one = |Row { area, kind, visits, nights, requests, risks, .. }| VisitCount {
        area,
        kind,
        visits,
        nights,
        requests,
        risks,
    };
    Ok(Counted { counts: rows.map(one).collect(), next })
}

/// The visits of an archive that know still who was visited, the oldest first.
pub async fn known(pool: &PgPool, archive: Uuid, limit: i64) -> Result<Vec<Versioned<Visit>>, sqlx::Error> {
    sqlx::query_as(KNOWN).bind(archive.to_string()).bind(limit).fetch_all(asked(pool)).await
}
