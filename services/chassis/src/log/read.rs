//! Reading: rows by id, entries by aggregate or by position.

use std::{
    fmt::{self, Display, Formatter},
    str::FromStr,
};

use sqlx::{AssertSqlSafe, FromRow, PgConnection, PgPool, Row, postgres::PgRow};
use uuid::Uuid;

use super::{Aggregate, Entry, Hash, Log, Versioned};
use crate::db::{self, asked, asked_within};

/// A transaction's number (xid8). PostgreSQL has no plain integer type for it; it fits one for the next ten thousand years.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Transaction(pub i64);

/// Where an entry stands in the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    pub epoch: i64,
    pub xid: Transaction,
    pub seq: i64,
}

/// As callers keep it: a watch's cursor.
impl Display for Position {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.epoch, self.xid.0, self.seq)
    }
}

/// What [`Display`] wrote.
impl FromStr for Position {
    type Err = NoPosition;

    fn from_str(text: &str) -> Result<Self, NoPosition> {
        let numbers: Option<Vec<i64>> =
            text.splitn(4, '-').map(|text| text.parse().ok().filter(|number| *number >= 0)).collect();
        match numbers.as_deref() {
            Some([epoch, xid, seq]) => Ok(Self { epoch: *epoch, xid: Transaction(*xid), seq: *seq }),
            Some(_) | None => Err(NoPosition),
        }
    }
}

/// It is no place in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no place in a log")]
pub struct NoPosition;

impl FromRow<'_, PgRow> for Position {
    fn from_row(row: &PgRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            epoch: row.try_get("epoch")?,
            xid: Transaction(row.try_get("xid")?),
            seq: row.try_get("seq")?,
        })
    }
}

/// An entry's columns. The transaction's number is read as a plain number under the column's own name: where the column itself is meant,
/// it is written `log.xid`. An instant that this program cannot count (`infinity`) is read as another one that no entry has, so that it is
/// that entry's fault, whose hash it does not fit, and ends nothing else.
macro_rules! columns {
    () => {
        "id, kind, aggregate, version, district, unit, least(greatest(at, '0001-01-01'), '9999-12-31') as at, shape, entry, hash, epoch, xid::text::int8 as xid, seq"
    };
}
pub(super) use columns;

const COLUMNS: &str = columns!();

/// The snapshot horizon: the log's epoch, and the oldest transaction that is still running.
macro_rules! horizon {
    () => {
        "((select coalesce(max(number), 0) from epoch), (select pg_snapshot_xmin(pg_current_snapshot())))"
    };
}

/// Whether an entry is behind the snapshot horizon: its transaction is older than any still running, so none can commit before it. Those
/// of an older epoch always are. As a comparison of rows it ends a scan of the log's positions: what is held back is not read.
pub const BEHIND_HORIZON: &str = concat!("(epoch, log.xid) < ", horizon!());
const HELD_BACK: &str = concat!("(epoch, log.xid) >= ", horizon!());

/// Entries of one aggregate from a version on, in version order.
///
/// # Errors
/// The database is away.
pub async fn entries_of(
    pool: &PgPool,
    aggregate: Uuid,
    from: i64,
    limit: i64,
) -> Result<Vec<Entry>, sqlx::Error> {
    let sql =
        format!("select {COLUMNS} from log where aggregate = $1 and version >= $2 order by version limit $3");
    sqlx::query_as(AssertSqlSafe(sql)).bind(aggregate).bind(from).bind(limit).fetch_all(asked(pool)).await
}

/// The end of the log, as a relay sees it.
pub struct Tail {
    /// Behind the horizon.
    pub entries: Vec<Entry>,
    /// Whether what comes next is committed, but held back by the horizon. Not where there may be more to read at once.
    pub held_back: bool,
}

