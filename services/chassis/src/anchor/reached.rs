//! How far the log is anchored in each place, as far as this process knows. Kept is a position and no age: how old the oldest entry behind
//! it is, is asked of the log when somebody wants to know (gauges/ask.rs), so it grows by itself while a place takes nothing.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use strum::IntoStaticStr;

use super::Anchor;
use crate::log::Position;

/// Where anchors are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Place {
    /// The database's own table, from which the other two are filled.
    Table,
    /// This replica's file.
    File,
    /// The service's stream of anchors on NATS.
    Stream,
}

/// What the newest anchor of a place says. The default: there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Until {
    /// Entries up to here are anchored there.
    pub position: Position,
    /// When it was made, by the database's clock.
    pub made_at: Option<DateTime<Utc>>,
}

impl From<&Anchor> for Until {
    fn from(anchor: &Anchor) -> Self {
        Self { position: anchor.until, made_at: Some(anchor.at) }
    }
}

/// Kept by whoever makes anchors, read by whoever wants to see it. Cheap to clone.
#[derive(Clone)]
pub struct Reached(Arc<Inner>);

struct Inner {
    every: Duration,
    begun: Instant,
    /// None: it could not be looked at since the start.
    places: Mutex<BTreeMap<Place, Option<Until>>>,
}

impl Reached {
    pub(super) fn new(every: Duration, places: impl IntoIterator<Item = Place>) -> Self {
        let places = places.into_iter().map(|place| (place, None)).collect();
        Self(Arc::new(Inner { every, begun: Instant::now(), places: Mutex::new(places) }))
    }

    /// A place was looked at, or has taken an anchor.
    pub(super) fn is(&self, place: Place, until: Until) {
        let mut places = self.0.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.insert(place, Some(until));
    }

    /// Each place. None: it could not be looked at since the start.
    pub fn all(&self) -> Vec<(Place, Option<Until>)> {
        let places = self.0.places.lock().unwrap_or_else(PoisonError::into_inner);
        places.iter().map(|(place, until)| (*place, *until)).collect()
    }

    /// From one anchor to the next.
    pub fn every(&self) -> Duration {
        self.0.every
    }

    /// Since the start.
    pub fn age(&self) -> Duration {
        self.0.begun.elapsed()
    }
}
