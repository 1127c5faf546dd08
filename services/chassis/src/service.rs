//! One service, wired: what all four have in common, in the order of starting and, reversed, of stopping.
//!
//! Start: check → bind → connect and migrate → committer → relay, follower, timers → serve. Nothing is announced before it works, and
//! a wrong setting ends the start before anything is bound.
//! Stop: health says no → gRPC drains → follower and timers end → committer empties its queue → relay publishes the rest.

mod served;

use std::{future::Future, net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use futures::future::BoxFuture;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{PgPool, migrate::Migrator};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

pub use served::Served;

use crate::{
    auth::{self, Authenticator, TokenSource},
    bus::{Bus, Publisher},
    clock::Clock,
    config::{self, Config, ConfigError},
    db,
    exit::Exit,
    follow::{Consumer, Follower, Pace},
    gauges::{Gauges, Watched},
    leader::Leading,
    log::{Committer, Heartbeat, Limits, Log, verify::Kind},
    log_service::LogRpc,
    peers::Peers,
    relay::Relay,
    server::{self, ServeOptions, admin, admin::Readiness},
    shutdown::Shutdown,
    telemetry,
    timer::{self, Timer},
};

/// Between looks whether the database answers and NATS is connected.
const STORE_LOOK: Duration = Duration::from_secs(1);
/// How long the database may take to answer then.
const STORE_ANSWER: Duration = Duration::from_secs(2);
/// Longest time for the committer at one group: rows that somebody holds cost a second or two.
const STUCK: Duration = Duration::from_secs(5);
/// Longest wait for one phase of a stop.
const WIND_DOWN: Duration = Duration::from_secs(10);

/// What makes a service itself.
pub struct Definition {
    /// `intake`
    pub name: &'static str,
    pub migrations: &'static Migrator,
    /// The kinds of its aggregates, its profile among them.
    pub kinds: Vec<Kind>,
    pub publish: Publisher,
    /// The roots of the streams it publishes to.
    pub roots: &'static [&'static str],
}

/// What a test, or a process of several services, puts in from outside.
#[derive(Default)]
pub struct Seams {
    /// None: the database's clock.
    pub clock: Option<Clock>,
    /// None: bound to the configured address.
    pub listener: Option<TcpListener>,
    pub pace: Pace,
}

/// What a service's own wiring builds on.
pub struct Base {
    pub clock: Clock,
    pub log: Log,
    pub pool: PgPool,
    pub peers: Peers,
    pub stop: Shutdown,
}

/// What a service's own wiring gives back.
pub struct Parts {
    /// Its own proto services; `huying.log.v1.LogService` is every service's.
    pub served: Served,
    pub consumer: Option<Arc<dyn Consumer>>,
    pub timers: Vec<Timer>,
}

/// A service that runs.
pub struct Running {
    pub grpc: SocketAddr,
    pub admin: SocketAddr,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Running {
    /// Ends when the service has stopped and drained.
    ///
    /// # Errors
    /// What ended it early.
    pub async fn ended(self) -> anyhow::Result<()> {
        self.task.await?
    }
}

/// A service that is being started. Boxed, so that a service's code is compiled once, in its own crate, and not again in each program.
pub type Starting = BoxFuture<'static, anyhow::Result<Running>>;

/// Starts a service; it runs until `stop` begins.
///
/// # Errors
/// A wrong setting, an address that is taken, a database that cannot be reached or migrated.
pub fn start<Own: Send + Sync + 'static>(
    definition: Definition,
    config: Config<Own>,
    seams: Seams,
    stop: Shutdown,
    wire: impl FnOnce(&Base, &Own) -> anyhow::Result<Parts> + Send + 'static,
) -> Starting {
    Box::pin(start_up(definition, config, seams, stop, wire))
}

