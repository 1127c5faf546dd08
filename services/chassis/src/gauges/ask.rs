//! The questions to the tables. Each goes by an index and is bounded, whatever has piled up.

use chrono::{DateTime, Utc};
use sqlx::{AssertSqlSafe, FromRow, PgConnection};

use super::{TableGauge, Watched};
use crate::{
    anchor::{Reached, Until},
    timer::When,
};

/// What stands behind the relay's cursor, oldest first.
const UNPUBLISHED: &str = "
    select at from log
     where (epoch, log.xid, seq) > ((select epoch from relay), (select relay.xid from relay), (select seq from relay))
     order by epoch, log.xid, seq";
/// More is counted as this.
const MOST: i64 = 10_000;

/// The oldest transaction that others wait for: nothing that began after it is published before it ends. Sessions of other roles are seen
/// with the rights of pg_read_all_stats only; without them nothing is said, rather than that nobody holds it.
const HORIZON: &str = "
    select coalesce(extract(epoch from clock_timestamp() - open.since), 0)::float8 as age, coalesce(pid, 0) as pid, coalesce(application, '') as application
      from (select pg_has_role(current_user, 'pg_read_all_stats', 'usage') as allowed) as may
      left join lateral (
           select since, pid, application from (
                  select backend_xid as xid, xact_start as since, pid, application_name as application
                    from pg_stat_activity where backend_xid is not null and pid <> pg_backend_pid()
                  union all
                  select transaction, prepared, 0, 'prepared transaction' from pg_prepared_xacts) as running
            order by age(xid) desc limit 1) as open on true
     where allowed";

/// Somebody who holds the horizon for no longer than this needs no name: most are over in a moment.
const LONG: f64 = 1.0;

/// The oldest entry that is in no anchor of a place, and how old that place's newest anchor is.
const UNANCHORED: &str = "
    select (select at from log where (epoch, log.xid, seq) > ($1, $2::text::xid8, $3) order by epoch, log.xid, seq limit 1),
           extract(epoch from clock_timestamp() - $4::timestamptz)::float8";

/// Each with the values of its labels.
pub(super) type Numbers = Vec<(Vec<String>, f64)>;

/// What the tables say.
#[derive(Clone, Debug, Default)]
pub(super) struct Found {
    pub epoch: i64,
    /// Seconds since the oldest entry that is not published was written; 0 when all are.
    pub lag: f64,
    pub unpublished: i64,
    /// None: not ours to see.
    pub horizon: Option<Blocker>,
    /// Of each timer, by kind and name: seconds since what is due the longest was due; 0 when nothing is.
    pub overdue: Vec<([&'static str; 2], f64)>,
    /// By source and reason.
    pub letters: Vec<(String, String, i64)>,
    /// By place; none where the log is not anchored.
    pub anchored: Vec<Anchored>,
    /// What the service keeps in tables of its own.
    pub tables: Vec<(TableGauge, Numbers)>,
}

/// How far the log is anchored in one place.
#[derive(Clone, Debug)]
pub(super) struct Anchored {
    pub place: &'static str,
    /// Seconds since the oldest entry that is in none of its anchors was written; 0 when all are. Since the start, where the place could
    /// not be looked at yet.
    pub waiting: f64,
    /// Seconds since its newest anchor was made. None: there is none, or that is not known.
    pub age: Option<f64>,
}

/// The oldest running transaction of the cluster.
#[derive(Clone, Debug, Default, FromRow)]
pub(super) struct Blocker {
    /// Seconds; 0 when there is none.
    pub age: f64,
    pub pid: i32,
    pub application: String,
}

pub(super) async fn all(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
    watched: &Watched,
) -> Result<Found, sqlx::Error> {
    let Watched { timers, tables, .. } = watched;
    let sql = format!("select min(at), count(*) from ({UNPUBLISHED} limit {MOST}) as waiting");
    let (oldest, unpublished) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut *connection).await?;
    let epoch = sqlx::query_scalar("select coalesce(max(number), 0) from epoch");
    let letters = format!(
        "select source, reason, count(*) from (select source, reason from dead_letter limit {MOST}) as parked group by source, reason"
    );
    let mut overdue = Vec::with_capacity(timers.len());
    for When { kind, name, due } in timers {
        let sql = format!("select min({due}) from \"{kind}\" where {due} <= $1");
        let oldest = sqlx::query_scalar(AssertSqlSafe(sql)).bind(now).fetch_one(&mut *connection).await?;
        overdue.push(([*kind, *name], since(oldest, now)));
    }
    let mut kept = Vec::with_capacity(tables.len());
    for table in tables {
        kept.push((*table, sqlx::query_as(table.sql).fetch_all(&mut *connection).await?));
    }
    Ok(Found {
        epoch: epoch.fetch_one(&mut *connection).await?,
        lag: since(oldest, now),
        unpublished,
        horizon: horizon(connection).await?,
        anchored: anchored(connection, now, watched.anchored.as_ref()).await?,
        overdue,
        letters: sqlx::query_as(AssertSqlSafe(letters)).fetch_all(connection).await?,
        tables: kept,
    })
}

async fn horizon(connection: &mut PgConnection) -> Result<Option<Blocker>, sqlx::Error> {
    let found: Option<Blocker> = sqlx::query_as(HORIZON).fetch_optional(connection).await?;
    Ok(found
        .map(|found| if found.age < LONG { Blocker { age: found.age, ..Blocker::default() } } else { found }))
}

async fn anchored(
    connection: &mut PgConnection,
    now: DateTime<Utc>,
    reached: Option<&Reached>,
) -> Result<Vec<Anchored>, sqlx::Error> {
    let Some(reached) = reached else { return Ok(Vec::new()) };
    let mut all = Vec::new();
    for (place, until) in reached.all() {
        let place: &'static str = place.into();
        let Some(Until { position, made_at }) = until else {
            all.push(Anchored { place, waiting: reached.age().as_secs_f64(), age: None });
            continue;
        };
        let (oldest, age) = sqlx::query_as(UNANCHORED)
            .bind(position.epoch)
            .bind(position.xid.0.to_string())
            .bind(position.seq)
            .bind(made_at)
            .fetch_one(&mut *connection)
            .await?;
        all.push(Anchored { place, waiting: since(oldest, now), age });
    }
    Ok(all)
}

fn since(then: Option<DateTime<Utc>>, now: DateTime<Utc>) -> f64 {
    then.map_or(0.0, |then| (now - then).as_seconds_f64().max(0.0))
}
