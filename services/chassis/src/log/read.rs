//! Reading: rows by id, entries by aggregate or by position.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use sqlx::{AssertSqlSafe, FromRow, PgConnection, PgPool, types::Json};
use uuid::Uuid;

use super::{Actor, Aggregate, Log, Versioned};

/// One entry of the log.
#[derive(Clone, Debug, FromRow)]
pub struct Entry {
    pub id: Uuid,
    pub kind: String,
    pub aggregate: Uuid,
    pub version: i64,
    pub district: String,
    pub at: DateTime<Utc>,
    #[sqlx(json)]
    pub actor: Actor,
    pub traceparent: Option<String>,
    #[sqlx(json)]
    pub change: Box<RawValue>,
    #[sqlx(json)]
    pub about: Box<RawValue>,
    /// The transaction that wrote it.
    #[sqlx(try_from = "i64")]
    pub xid: Transaction,
    pub seq: i64,
}

/// A transaction's number (xid8). PostgreSQL has no plain integer type for it; it fits one for the next ten thousand years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transaction(pub i64);

impl From<i64> for Transaction {
    fn from(number: i64) -> Self {
        Self(number)
    }
}

/// Where an entry stands in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub xid: Transaction,
    pub seq: i64,
}

impl Entry {
    pub fn position(&self) -> Position {
        Position { xid: self.xid, seq: self.seq }
    }

    /// Decodes the change and the face.
    ///
    /// # Errors
    /// When the entry is not one of `A`'s, or was written by a newer version that says more.
    pub fn decode<A: Aggregate>(&self) -> Result<(A::Change, A::About), serde_json::Error> {
        Ok((serde_json::from_str(self.change.get())?, serde_json::from_str(self.about.get())?))
    }
}

const COLUMNS: &str = "id, kind, aggregate, version, district, at, actor, traceparent, change, about, xid::text::int8 as xid, seq";

/// Entries of one aggregate from a version on, in version order.
pub async fn entries_of(
    pool: &PgPool,
    aggregate: Uuid,
    from: i64,
    limit: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    let sql =
        format!("select {COLUMNS} from log where aggregate = $1 and version >= $2 order by version limit $3");
    sqlx::query_as(AssertSqlSafe(sql)).bind(aggregate).bind(from).bind(limit).fetch_all(pool).await
}

/// The end of the log, as a relay sees it.
pub struct Tail {
    /// Behind the horizon: below the oldest transaction still running, so that none can commit before them.
    pub entries: Vec<Entry>,
    /// Whether there are more, committed, that the horizon holds back.
    pub held_back: bool,
}

/// What comes after a position, in its order.
pub async fn tail(connection: &mut PgConnection, after: Position, limit: usize) -> Result<Tail, sqlx::Error> {
    #[derive(FromRow)]
    struct Row {
        #[sqlx(flatten)]
        entry: Entry,
        settled: bool,
    }
    let sql = format!(
        "select {COLUMNS}, xid < (select pg_snapshot_xmin(pg_current_snapshot())) as settled from log
          where (xid, seq) > ($1::text::xid8, $2) order by log.xid, log.seq limit $3"
    );
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(after.xid.0.to_string())
        .bind(after.seq)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    let held_back = rows.last().is_some_and(|row| !row.settled);
    let entries = rows.into_iter().take_while(|row| row.settled).map(|row| row.entry).collect();
    Ok(Tail { entries, held_back })
}

/// Who changed after a position, behind the horizon: kind, aggregate, version, position of each entry.
pub async fn headers_after(
    pool: &PgPool,
    after: Position,
    limit: i64,
) -> Result<Vec<(String, Uuid, i64, Position)>, sqlx::Error> {
    let rows: Vec<(String, Uuid, i64, i64, i64)> = sqlx::query_as(
        "select kind, aggregate, version, xid::text::int8, seq from log
          where (xid, seq) > ($1::text::xid8, $2) and xid < pg_snapshot_xmin(pg_current_snapshot())
          order by log.xid, log.seq limit $3",
    )
    .bind(after.xid.0.to_string())
    .bind(after.seq)
    .bind(limit)
    .fetch_all(pool)
    .await?;
    let headers = rows.into_iter().map(|(kind, aggregate, version, xid, seq)| {
        (kind, aggregate, version, Position { xid: Transaction(xid), seq })
    });
    Ok(headers.collect())
}

impl Log {
    /// An aggregate as it is now.
    pub async fn load<A: Aggregate>(&self, id: Uuid) -> Result<Option<Versioned<A>>, sqlx::Error> {
        let row: Option<(i64, Json<A>)> =
            sqlx::query_as(AssertSqlSafe(format!("select version, body from \"{}\" where id = $1", A::KIND)))
                .bind(id)
                .fetch_optional(&self.pool)
                .await?;
        Ok(row.map(|(version, Json(it))| Versioned { id, version, it }))
    }

    /// Several aggregates as they are now, in the order of the ids; those that are not there are left out.
    pub async fn load_all<A: Aggregate>(&self, ids: &[Uuid]) -> Result<Vec<Versioned<A>>, sqlx::Error> {
        let sql = format!(
            "select t.id, t.version, t.body from unnest($1::uuid[]) with ordinality as n (id, place) join \"{}\" t using (id) order by n.place",
            A::KIND
        );
        let rows: Vec<(Uuid, i64, Json<A>)> =
            sqlx::query_as(AssertSqlSafe(sql)).bind(ids).fetch_all(&self.pool).await?;
        Ok(rows.into_iter().map(|(id, version, Json(it))| Versioned { id, version, it }).collect())
    }

    /// Which aggregate a request id has already changed.
    pub async fn replayed(&self, request_id: Uuid) -> Result<Option<Uuid>, sqlx::Error> {
        sqlx::query_scalar("select aggregate from log where request_id = $1")
            .bind(request_id)
            .fetch_optional(&self.pool)
            .await
    }

    /// An aggregate with the aggregate that a request id has already changed, if any: one round trip for a step.
    pub(super) async fn load_for_step<A: Aggregate>(
        &self,
        id: Uuid,
        request_id: Option<Uuid>,
    ) -> Result<Option<(Versioned<A>, Option<Uuid>)>, sqlx::Error> {
        let sql = format!(
            "select version, body, (select aggregate from log where request_id = $2) from \"{}\" where id = $1",
            A::KIND
        );
        let row: Option<(i64, Json<A>, Option<Uuid>)> =
            sqlx::query_as(AssertSqlSafe(sql)).bind(id).bind(request_id).fetch_optional(&self.pool).await?;
        Ok(row.map(|(version, Json(it), replayed)| (Versioned { id, version, it }, replayed)))
    }
}
