//! Following: another service's events take effect here, in version order of each aggregate, exactly once in effect.
//!
//! - [`stream`] pulls events from JetStream and deals them to lanes by aggregate: one aggregate, one lane, so its order is kept.
//! - [`standing`] looks where the follower stands with the aggregates of whatever events are at hand.
//! - [`believe`] refuses what the stream's owner cannot have said.
//! - [`apply`] lets the service's [`Consumer`] draft what the next event causes and commits that with the mark, which guards itself once more.
//! - [`heal`] reads what is missing from the owner's log over gRPC.
//! - [`reconcile`] compares the marks with the owner's log, slowly, so that a lost last event is found too.
//! - [`diverge`] finds what the owner's log no longer has.
//! - [`confirm`] holds what took effect from a stream against the owner's log.
//! - [`dead`] parks the aggregate of an event that cannot be applied; others go on.

mod apply;
mod believe;
mod confirm;
pub mod dead;
mod diverge;
mod heal;
mod progress;
mod reconcile;
mod settle;
mod standing;
mod stream;

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use huying_proto::log::v1::log_service_client::LogServiceClient;
use sqlx::PgPool;
use tokio::sync::{Mutex, RwLock};
use tonic::Code;

use crate::{
    bus::{Bus, CloudEvent},
    db,
    log::{AppendError, ChangeSet, Log, NewerShape, STORE_ERROR},
    peers::{Peer, Peers},
    run::RunError,
    shutdown::Shutdown,
};

use believe::Refusals;
pub use dead::DeadLetters;
pub use progress::{Progress, Reconciled};
pub use settle::{Settled, Verdict};
use standing::Standings;

/// A followed service and what of it is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The owner, such as `casework`.
    pub service: &'static str,
    /// The root of the stream its events come on; most often the service's own name.
    pub root: &'static str,
    /// The kinds of aggregates followed.
    pub kinds: &'static [&'static str],
    /// What their events call the aggregate's id, in the field named as its kind: `id` in `{"case": {"id": …}}`.
    pub named_by: &'static str,
}

/// Why an event could not be applied.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// It never will be: park it.
    #[error("{0}")]
    Poison(String),
    /// Not now, or for a reason that we do not know: try again. What never passes is parked after a while.
    #[error("{0}")]
    Later(String),
    /// The database, the owner, or a build that knows the event is away: try again until it is there.
    #[error("{0}")]
    Away(String),
}

impl Failure {
    /// An event that this build does not know: it is neither marked nor parked, and waits for a build that does.
    pub fn unknown(event: &CloudEvent) -> Self {
        Self::Away(format!("{} is said by a newer build", event.name))
    }
}

impl From<serde_json::Error> for Failure {
    fn from(error: serde_json::Error) -> Self {
        Self::Poison(format!("the event cannot be read: {error}"))
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        if NewerShape::within(&error).is_some() || db::is_away(&error) {
            Self::Away(error.to_string())
        } else {
            Self::Later(error.to_string())
        }
    }
}

impl From<AppendError> for Failure {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Overloaded | AppendError::Unavailable(_) => Self::Away(error.to_string()),
            AppendError::Stale
            | AppendError::Duplicate
            | AppendError::Mark
            | AppendError::Replayed
            | AppendError::Unknown(_) => Self::Later(error.to_string()),
            AppendError::Constraint(_) | AppendError::Bug(_) => Self::Poison(error.to_string()),
        }
    }
}

impl<E: std::fmt::Debug> From<RunError<E>> for Failure {
    fn from(error: RunError<E>) -> Self {
        match error {
            RunError::Refused(why) => Self::Poison(format!("refused: {why:?}")),
            RunError::NotFound { .. } => Self::Poison(error.to_string()),
            RunError::Stale { .. } => Self::Later(error.to_string()),
            RunError::Append(error) => error.into(),
            RunError::Unanswered(problem)
                if problem.code() == Code::Unavailable && problem.reason() != STORE_ERROR =>
            {
                Self::Away(problem.to_string())
            }
            RunError::Unanswered(problem) => Self::Later(problem.to_string()),
        }
    }
}

