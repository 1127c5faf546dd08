//! Migrations: the chassis's, then the service's, by whichever replica comes first; the others wait their turn.
//!
//! They run on a connection of their own, where a statement may take as long as it takes. What changes a table waits for it only
//! briefly, again and again: everybody else queues behind such a wait. An index on a table in use is made in a file of its own that
//! begins with `-- no-transaction` and holds the one statement `create index concurrently if not exists …`: it holds up nobody, so it
//! waits for as long as it must. What an attempt that failed left of it is dropped first.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

use sqlx::migrate::{Migrate, MigrateError, Migration, Migrator};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};
use tokio::time::{sleep, timeout};

use super::roles;
use crate::log::epoch;

/// Longest wait for a new connection.
const CONNECT: Duration = Duration::from_secs(5);
/// Between two looks whether the replica that migrates is done.
const TURN: Duration = Duration::from_millis(200);
/// Longest wait for a lock, in PostgreSQL's words, how often it is waited for, and the pause in which others get on.
const LOCK: &str = "5s";
const TRIES: usize = 12;
const PAUSE: Duration = Duration::from_secs(1);

static CHASSIS: Migrator = sqlx::migrate!();

/// Brings the schema up. Replicas may race. A database that is ahead of this binary is left as it is, so that an older replica keeps
/// running through a rollout.
///
/// # Errors
/// When a migration fails or an applied one was edited.
pub async fn migrate(pool: &PgPool, service: &'static Migrator) -> Result<(), MigrateError> {
    migrate_for(pool, service, None).await
}

/// The same, after which a role may do in it what a service does.
pub(super) async fn migrate_for(
    pool: &PgPool,
    service: &'static Migrator,
    role: Option<&str>,
) -> Result<(), MigrateError> {
    let migrator = migrator(service);
    let mut connection = connect(pool).await?;
    take_turn(&mut connection).await?;
    let mut done = run(&migrator, &mut connection).await;
    if done.is_ok() {
        // The pool's connections may have been made before there was a log.
        done = epoch::ensure(&mut connection).await.map_err(MigrateError::from);
    }
    if let (Ok(()), Some(role)) = (&done, role) {
        done = roles::share(&mut connection, role).await.map_err(MigrateError::from);
    }
    // Closing the connection lets the next replica have its turn.
    let _ = connection.close().await;
    done
}

fn migrator(service: &'static Migrator) -> Migrator {
    let mut all: Vec<_> = CHASSIS.iter().chain(service.iter()).cloned().collect();
    all.sort_by_key(|migration| migration.version);
    let mut migrator = Migrator::DEFAULT;
    migrator.migrations = Cow::Owned(all);
    migrator.set_ignore_missing(true);
    // sqlx would wait for its lock inside PostgreSQL; `take_turn` says why that must not be.
    migrator.set_locking(false);
    migrator
}

/// Whether nothing is left to do, so that a role that may change no table can begin to work. False also where it cannot be read.
///
/// # Errors
/// The database is away.
pub(super) async fn is_up(pool: &PgPool, service: &'static Migrator) -> Result<bool, sqlx::Error> {
    let read = sqlx::query_as::<_, (i64, Vec<u8>)>("select version, checksum from _sqlx_migrations");
    let applied: HashMap<i64, Vec<u8>> = match read.fetch_all(super::asked(pool)).await {
        Ok(applied) => applied.into_iter().collect(),
        Err(error) if super::is_ours(&error) => return Ok(false),
        Err(error) => return Err(error),
    };
    let is_applied = |migration: &Migration| {
        applied.get(&migration.version).is_some_and(|checksum| **checksum == *migration.checksum)
    };
    Ok(migrator(service).iter().all(is_applied))
}

/// Without the limits of the pool's connections.
async fn connect(pool: &PgPool) -> Result<PgConnection, sqlx::Error> {
    let options =
        pool.connect_options().as_ref().clone().options([("statement_timeout", "0"), ("lock_timeout", "0")]);
    timeout(CONNECT, PgConnection::connect_with(&options)).await.map_err(std::io::Error::from)?
}

/// Asks again and again rather than waiting in PostgreSQL: an index made concurrently waits for everyone who waits there.
async fn take_turn(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let mut said = false;
    let ask = "select pg_try_advisory_lock(hashtextextended('huying.migrate', 0))";
    while !sqlx::query_scalar::<_, bool>(ask).fetch_one(&mut *connection).await? {
        if !std::mem::replace(&mut said, true) {
            tracing::info!("another replica migrates the database: waiting for it");
        }
        sleep(TURN).await;
    }
    Ok(())
}

async fn run(migrator: &Migrator, connection: &mut PgConnection) -> Result<(), MigrateError> {
    let table = &migrator.table_name;
    connection.ensure_migrations_table(table).await?;
    let applied: HashSet<i64> =
        connection.list_applied_migrations(table).await?.iter().map(|applied| applied.version).collect();
    let pending: Vec<&Migration> =
        migrator.iter().filter(|migration| !applied.contains(&migration.version)).collect();
    for migration in pending {
        if migration.no_tx {
            drop_remains(migration, connection).await?;
            migrator.run_direct(Some(migration.version), connection, false).await?;
        } else {
            run_when_free(migrator, migration, connection).await?;
        }
    }
    // Nothing is left to do but to compare what was applied with what it should be.
    migrator.run_direct(None, connection, false).await
}

/// An index whose making was interrupted is there, but invalid, and `if not exists` would leave it so.
async fn drop_remains(migration: &Migration, connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    let remains: Vec<String> = sqlx::query_scalar(
        "select format('drop index concurrently %s', i.indexrelid::regclass)
           from pg_index i join pg_class c on c.oid = i.indexrelid
          where not i.indisvalid and position(c.relname in $1) > 0",
    )
    .bind(migration.sql.as_str())
    .fetch_all(&mut *connection)
    .await?;
    for remains in remains {
        sqlx::raw_sql(AssertSqlSafe(remains)).execute(&mut *connection).await?;
    }
    Ok(())
}

async fn run_when_free(
    migrator: &Migrator,
    migration: &Migration,
    connection: &mut PgConnection,
) -> Result<(), MigrateError> {
    set_lock_timeout(connection, LOCK).await?;
    for left in (0..TRIES).rev() {
        match migrator.run_direct(Some(migration.version), connection, false).await {
            Err(error) if left > 0 && is_locked(&error) => {
                tracing::warn!(version = migration.version, "a migration waits for a lock that others hold");
                sleep(PAUSE).await;
            }
            done => {
                done?;
                break;
            }
        }
    }
    Ok(set_lock_timeout(connection, "0").await?)
}

async fn set_lock_timeout(connection: &mut PgConnection, time: &str) -> Result<(), sqlx::Error> {
    sqlx::query("select set_config('lock_timeout', $1, false)").bind(time).execute(connection).await.map(drop)
}

fn is_locked(error: &MigrateError) -> bool {
    let (MigrateError::Execute(cause) | MigrateError::ExecuteMigration(cause, _)) = error else {
        return false;
    };
    super::is_held(cause)
}
