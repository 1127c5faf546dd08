//! The log: the one way anything changes.
//!
//! A use case loads an aggregate, lets its pure `decide` say what happened, drafts the change ([`Draft`]) and appends it
//! ([`Log::append`]). The snapshot row, its log entries, and a follower's mark commit together or not at all.
//! Guaranteed: versions of an aggregate are gap-free from 1; a stale version or a repeated request is refused alone;
//! replaying an aggregate's entries gives its row.

mod commit;
mod draft;
mod problem;
pub mod read;
mod step;
pub mod verify;

pub use commit::{AppendError, Committer, Limits};
pub use draft::{ChangeSet, Draft, Mark};
pub use problem::not_found;
pub use read::{Entry, Position};
pub use step::{Decided, StepError};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sqlx::PgPool;
use uuid::Uuid;

use crate::clock::Clock;

/// Something that changes as one: a request, a case, a callback. Pure.
pub trait Aggregate: Clone + Serialize + DeserializeOwned + Send + Sync + Unpin + 'static {
    /// What it is, such as `case`: also the name of its table.
    const KIND: &'static str;
    /// What can happen to it. Its serde form is kept for ever: only add.
    type Change: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;
    /// What every event says of it.
    type About: Serialize + DeserializeOwned;
    /// The aggregate after its first change; none if that change cannot be a first one.
    fn first(change: &Self::Change, stamp: &Stamp) -> Option<Self>;
    /// Takes a later change.
    fn apply(&mut self, change: &Self::Change, stamp: &Stamp);
    /// The district's area code, part of the event's subject.
    fn district(&self) -> &str;
    /// Its face for events.
    fn about(&self) -> Self::About;
}

/// The circumstances of a change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stamp {
    /// The aggregate's id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
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
}

impl Actor {
    /// The service itself, acting on an event or a timer.
    pub fn service(name: &str) -> Self {
        Self { subject: name.to_owned(), unit: None }
    }
}

/// An aggregate and the version it is at.
#[derive(Clone, Debug, PartialEq)]
pub struct Versioned<A> {
    pub id: Uuid,
    pub version: i64,
    pub it: A,
}

/// What comes with a command besides the command.
#[derive(Clone, Debug)]
pub struct Meta {
    /// Who.
    pub actor: Actor,
    /// Idempotency key; none when an event or a timer is the cause.
    pub request_id: Option<Uuid>,
    /// The version the command was decided on; none: whatever it is now.
    pub expected: Option<i64>,
}

impl Meta {
    /// For what a service does by itself.
    pub fn of_service(name: &str) -> Self {
        Self { actor: Actor::service(name), request_id: None, expected: None }
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
