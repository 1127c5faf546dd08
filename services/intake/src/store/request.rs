//! Looking requests up.

use chrono::{DateTime, Utc};
use huying_chassis::log::Versioned;
use sqlx::{PgPool, types::Json};
use uuid::Uuid;

use crate::domain::{
    profile::Channel,
    request::{Request, Submission},
    state::State,
};

type Row = (Uuid, i64, Json<Request>);
/// Where a page begins: after the request submitted then, with this id.
pub type Cursor = (DateTime<Utc>, Uuid);

pub(crate) const BY_EXTERNAL_ID: &str =
    "select id, version, body from request where district = $1 and channel = $2 and external_id = $3";
pub(crate) const BY_NUMBER: &str = "select id, version, body from request where number = $1";
// One statement for each index: a page costs the same however many requests there are.
pub(crate) const LIST: &str = "
    select id, version, body from request
     where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5)
     order by submitted_at desc, id desc limit $4";
pub(crate) const LIST_STATE: &str = "
    select id, version, body from request
     where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and state = $6
     order by submitted_at desc, id desc limit $4";
pub(crate) const LIST_OWING: &str = "
    select id, version, body from request
     where district = $1 and (submitted_at, id) < ($2, $3) and ($5::text is null or channel = $5) and ($6::text is null or state = $6) and owing_unit = $7
     order by submitted_at desc, id desc limit $4";

/// Which requests are wanted.
#[derive(Clone, Debug)]
pub struct Filter {
    pub district: String,
    pub state: Option<State>,
    pub channel: Option<Channel>,
    pub owing_unit: Option<String>,
}

fn versioned((id, version, Json(it)): Row) -> Versioned<Request> {
    Versioned { id, version, it }
}

pub async fn by_external_id(
    pool: &PgPool,
    submission: &Submission,
) -> Result<Option<Versioned<Request>>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(BY_EXTERNAL_ID)
        .bind(&submission.district)
        .bind(submission.channel.name())
        .bind(&submission.external_id)
        .fetch_optional(pool)
        .await?;
    Ok(row.map(versioned))
}

pub async fn by_number(pool: &PgPool, number: &str) -> Result<Option<Versioned<Request>>, sqlx::Error> {
    let row: Option<Row> = sqlx::query_as(BY_NUMBER).bind(number).fetch_optional(pool).await?;
    Ok(row.map(versioned))
}

/// Newest first.
pub async fn list(
    pool: &PgPool,
    filter: &Filter,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Versioned<Request>>, sqlx::Error> {
    let statement = match (&filter.owing_unit, filter.state) {
        (Some(_), _) => LIST_OWING,
        (None, Some(_)) => LIST_STATE,
        (None, None) => LIST,
    };
    let (at, id) = after.unwrap_or((DateTime::<Utc>::MAX_UTC, Uuid::max()));
    let mut query = sqlx::query_as::<_, Row>(statement)
        .bind(&filter.district)
        .bind(at)
        .bind(id)
        .bind(limit)
        .bind(filter.channel.map(Channel::name));
    if filter.state.is_some() || filter.owing_unit.is_some() {
        query = query.bind(filter.state.map(State::name));
    }
    if let Some(unit) = &filter.owing_unit {
        query = query.bind(unit);
    }
    Ok(query.fetch_all(pool).await?.into_iter().map(versioned).collect())
}
