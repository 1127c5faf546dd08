//! Whoever has an owner's own credential can write into its stream what looks right in all. So what took effect from a stream is held
//! against the owner's log at the next reconciliation, and what that does not have is *diverged*.
//!
//! What is to be confirmed is in memory. Of what a process took in its last moments and could not ask about, a forgery is found when the
//! owner goes on with that aggregate, or changes its epoch.

use std::{
    collections::{BTreeMap, HashSet},
    sync::{Mutex, MutexGuard, PoisonError},
};

use uuid::Uuid;

use super::{Failure, Follower, Source, diverge::Row};
use crate::bus::CloudEvent;

/// Held against the owner's log in one question.
const PAGE: usize = 1000;
/// Remembered of a source at most. With more, its owner being away for so long, all marks are gone through again.
const MOST: usize = 100_000;

/// What is to be confirmed, by source.
pub(super) struct Unconfirmed(BTreeMap<&'static str, Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    rows: Vec<Row>,
    /// There were too many to be remembered: all marks behind this one are to be looked at too; none: no more of them.
    after: Option<Uuid>,
}

impl Unconfirmed {
    pub fn new(sources: impl Iterator<Item = &'static str>) -> Self {
        Self(sources.map(|source| (source, Mutex::default())).collect())
    }

    /// An event took effect that only the stream has told.
    pub fn add(&self, source: Source, event: &CloudEvent) {
        self.give_back(source, [(event.partitionkey, event.sequence, event.id)]);
    }

    fn of(&self, source: Source) -> Option<MutexGuard<'_, Waiting>> {
        self.0.get(source.service).map(|waiting| waiting.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn give_back(&self, source: Source, rows: impl IntoIterator<Item = Row>) {
        let Some(mut waiting) = self.of(source) else { return };
        waiting.rows.extend(rows);
        if waiting.rows.len() > MOST {
            *waiting = Waiting { rows: Vec::new(), after: Some(Uuid::nil()) };
        }
    }

    /// Some that wait, one of each aggregate: the answer names only that.
    fn take(&self, source: Source) -> Vec<Row> {
        let Some(mut waiting) = self.of(source) else { return Vec::new() };
        let mut seen = HashSet::new();
        let rows = std::mem::take(&mut waiting.rows);
        let (taken, left) = rows.into_iter().partition(|row| seen.len() < PAGE && seen.insert(row.0));
        waiting.rows = left;
        taken
    }

    fn after(&self, source: Source) -> Option<Uuid> {
        self.of(source)?.after
    }

    fn gone_on(&self, source: Source, from: Uuid, to: Option<Uuid>) {
        if let Some(mut waiting) = self.of(source)
            && waiting.after == Some(from)
        {
            waiting.after = to;
        }
    }
}

impl Follower {
    /// Holds against the owner's log what took effect since the last time, and a page of all marks where that was too many.
    pub(super) async fn confirm(&self, source: Source) -> Result<(), Failure> {
        let unconfirmed = &self.inner.unconfirmed;
        loop {
            let rows = unconfirmed.take(source);
            if rows.is_empty() {
                break;
            }
            if let Err(error) = self.check(source, &rows).await {
                unconfirmed.give_back(source, rows);
                return Err(error);
            }
        }
        if let Some(after) = unconfirmed.after(source) {
            let (_, last) = self.audit_page(source, after).await?;
            unconfirmed.gone_on(source, after, last);
        }
        Ok(())
    }
}