async fn start_up<Own>(
    definition: Definition,
    config: Config<Own>,
    seams: Seams,
    stop: Shutdown,
    wire: impl FnOnce(&Base, &Own) -> anyhow::Result<Parts>,
) -> anyhow::Result<Running> {
    let name = definition.name;
    let Ground { listener, admin, pool, bus, auth, peers } =
        prepare(&definition, &config, seams.listener).await?;
    let (grpc_address, admin_address) = (listener.local_addr()?, admin.local_addr()?);

    let stages = Stages::default();
    let clock = started_clock(name, seams.clock, &pool, &stages).await?;
    let (committer, committing) =
        Committer::start(pool.clone(), Limits { queue: config.limits.queue, ..Limits::default() });
    let (relay_leads, timer_leads) = (Leading::default(), Leading::default());
    let relay = relay(&definition, (&pool, &bus, &clock), &committer, &relay_leads);
    let heartbeat = committer.heartbeat();
    let log = Log::new(pool.clone(), committer, clock.clone());
    let base = Base {
        clock: clock.clone(),
        log: log.clone(),
        pool: pool.clone(),
        peers: peers.clone(),
        stop: stop.clone(),
    };
    let parts = wire(&base, &config.service)?;
    let follower =
        parts.consumer.map(|consumer| Follower::new(name, consumer, log, peers, bus.clone(), seams.pace));
    let gauges = Gauges::new(Watched {
        service: name,
        pool: pool.clone(),
        clock: clock.clone(),
        committer: heartbeat.clone(),
        leading: leading(&relay_leads, &timer_leads, &parts.timers),
        timed: parts.timers.iter().map(|timer| timer.kind).collect(),
        progress: follower.as_ref().map(Follower::progress),
    });
    let readiness = Readiness::new();
    let served = parts.served.with(log_rpc(definition, pool.clone(), follower.clone()).server());
    let serving = server::serve(ServeOptions {
        name,
        listener,
        access: auth::declared(&served.names),
        served,
        descriptor: huying_proto::DESCRIPTORS,
        limits: config.limits,
        auth,
        readiness: readiness.clone(),
        shutdown: stop.clone(),
    });
    let mut followers = JoinSet::new();
    if let Some(follower) = follower {
        followers.spawn(follower.run(stages.follow.clone()));
    }
    followers.spawn(timer::run(name, parts.timers, pool.clone(), clock, timer_leads, stages.follow.clone()));
    followers.spawn(watch_stores(pool.clone(), bus, heartbeat, readiness.clone(), stages.follow.clone()));
    let publishing = tokio::spawn(relay.run(stages.relay.clone()));
    let watching = tokio::spawn(admin::serve(admin, readiness, Some(gauges), stop, stages.admin.clone()));
    drop(base);
    let task = tokio::spawn(stages.wind_down(serving, followers, committing, publishing, watching, pool));
    Ok(Running { grpc: grpc_address, admin: admin_address, task })
}

fn relay(
    definition: &Definition,
    (pool, bus, clock): (&PgPool, &Bus, &Clock),
    committer: &Committer,
    leading: &Leading,
) -> Relay {
    Relay {
        service: definition.name,
        pool: pool.clone(),
        bus: bus.clone(),
        clock: clock.clone(),
        publish: definition.publish,
        roots: definition.roots,
        committed: committer.committed(),
        leading: leading.clone(),
    }
}

fn log_rpc(definition: Definition, pool: PgPool, follower: Option<Follower>) -> LogRpc {
    let Definition { name, publish, kinds, .. } = definition;
    LogRpc { service: name, pool, publish, kinds, follower }
}

/// What must be there before anything runs.
struct Ground {
    listener: TcpListener,
    admin: TcpListener,
    pool: PgPool,
    bus: Bus,
    auth: Arc<Authenticator>,
    peers: Peers,
}

async fn prepare<Own>(
    definition: &Definition,
    config: &Config<Own>,
    listener: Option<TcpListener>,
) -> anyhow::Result<Ground> {
    let name = definition.name;
    config.check()?;
    let listener = match listener {
        Some(listener) => listener,
        None => bind(name, config.listen).await?,
    };
    let admin = bind(name, config.admin_listen).await?;
    let pool = db::connect(config.database_url.expose(), config.database_pool, &format!("huying-{name}"))
        .await
        .with_context(|| format!("{name} cannot reach its database"))?;
    db::migrate(&pool, definition.migrations)
        .await
        .with_context(|| format!("{name} cannot migrate its database"))?;
    let bus = Bus::connect(&config.nats_url, &format!("huying-{name}"))
        .await
        .with_context(|| format!("{name} cannot use NATS"))?;
    let auth = Arc::new(Authenticator::new(&config.auth)?);
    let peers = Peers::new(&config.peers, &config.auth, TokenSource::new(name, &config.auth)?)?;
    Ok(Ground { listener, admin, pool, bus, auth, peers })
}

async fn bind(name: &str, address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| format!("{name} cannot listen on {address}"))
}

async fn started_clock(
    name: &'static str,
    given: Option<Clock>,
    pool: &PgPool,
    stages: &Stages,
) -> anyhow::Result<Clock> {
    if let Some(clock) = given {
        return Ok(clock);
    }
    let clock = Clock::system();
    clock.measure(pool).await.context("the database does not tell the time")?;
    tokio::spawn(clock.clone().follow(name, pool.clone(), stages.follow.clone()));
    Ok(clock)
}

