//! A measured window: how long it was, what ours used in it, and what would have spoilt it.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::{
    disk,
    processes::{Snapshot, Used, Who, processors},
    stage::Stage,
};

pub struct Window {
    started: Instant,
    before: Snapshot,
    fdatasync: f64,
}

/// A window that has ended.
pub struct Seen {
    pub seconds: f64,
    pub used: BTreeMap<Who, Used>,
    /// Per cent of the machine's processors that others used.
    others: f64,
    /// Of the disk just before, in milliseconds.
    fdatasync: f64,
}

impl Window {
    /// Looks at the disk first: the two must not disturb each other.
    pub async fn open(stage: &Stage) -> Self {
        let fdatasync = disk::fdatasync(stage.world.bench.dir.path()).await;
        let before = Snapshot::take(stage);
        Self { started: Instant::now(), before, fdatasync }
    }

    pub fn started(&self) -> Instant {
        self.started
    }

    pub fn close(self, stage: &Stage) -> Seen {
        let elapsed = self.started.elapsed();
        let after = Snapshot::take(stage);
        let used = after.since(&self.before);
        let ours: Duration = used.values().map(|used| used.cpu).sum();
        let others = after.machine_since(&self.before).saturating_sub(ours);
        Seen {
            seconds: elapsed.as_secs_f64(),
            used,
            others: 100.0 * others.as_secs_f64() / (elapsed.as_secs_f64() * processors() as f64),
            fdatasync: self.fdatasync,
        }
    }
}

impl Seen {
    /// The figures of [`super::table::SURROUNDINGS`].
    pub fn surroundings(&self) -> [f64; 2] {
        [self.others, self.fdatasync]
    }

    /// What some of ours used together.
    pub fn used_by(&self, ours: impl Fn(Who) -> bool) -> Used {
        self.used.iter().filter(|(who, _)| ours(who)).map(|(_, used)| *used).sum()
    }
}
