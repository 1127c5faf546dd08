//! What the tests of the pattern stand on: a store alone, an owner, a follower, and hands in the stream.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::future::join_all;
use huying_chassis::auth::make_key;
use huying_chassis::bus::{Bus, CloudEvent};
use huying_chassis::clock::Clock;
use huying_chassis::config::{self, AnchorsConfig, NatsConfig, NoSettings, Settings};
use huying_chassis::db;
use huying_chassis::follow::{Consumer, Pace, Source};
use huying_chassis::log::verify::Kind;
use huying_chassis::log::{AppendError, Bounds, ChangeSet, Committer, Entry, Log, read};
use huying_chassis::service::{self, Parts, Running, Seams, Service};
use huying_chassis::shutdown::Shutdown;
use huying_testing::{Bench, database, eventually};
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::echo::{self, Ear, Echo, SOURCES};
use super::tally::{self, Tally};
use super::tally_next::{self, TallyNext};

/// Never reconciles: whatever heals, heals by itself.
pub const NEVER: Pace =
    Pace { lanes: 4, reconcile: Duration::from_secs(3600), arrive: Duration::from_millis(50), stuck: 64 };
/// Reconciles all the time.
pub const OFTEN: Pace =
    Pace { lanes: 4, reconcile: Duration::from_millis(100), arrive: Duration::from_millis(50), stuck: 64 };

/// A database with a committer on it, and nothing else.
pub struct Store {
    pub url: String,
    pub pool: PgPool,
    pub log: Log,
    pub committing: JoinHandle<()>,
}

impl Store {
    pub async fn new() -> Self {
        Self::at(&database().await, Bounds::default(), Clock::system()).await
    }

    pub async fn at(url: &str, bounds: Bounds, clock: Clock) -> Self {
        let pool = db::connect(url, 6, "store").await.unwrap();
        db::migrate(&pool, &tally::MIGRATIONS).await.unwrap();
        let (committer, committing) = Committer::start(pool.clone(), bounds);
        let log = Log::new(pool.clone(), committer, clock);
        Self { url: url.to_owned(), pool, log, committing }
    }

    /// All at the same moment: on one thread they share one group.
    pub async fn together(&self, sets: Vec<ChangeSet>) -> Vec<Result<(), AppendError>> {
        join_all(sets.into_iter().map(|set| self.log.append(set))).await
    }

    pub async fn count(&self, table: &str) -> i64 {
        count(&self.pool, table).await
    }

    /// The transaction that wrote a version; none: it was not written.
    pub async fn xid(&self, aggregate: Uuid, version: i64) -> Option<String> {
        sqlx::query_scalar("select xid::text from log where aggregate = $1 and version = $2")
            .bind(aggregate)
            .bind(version)
            .fetch_optional(&self.pool)
            .await
            .unwrap()
    }
}

