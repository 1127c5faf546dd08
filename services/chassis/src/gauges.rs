//! How a service stands, asked of its tables when somebody wants to know: Prometheus, `/readyz`, the doctor.
//!
//! A number that is set while something works well keeps its last good value when it no longer does. So nothing here is set by the work:
//! what is unpublished, overdue or parked is looked up in the tables, who leads and how far the follower has come is asked of them.
//! When the database does not answer in time, the last values are told again, together with their age.

mod ask;
mod text;

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use sqlx::PgPool;

use crate::{
    anchor::Reached, clock::Clock, db, follow::Progress, leader::Leading, log::Heartbeat, timer::When,
};
use ask::{Anchored, Found};

/// How long a scrape waits for a connection, and for the tables.
const SCRAPE: Duration = Duration::from_secs(1);
/// The same where others wait only for whether the service is ready.
const GLANCE: Duration = Duration::from_millis(300);
/// Whoever asks whether the service is ready is told what was read no longer ago than this.
const FRESH: Duration = Duration::from_secs(1);

/// What a service itself knows, in memory, and nobody else could look up: a number for each value of one label.
#[derive(Clone)]
pub struct OwnGauge {
    /// `huying_` and what it counts.
    pub name: &'static str,
    pub help: &'static str,
    /// A word such as `year`, whose values are few.
    pub label: &'static str,
    /// The numbers at an instant. Where there is none, there is nothing to tell.
    pub read: Arc<dyn Fn(DateTime<Utc>) -> Numbers + Send + Sync>,
}

/// What a service keeps in a table, looked up like all others.
#[derive(Clone, Copy, Debug)]
pub struct TableGauge {
    /// `huying_`, the service, and what it counts.
    pub name: &'static str,
    pub help: &'static str,
    /// Words such as `district`, whose values are few: each has its number.
    pub labels: &'static [&'static str],
    /// A statement that reads a small table: the values of the labels (`text[]`) and the number (`float8`).
    pub sql: &'static str,
}

/// Each with the value of its label.
pub type Numbers = Vec<(String, usize)>;

/// What is looked at.
pub struct Watched {
    pub service: &'static str,
    pub pool: PgPool,
    pub clock: Clock,
    pub committer: Heartbeat,
    /// The tasks that one replica does. Not called jobs: Prometheus has a label of that name.
    pub leading: Vec<(&'static str, Leading)>,
    pub timers: Vec<When>,
    /// None: it follows nobody.
    pub progress: Option<Progress>,
    /// None: its log is not anchored.
    pub anchored: Option<Reached>,
    pub own: Vec<OwnGauge>,
    pub tables: Vec<TableGauge>,
}

/// Cheap to clone. It keeps nothing alive but the pool.
#[derive(Clone)]
pub struct Gauges(Arc<Inner>);

struct Inner {
    watched: Watched,
    begun: Instant,
    last: Mutex<Option<(Instant, Found)>>,
}

/// One look.
struct Look {
    /// None: the tables have not been read once.
    found: Option<Found>,
    /// Since they were read, or since the start.
    age: Duration,
}

impl Gauges {
    pub fn new(watched: Watched) -> Self {
        Self(Arc::new(Inner { watched, begun: Instant::now(), last: Mutex::default() }))
    }

    /// All of it, as Prometheus reads it.
    pub async fn text(&self) -> String {
        text::of(&self.0.watched, &self.look(SCRAPE).await)
    }

    /// What whoever asks whether the service is ready wants to know besides; nothing of it makes it less ready.
    pub async fn json(&self) -> Value {
        let lately = Some(self.last()).filter(|last| last.found.is_some() && last.age < FRESH);
        let look = match lately {
            Some(last) => last,
            None => self.look(GLANCE).await,
        };
        let watched = &self.0.watched;
        let found = look.found.unwrap_or_default();
        let letters = found
            .letters
            .iter()
            .map(|(source, reason, number)| json!({ "source": source, "reason": reason, "number": number }));
        let behind = watched.progress.iter().flat_map(Progress::all).map(|one| {
            json!({ "source": one.source, "reconciled_seconds_ago": one.age.as_secs(), "owed": one.owed })
        });
        let anchors = watched.anchored.as_ref().map(|anchored| {
            json!({ "interval_seconds": anchored.every().as_secs(), "places": places(&found.anchored) })
        });
        let now = watched.clock.now();
        let own: BTreeMap<_, BTreeMap<_, _>> =
            watched.own.iter().map(|gauge| (gauge.name, (gauge.read)(now).into_iter().collect())).collect();
        let leads = watched.leading.iter().filter(|(_, leading)| leading.is_so()).map(|(task, _)| *task);
        json!({
            "age_seconds": look.age.as_secs(),
            "lag_seconds": found.lag,
            "unpublished": found.unpublished,
            "leads": leads.collect::<Vec<_>>(),
            "behind": behind.collect::<Vec<_>>(),
            "dead_letters": letters.collect::<Vec<_>>(),
            "anchors": anchors,
            "clock_held": watched.clock.holds_timers(),
            "own": own,
        })
    }

    async fn look(&self, limit: Duration) -> Look {
        let watched = &self.0.watched;
        let now = watched.clock.now();
        match db::ask_within(&watched.pool, limit, async |connection| {
            ask::all(connection, now, watched).await
        })
        .await
        {
            Ok(found) => {
                let mut last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
                *last = Some((Instant::now(), found.clone()));
                Look { found: Some(found), age: Duration::ZERO }
            }
            Err(error) => {
                tracing::debug!(service = watched.service, %error, "the tables could not be read: the last values are told again");
                self.last()
            }
        }
    }

    fn last(&self) -> Look {
        let last = self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((at, found)) => Look { found: Some(found.clone()), age: at.elapsed() },
            None => Look { found: None, age: self.0.begun.elapsed() },
        }
    }
}

fn places(anchored: &[Anchored]) -> Vec<Value> {
    let one =
        |it: &Anchored| json!({ "place": it.place, "waiting_seconds": it.waiting, "age_seconds": it.age });
    anchored.iter().map(one).collect()
}
