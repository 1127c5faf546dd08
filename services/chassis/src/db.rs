//! The database: one pool per service, migrations that may race, an error that says whether trying again helps.

use std::{borrow::Cow, time::Duration};

use sqlx::{
    Connection as _, PgConnection, PgPool,
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// A connection idle for longer than this is asked before it is used.
const IDLE: Duration = Duration::from_millis(500);

use crate::log::epoch;

static CHASSIS: Migrator = sqlx::migrate!();

/// Connects. Waits a little for a server that is still starting.
///
/// # Errors
/// A URL that cannot be read, or no server there.
pub async fn connect(url: &str, pool: u32, name: &str) -> Result<PgPool, sqlx::Error> {
    let options: PgConnectOptions = url.parse()?;
    let options = options
        .application_name(name)
        // One forgotten transaction holds the horizon back, and the relay of every service on the cluster with it.
        .options([
            ("idle_in_transaction_session_timeout", "10000"),
            ("statement_timeout", "30000"),
            // A client that vanished without a word keeps its locks no longer than this.
            ("tcp_keepalives_idle", "10"),
            ("tcp_keepalives_interval", "5"),
            ("tcp_keepalives_count", "3"),
            ("tcp_user_timeout", "15000"),
            // A statement is planned while its table is new and small, and the plan is kept while it grows: by index from the first row on.
            ("enable_seqscan", "off"),
            ("jit", "off"),
            ("timezone", "UTC"),
        ]);
    PgPoolOptions::new()
        .max_connections(pool)
        .acquire_timeout(Duration::from_secs(5))
        // A connection used a moment ago is taken for alive; one that lay idle may have died with its server.
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > IDLE {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
        .after_connect(|connection, _| Box::pin(epoch::ensure_if_any(connection)))
        .connect_with(options)
        .await
}

/// Brings the schema up: the chassis's migrations, then the service's. Replicas may race: sqlx holds an advisory lock.
/// A database that is ahead of this binary is left as it is, so that an older replica keeps running through a rollout.
///
/// # Errors
/// When a migration fails or an applied one was edited.
pub async fn migrate(pool: &PgPool, service: &'static Migrator) -> Result<(), MigrateError> {
    let all: Vec<_> = CHASSIS.iter().chain(service.iter()).cloned().collect();
    let mut migrator = Migrator::DEFAULT;
    migrator.migrations = Cow::Owned(all);
    migrator.set_ignore_missing(true);
    migrator.run(pool).await?;
    // The connection it ran on was made before there was a log.
    epoch::ensure(&mut *pool.acquire().await?).await?;
    Ok(())
}

/// For a connection whose statements all go by key: they are planned once, not anew for each group's size.
///
/// # Errors
/// The database is away.
pub async fn plan_once(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("set plan_cache_mode = force_generic_plan").execute(connection).await.map(drop)
}

/// Whether an error says that the server is away or not well (SQLSTATE classes 08, 53, 57, 58), or that it ended a session which had
/// stood still in mid-transaction (25P), so that trying again may help.
pub fn is_away(error: &sqlx::Error) -> bool {
    match error.as_database_error() {
        Some(refused) => refused
            .code()
            .is_some_and(|code| ["08", "25P", "53", "57", "58"].iter().any(|class| code.starts_with(class))),
        None => matches!(
            error,
            sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::Io(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::WorkerCrashed
        ),
    }
}
