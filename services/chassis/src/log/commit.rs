//! The group commit. One task holds one connection; whatever waits at the same moment shares one transaction, one statement per
//! table. Each caller is answered only after the commit and refused alone. Two change sets that touch the same aggregate never
//! share a group. When a group fails as a whole, its sets are tried one by one, so that a poisonous one fails alone.

use std::collections::{HashSet, VecDeque};
use std::sync::Arc;

use sqlx::{PgConnection, PgPool, Postgres, pool::PoolConnection};
use tokio::sync::{
    Notify,
    mpsc::{self, error::TrySendError},
    oneshot,
};
use uuid::Uuid;

use super::draft::{ChangeSet, Draft};
use crate::db;

mod write;

use write::{Refusal, write_in_tx};

/// Why a change set was not written. Nothing of it was, unless `Unavailable`: then it is not known.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// Somebody changed the aggregate first: load it again and decide again.
    #[error("the version is stale")]
    Stale,
    /// A new aggregate collides with one there is, by id or by a unique column.
    #[error("there is one already")]
    Duplicate,
    /// The event this set answers has taken effect already, or an earlier one has not.
    #[error("the mark does not follow the one there is")]
    Mark,
    /// A constraint refused it.
    #[error("refused by {0}")]
    Constraint(String),
    /// The queue is full: shed.
    #[error("too many changes wait")]
    Overloaded,
    /// The database cannot be reached, or went away in the middle.
    #[error("the database is unavailable: {0}")]
    Unavailable(String),
    /// The database refuses the statement: a mistake of ours.
    #[error("the database refuses the statement: {0}")]
    Bug(String),
}

impl AppendError {
    /// Whether trying again later can help.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::Overloaded | Self::Unavailable(_))
    }
}

/// Bounds of the committer.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Change sets that may wait; one more is shed.
    pub queue: usize,
    /// Change sets in one group. 128 was measured best: larger groups only add latency.
    pub group: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { queue: 4096, group: 128 }
    }
}

struct Job {
    set: ChangeSet,
    reply: oneshot::Sender<Result<(), AppendError>>,
}

/// The way into the group commit.
#[derive(Clone)]
pub struct Committer {
    jobs: mpsc::Sender<Job>,
    committed: Arc<Notify>,
}

impl Committer {
    /// Starts the committer's task. It ends when every handle is dropped and the queue is empty, so nothing accepted is lost in a stop.
    pub fn start(pool: PgPool, limits: Limits) -> (Self, tokio::task::JoinHandle<()>) {
        let (jobs, queue) = mpsc::channel(limits.queue);
        let committed = Arc::new(Notify::new());
        let task = Task {
            pool,
            limits,
            queue,
            held: VecDeque::new(),
            connection: None,
            committed: committed.clone(),
        };
        (Self { jobs, committed }, tokio::spawn(task.run()))
    }

    /// Woken after each commit that wrote to the log: what the relay waits on.
    pub fn committed(&self) -> Arc<Notify> {
        self.committed.clone()
    }

    pub(super) async fn append(&self, set: ChangeSet) -> Result<(), AppendError> {
        if set.drafts.is_empty() && set.mark.is_none() {
            return Ok(());
        }
        if let Some(twice) = set.twice() {
            return Err(AppendError::Bug(format!(
                "{twice} is drafted twice in one set: only the first would be written"
            )));
        }
        let (reply, answer) = oneshot::channel();
        self.jobs.try_send(Job { set, reply }).map_err(|refused| match refused {
            TrySendError::Full(_) => AppendError::Overloaded,
            TrySendError::Closed(_) => AppendError::Unavailable("the committer stopped".into()),
        })?;
        answer.await.unwrap_or_else(|_| Err(AppendError::Unavailable("the committer stopped".into())))
    }
}

struct Task {
    pool: PgPool,
    limits: Limits,
    queue: mpsc::Receiver<Job>,
    /// Taken off the queue, but kept for the next group: their aggregate is in this one.
    held: VecDeque<Job>,
    connection: Option<PoolConnection<Postgres>>,
    committed: Arc<Notify>,
}

impl Task {
    async fn run(mut self) {
        while let Some(group) = self.gather().await {
            self.commit(group).await;
        }
    }

    /// The next group: waits for one job, then takes what else is there. None when all is done.
    async fn gather(&mut self) -> Option<Vec<Job>> {
        let mut group = Vec::new();
        let mut touched = HashSet::new();
        for job in std::mem::take(&mut self.held) {
            self.admit(job, &mut group, &mut touched);
        }
        if group.is_empty() {
            let job = self.queue.recv().await?;
            self.admit(job, &mut group, &mut touched);
        }
        while group.len() < self.limits.group && self.held.len() < self.limits.group {
            let Ok(job) = self.queue.try_recv() else { break };
            self.admit(job, &mut group, &mut touched);
        }
        Some(group)
    }

