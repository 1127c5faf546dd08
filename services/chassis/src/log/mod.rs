//! The log: the one way anything changes.
//!
//! What a command decided is drafted ([`Draft`]) and appended ([`Log::append`]); [`run`](crate::run) does both for it. The snapshot row, its log entries, and a follower's mark commit together or not at all.
//! Guaranteed: versions of an aggregate are gap-free from 1; a stale version or a repeated command is refused alone;
//! replaying an aggregate's entries gives its row; each entry is chained by its hash to the one before.

pub mod chained;
pub mod command;
mod commit;
mod decided;
mod draft;
mod entry;
pub mod epoch;
mod fingerprint;
mod problem;
pub mod read;
mod row;
pub mod verify;
pub mod watch;

pub use command::{Command, Replay};
pub use commit::{AppendError, Bounds, Committer, Heartbeat};
pub use decided::Decided;
pub use draft::{ChangeSet, Draft, Guard, Heard, Mark};
pub use entry::{Entry, Hash, Head, Told, Untellable};
pub use fingerprint::fingerprint;
pub(crate) use problem::STORE_ERROR;
pub use problem::not_found;
pub use read::Position;
pub use row::{NewerShape, Versioned};

use std::sync::Arc;

use chrono::{DateTime, Utc};
use prost::{Message, Name};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{auth::Caller, clock::Clock};

/// Something that changes as one: a request, a case, a callback. Pure.
pub trait Aggregate: Clone + Serialize + DeserializeOwned + Send + Sync + Unpin + 'static {
    /// What it is, such as `case`: also the name of its table.
    const KIND: &'static str;
    /// The number of its form, written beside each row and entry. Raised by a build whose rows or changes say more than the builds before
    /// it can keep: those leave such rows alone.
    const SHAPE: i16 = 1;
    /// Where personal values stand in its changes, as JSON pointers. Each is kept beside the change, so that it can be sealed by itself.
    const PERSONAL: &'static [&'static str] = &[];
    /// Fields of its row that say once more what its log says. A row that was written before there was such a field lacks it until it is
    /// written next, and that is no difference to its log.
    const REPEATED: &'static [&'static str] = &[];
    /// Whether one is settled, for a kind of which accounts are kept: entered = working + settled. None: it is in no account itself.
    const SETTLED: Option<fn(&Self) -> Option<bool>> = None;
    /// What can happen to it. Its serde form is kept for ever: only add.
    type Change: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// Where it can be; `()` for what has no states.
    type State: Copy + Serialize + DeserializeOwned;
    /// What every event says of it, besides its state.
    type About: Serialize + DeserializeOwned;
    /// Where a change leads, by today's table: asked once, when the change is drafted. None: it cannot happen there.
    fn leads_to(before: Option<&Self>, change: &Self::Change) -> Option<Self::State>;
    /// The aggregate after its first change; none if that change cannot be a first one.
    fn first(change: &Self::Change, state: Self::State, stamp: &Stamp) -> Option<Self>;
    /// Takes a later change, which led to a state. The table may have changed since: only the given state counts.
    fn apply(&mut self, change: &Self::Change, state: Self::State, stamp: &Stamp);
    /// The district's area code, part of the event's subject.
    fn district(&self) -> &str;
    /// What every event says of it.
    fn about(&self) -> Self::About;
    /// The unit that has it and watches it. When it goes to another, the one before is told so. On which subject its events go is the
    /// publisher's matter.
    fn unit(&self) -> Option<&str> {
        None
    }
    /// What only one aggregate may have, as name and key: claimed with the change that gives it to it, and kept from then on, also where it
    /// has it no longer.
    fn claims(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// The circumstances of a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    /// The aggregate's id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who, without the name.
    pub actor: Actor,
}

/// Who did something, as kept in the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The token's subject; a service's own name when an event or a timer caused it.
    pub subject: String,
    /// The unit acted for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// What the person is called, as the token said. Only the log's entry has it: no row and no event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl Actor {
    /// The service itself, acting on an event or a timer.
    pub fn service(name: &str) -> Self {
        Self { subject: name.to_owned(), unit: None, name: None }
    }

    /// As a fold, a row or an event may have it.
    #[must_use]
    pub fn unnamed(&self) -> Self {
        Self { name: None, ..self.clone() }
    }
}

/// What comes with a command besides the command.
#[derive(Clone, Debug)]
pub struct Meta {
    /// Who.
    pub actor: Actor,
    /// What makes a repeated command known; none when an event or a timer is the cause.
    pub command: Option<Arc<Command>>,
    /// The version the command was decided on; none: whatever it is now.
    pub expected: Option<i64>,
}

impl Meta {
    /// For what a service does by itself.
    pub fn of_service(name: &str) -> Self {
        Self { actor: Actor::service(name), command: None, expected: None }
    }

    /// For a command that somebody asks for.
    pub fn asked<M: Message + Name>(
        caller: &Caller,
        message: &M,
        request_id: Uuid,
        expected: Option<i64>,
    ) -> Self {
        let actor = Actor {
            subject: caller.subject.clone(),
            unit: caller.reach.unit().map(str::to_owned),
            name: caller.name.clone(),
        };
        Self { actor, command: Some(Arc::new(Command::new(caller, request_id, message))), expected }
    }
}

/// A service's log: cheap to clone, shared by all its use cases.
#[derive(Clone)]
pub struct Log {
    pool: PgPool,
    committer: Committer,
    clock: Clock,
}

impl Log {
    pub fn new(pool: PgPool, committer: Committer, clock: Clock) -> Self {
        Self { pool, committer, clock }
    }

    /// Now, by the service's clock.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// For the store's own look-ups. Never for writing.
    pub fn pool(&self) -> &PgPool {
        &self.pool
    }

    /// Commits a change set, in a group with what else waits.
    ///
    /// # Errors
    /// See [`AppendError`]; nothing of a refused set is written. After `Unavailable` it is not known whether it was: repeat it with the same request id.
    pub async fn append(&self, set: ChangeSet) -> Result<(), AppendError> {
        self.committer.append(set).await
    }
}
