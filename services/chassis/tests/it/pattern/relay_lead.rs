//! One relay leads, whatever happens to it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use huying_chassis::bus::{Event, PublishError, Publisher};
use huying_chassis::clock::Clock;
use huying_chassis::db;
use huying_chassis::leader::Leading;
use huying_chassis::log::Entry;
use huying_chassis::relay::Relay;
use huying_chassis::shutdown::Shutdown;
use huying_testing::{Bench, eventually};
use sqlx::PgPool;
use tokio::task::JoinHandle;

use super::bench::{Store, bus, published_all};
use super::tally::{self, open};

struct Replica {
    stop: Shutdown,
    task: JoinHandle<()>,
}

async fn relay(bench: &Bench, store: &Store, name: &str, publish: Publisher) -> Replica {
    let stop = Shutdown::new();
    let relay = Relay {
        service: "tally",
        pool: db::connect(&store.url, 3, name).await.unwrap(),
        bus: bus(bench).await,
        clock: Clock::system(),
        publish,
        roots: &["tally"],
        committed: Arc::default(),
        leading: Leading::default(),
    };
    let task = tokio::spawn(relay.run(stop.clone()));
    Replica { stop, task }
}

/// Who holds the lock: the connection's name and process. Never more than one.
async fn leader(pool: &PgPool) -> Option<(String, i32)> {
    let mut leaders: Vec<(String, i32)> = sqlx::query_as(
        "select a.application_name, l.pid from pg_locks l join pg_stat_activity a using (pid)
          where l.locktype = 'advisory' and l.granted and a.datname = current_database()",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    assert!(leaders.len() <= 1, "{leaders:?}");
    leaders.pop()
}

#[tokio::test]
async fn another_takes_over_when_the_leader_ends_or_loses_its_connection() {
    let (bench, store) = (Bench::new().await, Store::new().await);
    let bus = bus(&bench).await;
    let one = relay(&bench, &store, "one", tally::publish).await;
    let two = relay(&bench, &store, "two", tally::publish).await;
    let (first, pid) = eventually("one leads", async || leader(&store.pool).await).await;
    store.log.append(open().0.into()).await.unwrap();
    published_all(&bus, 1).await;

    sqlx::query("select pg_terminate_backend($1)").bind(pid).execute(&store.pool).await.unwrap();
    eventually("somebody leads again", async || leader(&store.pool).await.filter(|now| now.1 != pid)).await;
    store.log.append(open().0.into()).await.unwrap();
    published_all(&bus, 2).await;

    let (ending, staying, other) = if first == "one" { (one, two, "two") } else { (two, one, "one") };
    ending.stop.begin();
    ending.task.await.unwrap();
    eventually("the other leads", async || leader(&store.pool).await.filter(|now| now.0 == other)).await;
    store.log.append(open().0.into()).await.unwrap();
    published_all(&bus, 3).await;
    staying.stop.begin();
    staying.task.await.unwrap();
}

/// The leader clears away what is too old, as soon as it leads and from time to time.
#[tokio::test]
async fn a_leading_relay_forgets_old_commands() {
    let (bench, store) = (Bench::new().await, Store::new().await);
    let command = "insert into command (request_id, issuer, subject, method, digest, aggregate, version, at)
                   values (gen_random_uuid(), 'huying', $1, 'test', '', gen_random_uuid(), 1, now() - make_interval(days => $2))";
    for (subject, days) in [("old", 31), ("young", 29)] {
        sqlx::query(command).bind(subject).bind(days).execute(&store.pool).await.unwrap();
    }
    let replica = relay(&bench, &store, "one", tally::publish).await;
    eventually("the old one is forgotten", async || {
        let left: Vec<String> =
            sqlx::query_scalar("select subject from command").fetch_all(&store.pool).await.unwrap();
        (left == ["young"]).then_some(())
    })
    .await;
    replica.stop.begin();
    replica.task.await.unwrap();
}

static BY_ONE: AtomicU64 = AtomicU64::new(0);
static BY_TWO: AtomicU64 = AtomicU64::new(0);

fn publish_one(entry: &Entry) -> Result<Event, PublishError> {
    BY_ONE.fetch_add(1, Ordering::SeqCst);
    tally::publish(entry)
}

fn publish_two(entry: &Entry) -> Result<Event, PublishError> {
    BY_TWO.fetch_add(1, Ordering::SeqCst);
    tally::publish(entry)
}

/// A relay that is never idle must notice as well that it does not lead any more.
#[tokio::test]
async fn a_busy_relay_that_lost_its_lead_stops() {
    let (bench, store) = (Bench::new().await, Store::new().await);
    let bus = bus(&bench).await;
    let one = relay(&bench, &store, "one", publish_one).await;
    let (_, pid) = eventually("one leads", async || leader(&store.pool).await).await;
    let two = relay(&bench, &store, "two", publish_two).await;
    let mut written = 0;
    let mut write = async || {
        store.log.append(open().0.into()).await.unwrap();
        written += 1;
        published_all(&bus, written).await;
    };
    write().await;
    sqlx::query("select pg_terminate_backend($1)").bind(pid).execute(&store.pool).await.unwrap();

    eventually("one of them is silent while the other speaks", async || {
        let before = (BY_ONE.load(Ordering::SeqCst), BY_TWO.load(Ordering::SeqCst));
        for _ in 0..5 {
            write().await;
        }
        let after = (BY_ONE.load(Ordering::SeqCst), BY_TWO.load(Ordering::SeqCst));
        let led = leader(&store.pool).await.is_some_and(|now| now.1 != pid);
        (led && (before.0 == after.0) != (before.1 == after.1)).then_some(())
    })
    .await;
    for replica in [one, two] {
        replica.stop.begin();
        replica.task.await.unwrap();
    }
}
