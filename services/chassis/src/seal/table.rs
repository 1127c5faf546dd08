//! The table of data keys, of a service that seals: `data_key`, a row for each, wrapped. Rows are written and deleted in the commit of the
//! change that they belong to ([`KEYS`] stands before the statement that writes the log), and no entry of the log has one.

use sqlx::PgPool;
use uuid::Uuid;

use super::Wrapped;
use crate::db::{PAGE, asked, asked_within};

/// A data key as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    pub id: Uuid,
    pub wrapped: Wrapped,
    /// The keyed hash by which what it seals is found again: it goes with the key.
    pub found_by: Option<[u8; 32]>,
}

/// What is written and destroyed with a change: `$12` to `$16` the new keys, `$17` the aggregates that are forgotten.
pub(crate) const KEYS: &str = "
    with new_key as (
        insert into data_key (aggregate, id, kek, wrapped, found_by)
        select * from unnest($12::uuid[], $13::uuid[], $14::text[], $15::bytea[], $16::bytea[])),
    destroyed as (delete from data_key where aggregate = any ($17::uuid[]))";

pub const OPEN: &str = "
    select k.aggregate, k.id, k.kek, k.wrapped
      from unnest($1::uuid[], $2::uuid[]) as n (aggregate, id)
     cross join lateral (select * from data_key where aggregate = n.aggregate and id = n.id offset 0) k";

// Those asked for that are used, and some of the others: steps from one name to the next in the index, no more than there are to be told.
pub const USED: &str = "
    with recursive used (kek) as (
        (select kek from data_key order by kek limit 1)
        union all
        select (select k.kek from data_key k where k.kek > u.kek order by k.kek limit 1) from used u where u.kek is not null)
    select kek from unnest($1::text[]) as known (kek) where exists (select from data_key k where k.kek = known.kek)
    union all
    (select kek from used where kek <> all ($1::text[]) limit $2)";

// Whatever key they name: what stands there is not believed.
pub const AFTER: &str = "
    select aggregate, id, kek, wrapped from data_key
     where (aggregate, id) > ($1, $2) order by aggregate, id limit $3";

// Only as it was read: another replica may rotate too, and what was forgotten meanwhile stays so.
pub const REWRAP: &str = "
    update data_key k set kek = $1, wrapped = n.wrapped
      from unnest($2::uuid[], $3::uuid[], $4::text[], $5::bytea[]) as n (aggregate, id, before, wrapped)
     where k.aggregate = n.aggregate and k.id = n.id and k.kek = n.before";

/// Every statement by name: the test of a service that seals prepares each.
pub const ALL: &[(&str, &str)] =
    &[("seal::OPEN", OPEN), ("seal::USED", USED), ("seal::AFTER", AFTER), ("seal::REWRAP", REWRAP)];

/// A row: whose, its id, and the key.
pub(super) type Found = (Uuid, Uuid, Wrapped);

type Columns = (Uuid, Uuid, String, Vec<u8>);

fn found(rows: Vec<Columns>) -> Vec<Found> {
    rows.into_iter().map(|(aggregate, id, by, bytes)| (aggregate, id, Wrapped { by, bytes })).collect()
}

/// Those of these keys, by aggregate and id, that are there.
pub(super) async fn keys(pool: &PgPool, wanted: &[(Uuid, Uuid)]) -> Result<Vec<Found>, sqlx::Error> {
    let rows = sqlx::query_as(OPEN)
        .bind(wanted.iter().map(|(aggregate, _)| *aggregate).collect::<Vec<_>>())
        .bind(wanted.iter().map(|(_, id)| *id).collect::<Vec<_>>())
        .fetch_all(asked(pool));
    Ok(found(rows.await?))
}

/// The names of the key-encryption keys that wrap any: of these all, of others at most so many.
pub(super) async fn used(pool: &PgPool, known: &[String], others: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar(USED).bind(known).bind(others).fetch_all(asked(pool)).await
}

/// Some after one of them, in the order of aggregates and ids.
pub(super) async fn after(
    pool: &PgPool,
    (aggregate, id): (Uuid, Uuid),
    limit: i64,
) -> Result<Vec<Found>, sqlx::Error> {
    let rows = sqlx::query_as(AFTER).bind(aggregate).bind(id).bind(limit).fetch_all(asked_within(pool, PAGE));
    Ok(found(rows.await?))
}

/// Writes the same keys wrapped by another; how many were as they had been read.
pub(super) async fn rewrap(
    pool: &PgPool,
    kek: &str,
    rows: &[(Uuid, Uuid, String, Vec<u8>)],
) -> Result<u64, sqlx::Error> {
    let done = sqlx::query(REWRAP)
        .bind(kek)
        .bind(rows.iter().map(|row| row.0).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.1).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.2.as_str()).collect::<Vec<_>>())
        .bind(rows.iter().map(|row| row.3.as_slice()).collect::<Vec<_>>())
        .execute(asked_within(pool, PAGE));
    Ok(done.await?.rows_affected())
}