pub async fn count(pool: &PgPool, table: &str) -> i64 {
    let sql = sqlx::AssertSqlSafe(format!("select count(*) from {table}"));
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

/// A service that runs, with its log in the test's hand.
pub struct Member {
    pub running: Running,
    pub log: Log,
    pub stop: Shutdown,
}

impl Member {
    /// Stops and drains.
    pub async fn end(self) {
        let Self { running, log, stop } = self;
        drop(log);
        stop.begin();
        running.ended().await.unwrap();
    }

    pub async fn append(&self, set: impl Into<ChangeSet>) {
        self.log.append(set.into()).await.unwrap();
    }
}

/// The owner of tallies. `at`: where it listens; none: anywhere.
pub async fn owner(bench: &Bench, database: &str, at: Option<SocketAddr>) -> Member {
    let listener = match at {
        Some(address) => Some(TcpListener::bind(address).await.unwrap()),
        None => None,
    };
    let seams = Seams { listener, ..Seams::default() };
    start(OWNER, settings(bench, &OWNER, database, &BTreeMap::new()), seams, None).await
}

/// The owner, whose log is anchored each second, in a file of its own.
pub async fn owner_anchored(bench: &Bench, database: &str, file: &Path) -> Member {
    anchoring(bench, database, Some(file)).await
}

/// The same without a file: its anchors are in the database alone, and on NATS.
pub async fn owner_anchored_inside(bench: &Bench, database: &str) -> Member {
    anchoring(bench, database, None).await
}

async fn anchoring(bench: &Bench, database: &str, file: Option<&Path>) -> Member {
    let key = bench.dir.path().join("anchor.pem");
    make_key(&key).unwrap();
    let mut settings = settings(bench, &OWNER, database, &BTreeMap::new());
    settings.anchors = AnchorsConfig { key_file: Some(key), file: file.map(Path::to_owned), interval_s: 1 };
    start(OWNER, settings, Seams::default(), None).await
}

/// The owner, who believes an authority's certificates.
pub async fn owner_trusting(bench: &Bench, database: &str, ca: PathBuf) -> Member {
    let mut settings = settings(bench, &OWNER, database, &BTreeMap::new());
    settings.tls.ca_file = Some(ca);
    start(OWNER, settings, Seams::default(), None).await
}

/// The owner, whose service works as a role that owns nothing.
pub async fn owner_at_work(bench: &Bench, database: &str) -> Member {
    let settings = bench.settings_with(&OWNER, database, &BTreeMap::new());
    start(OWNER, settings, Seams::default(), None).await
}

/// The owner as the next build has it.
pub async fn owner_next(bench: &Bench, database: &str) -> Member {
    const NEXT: Service =
        Service { kinds: &[Kind::of::<TallyNext>()], publish: tally_next::publish, ..OWNER };
    start(NEXT, settings(bench, &NEXT, database, &BTreeMap::new()), Seams::default(), None).await
}

/// The same, told where NATS is.
pub async fn started(bench: &Bench, database: &str, nats: &str) -> Member {
    started_with(bench, database, nats, NatsConfig::default()).await
}

/// The same, told how to log in there.
pub async fn started_with(bench: &Bench, database: &str, nats_url: &str, nats: NatsConfig) -> Member {
    let settings = settings(bench, &OWNER, database, &BTreeMap::new());
    let settings = Settings { nats_url: nats_url.to_owned(), nats, ..settings };
    start(OWNER, settings, Seams::default(), None).await
}

/// As the owner of its database: tests do there what no service may.
fn settings(bench: &Bench, service: &Service, database: &str, peers: &BTreeMap<String, String>) -> Settings {
    let settings = bench.settings_with(service, database, peers);
    let (database_url, database_migrate_url) = (database.to_owned().into(), String::new().into());
    Settings { database_url, database_migrate_url, ..settings }
}

/// A follower of the tallies that an owner at an address has.
pub async fn follower(
    bench: &Bench,
    owner: SocketAddr,
    database: &str,
    pace: Pace,
    chokes_on: &Arc<AtomicI64>,
) -> Member {
    let chokes_on = chokes_on.clone();
    follower_with(bench, owner, database, pace, |log| Ear::<1> { log, chokes_on }).await
}

/// The same with a consumer of its own.
pub async fn follower_with<C: Consumer>(
    bench: &Bench,
    owner: SocketAddr,
    database: &str,
    pace: Pace,
    consumer: impl FnOnce(Log) -> C + Send + 'static,
) -> Member {
    let peers = BTreeMap::from([("tally".to_owned(), format!("http://{owner}"))]);
    let seams = Seams { pace, ..Seams::default() };
    let consumer: Hearing = Box::new(|log| Arc::new(consumer(log)));
    start(FOLLOWER, settings(bench, &FOLLOWER, database, &peers), seams, Some(consumer)).await
}

/// Makes a consumer.
type Hearing = Box<dyn FnOnce(Log) -> Arc<dyn Consumer> + Send>;

pub const OWNER: Service = service("tally", &tally::MIGRATIONS, &[Kind::of::<Tally>()], &["tally"], &[]);
const FOLLOWER: Service = service("echo", &echo::MIGRATIONS, &[Kind::of::<Echo>()], &[], SOURCES);

/// Without calls and timers of its own.
const fn service(
    name: &'static str,
    migrations: &'static sqlx::migrate::Migrator,
    kinds: &'static [Kind],
    roots: &'static [&'static str],
    follows: &'static [Source],
) -> Service {
    Service {
        name,
        defaults: "",
        settings: config::settings::<NoSettings>,
        migrations,
        kinds,
        publish: tally::publish,
        roots,
        follows,
        followed_by: &["echo"],
        wire: |_| Ok(Parts::default()),
    }
}

