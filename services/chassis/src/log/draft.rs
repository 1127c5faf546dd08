//! A draft: a change that is computed and not yet written.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Actor, Aggregate, AppendError, Command, Entry, Hash, Meta, Position, Stamp, Versioned,
    entry::{Body, Head},
};
use crate::{id, seal::KeyRow};

/// One aggregate's new row and the log entries that explain it.
#[derive(Clone, Debug)]
pub struct Draft {
    pub(super) kind: &'static str,
    pub(super) id: Uuid,
    /// The version its row must be at; 0 for a new one.
    pub(super) expected: i64,
    pub(super) version: i64,
    pub(super) shape: i16,
    /// Of the last entry.
    pub(super) hash: Hash,
    pub(super) body: String,
    pub(super) entries: Vec<NewEntry>,
    pub(super) at: DateTime<Utc>,
    pub(super) command: Option<Arc<Command>>,
    pub(super) claims: Vec<Claim>,
    /// Of what it seals.
    pub(super) key: Option<KeyRow>,
    /// All data keys of the aggregate are destroyed with it.
    pub(super) forgets: bool,
    actor: Actor,
}

/// One log entry to be.
#[derive(Clone, Debug)]
pub(super) struct NewEntry {
    pub head: Head,
    pub text: String,
    pub hash: Hash,
    /// The unit that the aggregate leaves with it.
    pub left: Option<String>,
}

/// Something that only one aggregate may have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Claim {
    pub name: &'static str,
    pub key: String,
    /// Who has it now and gives it up; none: nobody may have it.
    pub from: Option<Uuid>,
}

/// Where a follower stands with one aggregate once a change set commits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    pub source: &'static str,
    pub aggregate: Uuid,
    pub version: i64,
    /// The entry's id.
    pub id: Uuid,
}

/// A row that a decision rests on without changing it: the set is stale when it is at another version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guard {
    pub kind: &'static str,
    pub id: Uuid,
    pub version: i64,
}

/// What commits together: the drafts of a step, what they rest on, and the mark of the event that caused them.
#[derive(Clone, Debug, Default)]
pub struct ChangeSet {
    pub drafts: Vec<Draft>,
    pub guards: Vec<Guard>,
    pub mark: Option<Mark>,
    /// Only a stream has told the mark's event: it is yet to be held against its owner's log (follow/confirm.rs).
    pub unconfirmed: bool,
    pub heard: Option<Heard>,
}

/// What of an event the service counts later, in larger steps than one event: kept with the event's mark in the service's table `heard`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    pub at: DateTime<Utc>,
    /// JSON.
    pub body: String,
}

impl From<Draft> for ChangeSet {
    fn from(draft: Draft) -> Self {
        Self { drafts: vec![draft], ..Self::default() }
    }
}

impl From<Vec<Draft>> for ChangeSet {
    fn from(drafts: Vec<Draft>) -> Self {
        Self { drafts, ..Self::default() }
    }
}

impl ChangeSet {
    /// The command it carries out, and the draft that answers it: the first.
    pub(super) fn command(&self) -> Option<(&Command, &Draft)> {
        self.drafts.first().and_then(|draft| Some((draft.command.as_deref()?, draft)))
    }

    /// An aggregate with two drafts in this set. One of them would be lost: they belong in one draft of several changes.
    pub(super) fn twice(&self) -> Option<Uuid> {
        let same = |(n, draft): &(usize, &Draft)| {
            self.drafts[..*n].iter().any(|other| other.id == draft.id && other.kind == draft.kind)
        };
        self.drafts.iter().enumerate().find(same).map(|(_, draft)| draft.id)
    }
}

/// A draft and the aggregate as it will be; none when nothing happens.
pub type Drafted<A> = Result<Option<(Draft, Versioned<A>)>, AppendError>;

impl Draft {
    /// Drafts the first changes of a new aggregate. None if there are none.
    ///
    /// # Errors
    /// [`AppendError::Bug`]: the first cannot be a first one, a later one leads nowhere, or one cannot be written down.
    pub fn new<A: Aggregate>(
        aggregate: Uuid,
        changes: &[A::Change],
        meta: &Meta,
        at: DateTime<Utc>,
    ) -> Drafted<A> {
        let Some((first, rest)) = changes.split_first() else { return Ok(None) };
        let stamp = Stamp { id: aggregate, at, actor: meta.actor.unnamed() };
        let state = A::leads_to(None, first).ok_or_else(|| bug::<A>("cannot begin so"))?;
        let it = A::first(first, state, &stamp).ok_or_else(|| bug::<A>("cannot begin so"))?;
        let mut draft = Self::blank::<A>(aggregate, (0, [0; 32]), meta, at);
        draft.claim(&[], it.claims());
        draft.record(first, state, &it, (false, None))?;
        draft.finish(it, rest, &stamp).map(Some)
    }

