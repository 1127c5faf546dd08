//! What an event does may depend on what the events before it did: it is decided only when that is committed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::FutureExt;
use futures::future::BoxFuture;
use huying_chassis::bus::CloudEvent;
use huying_chassis::follow::{Consumer, Failure};
use huying_chassis::log::{ChangeSet, Draft, Log};
use huying_testing::{Bench, database, eventually};
use sqlx::PgPool;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::bench::{
    Member, NEVER, OFTEN, all_heard, bus, count, entries, follower_with, lose, owner, published_all, say,
};
use super::echo::{Echo, Heard, heard};
use super::tally::{Change, Tally, meta, open};

const PAIRS: usize = 200;

/// Keeps what begins and calls off what has begun. What has not begun needs no calling off, and what was called off cannot be twice.
pub struct Careful {
    pub log: Log,
    pub gate: Arc<Gate>,
}

/// How many events have come, and how many of them may be looked at.
pub struct Gate {
    pub come: AtomicUsize,
    pub open: Semaphore,
}

impl Gate {
    pub fn with(permits: usize) -> Arc<Self> {
        Arc::new(Self { come: AtomicUsize::new(0), open: Semaphore::new(permits) })
    }
}

impl Careful {
    async fn hear(&self, event: &CloudEvent) -> Result<ChangeSet, Failure> {
        self.gate.come.fetch_add(1, Ordering::SeqCst);
        self.gate.open.acquire().await.map_err(|error| Failure::Later(error.to_string()))?.forget();
        let before = self.log.load::<Echo>(event.partitionkey).await?;
        let change = [Heard { version: event.sequence, n: 0 }];
        let drafted = match (event.message(), before) {
            ("Rang", None) => return Ok(ChangeSet::default()),
            (_, Some(before)) if before.it.versions.contains(&event.sequence) => {
                return Err(Failure::Poison("it is so already".into()));
            }
            (_, Some(before)) => Draft::on(&before, &change, &meta(), self.log.now())?,
            (_, None) => Draft::new::<Echo>(event.partitionkey, &change, &meta(), self.log.now())?,
        };
        Ok(drafted.into_iter().map(|(draft, _)| draft).collect::<Vec<_>>().into())
    }
}

impl Consumer for Careful {
    fn apply<'a>(&'a self, event: &'a CloudEvent) -> BoxFuture<'a, Result<ChangeSet, Failure>> {
        self.hear(event).boxed()
    }

    fn knows(&self, _: &CloudEvent) -> bool {
        true
    }
}

/// Tallies that were opened and rang at once.
async fn pairs(owner: &Member, number: usize) -> Vec<Uuid> {
    let mut tallies = Vec::new();
    for _ in 0..number {
        let (draft, before) = open();
        let (rang, _) =
            Draft::on::<Tally>(&before, &[Change::Rang], &meta(), owner.log.now()).unwrap().unwrap();
        owner.append(draft).await;
        owner.append(rang).await;
        tallies.push(before.id);
    }
    tallies
}

/// Holds up whoever wants to commit a mark, until one of each replica waits.
async fn hold_committers(pool: &PgPool) {
    let mut tx = pool.begin().await.unwrap();
    sqlx::query("lock table followed in exclusive mode").execute(&mut *tx).await.unwrap();
    eventually("both committers wait", async || {
        let waiting: i64 = sqlx::query_scalar(
            "select count(*) from pg_locks where relation = 'followed'::regclass and not granted",
        )
        .fetch_one(pool)
        .await
        .ok()?;
        (waiting >= 2).then_some(())
    })
    .await;
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_decided_on_a_state_without_what_came_before() {
    let (bench, followers) = (Bench::new().await, database().await);
    let owner = owner(&bench, &database().await, None).await;
    let bus = bus(&bench).await;
    let tallies = pairs(&owner, PAIRS).await;
    published_all(&bus, 2 * PAIRS as u64).await;
    let mut said = Vec::new();
    for tally in &tallies {
        said.push(entries(&owner.log, *tally).await);
    }
    lose(&bus).await;
    let careful = |log| Careful { log, gate: Gate::with(Semaphore::MAX_PERMITS) };
    let one = follower_with(&bench, owner.running.grpc, &followers, NEVER, careful).await;
    let two = follower_with(&bench, owner.running.grpc, &followers, NEVER, careful).await;

    for (n, pairs) in said.chunks(PAIRS / 4).enumerate() {
        let saying = async {
            for pair in pairs {
                // The second first, every other time; the two go to different replicas.
                for place in if n % 2 == 0 { [0, 1] } else { [1, 0] } {
                    say(&bus, &pair[place]).await;
                }
            }
        };
        futures::join!(saying, hold_committers(one.log.pool()));
    }
    all_heard(&bus).await;

    let mut lost = Vec::new();
    for tally in &tallies {
        if heard(&one.log, *tally).await != [1, 2] {
            lost.push(*tally);
        }
    }
    assert!(lost.is_empty(), "{} of {PAIRS} were not called off", lost.len());
    assert_eq!(count(one.log.pool(), "dead_letter").await, 0);
    for member in [one, two, owner] {
        member.end().await;
    }
}

/// Whoever decides on a state that holds the event itself already has only come too late.
#[tokio::test]
async fn an_event_that_took_effect_meanwhile_is_no_poison() {
    let (bench, followers) = (Bench::new().await, database().await);
    let owner = owner(&bench, &database().await, None).await;
    let bus = bus(&bench).await;
    let gate = Gate::with(0);
    let shut = gate.clone();
    let slow =
        follower_with(&bench, owner.running.grpc, &followers, NEVER, |log| Careful { log, gate: shut }).await;
    let tally = pairs(&owner, 1).await[0];
    eventually("the slow one is at it", async || (gate.come.load(Ordering::SeqCst) > 0).then_some(())).await;
    let quick = follower_with(&bench, owner.running.grpc, &followers, OFTEN, |log| Careful {
        log,
        gate: Gate::with(Semaphore::MAX_PERMITS),
    })
    .await;
    eventually("the quick one is done", async || (heard(&quick.log, tally).await == [1, 2]).then_some(()))
        .await;
    gate.open.add_permits(Semaphore::MAX_PERMITS);
    all_heard(&bus).await;
    assert_eq!(count(quick.log.pool(), "dead_letter").await, 0);
    for member in [slow, quick, owner] {
        member.end().await;
    }
}
