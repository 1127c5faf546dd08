//! Epochs: which cluster's transaction numbers a position speaks of.
//!
//! A position orders entries by their transaction's number, and those begin anew when a dump is loaded elsewhere, and part ways when a
//! standby is promoted or a backup restored. So the log remembers which cluster it lives on. Every connection looks when it is made; the
//! first that finds another cluster begins a new epoch, which stands before every later position. Entries of older epochs are all
//! committed: whoever wrote them is gone.

use chrono::{DateTime, Utc};
use sqlx::PgConnection;

/// The system, the timeline that is written now, the database, and the table: each has another number after a restore of its kind.
const CLUSTER: &str = "
    (select concat_ws('/', (select system_identifier from pg_control_system()), left(pg_walfile_name(pg_current_wal_lsn()), 8),
                           (select oid from pg_database where datname = current_database()), 'log'::regclass::oid))";

// A transaction number that is yet to come was given by another cluster, whatever that one calls itself.
const CURRENT: &str = "
    select exists (select from (select number, cluster from epoch order by number desc limit 1) e
                    where e.cluster = CLUSTER
                      and not exists (select from log where epoch = e.number and xid >= pg_snapshot_xmax(pg_current_snapshot())))";

/// Begins a new epoch where the log finds itself on another cluster. The question is asked again under a lock, by the log's owner
/// (migrations/0006_raise_epoch.sql): a service's role may not lock what it may not change.
///
/// # Errors
/// The database is away, or has no log yet.
pub async fn ensure(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    if is_current(connection).await? {
        return Ok(());
    }
    let raised: Option<(i64, Option<DateTime<Utc>>)> =
        sqlx::query_as("select begun, begun_at from raise_epoch()").fetch_optional(connection).await?;
    if let Some((number, Some(_))) = raised {
        tracing::warn!(epoch = number, "the log is on another cluster than before: a new epoch begins");
    }
    Ok(())
}

/// For a new connection: a database without a log, or one that is still to be brought up (42883), begins no epochs yet.
///
/// # Errors
/// The database is away.
pub(crate) async fn ensure_if_any(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let done = ensure(connection).await;
    let code = |error: &sqlx::Error| Some(error.as_database_error()?.code()?.into_owned());
    match done.as_ref().err().and_then(code).as_deref() {
        Some("42P01" | "42883") => Ok(()),
        Some(_) | None => done,
    }
}

async fn is_current(connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
    let sql = sqlx::AssertSqlSafe(CURRENT.replace("CLUSTER", CLUSTER));
    sqlx::query_scalar(sql).fetch_one(connection).await
}
