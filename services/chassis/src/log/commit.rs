//! The group commit. One task holds one connection; whatever waits at the same moment shares one transaction, one statement per
//! table. Each caller is answered only after the commit and refused alone. Two change sets that touch the same aggregate never
//! share a group. When some of a group are refused, the rest is tried again as a group; when a group fails as a whole, its sets are
//! tried one by one, so that a poisonous one fails alone.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::{PgConnection, PgPool};
use tokio::sync::{
    Notify,
    mpsc::{self, error::TrySendError},
    oneshot,
};
use uuid::Uuid;

use super::draft::{ChangeSet, Draft, Mark};
use crate::db;

mod write;

use write::{Written, write_in_tx};

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
    /// The command was carried out before.
    #[error("the command was carried out before")]
    Replayed,
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
    /// The database answers with an error that we do not know: it may pass, or not.
    #[error("the database answers with an error that we do not know: {0}")]
    Unknown(String),
}

/// Bounds of the committer.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Change sets that may wait; one more is shed.
    pub queue: usize,
    /// Change sets in one group. 128 was measured best: larger groups only add latency.
    pub group: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self { queue: 4096, group: 128 }
    }
}

/// Longest time for one transaction. After it nobody knows how it went, and the connection is given up.
const LONGEST: Duration = Duration::from_secs(15);
/// Longest wait for a row that somebody else holds: the rest of a group must not wait with it.
const LOCKED: &str = "set lock_timeout = '1s'";

struct Job {
    set: ChangeSet,
    reply: oneshot::Sender<Result<(), AppendError>>,
}

/// The way into the group commit.
#[derive(Clone)]
pub struct Committer {
    jobs: mpsc::Sender<Job>,
    committed: Arc<Notify>,
    heartbeat: Heartbeat,
}

/// How long the committer has been at its group, for whoever wants to see it: it keeps no committer alive. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Heartbeat(Arc<Mutex<Option<Instant>>>);

impl Heartbeat {
    /// Zero while there is no group.
    pub fn busy_for(&self) -> Duration {
        let since = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn beat(&self, since: Option<Instant>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }
}

impl Committer {
    /// Starts the committer's task. It ends when every handle is dropped and the queue is empty, so nothing accepted is lost in a stop.
    pub fn start(pool: PgPool, bounds: Bounds) -> (Self, tokio::task::JoinHandle<()>) {
        let (jobs, queue) = mpsc::channel(bounds.queue);
        let committed = Arc::new(Notify::new());
        let heartbeat = Heartbeat::default();
        let task = Task {
            pool,
            bounds,
            queue,
            held: VecDeque::new(),
            moved: HashMap::new(),
            connection: None,
            committed: committed.clone(),
            heartbeat: heartbeat.clone(),
        };
        (Self { jobs, committed, heartbeat }, tokio::spawn(task.run()))
    }

