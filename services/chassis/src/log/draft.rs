//! A change on paper: computed, not yet written.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Actor, Aggregate, Meta, Stamp, Versioned};
use crate::{id, telemetry};

/// One aggregate's new row and the log entries that explain it.
#[derive(Clone, Debug)]
pub struct Draft {
    pub(super) kind: &'static str,
    pub(super) id: Uuid,
    pub(super) district: String,
    /// The version its row must be at; 0 for a new one.
    pub(super) expected: i64,
    pub(super) version: i64,
    pub(super) body: String,
    pub(super) entries: Vec<NewEntry>,
    pub(super) at: DateTime<Utc>,
    pub(super) actor: String,
    pub(super) request_id: Option<Uuid>,
    pub(super) traceparent: Option<String>,
}

/// One log entry to be.
#[derive(Clone, Debug)]
pub(super) struct NewEntry {
    pub id: Uuid,
    pub version: i64,
    pub change: String,
    pub about: String,
}

/// Where a follower stands with one aggregate once a change set commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub source: &'static str,
    pub aggregate: Uuid,
    pub version: i64,
}

/// What commits together: the drafts of a step, and the mark of the event that caused it.
#[derive(Clone, Debug, Default)]
pub struct ChangeSet {
    pub drafts: Vec<Draft>,
    pub mark: Option<Mark>,
}

impl From<Draft> for ChangeSet {
    fn from(draft: Draft) -> Self {
        Self { drafts: vec![draft], mark: None }
    }
}

impl From<Vec<Draft>> for ChangeSet {
    /// The first draft answers the command: it alone keeps the request id, which is unique in the log.
    fn from(mut drafts: Vec<Draft>) -> Self {
        drafts.iter_mut().skip(1).for_each(|draft| draft.request_id = None);
        Self { drafts, mark: None }
    }
}

impl ChangeSet {
    /// An aggregate with two drafts in this set. One of them would be lost: they belong in one draft of several changes.
    pub(super) fn twice(&self) -> Option<Uuid> {
        let same = |(n, draft): &(usize, &Draft)| {
            self.drafts[..*n].iter().any(|other| other.id == draft.id && other.kind == draft.kind)
        };
        self.drafts.iter().enumerate().find(same).map(|(_, draft)| draft.id)
    }
}

impl Draft {
    /// Drafts the first changes of a new aggregate. None if there are none, or the first cannot be a first one.
    pub fn new<A: Aggregate>(
        aggregate: Uuid,
        changes: &[A::Change],
        meta: &Meta,
        at: DateTime<Utc>,
    ) -> Option<(Self, Versioned<A>)> {
        let stamp = Stamp { id: aggregate, at, actor: meta.actor.clone() };
        let (first, rest) = changes.split_first()?;
        let it = A::first(first, &stamp)?;
        let mut draft = Self::blank::<A>(aggregate, 0, meta, at);
        draft.record(first, &it)?;
        draft.finish(it, rest, &stamp)
    }

    /// Drafts further changes. None if there are none.
    pub fn on<A: Aggregate>(
        before: &Versioned<A>,
        changes: &[A::Change],
        meta: &Meta,
        at: DateTime<Utc>,
    ) -> Option<(Self, Versioned<A>)> {
        if changes.is_empty() {
            return None;
        }
        let stamp = Stamp { id: before.id, at, actor: meta.actor.clone() };
        Self::blank::<A>(before.id, before.version, meta, at).finish(before.it.clone(), changes, &stamp)
    }

    fn blank<A: Aggregate>(aggregate: Uuid, expected: i64, meta: &Meta, at: DateTime<Utc>) -> Self {
        Self {
            kind: A::KIND,
            id: aggregate,
            district: String::new(),
            expected,
            version: expected,
            body: String::new(),
            entries: Vec::with_capacity(1),
            at,
            actor: actor_json(&meta.actor),
            request_id: meta.request_id,
            traceparent: telemetry::current_traceparent(),
        }
    }

    fn record<A: Aggregate>(&mut self, change: &A::Change, after: &A) -> Option<()> {
        self.version += 1;
        self.entries.push(NewEntry {
            id: id::new(),
            version: self.version,
            change: serde_json::to_string(change).ok()?,
            about: serde_json::to_string(&after.about()).ok()?,
        });
        Some(())
    }

    fn finish<A: Aggregate>(
        mut self,
        mut it: A,
        changes: &[A::Change],
        stamp: &Stamp,
    ) -> Option<(Self, Versioned<A>)> {
        for change in changes {
            it.apply(change, stamp);
            self.record(change, &it)?;
        }
        self.body = serde_json::to_string(&it).ok()?;
        self.district = it.district().to_owned();
        let after = Versioned { id: self.id, version: self.version, it };
        Some((self, after))
    }
}

fn actor_json(actor: &Actor) -> String {
    serde_json::to_string(actor).unwrap_or_else(|_| "{}".to_owned())
}