    /// Drafts further changes. None if there are none.
    ///
    /// # Errors
    /// [`AppendError::Bug`]: one leads nowhere, or cannot be written down.
    pub fn on<A: Aggregate>(
        before: &Versioned<A>,
        changes: &[A::Change],
        meta: &Meta,
        at: DateTime<Utc>,
    ) -> Drafted<A> {
        if changes.is_empty() {
            return Ok(None);
        }
        let stamp = Stamp { id: before.id, at, actor: meta.actor.unnamed() };
        let draft = Self::blank::<A>(before.id, (before.version, before.hash), meta, at);
        draft.finish(before.it.clone(), changes, &stamp).map(Some)
    }

    /// Takes over those of its claims that the other aggregate holds: that one gives them up in the same commit.
    #[must_use]
    pub fn claiming_from(mut self, other: Uuid) -> Self {
        self.claims.iter_mut().for_each(|claim| claim.from = Some(other));
        self
    }

    /// With the data key of what its changes have sealed.
    #[must_use]
    pub fn with_key(mut self, key: Option<KeyRow>) -> Self {
        self.key = key;
        self
    }

    /// Destroys all data keys of the aggregate in the same commit: what they seal opens never again.
    #[must_use]
    pub fn forgetting(mut self) -> Self {
        self.forgets = true;
        self
    }

    /// Whether it changes this aggregate.
    pub fn is_of(&self, kind: &str, id: Uuid) -> bool {
        self.kind == kind && self.id == id
    }

    /// The entries as they will stand in the log, but for their places there.
    pub fn written(&self) -> impl Iterator<Item = Entry> {
        let entry =
            |new: &NewEntry| Entry::new(new.head.clone(), new.text.clone(), new.hash, Position::default());
        self.entries.iter().map(entry)
    }

    fn blank<A: Aggregate>(
        aggregate: Uuid,
        (expected, hash): (i64, Hash),
        meta: &Meta,
        at: DateTime<Utc>,
    ) -> Self {
        Self {
            kind: A::KIND,
            id: aggregate,
            expected,
            version: expected,
            shape: A::SHAPE,
            hash,
            body: String::new(),
            entries: Vec::with_capacity(1),
            at,
            command: meta.command.clone(),
            claims: Vec::new(),
            key: None,
            forgets: false,
            actor: meta.actor.clone(),
        }
    }

    /// Claims what it has besides what it had.
    fn claim(&mut self, had: &[(&'static str, String)], has: Vec<(&'static str, String)>) {
        let new = has.into_iter().filter(|claim| !had.contains(claim));
        self.claims.extend(new.map(|(name, key)| Claim { name, key, from: None }));
    }

    fn record<A: Aggregate>(
        &mut self,
        change: &A::Change,
        state: A::State,
        after: &A,
        (face, left): (bool, Option<String>),
    ) -> Result<(), AppendError> {
        let body = Body::of::<A>(&self.actor, change, state, face.then(|| after.about()));
        let text = body.and_then(|body| serde_json::to_string(&body)).map_err(bug::<A>)?;
        self.version += 1;
        let head = Head {
            id: id::new(),
            kind: A::KIND.to_owned(),
            aggregate: self.id,
            version: self.version,
            district: after.district().to_owned(),
            unit: after.unit().map(str::to_owned),
            at: self.at,
            shape: A::SHAPE,
        };
        self.hash = head.chain(&self.hash, &text);
        self.entries.push(NewEntry { head, text, hash: self.hash, left });
        Ok(())
    }

    fn finish<A: Aggregate>(
        mut self,
        mut it: A,
        changes: &[A::Change],
        stamp: &Stamp,
    ) -> Result<(Self, Versioned<A>), AppendError> {
        let claimed = it.claims();
        for change in changes {
            let state =
                A::leads_to(Some(&it), change).ok_or_else(|| bug::<A>("this change leads nowhere"))?;
            let had = it.unit().map(str::to_owned);
            it.apply(change, state, stamp);
            let left = had.filter(|unit| it.unit() != Some(unit));
            self.record(change, state, &it, (true, left))?;
        }
        self.claim(&claimed, it.claims());
        self.body = serde_json::to_string(&it).map_err(bug::<A>)?;
        let after = Versioned { id: self.id, version: self.version, hash: self.hash, it };
        Ok((self, after))
    }
}

fn bug<A: Aggregate>(why: impl std::fmt::Display) -> AppendError {
    AppendError::Bug(format!("a {} cannot be drafted: {why}", A::KIND))
}
