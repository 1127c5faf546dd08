//! How far a follower has come with each of its sources, as its reconciliation finds it.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

#[derive(Clone, Copy, Debug)]
struct Look {
    whole: Instant,
    owed: usize,
}

/// Where one source stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reconciled {
    pub source: &'static str,
    /// Since its whole log was compared with the marks and nothing was missing. It grows while the source is away or cannot be caught up with.
    pub age: Duration,
    /// Aggregates that were found behind and could not be healed yet.
    pub owed: usize,
}

/// Kept by a follower, read by whoever wants to see it: it keeps no follower alive. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Progress(Arc<Mutex<BTreeMap<&'static str, Look>>>);

impl Progress {
    pub(super) fn new(sources: impl Iterator<Item = &'static str>) -> Self {
        let begun = Look { whole: Instant::now(), owed: 0 };
        Self(Arc::new(Mutex::new(sources.map(|source| (source, begun)).collect())))
    }

    /// A source's log was compared with the marks to its end. `owed`: aggregates that were behind and could not be healed yet.
    pub(super) fn reconciled(&self, source: &'static str, owed: usize) {
        let mut looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(look) = looks.get_mut(source) {
            look.owed = owed;
            if owed == 0 {
                look.whole = Instant::now();
            }
        }
    }

    pub fn all(&self) -> Vec<Reconciled> {
        let looks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = |(source, look): (&&'static str, &Look)| Reconciled {
            source,
            age: look.whole.elapsed(),
            owed: look.owed,
        };
        looks.iter().map(one).collect()
    }
}
