//! Requests, as far as they are counted; and what is counted by the door that a request came by.

use std::collections::{BTreeMap, HashMap};

use sqlx::{FromRow, PgConnection, types::Json};
use uuid::Uuid;

use super::figure::{Zones, text};
use crate::domain::figure::{Cells, Channel, Posting, post, received::Received};

pub(crate) const THESE: &str = "select id, body, counted from received where id = any ($1)";
pub(crate) const KEEP: &str = "
    insert into received (id, body, counted)
    select n.id, n.body::jsonb, n.counted::jsonb from unnest($1::uuid[], $2::text[], $3::text[]) as n (id, body, counted)
    on conflict (id) do update set body = excluded.body, counted = excluded.counted";
pub(crate) const CHANNELS: &str =
    "select id, body ->> 'channel' from received where id = any ($1) and body ->> 'channel' is not null";
/// By course_request: those that were counted before their first request was known.
pub(crate) const CASES_OF: &str =
    "select id from course where body ->> 'request' = any ($1) and body ->> 'channel' is null";
/// By callback_request: the same of callbacks, which are counted next then.
pub(crate) const CALLBACKS_OF: &str = "
    update callback set counted_version = 0
     where body ->> 'request' = any ($1) and counted_version > 0 and channel is null";

/// A request as it is kept, and what it has added.
#[derive(FromRow)]
struct Kept {
    id: Uuid,
    body: Json<Received>,
    counted: Json<Vec<Posting>>,
}

/// Keeps requests, and what they add now instead of what they added before.
///
/// # Errors
/// The database is away.
pub async fn keep(
    connection: &mut PgConnection,
    received: &BTreeMap<Uuid, Received>,
    zones: &Zones,
    cells: &mut Cells,
) -> Result<(), sqlx::Error> {
    if received.is_empty() {
        return Ok(());
    }
    let ids: Vec<Uuid> = received.keys().copied().collect();
    let before: Vec<Kept> = sqlx::query_as(THESE).bind(&ids).fetch_all(&mut *connection).await?;
    for Kept { body: Json(earlier), counted: Json(added), .. } in &before {
        post(cells, &earlier.district, added, -1);
    }
    let (mut bodies, mut counted) = (Vec::new(), Vec::new());
    for it in received.values() {
        let postings = it.postings(zones(it.district.clone()).await);
        post(cells, &it.district, &postings, 1);
        bodies.push(text(it)?);
        counted.push(text(&postings)?);
    }
    sqlx::query(KEEP).bind(ids).bind(bodies).bind(counted).execute(connection).await?;
    Ok(())
}

/// Some of them.
///
/// # Errors
/// The database is away.
pub async fn these(
    connection: &mut PgConnection,
    ids: &[Uuid],
) -> Result<BTreeMap<Uuid, Received>, sqlx::Error> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let kept: Vec<Kept> = sqlx::query_as(THESE).bind(ids).fetch_all(connection).await?;
    Ok(kept.into_iter().map(|it| (it.id, it.body.0)).collect())
}

/// The doors that requests came by, as far as they are known.
///
/// # Errors
/// The database is away.
pub async fn channels(
    connection: &mut PgConnection,
    requests: Vec<Uuid>,
) -> Result<HashMap<Uuid, Channel>, sqlx::Error> {
    if requests.is_empty() {
        return Ok(HashMap::new());
    }
    let known: Vec<(Uuid, String)> = sqlx::query_as(CHANNELS).bind(requests).fetch_all(connection).await?;
    Ok(known.into_iter().filter_map(|(id, name)| Some((id, name.parse().ok()?))).collect())
}

/// The cases that were counted before these, their first requests, were known. Callbacks that were are counted next.
///
/// # Errors
/// The database is away.
pub async fn cases_of(
    connection: &mut PgConnection,
    received: &BTreeMap<Uuid, Received>,
) -> Result<Vec<Uuid>, sqlx::Error> {
    if received.is_empty() {
        return Ok(Vec::new());
    }
    let requests: Vec<String> = received.keys().map(Uuid::to_string).collect();
    sqlx::query(CALLBACKS_OF).bind(&requests).execute(&mut *connection).await?;
    sqlx::query_scalar(CASES_OF).bind(requests).fetch_all(connection).await
}