async fn start(service: Service, settings: Settings, seams: Seams, consumer: Option<Hearing>) -> Member {
    let stop = Shutdown::new();
    let log = Arc::new(OnceLock::new());
    let kept = log.clone();
    let running = service::start(service, settings, seams, stop.clone(), move |base| {
        let _ = kept.set(base.log.clone());
        let consumer = consumer.map(|hearing| hearing(base.log.clone()));
        Ok(Parts { consumer, ..(service.wire)(base)? })
    });
    let running = running.await.unwrap();
    Member { running, log: log.get().unwrap().clone(), stop }
}

/// The hands in the stream.
pub async fn bus(bench: &Bench) -> Bus {
    Bus::connect(&bench.nats.url(), "test").await.unwrap()
}

/// The events in the stream of tallies, in its order.
pub async fn published(bus: &Bus) -> Vec<CloudEvent> {
    let Ok(mut stream) = bus.jetstream().get_stream(Bus::stream_name("tally")).await else {
        return Vec::new();
    };
    let state = stream.info().await.unwrap().state.clone();
    let mut events = Vec::new();
    for sequence in state.first_sequence..=state.last_sequence {
        let Ok(message) = stream.get_raw_message(sequence).await else {
            continue;
        };
        events.push(serde_json::from_slice(&message.payload).unwrap());
    }
    events
}

/// Waits until the stream holds so many.
pub async fn published_all(bus: &Bus, number: u64) {
    eventually("all is published", async || {
        let mut stream = bus.jetstream().get_stream(Bus::stream_name("tally")).await.ok()?;
        (stream.info().await.ok()?.state.messages >= number).then_some(())
    })
    .await;
}

/// Loses everything in the stream, as the disk would, but nobody notices.
pub async fn lose(bus: &Bus) {
    bus.jetstream().get_stream(Bus::stream_name("tally")).await.unwrap().purge().await.unwrap();
}

/// Says an entry of a tally by hand; NATS does not know it as a copy.
pub async fn say(bus: &Bus, entry: &Entry) {
    let event = tally::publish(entry).unwrap();
    let subject = event.subject(&entry.head.district);
    let payload = CloudEvent::of("tally", entry, event).to_json().unwrap();
    bus.jetstream().publish(subject, payload.into()).await.unwrap().await.unwrap();
}

/// Waits until the follower has nothing more to do with what is in the stream.
pub async fn all_heard(bus: &Bus) {
    eventually("the follower has heard all", async || {
        let mut stream = bus.jetstream().get_stream(Bus::stream_name("tally")).await.ok()?;
        let state = stream.info().await.ok()?.state.clone();
        let info = stream.consumer_info("echo").await.ok()?;
        // A consumer that was made a moment ago has nothing pending yet either.
        let handed_out = info.delivered.stream_sequence >= state.last_sequence || state.messages == 0;
        (handed_out && info.num_pending == 0 && info.num_ack_pending == 0).then_some(())
    })
    .await;
}

pub async fn entries(log: &Log, tally: Uuid) -> Vec<Entry> {
    read::entries_of(log.pool(), tally, 1, 1000).await.unwrap()
}

/// A follower that chokes on nothing.
pub fn healthy() -> Arc<AtomicI64> {
    Arc::new(AtomicI64::new(0))
}
