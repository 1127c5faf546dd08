//! One of many: an advisory lock decides which replica of a service does a job that must be done once. The lock lives as long
//! as its connection, so a dead leader is followed by another within a poll.

use std::{hash::Hasher, time::Duration};

use sqlx::{Connection, PgConnection, PgPool};

use crate::shutdown::Shutdown;

/// How often those who do not lead try to.
const RETRY: Duration = Duration::from_millis(500);

/// Leadership over one job, held until dropped.
pub struct Lead {
    connection: PgConnection,
}

impl Lead {
    /// Waits until this replica leads. None when the stop comes first.
    pub async fn win(pool: &PgPool, job: &str, stop: &Shutdown) -> Option<Self> {
        // One connection for all tries: a standby asks for days.
        let mut waiting = None;
        loop {
            match stop.unless(attempt(pool, job, waiting.take())).await? {
                Ok((connection, true)) => return Some(Self { connection }),
                Ok((connection, false)) => waiting = Some(connection),
                Err(error) => tracing::debug!(job, %error, "cannot ask for the lead"),
            }
            if !stop.pause(RETRY).await {
                return None;
            }
        }
    }

    /// Whether the lead still stands: its connection, and with it its lock, is alive.
    pub async fn holds(&mut self) -> bool {
        self.connection.ping().await.is_ok()
    }

    /// The connection that holds the lock: what is written on it, only the leader writes.
    pub fn connection(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Gives the lead up at once.
    pub async fn leave(self) {
        let _ = self.connection.close().await;
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
    let won = sqlx::query_scalar("select pg_try_advisory_lock($1)")
        .bind(key(job))
        .fetch_one(&mut connection)
        .await?;
    Ok((connection, won))
}

/// A stable number for a job's name (FNV-1a): all replicas, of any build, must agree on it.
fn key(job: &str) -> i64 {
    struct Fnv(u64);
    impl Hasher for Fnv {
        fn finish(&self) -> u64 {
            self.0
        }
        fn write(&mut self, bytes: &[u8]) {
            for byte in bytes {
                self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
    }
    let mut hasher = Fnv(0xcbf2_9ce4_8422_2325);
    hasher.write(job.as_bytes());
    hasher.finish().cast_signed()
}
