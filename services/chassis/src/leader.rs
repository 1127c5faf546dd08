//! One of many: an advisory lock decides which replica of a service does a job that must be done once.
//!
//! The lock lives as long as its session, and a session lives as long as it speaks: PostgreSQL ends one that was silent for [`LEASE`].
//! So a leader that was stopped, or whose path was cut, is followed by another within seconds, and finds out when it speaks again.
//! Whoever leads speaks at least every [`SPEAK`]: by [`Lead::holds`], by [`Lead::ask`], or by doing what takes
//! long inside [`Lead::keep`].

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{Connection, PgConnection, PgPool};
use tokio::time::timeout;

use crate::{db, shutdown::Shutdown};

/// How long a leader may be silent.
pub const LEASE: Duration = Duration::from_secs(5);
/// How often it speaks.
pub const SPEAK: Duration = Duration::from_millis(500);
/// How often those who do not lead try to.
const RETRY: Duration = Duration::from_millis(500);
/// Longest wait for an answer: of a server that takes longer it is not known who leads.
const PATIENCE: Duration = Duration::from_secs(2);

/// Whether this replica leads a job, for whoever wants to see it. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Leading(Arc<AtomicBool>);

impl Leading {
    pub fn is_so(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Says so until it is dropped.
struct Shown(Leading);

impl Drop for Shown {
    fn drop(&mut self) {
        self.0.0.store(false, Ordering::Relaxed);
    }
}

/// Leadership over one job, held until dropped.
pub struct Lead {
    connection: PgConnection,
    /// It has not answered in time: what it is doing nobody knows.
    silent: bool,
    _shown: Option<Shown>,
}

impl Lead {
    /// Waits until this replica leads. None when the stop comes first.
    pub async fn win(pool: &PgPool, job: &str, stop: &Shutdown) -> Option<Self> {
        // One connection for all tries: a standby asks for days.
        let mut waiting = None;
        loop {
            match stop.unless(attempt(pool, job, waiting.take())).await? {
                Ok((connection, true)) => return Some(Self { connection, silent: false, _shown: None }),
                Ok((connection, false)) => waiting = Some(connection),
                Err(error) => tracing::debug!(job, %error, "cannot ask for the lead"),
            }
            if !stop.pause(RETRY).await {
                return None;
            }
        }
    }

    /// Shows that this replica leads, as long as it does.
    #[must_use]
    pub fn shown_by(self, leading: &Leading) -> Self {
        leading.0.store(true, Ordering::Relaxed);
        Self { _shown: Some(Shown(leading.clone())), ..self }
    }

    /// Whether the lead still stands: its session, and with it its lock, is alive.
    pub async fn holds(&mut self) -> bool {
        !self.silent && matches!(timeout(PATIENCE, self.connection.ping()).await, Ok(Ok(())))
    }

    /// Does something that may take longer than the lease, and speaks meanwhile. None: the lead was lost, and the work dropped.
    pub async fn keep<T>(&mut self, work: impl Future<Output = T>) -> Option<T> {
        let lost = async {
            while self.holds().await {
                tokio::time::sleep(SPEAK).await;
            }
        };
        tokio::select! {
            done = work => Some(done),
            () = lost => None,
        }
    }

    /// Asks on the connection that holds the lock: what is written so, only the leader writes. The lead is lost with an answer that does
    /// not come in time.
    ///
    /// # Errors
    /// The question's own, or that the database is away.
    pub async fn ask<T>(
        &mut self,
        question: impl AsyncFnOnce(&mut PgConnection) -> Result<T, sqlx::Error>,
    ) -> Result<T, sqlx::Error> {
        let answer = timeout(db::ANSWER, question(&mut self.connection)).await;
        self.silent |= answer.is_err();
        answer.map_err(|late| sqlx::Error::Io(late.into()))?
    }

    /// Gives the lead up at once.
    pub async fn leave(self) {
        let _ = timeout(PATIENCE, self.connection.close()).await;
    }
}

/// Asks for the lock, on a connection of its own that is not the pool's any more.
async fn attempt(
    pool: &PgPool,
    job: &str,
    waiting: Option<PgConnection>,
) -> Result<(PgConnection, bool), sqlx::Error> {
    let mut connection = match waiting {
        Some(connection) => connection,
        None => pool.acquire().await?.detach(),
    };
    // The lease first: a lock must not be held by a session that lives for ever.
    let asked = sqlx::query_scalar(
        "with lease as materialized (select set_config('idle_session_timeout', $2, false))
         select pg_try_advisory_lock(hashtextextended($1, 0)) from lease",
    )
    .bind(job)
    .bind(LEASE.as_millis().to_string())
    .fetch_one(&mut connection);
    let won = timeout(PATIENCE, asked).await.map_err(std::io::Error::from)??;
    Ok((connection, won))
}