    fn admit(&mut self, job: Job, group: &mut Vec<Job>, touched: &mut HashSet<(&'static str, Uuid)>) {
        let keys: Vec<_> = keys(&job.set).collect();
        if group.len() >= self.limits.group || keys.iter().any(|key| touched.contains(key)) {
            // What comes later of the same aggregate must not overtake this one.
            touched.extend(keys);
            self.held.push_back(job);
        } else {
            touched.extend(keys);
            group.push(job);
        }
    }

    async fn commit(&mut self, group: Vec<Job>) {
        let sets: Vec<&ChangeSet> = group.iter().map(|job| &job.set).collect();
        let drafts = group.iter().any(|job| !job.set.drafts.is_empty());
        let results = match self.transact(&sets).await {
            Ok(results) => results,
            Err(Trouble::Connection(why)) => vec![Err(AppendError::Unavailable(why)); group.len()],
            Err(Trouble::Statement(error)) if group.len() == 1 => vec![Err(error)],
            Err(Trouble::Statement(_)) => self.singly(&sets).await,
        };
        if drafts {
            self.committed.notify_one();
        }
        for (job, result) in group.into_iter().zip(results) {
            // A caller that went away does not want its answer; what it asked for is done all the same.
            let _ = job.reply.send(result);
        }
    }

    async fn singly(&mut self, sets: &[&ChangeSet]) -> Vec<Result<(), AppendError>> {
        let mut results = Vec::with_capacity(sets.len());
        for set in sets {
            results.push(match self.transact(&[set]).await {
                Ok(mut one) => one.pop().unwrap_or(Ok(())),
                Err(Trouble::Connection(why)) => Err(AppendError::Unavailable(why)),
                Err(Trouble::Statement(error)) => Err(error),
            });
        }
        results
    }

    async fn transact(&mut self, sets: &[&ChangeSet]) -> Result<Vec<Result<(), AppendError>>, Trouble> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => self.planning_once().await.map_err(|e| Trouble::Connection(e.to_string()))?,
        };
        let outcome = transact(&mut connection, sets).await;
        if !matches!(outcome, Err(Trouble::Connection(_))) {
            self.connection = Some(connection);
        }
        outcome
    }

    async fn planning_once(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        let mut connection = self.living().await?;
        db::plan_once(&mut connection).await?;
        Ok(connection)
    }

    /// A connection that answers. After the database went away the pool may hold dead ones: none of them may cost a caller its change.
    async fn living(&self) -> Result<PoolConnection<Postgres>, sqlx::Error> {
        use sqlx::Connection as _;
        for _ in 0..self.pool.size() {
            let mut connection = self.pool.acquire().await?;
            if connection.ping().await.is_ok() {
                return Ok(connection);
            }
        }
        self.pool.acquire().await
    }
}

/// Why a transaction as a whole came to nothing.
enum Trouble {
    Connection(String),
    Statement(AppendError),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        let Some(refused) = error.as_database_error().filter(|_| !db::is_away(&error)) else {
            return Self::Connection(error.to_string());
        };
        let code = refused.code().unwrap_or_default();
        Self::Statement(match code.get(..2) {
            // Integrity.
            Some("23") => AppendError::Constraint(refused.constraint().unwrap_or("a constraint").to_owned()),
            // Deadlock or serialisation.
            Some("40") => AppendError::Stale,
            Some(_) | None => AppendError::Bug(refused.message().to_owned()),
        })
    }
}

async fn transact(
    connection: &mut PgConnection,
    sets: &[&ChangeSet],
) -> Result<Vec<Result<(), AppendError>>, Trouble> {
    use sqlx::Connection as _;
    let mut tx = connection.begin_with(begin(sets)).await?;
    match write_in_tx(&mut tx, sets).await? {
        Refusal::Alone(results) => {
            tx.commit().await?;
            Ok(results)
        }
        // A set of several parts was refused in part: nothing of the group may stay.
        Refusal::Whole(error) => {
            tx.rollback().await?;
            Err(Trouble::Statement(error))
        }
    }
}

/// A mark alone need not wait for the disk: one lost in a crash is missed, and healed from the owner's log, like an event that was lost.
fn begin(sets: &[&ChangeSet]) -> &'static str {
    match sets.iter().all(|set| set.drafts.is_empty()) {
        true => "begin; set local synchronous_commit = off",
        false => "begin",
    }
}

fn keys(set: &ChangeSet) -> impl Iterator<Item = (&'static str, Uuid)> {
    let mark = set.mark.iter().map(|mark| (mark.source, mark.aggregate));
    set.drafts.iter().map(|Draft { kind, id, .. }| (*kind, *id)).chain(mark)
}
