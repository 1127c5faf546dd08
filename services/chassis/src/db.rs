//! The database: one pool per service, answers that are not waited for endlessly, an error that says whether trying again helps.
//! How it is asked is in [`mod@ask`]; its schema is brought up in [`migrate`](mod@migrate), by whom is in [`mod@roles`].

mod ask;
mod migrate;
mod roles;

use std::time::Duration;

use sqlx::{
    Connection as _, PgConnection, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::timeout;

pub(crate) use ask::ANSWER;
pub use ask::{Asked, PAGE, ask, ask_within, asked, asked_within};
pub use migrate::migrate;
pub(crate) use roles::{as_owner, open};

use crate::log::epoch;

/// A connection idle for longer than this is asked before it is used.
const IDLE: Duration = Duration::from_millis(500);
/// How long such a one may take to answer before it is given up, and another made.
const ALIVE: Duration = Duration::from_secs(1);

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
            // Whoever holds a lock this long holds up everybody who comes after.
            ("lock_timeout", "5000"),
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
            Box::pin(async move { lives(connection, meta.idle_for).await.map(|()| true) })
        })
        .after_connect(|connection, _| Box::pin(epoch::ensure_if_any(connection)))
        .connect_with(options)
        .await
}

/// Whether a connection answers that lay idle for so long.
pub(crate) async fn lives(connection: &mut PgConnection, idle_for: Duration) -> Result<(), sqlx::Error> {
    if idle_for > IDLE {
        timeout(ALIVE, connection.ping()).await.map_err(std::io::Error::from)??;
    }
    Ok(())
}

/// For a connection whose statements all go by key: they are planned once, not anew for each group's size.
///
/// # Errors
/// The database is away.
pub async fn plan_once(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    sqlx::query("set plan_cache_mode = force_generic_plan").execute(connection).await.map(drop)
}

/// Whether what was given cannot be in any table: a NUL in a text (22021, and 22P05 within JSON), an instant before or after all time (22008).
pub(crate) fn is_unfit(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|refused| refused.code());
    code.is_some_and(|code| ["22021", "22P05", "22008"].contains(&code.as_ref()))
}

/// Whether an error is our own mistake: the statement, or what was given to it (SQLSTATE classes 22, 23, 42), or an answer that is not what
/// was expected. An error that is neither this nor [`is_away`] is one we do not know.
pub fn is_ours(error: &sqlx::Error) -> bool {
    match error.as_database_error() {
        Some(refused) => {
            refused.code().is_some_and(|code| ["22", "23", "42"].iter().any(|class| code.starts_with(class)))
        }
        None => !is_away(error),
    }
}

/// Whether an error says that somebody else held a lock for too long (55P03).
pub fn is_held(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|refused| refused.code()).is_some_and(|code| code == "55P03")
}

/// Whether an error says nothing about what was asked, so that trying again later may help: the server is away or not well (SQLSTATE
/// classes 08, 53, 57, 58; XX000, or no code at all), the session is in a state it should not be in, such as on a standby (25), or
/// somebody held a lock for too long (55P03).
pub fn is_away(error: &sqlx::Error) -> bool {
    match error.as_database_error() {
        Some(refused) => refused.code().is_none_or(|code| {
            ["08", "25", "53", "57", "58"].iter().any(|class| code.starts_with(class))
                || ["55P03", "XX000"].contains(&&*code)
        }),
        None => matches!(
            error,
            sqlx::Error::PoolTimedOut
                | sqlx::Error::PoolClosed
                | sqlx::Error::Io(_)
                | sqlx::Error::Tls(_)
                | sqlx::Error::Protocol(_)
                | sqlx::Error::WorkerCrashed
        ),
    }
}
