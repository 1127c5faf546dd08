//! The record of who read names and phones.

use chrono::{DateTime, Utc};
use huying_chassis::db::asked;
use sqlx::{FromRow, PgPool};
use uuid::Uuid;

use crate::domain::{
    read::{Read, ReadKind, ReadOf, Reader, Reads, Shown},
    wanted::Cursor,
};

pub(crate) const KEEP: &str = "
    insert into read_record (id, at, forget_at, district, kind, whose, issuer, subject, roles, unit, rpc, name, phone, other)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
pub(crate) const FORGET: &str = "select forget_reads($1)";

macro_rules! list {
    ($leads:literal) => {
        concat!(
            "select id, at, district, kind, whose, issuer, subject, roles, unit, rpc, name, phone, other from read_record
              where district = $1 and (at, id) < ($2, $3) and at >= $4",
            $leads,
            " order by at desc, id desc limit $5"
        )
    };
}

// One statement for each index.
pub(crate) const LIST: &str = list!("");
pub(crate) const LIST_WHOSE: &str = list!(" and whose = $6");
pub(crate) const LIST_SUBJECT: &str = list!(" and subject = $6");

#[derive(FromRow)]
struct Row {
    id: Uuid,
    at: DateTime<Utc>,
    district: String,
    kind: String,
    whose: Uuid,
    issuer: String,
    subject: String,
    roles: Vec<String>,
    unit: Option<String>,
    rpc: String,
    name: bool,
    phone: bool,
    other: bool,
}

impl TryFrom<Row> for Read {
    type Error = sqlx::Error;

    fn try_from(row: Row) -> Result<Self, sqlx::Error> {
        let Row { id, at, district, kind, whose, issuer, subject, roles, unit, rpc, name, phone, other } =
            row;
        let kind: ReadKind = kind.parse().map_err(|error| sqlx::Error::Decode(Box::new(error)))?;
        let by = Reader { issuer, subject, roles, unit };
        Ok(Self {
            id,
            at,
            by,
            of: ReadOf { kind, id: whose, district },
            rpc,
            shown: Shown { name, phone, other },
        })
    }
}

/// Keeps one until an instant.
pub async fn keep(pool: &PgPool, read: &Read, until: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let Read { id, at, by, of, rpc, shown } = read;
    sqlx::query(KEEP)
        .bind(id)
        .bind(at)
        .bind(until)
        .bind(&of.district)
        .bind(of.kind.name())
        .bind(of.id)
        .bind(&by.issuer)
        .bind(&by.subject)
        .bind(&by.roles)
        .bind(&by.unit)
        .bind(rpc)
        .bind(shown.name)
        .bind(shown.phone)
        .bind(shown.other)
        .execute(asked(pool))
        .await?;
    Ok(())
}

/// Forgets those of these whose time is over by the database's clock: their owner does (migrations/0133_forget_reads.sql), since whoever has the
/// service's login must not erase who read.
pub async fn forget(pool: &PgPool, ids: &[Uuid]) -> Result<(), sqlx::Error> {
    sqlx::query(FORGET).bind(ids).execute(asked(pool)).await?;
    Ok(())
}

/// The newest first. Of those that are asked for by whose and by whom, the latter is looked at afterwards: one thing is read a bounded number
/// of times a day, a reader reads all day.
pub async fn list(
    pool: &PgPool,
    wanted: &Reads,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Read>, sqlx::Error> {
    let (at, id) = after.unwrap_or((wanted.until.unwrap_or(DateTime::<Utc>::MAX_UTC), Uuid::nil()));
    let from = wanted.from.unwrap_or(DateTime::<Utc>::UNIX_EPOCH);
    let statement = match (&wanted.whose, &wanted.subject) {
        (Some(_), _) => LIST_WHOSE,
        (None, Some(_)) => LIST_SUBJECT,
        (None, None) => LIST,
    };
    let query = sqlx::query_as(statement).bind(&wanted.district).bind(at).bind(id).bind(from).bind(limit);
    let query = match (wanted.whose, &wanted.subject) {
        (Some(whose), _) => query.bind(whose),
        (None, Some(subject)) => query.bind(subject),
        (None, None) => query,
    };
    let rows: Vec<Row> = query.fetch_all(asked(pool)).await?;
    rows.into_iter().map(Read::try_from).collect()
}