/// A service without timers has nobody who could fire them.
fn leading(relay: &Leading, timer: &Leading, timers: &[Timer]) -> Vec<(&'static str, Leading)> {
    let timer = (!timers.is_empty()).then(|| ("timer", timer.clone()));
    [("relay", relay.clone())].into_iter().chain(timer).collect()
}

/// Ready while the database answers and the committer gets on. NATS is no condition, only told: a service takes calls without it and
/// publishes later.
async fn watch_stores(pool: PgPool, bus: Bus, committer: Heartbeat, readiness: Readiness, stop: Shutdown) {
    loop {
        readiness.tell("nats", bus.is_connected());
        readiness.set("committer", committer.busy_for() < STUCK);
        let asked = db::ask_within(&pool, STORE_ANSWER, async |connection| {
            sqlx::query("select 1").execute(connection).await
        });
        let answers = asked.await.is_ok();
        readiness.set("database", answers);
        if !stop.pause(STORE_LOOK).await {
            return;
        }
    }
}

/// The later phases of a stop, each begun when the one before has ended.
#[derive(Default)]
struct Stages {
    follow: Shutdown,
    relay: Shutdown,
    admin: Shutdown,
}

impl Stages {
    async fn wind_down(
        self,
        serving: BoxFuture<'static, anyhow::Result<()>>,
        mut followers: JoinSet<()>,
        committing: JoinHandle<()>,
        publishing: JoinHandle<()>,
        watching: JoinHandle<anyhow::Result<()>>,
        pool: PgPool,
    ) -> anyhow::Result<()> {
        let served = serving.await;
        self.follow.begin();
        while followers.join_next().await.is_some() {}
        // The committer ends when nobody can give it anything any more; a handle kept by mistake must not hold the stop.
        let _ = tokio::time::timeout(WIND_DOWN, committing).await;
        self.relay.begin();
        let _ = tokio::time::timeout(WIND_DOWN, publishing).await;
        self.admin.begin();
        let _ = watching.await;
        let _ = tokio::time::timeout(WIND_DOWN, pool.close()).await;
        served
    }
}

/// How a service is told from the command line.
const HELP: &str = "\
usage: huying-SERVICE [--config FILE] [--check-config]

  --config FILE   read settings from FILE (TOML), over the built-in defaults
  --check-config  check the settings, print them with secrets hidden, and end
  --help          this text

Settings also come from the environment: HUYING_<SERVICE>__KEY__SUBKEY=value.
examples:
  huying-SERVICE --check-config
  huying-SERVICE --config /etc/huying/SERVICE.toml
";

/// The whole of a service's `main`: settings, telemetry, signals, run, drain, exit code.
pub fn main<Own, F>(
    name: &'static str,
    defaults: &'static str,
    start: impl FnOnce(Config<Own>, Seams, Shutdown) -> F,
) -> ExitCode
where
    Own: DeserializeOwned + Serialize,
    F: Future<Output = anyhow::Result<Running>>,
{
    match run(name, defaults, start) {
        Ok(()) => Exit::Done.into(),
        Err(error) => {
            say(&format!("huying-{name}: {error:#}\n"));
            Exit::of(&error).into()
        }
    }
}

fn run<Own, F>(
    name: &'static str,
    defaults: &'static str,
    start: impl FnOnce(Config<Own>, Seams, Shutdown) -> F,
) -> anyhow::Result<()>
where
    Own: DeserializeOwned + Serialize,
    F: Future<Output = anyhow::Result<Running>>,
{
    let mut file = None;
    let mut check_only = false;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--config" => file = arguments.next().map(PathBuf::from),
            "--check-config" => check_only = true,
            "--help" | "-h" => {
                say(&HELP.replace("SERVICE", name));
                return Ok(());
            }
            other => return Err(ConfigError::wrong(format!("{other} is not an option: see --help")).into()),
        }
    }
    #[allow(clippy::disallowed_methods, reason = "the one place where a service reads its environment")]
    let config: Config<Own> = config::load(name, defaults, file.as_deref(), std::env::vars())?;
    config.check()?;
    if check_only {
        say(&config.to_string());
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let telemetry = telemetry::init(name, &config.telemetry)?;
        let stop = Shutdown::new();
        tokio::spawn(stop.clone().on_signals());
        let outcome = match start(config, Seams::default(), stop).await {
            Ok(running) => {
                tracing::info!(service = name, grpc = %running.grpc, admin = %running.admin, "serving");
                running.ended().await
            }
            Err(error) => Err(error),
        };
        telemetry.flush().await;
        outcome
    })
}

/// For people at a terminal; a closed pipe is no reason to fail.
fn say(text: &str) {
    use std::io::Write as _;
    let _ = std::io::stderr().write_all(text.as_bytes());
}
