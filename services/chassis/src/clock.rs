//! What time it is, and waiting for a time. The only place that asks the machine.
//!
//! In production every replica follows the *database's* clock, because a machine's own may be wrong
//! and deadlines are compared with rows written by others: [`Clock::follow`] reads it every four
//! seconds, and between two readings the machine's monotonic clock, which nobody sets, carries it on. What
//! is believed of a reading, and when it holds the timers, is in [`Timekeeper`]. In tests [`Clock::manual`]
//! stands still until it is moved, and moving it wakes whoever waits, so a month passes in a second.
//!
//! Guaranteed: `now()` does not go back (see there for the one exception), and is whole microseconds (what
//! PostgreSQL keeps), so a value read back equals the one written.

mod keeper;

use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use opentelemetry::KeyValue;
use sqlx::PgPool;
use tokio::sync::watch;

pub use keeper::{Reading, Timekeeper};

use crate::{db, shutdown::Shutdown, telemetry};

/// How often the database's clock is read: three readings that agree come within the twenty seconds after which a
/// correction of that clock is to hold here too.
const FOLLOW_EVERY: Duration = Duration::from_secs(4);
/// A change of the time told, other than its passing, that is worth a line in the log.
const NOTICEABLE: TimeDelta = TimeDelta::seconds(1);
/// A sleeping task looks at the clock at least this often, since the difference may change.
const LOOK_AGAIN: Duration = Duration::from_secs(30);

/// Cheap to clone; all clones tell the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Kind>);

#[derive(Debug)]
enum Kind {
    /// The database's, by the monotonic clock since the last reading.
    Following(RwLock<Timekeeper>),
    /// Moved by hand.
    Manual(watch::Sender<i64>),
}

/// The machine's own time. For what must not depend on the database: token lifetimes.
#[allow(clippy::disallowed_methods, reason = "the one place that may ask the machine")]
pub fn system_now() -> DateTime<Utc> {
    Utc::now()
}

impl Clock {
    /// Starts with the machine's time, until [`follow`](Self::follow) or [`measure`](Self::measure) corrects it.
    pub fn system() -> Self {
        Self(Arc::new(Kind::Following(RwLock::new(Timekeeper::new(Instant::now(), system_now())))))
    }

    /// Stands still at `start`.
    pub fn manual(start: DateTime<Utc>) -> Self {
        Self(Arc::new(Kind::Manual(watch::Sender::new(start.timestamp_micros()))))
    }

    pub fn now(&self) -> DateTime<Utc> {
        let micros = match &*self.0 {
            Kind::Following(keeper) => {
                let keeper = keeper.read().unwrap_or_else(PoisonError::into_inner);
                // Read inside the lock: an instant from before a correction would be told wrongly by what was believed after it.
                keeper.now(Instant::now()).timestamp_micros()
            }
            Kind::Manual(time) => *time.borrow(),
        };
        from_micros(micros)
    }

    /// Whether what is due must wait, because the database's clock has leapt. Commands go on.
    pub fn holds_timers(&self) -> bool {
        match &*self.0 {
            Kind::Following(keeper) => keeper.read().unwrap_or_else(PoisonError::into_inner).holds_timers(),
            Kind::Manual(_) => false,
        }
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
            Kind::Following(_) => {
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

    /// Reads the database's clock once.
    pub async fn measure(&self, pool: &PgPool) -> Result<(), sqlx::Error> {
        self.read(pool).await.map(drop)
    }

    async fn read(&self, pool: &PgPool) -> Result<Option<TimeDelta>, sqlx::Error> {
        let reading = db::ask(pool, async |connection| {
            let asked = Instant::now();
            let theirs = sqlx::query_scalar("select clock_timestamp()").fetch_one(connection).await?;
            Ok(Reading { asked, answered: Instant::now(), theirs })
        });
        Ok(self.hear(reading.await?))
    }

    /// Takes a reading, and says what follows from it. Returns how far it was from what was believed, if it could be told.
    pub fn hear(&self, reading: Reading) -> Option<TimeDelta> {
        let Kind::Following(keeper) = &*self.0 else {
            return None;
        };
        let mut keeper = keeper.write().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        let (before, held) = (keeper.now(now), keeper.holds_timers());
        let difference = keeper.hear(reading, now);
        let (after, holds) = (keeper.now(now), keeper.holds_timers());
        drop(keeper);
        if holds && !held {
            let leapt = difference.map(TimeDelta::as_seconds_f64);
            tracing::error!(
                leapt,
                "the database's clock has leapt: timers are held until it is sure what time it is"
            );
        }
        if held && !holds {
            tracing::warn!(now = %after, "the database's clock has gone right for a minute: timers go on");
        }
        if (after - before).abs() > NOTICEABLE {
            tracing::warn!(%before, %after, "the time told here was set");
        }
        difference
    }

    /// Keeps reading until the end. A failed reading changes nothing. Spawn it.
    pub async fn follow(self, service: &'static str, pool: PgPool, stop: Shutdown) {
        let held = telemetry::meter()
            .u64_gauge("huying.clock.held")
            .with_description("1: it is not sure what time it is, and timers wait")
            .build();
        let difference = telemetry::meter()
            .f64_gauge("huying.clock.difference")
            .with_unit("s")
            .with_description("How far the last reading of the database's clock was from what was believed")
            .build();
        let labels = [KeyValue::new("service", service)];
        while stop.pause(FOLLOW_EVERY).await {
            match self.read(&pool).await {
                Ok(Some(found)) => difference.record(found.as_seconds_f64(), &labels),
                Ok(None) => tracing::debug!(service, "the database's clock was read too slowly"),
                Err(error) => {
                    tracing::warn!(service, %error, "the database's clock could not be read: the last reading stays");
                }
            }
            held.record(self.holds_timers().into(), &labels);
        }
    }
}

fn from_micros(micros: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::UNIX_EPOCH)
}
