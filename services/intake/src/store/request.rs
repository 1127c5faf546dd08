//! Looking requests up.

use chrono::{DateTime, Utc};
use huying_chassis::{db::asked, log::Versioned};
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::{
    channel::Channel,
    request::Request,
    state::State,
    wanted::{Cursor, Requests},
};

pub(crate) const BY_NUMBER: &str = "select id, version, shape, hash, body from request where number = $1";
// One statement for each index: a page costs the same however many requests there are.
pub(crate) const LIST: &str = "
    select id, version, shape, hash, body from request
     where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5)
     order by submitted_at desc, id desc limit $4";
pub(crate) const LIST_STATE: &str = "
    select id, version, shape, hash, body from request
     where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and state = $6
     order by submitted_at desc, id desc limit $4";
pub(crate) const LIST_OWING: &str = "
    select id, version, shape, hash, body from request
     where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6) and owing_unit = $7
     order by submitted_at desc, id desc limit $4";
// By the index `request_flagged`; which flag is looked at afterwards, so that a page costs the same however common one is.
pub(crate) const LIST_FLAGGED: &str = "
    select id, version, shape, hash, body from request
     where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6)
       and ($7::text is null or owing_unit = $7) and body ? 'flags'
     order by submitted_at desc, id desc limit $4";

pub async fn by_number(pool: &PgPool, number: &str) -> Result<Option<Versioned<Request>>, sqlx::Error> {
    sqlx::query_as(BY_NUMBER).bind(number).fetch_optional(asked(pool)).await
}

/// Newest first.
pub async fn list(
    pool: &PgPool,
    wanted: &Requests,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Versioned<Request>>, sqlx::Error> {
    let statement = match (wanted.flag, &wanted.owing_unit, wanted.state) {
        (Some(_), _, _) => LIST_FLAGGED,
        (None, Some(_), _) => LIST_OWING,
        (None, None, Some(_)) => LIST_STATE,
        (None, None, None) => LIST,
    };
    let (at, id) = after.unwrap_or((DateTime::<Utc>::MAX_UTC, Uuid::max()));
    let mut query = sqlx::query_as(statement)
        .bind(&wanted.district)
        .bind(at)
        .bind(id)
        .bind(limit)
        .bind(wanted.channel.map(Channel::name));
    if statement != LIST {
        query = query.bind(wanted.state.map(State::name));
    }
    if statement == LIST_OWING || statement == LIST_FLAGGED {
        query = query.bind(&wanted.owing_unit);
    }
    query.fetch_all(asked(pool)).await
}

/// Answers that are owed, as the index `request_owed` has them.
pub(crate) const OWED: &str = "owing_unit is not null";

pub(crate) const DUTIES: &str = "
    select * from (
        select one.unit, (select count(*) from request where district = $1 and owing_unit = one.unit) as duties
          from unnest($2::text[]) as one(unit)
    ) as each
     where duties > 0 order by unit";

/// How many answers each of these units owes, of those that owe any.
pub async fn duties(
    pool: &PgPool,
    district: &str,
    units: &[String],
) -> Result<Vec<(String, i64)>, sqlx::Error> {
    sqlx::query_as(DUTIES).bind(district).bind(units).fetch_all(asked(pool)).await
}
