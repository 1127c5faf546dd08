//! What time it is, and waiting for a time. The only place that asks the machine.
//!
//! In production every replica follows the *database's* clock, because a machine's own may be wrong
//! and deadlines are compared with rows written by others: [`Clock::follow`] measures the difference
//! every ten seconds. In tests [`Clock::manual`] stands still until it is moved, and moving it wakes
//! whoever waits, so a month passes in a second.
//!
//! Guaranteed: `now()` never goes back within a process, and is whole microseconds (what PostgreSQL
//! keeps), so a value read back equals the one written.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sqlx::PgPool;
use tokio::sync::watch;

use crate::shutdown::Shutdown;

/// How often the difference to the database is measured.
const FOLLOW_EVERY: Duration = Duration::from_secs(10);
/// A sleeping task looks at the clock at least this often, since the difference may change.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// Cheap to clone; all clones tell the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    /// The machine's clock plus what it is behind the database's; and the last answer given.
    Following { offset: AtomicI64, last: AtomicI64 },
    /// Moved by hand.
    Manual(watch::Sender<i64>),
}

/// The machine's own time. For what must not depend on the database: token lifetimes.
#[allow(clippy::disallowed_methods, reason = "the one place that may ask the machine")]
pub fn system_now() -> DateTime<Utc> {
    Utc::now()
}

impl Clock {
    /// The machine's clock, until [`follow`](Self::follow) or [`measure`](Self::measure) corrects it.
    pub fn system() -> Self {
        Self(Arc::new(Kind::Following { offset: AtomicI64::new(0), last: AtomicI64::new(i64::MIN) }))
    }

    /// Stands still at `start`.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Arc::new(Kind::Manual(watch::Sender::new(start.timestamp_micros()))))
    }

    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &*self.0 {
            Kind::Following { offset, last } => {
                let told = system_now().timestamp_micros() + offset.load(Ordering::Relaxed);
                last.fetch_max(told, Ordering::Relaxed).max(told)
            }
            Kind::Manual(time) => *time.borrow(),
        };
        from_micros(micros)
    }

    /// Moves a manual clock forward; a real one, or a step back, stays as it is.
    pub fn advance(&self, by: Duration) {
        self.set(self.now() + by);
    }

    /// Sets a manual clock; never back.
    pub fn set(&self, to: DateTime<Utc>) {
        if let Kind::Manual(time) = &*self.0 {
            time.send_if_modified(|now| {
                let later = to.timestamp_micros() > *now;
                *now = (*now).max(to.timestamp_micros());
                later
            });
        }
    }

    /// Returns when `now() >= at`.
    pub async fn sleep_until(&self, at: DateTime<Utc>) {
        match &*self.0 {
            Kind::Following { .. } => {
                while let Ok(left) = (at - self.now()).to_std() {
                    if left.is_zero() {
                        return;
                    }
                    tokio::time::sleep(left.min(LOOK_AGAIN)).await;
                }
            }
            Kind::Manual(time) => {
                let mut watching = time.subscribe();
                // The sender lives in `self`, so waiting cannot fail.
                let _ = watching.wait_for(|now| *now >= at.timestamp_micros()).await;
            }
        }
    }

    /// Ticks each time `every` has passed on this clock. Missed ticks are not made up for.
    pub fn tick_every(&self, every: Duration) -> Ticker {
        Ticker { next: self.now() + every, clock: self.clone(), every }
    }

    /// Measures once how far the machine is from the database. Half the round trip is the error.
    pub async fn measure(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        let Kind::Following { offset, .. } = &*self.0 else {
            return Ok(());
        };
        let asked = system_now();
        let theirs: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(pool).await?;
        let answered = system_now();
        let middle = asked + (answered - asked) / 2;
        offset.store((theirs - middle).num_microseconds().unwrap_or(0), Ordering::Relaxed);
        Ok(())
    }

    /// Keeps measuring until the end. A failed measurement keeps the last difference. Spawn it.
    pub async fn follow(self, pool: PgPool, stop: Shutdown) {
        while !stop.has_begun() {
            if let Err(error) = self.measure(&pool).await {
                tracing::warn!(%error, "the database's clock could not be read: the last difference stays");
            }
            if !stop.pause(FOLLOW_EVERY).await {
                return;
            }
        }
    }
}

/// See [`Clock::tick_every`].
#[derive(Debug)]
pub struct Ticker {
    clock: Clock,
    every: Duration,
    next: DateTime<Utc>,
}

impl Ticker {
    pub async fn tick(&mut self) -> DateTime<Utc> {
        self.clock.sleep_until(self.next).await;
        let now = self.clock.now();
        self.next = now + self.every;
        now
    }
}

fn from_micros(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::UNIX_EPOCH)
}