/// What comes after a position that is behind the horizon, in its order. Of what the horizon holds back no more than one entry is read,
/// however much it is: a relay asks again and again while it waits.
///
/// # Errors
/// The database is away.
pub async fn tail(connection: &mut PgConnection, after: Position, limit: usize) -> Result<Tail, sqlx::Error> {
    #[derive(FromRow)]
    struct Line {
        #[sqlx(flatten)]
        entry: Entry,
        behind_horizon: bool,
    }
    let sql = format!(
        "(select {COLUMNS}, true as behind_horizon from log
           where (epoch, log.xid, seq) > ($1, $2::text::xid8, $3) and {BEHIND_HORIZON} order by epoch, log.xid, seq limit $4)
         union all
         (select {COLUMNS}, false from log where {HELD_BACK} order by epoch, log.xid, seq limit 1)"
    );
    let lines: Vec<Line> = sqlx::query_as(AssertSqlSafe(sql))
        .bind(after.epoch)
        .bind(after.xid.0.to_string())
        .bind(after.seq)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(connection)
        .await?;
    let (behind, held_back): (Vec<_>, Vec<_>) = lines.into_iter().partition(|line| line.behind_horizon);
    Ok(Tail {
        held_back: behind.len() < limit && !held_back.is_empty(),
        entries: behind.into_iter().map(|line| line.entry).collect(),
    })
}

/// What changed, and where in the log.
#[derive(Clone, Debug, FromRow)]
pub struct Header {
    pub kind: String,
    pub aggregate: Uuid,
    pub version: i64,
    /// The entry's id.
    pub id: Uuid,
    #[sqlx(flatten)]
    pub position: Position,
}

/// Who changed after a position, behind the horizon.
///
/// # Errors
/// The database is away.
pub async fn headers_after(pool: &PgPool, after: Position, limit: i64) -> Result<Vec<Header>, sqlx::Error> {
    let sql = format!(
        "select kind, aggregate, version, id, epoch, xid::text::int8 as xid, seq from log
          where (epoch, log.xid, seq) > ($1, $2::text::xid8, $3) and {BEHIND_HORIZON}
          order by epoch, log.xid, seq limit $4"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(after.epoch)
        .bind(after.xid.0.to_string())
        .bind(after.seq)
        .bind(limit)
        .fetch_all(asked_within(pool, db::PAGE))
        .await
}

/// An entry by its place and its hash: all of it, where the hash is right, which [`chained`](super::chained) asks.
#[derive(Clone, Debug, FromRow)]
pub struct Sealed {
    #[sqlx(flatten)]
    pub header: Header,
    pub hash: Hash,
}

/// What comes after a position in the order of the log, behind the horizon.
///
/// # Errors
/// The database is away.
pub async fn sealed_after(
    connection: &mut PgConnection,
    after: Position,
    limit: i64,
) -> Result<Vec<Sealed>, sqlx::Error> {
    let sql = format!(
        "select kind, aggregate, version, id, hash, epoch, xid::text::int8 as xid, seq from log
          where (epoch, log.xid, seq) > ($1, $2::text::xid8, $3) and {BEHIND_HORIZON} order by epoch, log.xid, seq limit $4"
    );
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(after.epoch)
        .bind(after.xid.0.to_string())
        .bind(after.seq)
        .bind(limit)
        .fetch_all(connection)
        .await
}

/// The position of the last entry, behind the horizon or not; the beginning where there is none.
///
/// # Errors
/// The database is away.
pub async fn end(connection: &mut PgConnection) -> Result<Position, sqlx::Error> {
    let sql = "select epoch, xid::text::int8 as xid, seq from log order by epoch desc, log.xid desc, seq desc limit 1";
    Ok(sqlx::query_as(sql).fetch_optional(connection).await?.unwrap_or_default())
}

/// What is told to a unit.
#[derive(Clone, Debug, FromRow)]
pub struct ToldTo {
    #[sqlx(flatten)]
    pub header: Header,
    /// That it has the aggregate no longer.
    pub left: bool,
}

/// What is told to a unit, after a position and behind the horizon: what changes of what it has, and what leaves it.
///
/// # Errors
/// The database is away.
pub async fn told_to(
    pool: &PgPool,
    (district, unit): (&str, &str),
    after: Position,
    limit: i64,
) -> Result<Vec<ToldTo>, sqlx::Error> {
    // By the indexes log_unit and log_left, which hold just these in this order.
    let by = |unit: &str, left: bool| {
        format!(
            "(select kind, aggregate, version, id, epoch, xid::text::int8 as xid, seq, {left} as \"left\" from log
               where district = $1 and {unit} = $2 and (epoch, log.xid, seq) > ($3, $4::text::xid8, $5) and {BEHIND_HORIZON}
               order by epoch, log.xid, seq limit $6)"
        )
    };
    let (has, left) = (by("unit", false), by("left_unit", true));
    let sql = format!("{has} union all {left} order by epoch, xid, seq limit $6");
    sqlx::query_as(AssertSqlSafe(sql))
        .bind(district)
        .bind(unit)
        .bind(after.epoch)
        .bind(after.xid.0.to_string())
        .bind(after.seq)
        .bind(limit)
        .fetch_all(asked(pool))
        .await
}

