//! Epochs: which cluster's transaction numbers a position speaks of.
//!
//! A position orders entries by their transaction's number, and those begin anew when a dump is loaded elsewhere, and part ways when a
//! standby is promoted or a backup restored. So the log remembers which cluster it lives on. Every connection looks when it is made; the
//! first that finds another cluster begins a new epoch, which stands before every later position. Entries of older epochs are all
//! committed: whoever wrote them is gone.

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

/// The system, the timeline that is written now, the database, and the table: each has another number after a restore of its kind.
const CLUSTER: &str = "
    (select concat_ws('/', (select system_identifier from pg_control_system()), left(pg_walfile_name(pg_current_wal_lsn()), 8),
                           (select oid from pg_database where datname = current_database()), 'log'::regclass::oid))";

// A transaction number that is yet to come was given by another cluster, whatever that one calls itself.
const CURRENT: &str = "
    select exists (select from (select number, cluster from epoch order by number desc limit 1) e
                    where e.cluster = CLUSTER
                      and not exists (select from log where epoch = e.number and xid >= pg_snapshot_xmax(pg_current_snapshot())))";

const RAISE: &str = "
    insert into epoch (number, cluster, raised_at)
    select greatest(extract(epoch from clock_timestamp())::bigint, coalesce(max(number), 0) + 1), CLUSTER,
           case when count(*) > 0 or exists (select from log) then clock_timestamp() end
      from epoch
    returning number, raised_at";

/// Begins a new epoch where the log finds itself on another cluster.
///
/// # Errors
/// The database is away, or has no log yet.
pub async fn ensure(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    if is_current(connection).await? {
        return Ok(());
    }
    let mut tx = connection.begin().await?;
    // Whoever is in the middle of writing an entry is waited for: it belongs to the epoch before.
    sqlx::query("lock table epoch, log in share row exclusive mode").execute(&mut *tx).await?;
    if !is_current(&mut tx).await? {
        let sql = sqlx::AssertSqlSafe(RAISE.replace("CLUSTER", CLUSTER));
        let (number, raised_at): (i64, Option<DateTime<Utc>>) =
            sqlx::query_as(sql).fetch_one(&mut *tx).await?;
        if raised_at.is_some() {
            tracing::warn!(epoch = number, "the log is on another cluster than before: a new epoch begins");
        }
    }
    tx.commit().await
}

/// For a new connection: a database without a log has no epochs yet.
///
/// # Errors
/// The database is away.
pub(crate) async fn ensure_if_any(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    match ensure(connection).await {
        Err(error) if error.as_database_error().and_then(|e| e.code()).as_deref() == Some("42P01") => Ok(()),
        other => other,
    }
}

async fn is_current(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let sql = sqlx::AssertSqlSafe(CURRENT.replace("CLUSTER", CLUSTER));
    sqlx::query_scalar(sql).fetch_one(connection).await
}