    /// Whether it is stuck with what it does.
    pub fn heartbeat(&self) -> Heartbeat {
        self.heartbeat.clone()
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
    bounds: Bounds,
    queue: mpsc::Receiver<Job>,
    /// Taken off the queue, but kept for the next group: their aggregate is in this one.
    held: VecDeque<Job>,
    /// The versions that the last group brought about: what is held was decided on the ones before.
    moved: HashMap<(&'static str, Uuid), i64>,
    /// Not the pool's any more: one that was given up in the middle of something is closed with it. Since when it lies idle.
    connection: Option<(PgConnection, Instant)>,
    committed: Arc<Notify>,
    heartbeat: Heartbeat,
}

impl Task {
    async fn run(mut self) {
        while let Some(group) = self.gather().await {
            self.heartbeat.beat(Some(Instant::now()));
            self.commit(group).await;
            self.heartbeat.beat(None);
        }
    }

    /// The next group: waits for one job, then takes what else is there. None when all is done.
    async fn gather(&mut self) -> Option<Vec<Job>> {
        let mut group = Vec::new();
        let mut touched = HashSet::new();
        let moved = std::mem::take(&mut self.moved);
        for job in std::mem::take(&mut self.held) {
            match outrun(&job.set, &moved) {
                Some(error) => drop(job.reply.send(Err(error))),
                None => self.admit(job, &mut group, &mut touched),
            }
        }
        if group.is_empty() {
            let job = self.queue.recv().await?;
            self.admit(job, &mut group, &mut touched);
        }
        while group.len() < self.bounds.group && self.held.len() < self.bounds.group {
            let Ok(job) = self.queue.try_recv() else { break };
            self.admit(job, &mut group, &mut touched);
        }
        Some(group)
    }

    fn admit(&mut self, job: Job, group: &mut Vec<Job>, touched: &mut HashSet<(&'static str, Uuid)>) {
        let keys: Vec<_> = keys(&job.set).collect();
        if group.len() >= self.bounds.group || keys.iter().any(|key| touched.contains(key)) {
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
        let results = self.write(&sets).await;
        for (set, _) in sets.iter().zip(&results).filter(|(_, result)| result.is_ok()) {
            self.moved.extend(versions(set));
        }
        if drafts {
            self.committed.notify_one();
        }
        for (job, result) in group.into_iter().zip(results) {
            // A caller that went away does not want its answer; what it asked for is done all the same.
            let _ = job.reply.send(result);
        }
    }

    /// Writes what can be written; gives each set's result in their order.
    async fn write(&mut self, sets: &[&ChangeSet]) -> Vec<Result<(), AppendError>> {
        match self.transact(sets).await {
            Ok(Written { results, in_part: false }) => results,
            Ok(Written { results, in_part: true }) => self.rest_first(sets, results).await,
            Err(Trouble::Connection(why)) => vec![Err(AppendError::Unavailable(why)); sets.len()],
            Err(Trouble::Statement(error)) if sets.len() == 1 => vec![Err(error)],
            Err(Trouble::Statement(_)) => {
                let mut results = Vec::with_capacity(sets.len());
                for set in sets {
                    results.extend(Box::pin(self.write(&[set])).await);
                }
                results
            }
        }
    }

    /// Some were refused after they had written a part, so nothing is committed yet: the others are tried again as a group. A refusal that
    /// may have been caused by one of those others is tried again behind them.
    async fn rest_first(
        &mut self,
        sets: &[&ChangeSet],
        mut results: Vec<Result<(), AppendError>>,
    ) -> Vec<Result<(), AppendError>> {
        if sets.len() == 1 {
            return results;
        }
        let place = |wanted: fn(&Result<(), AppendError>) -> bool, results: &[Result<(), AppendError>]| {
            (0..sets.len()).filter(|n| wanted(&results[*n])).collect::<Vec<_>>()
        };
        let rest = place(Result::is_ok, &results);
        let again =
            place(|result| matches!(result, Err(AppendError::Duplicate | AppendError::Replayed)), &results);
        for places in [vec![rest], again.into_iter().map(|n| vec![n]).collect()].concat() {
            let chosen: Vec<&ChangeSet> = places.iter().map(|n| sets[*n]).collect();
            if chosen.is_empty() {
                continue;
            }
            for (n, result) in places.into_iter().zip(Box::pin(self.write(&chosen)).await) {
                results[n] = result;
            }
        }
        results
    }

    async fn transact(&mut self, sets: &[&ChangeSet]) -> Result<Written, Trouble> {
        let outcome = tokio::time::timeout(LONGEST, async {
            let mut connection = match self.kept().await {
                Some(connection) => connection,
                None => self.planning_once().await.map_err(|e| Trouble::Connection(e.to_string()))?,
            };
            let outcome = transact(&mut connection, sets).await;
            Ok::<_, Trouble>((connection, outcome))
        });
        // Given up in the middle: the connection is dropped with the attempt, and the server rolls back what it had of it.
        let (connection, outcome) = outcome
            .await
            .map_err(|_| Trouble::Connection("the database does not answer in time".into()))??;
        match outcome {
            Err(Trouble::Connection(_)) => drop(connection),
            Ok(_) | Err(Trouble::Statement(_)) => self.connection = Some((connection, Instant::now())),
        }
        outcome
    }

    /// The connection of the last group, if it answers still.
    async fn kept(&mut self) -> Option<PgConnection> {
        let (mut connection, since) = self.connection.take()?;
        db::lives(&mut connection, since.elapsed()).await.is_ok().then_some(connection)
    }

    async fn planning_once(&self) -> Result<PgConnection, sqlx::Error> {
        let mut connection = self.living().await?;
        db::plan_once(&mut connection).await?;
        sqlx::query(LOCKED).execute(&mut connection).await?;
        Ok(connection)
    }

    /// A connection that answers. After the database went away the pool may hold dead ones: none of them may cost a caller its change.
    async fn living(&self) -> Result<PgConnection, sqlx::Error> {
        for _ in 0..self.pool.size() {
            let mut connection = self.pool.acquire().await?.detach();
            if db::lives(&mut connection, Duration::MAX).await.is_ok() {
                return Ok(connection);
            }
        }
        Ok(self.pool.acquire().await?.detach())
    }
}

/// Why a transaction as a whole came to nothing.
enum Trouble {
    Connection(String),
    Statement(AppendError),
}

impl From<sqlx::Error> for Trouble {
    fn from(error: sqlx::Error) -> Self {
        let code = error.as_database_error().and_then(|refused| refused.code()).unwrap_or_default();
        // A row that somebody holds: only whoever wants that row is told to come again.
        if db::is_held(&error) {
            return Self::Statement(AppendError::Unavailable("a row is locked".into()));
        }
        let Some(refused) = error.as_database_error().filter(|_| !db::is_away(&error)) else {
            return Self::Connection(error.to_string());
        };
        Self::Statement(match code.get(..2) {
            // Integrity.
            Some("23") => AppendError::Constraint(refused.constraint().unwrap_or("a constraint").to_owned()),
            // Deadlock or serialisation.
            Some("40") => AppendError::Stale,
            Some(_) | None if db::is_ours(&error) => AppendError::Bug(refused.message().to_owned()),
            Some(_) | None => AppendError::Unknown(format!("{code}: {}", refused.message())),
        })
    }
}

async fn transact(connection: &mut PgConnection, sets: &[&ChangeSet]) -> Result<Written, Trouble> {
    use sqlx::Connection as _;
    let mut tx = connection.begin_with(begin(sets)).await?;
    let written = write_in_tx(&mut tx, sets).await?;
    match written.in_part {
        false => tx.commit().await?,
        true => tx.rollback().await?,
    }
    Ok(written)
}

/// A mark alone need not wait for the disk: one lost in a crash is missed, and healed from the owner's log, like an event that was lost.
fn begin(sets: &[&ChangeSet]) -> &'static str {
    match sets.iter().all(|set| set.drafts.is_empty()) {
        true => "begin; set local synchronous_commit = off",
        false => "begin",
    }
}

fn keys(set: &ChangeSet) -> impl Iterator<Item = (&'static str, Uuid)> {
    versions(set).map(|(key, _)| key)
}

/// What a set brings about: its drafts' versions, and its mark's.
fn versions(set: &ChangeSet) -> impl Iterator<Item = ((&'static str, Uuid), i64)> {
    let mark = set.mark.iter().map(|mark| ((mark.source, mark.aggregate), mark.version));
    set.drafts.iter().map(|Draft { kind, id, version, .. }| ((*kind, *id), *version)).chain(mark)
}

/// Why a held set cannot be written any more: what was committed in the meantime has moved on what it was decided on.
fn outrun(set: &ChangeSet, moved: &HashMap<(&'static str, Uuid), i64>) -> Option<AppendError> {
    let at = |key| moved.get(&key).copied();
    let marked =
        |mark: &Mark| at((mark.source, mark.aggregate)).is_some_and(|version| version >= mark.version);
    if set.mark.as_ref().is_some_and(marked) {
        return Some(AppendError::Mark);
    }
    let stale = |draft: &Draft| at((draft.kind, draft.id)).is_some_and(|version| version > draft.expected);
    let draft = set.drafts.iter().find(|draft| stale(draft))?;
    Some(if draft.expected == 0 { AppendError::Duplicate } else { AppendError::Stale })
}
