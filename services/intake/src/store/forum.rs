//! Finding and counting forums.

use chrono::{DateTime, Utc};
use huying_chassis::{db::asked, log::Versioned};
use sqlx::PgPool;
use uuid::Uuid;

use super::within::{by_area, pick};
use crate::domain::{
    counted::ForumCount,
    forum::Forum,
    wanted::{ForumCursor, Placed},
};

/// Forums that are looked at for one answer.
const MOST: i64 = 10_000;

pub(crate) const LIST: [&str; 4] = by_area!(
    "select id, version, shape, hash, body from forum where ",
    " = $1 and (held_at, id) < ($2, $3) order by held_at desc, id desc limit $4"
);
pub(crate) const COUNT: [&str; 4] = by_area!(
    "select body ->> 'kind' as kind, count(*) as forums,
            coalesce(sum(jsonb_array_length(body -> 'participants')), 0)::bigint as participants,
            coalesce(sum(jsonb_array_length(body -> 'requests')), 0)::bigint as requests,
            coalesce(sum(jsonb_array_length(body -> 'offers')), 0)::bigint as offers
       from (select body from forum where ",
    " = $1 and held_at >= $2 and held_at < $3 order by held_at desc, id desc limit $4) as counted
      group by 1 order by 1"
);

/// Held last first.
pub async fn list(
    pool: &PgPool,
    within: &Placed,
    after: Option<ForumCursor>,
    limit: i64,
) -> Result<Vec<Versioned<Forum>>, sqlx::Error> {
    let (statement, area) = pick(&LIST, within);
    let (at, id) = after.unwrap_or((DateTime::<Utc>::MAX_UTC, Uuid::max()));
    sqlx::query_as(statement).bind(area).bind(at).bind(id).bind(limit).fetch_all(asked(pool)).await
}

/// Those held in a time, by kind; and whether there are more than were looked at.
pub async fn count(
    pool: &PgPool,
    within: &Placed,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<(Vec<ForumCount>, bool), sqlx::Error> {
    let (statement, area) = pick(&COUNT, within);
    let counted: Vec<(String, i64, i64, i64, i64)> =
        sqlx::query_as(statement).bind(area).bind(from).bind(to).bind(MOST).fetch_all(asked(pool)).await?;
    let count = |(kind, forums, participants, requests, offers)| ForumCount {
        kind,
        forums,
        participants,
        requests,
        offers,
    };
    let counted: Vec<ForumCount> = counted.into_iter().map(count).collect();
    let more = counted.iter().map(|it| it.forums).sum::<i64>() >= MOST;
    Ok((counted, more))
}
