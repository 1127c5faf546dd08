//! Finding cards.

use huying_chassis::{db::asked, log::Versioned};
use sqlx::PgPool;
use uuid::Uuid;

use crate::domain::{
    card::{Card, CardState},
    wanted::Cards,
};

pub(crate) const BY_CODE: &str =
    "select id, version, shape, hash, body from card where code = $1 order by id limit 1";
// One statement for each index. Areas that begin with a code lie between it and the code with a letter behind it.
pub(crate) const LIST: &str = "
    select id, version, shape, hash, body from card
     where district = $1 and area collate \"C\" >= $2 and area collate \"C\" < $2 || 'a' and (area collate \"C\", id) > ($3, $4)
     order by area collate \"C\", id limit $5";
pub(crate) const LIST_STATE: &str = "
    select id, version, shape, hash, body from card
     where district = $1 and state = $6 and area collate \"C\" >= $2 and area collate \"C\" < $2 || 'a' and (area collate \"C\", id) > ($3, $4)
     order by area collate \"C\", id limit $5";
pub(crate) const LIST_BATCH: &str = "
    select id, version, shape, hash, body from card
     where batch = $6 and district = $1 and area collate \"C\" >= $2 and area collate \"C\" < $2 || 'a' and (area collate \"C\", id) > ($3, $4)
       and ($7::text is null or state = $7)
     order by area collate \"C\", id limit $5";

pub async fn by_code(pool: &PgPool, code: &str) -> Result<Option<Versioned<Card>>, sqlx::Error> {
    sqlx::query_as(BY_CODE).bind(code).fetch_optional(asked(pool)).await
}

/// By area, oldest first, after one.
pub async fn list(
    pool: &PgPool,
    wanted: &Cards,
    (area, id): (&str, Uuid),
    limit: i64,
) -> Result<Vec<Versioned<Card>>, sqlx::Error> {
    let state = wanted.state.map(CardState::name);
    let sql = match (wanted.batch, state) {
        (Some(_), _) => LIST_BATCH,
        (None, Some(_)) => LIST_STATE,
        (None, None) => LIST,
    };
    let list = sqlx::query_as(sql).bind(&wanted.district).bind(&wanted.area).bind(area).bind(id).bind(limit);
    match (wanted.batch, state) {
        (Some(batch), state) => list.bind(batch).bind(state).fetch_all(asked(pool)).await,
        (None, Some(state)) => list.bind(state).fetch_all(asked(pool)).await,
        (None, None) => list.fetch_all(asked(pool)).await,
    }
}