/// Of some entries (aggregate, version, id) those that are not in the log, each with the newest entry of its aggregate.
///
/// # Errors
/// The database is away.
pub async fn missing(
    pool: &PgPool,
    entries: &[(Uuid, i64, Uuid)],
) -> Result<Vec<(Uuid, Option<(i64, Uuid)>)>, sqlx::Error> {
    let rows: Vec<(Uuid, Option<i64>, Option<Uuid>)> = sqlx::query_as(
        "select n.aggregate, l.version, l.id
           from unnest($1::uuid[], $2::int8[], $3::uuid[]) as n (aggregate, version, id)
           left join lateral (select version, id from log where aggregate = n.aggregate order by version desc limit 1) l on true
          where not exists (select from log e where e.aggregate = n.aggregate and e.version = n.version and e.id = n.id)",
    )
    .bind(entries.iter().map(|entry| entry.0).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.1).collect::<Vec<_>>())
    .bind(entries.iter().map(|entry| entry.2).collect::<Vec<_>>())
    .fetch_all(asked_within(pool, db::PAGE))
    .await?;
    Ok(rows.into_iter().map(|(aggregate, version, id)| (aggregate, version.zip(id))).collect())
}

/// The log's epoch; 0 while it has none.
///
/// # Errors
/// The database is away.
pub async fn epoch(pool: &PgPool) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("select coalesce(max(number), 0) from epoch").fetch_one(asked(pool)).await
}

impl Log {
    /// An aggregate as it is now.
    ///
    /// # Errors
    /// The database is away; a [`NewerShape`](super::NewerShape).
    pub async fn load<A: Aggregate>(&self, id: Uuid) -> Result<Option<Versioned<A>>, sqlx::Error> {
        let sql = format!("select id, version, shape, hash, body from \"{}\" where id = $1", A::KIND);
        sqlx::query_as(AssertSqlSafe(sql)).bind(id).fetch_optional(asked(&self.pool)).await
    }

    /// Several aggregates as they are now, in the order of the ids; those that are not there are left out.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub async fn load_all<A: Aggregate>(&self, ids: &[Uuid]) -> Result<Vec<Versioned<A>>, sqlx::Error> {
        let sql = format!(
            "select t.id, t.version, t.shape, t.hash, t.body from unnest($1::uuid[]) with ordinality as n (id, place)
               join \"{}\" t using (id) order by n.place",
            A::KIND
        );
        sqlx::query_as(AssertSqlSafe(sql)).bind(ids).fetch_all(asked(&self.pool)).await
    }

    /// Which aggregate holds a claim.
    ///
    /// # Errors
    /// The database is away.
    pub async fn claimed(&self, name: &str, key: &str) -> Result<Option<Uuid>, sqlx::Error> {
        sqlx::query_scalar("select aggregate from claim where name = $1 and key = $2")
            .bind(name)
            .bind(key)
            .fetch_optional(asked(&self.pool))
            .await
    }
}