/// A service's reaction to events: `events/consume.rs`, one arm per event, one app call each. It says what happens and never writes: that
/// commits with the mark. It may be called again for the same event.
pub trait Consumer: Send + Sync + 'static {
    fn apply<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<ChangeSet, Failure>>;
    /// Whether this build knows the event, be it only to let it go. What it does not know waits for a build that does.
    fn knows(&self, event: &CloudEvent) -> bool {
        huying_proto::events::knows(&event.name)
    }
}

/// How a follower paces itself.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Aggregates worked on at once per source.
    pub lanes: usize,
    /// Between looks at the owners' logs.
    pub reconcile: Duration,
    /// How long an event may be on its way before the reconciliation calls it lost.
    pub arrive: Duration,
    /// An event that was handed out so often and could not be applied, though everything was there, is parked.
    pub stuck: i64,
}

impl Default for Pace {
    fn default() -> Self {
        // 64 times are five minutes, since an event stays away for longer each time.
        Self { lanes: 64, reconcile: Duration::from_secs(3), arrive: Duration::from_secs(1), stuck: 64 }
    }
}

/// A service's follower, all sources. Cheap to clone.
#[derive(Clone)]
pub struct Follower {
    inner: Arc<Inner>,
}

struct Inner {
    /// The follower's own service: the durable consumers' name.
    service: &'static str,
    sources: &'static [Source],
    consumer: Arc<dyn Consumer>,
    pool: PgPool,
    log: Log,
    peers: Peers,
    bus: Bus,
    pace: Pace,
    standings: Standings,
    progress: Progress,
    refusals: Refusals,
    /// Held while all marks are compared with an owner's log.
    auditing: Mutex<()>,
    /// By source: in which epoch of its log that was done.
    checked: BTreeMap<&'static str, RwLock<Option<i64>>>,
}

impl Follower {
    pub fn new(
        service: &'static str,
        sources: &'static [Source],
        consumer: Arc<dyn Consumer>,
        log: Log,
        peers: Peers,
        bus: Bus,
        pace: Pace,
    ) -> Self {
        let pool = log.pool().clone();
        let standings = Standings::start(pool.clone());
        let progress = Progress::new(sources.iter().map(|source| source.service));
        let refusals = Refusals::new(service, sources);
        let checked = sources.iter().map(|source| (source.service, RwLock::default())).collect();
        let auditing = Mutex::default();
        let inner = Inner {
            service,
            sources,
            consumer,
            pool,
            log,
            peers,
            bus,
            pace,
            standings,
            progress,
            refusals,
            auditing,
            checked,
        };
        Self { inner: Arc::new(inner) }
    }

    /// How far it has come, for whoever wants to see it.
    pub fn progress(&self) -> Progress {
        self.inner.progress.clone()
    }

    /// Runs until the stop: events under way are finished or left unacknowledged for the next one.
    pub fn run(self, stop: Shutdown) -> BoxFuture<'static, ()> {
        Box::pin(self.follow_all(stop))
    }

    async fn follow_all(self, stop: Shutdown) {
        let mut tasks = tokio::task::JoinSet::new();
        for source in self.inner.sources {
            tasks.spawn(stream::run(self.clone(), *source, stop.clone()));
        }
        for (service, kinds) in self.kinds_by_service() {
            tasks.spawn(reconcile::run(self.clone(), service, kinds, stop.clone()));
        }
        while tasks.join_next().await.is_some() {}
    }

    /// One service's log holds all its kinds, whatever streams they go out on.
    fn kinds_by_service(&self) -> BTreeMap<&'static str, Vec<&'static str>> {
        let mut kinds: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for source in self.inner.sources {
            kinds.entry(source.service).or_default().extend(source.kinds);
        }
        kinds
    }

    fn source_of(&self, service: &str) -> Option<Source> {
        self.inner.sources.iter().find(|source| source.service == service).copied()
    }

    /// The log of a source's owner, to be asked.
    fn log_of(&self, source: Source) -> Result<LogServiceClient<Peer>, Failure> {
        let peer = self.inner.peers.channel(source.service).map_err(|e| Failure::Away(e.to_string()))?;
        Ok(LogServiceClient::new(peer))
    }
}
