//! What a service is ([`Service`], said once in its crate), and one service wired: what all have in common, in the order of starting and,
//! reversed, of stopping.
//!
//! Start: check → bind → connect and migrate → committer → relay, follower, timers → serve. Nothing is announced before it works, and
//! a wrong setting ends the start before anything is bound.
//! Stop: health says no → gRPC drains → follower and timers end → committer empties its queue → relay publishes the rest.

pub mod probe;
mod program;
mod served;

use std::{net::SocketAddr, path::Path, process::ExitCode, sync::Arc, time::Duration};

use anyhow::Context as _;
use futures::future::BoxFuture;
use serde::de::DeserializeOwned;
use sqlx::{PgPool, migrate::Migrator};
use tokio::{
    net::TcpListener,
    task::{JoinHandle, JoinSet},
};

pub use served::Served;

use crate::{
    anchor::Anchors,
    auth::{self, Authenticator, TokenSource},
    bus::{self, Bus, Publisher},
    clock::Clock,
    config::{ConfigError, Limits, ReadSettings, Settings},
    db,
    follow::{Consumer, Follower, Pace, Source},
    gauges::{Gauges, OwnGauge, TableGauge, Watched},
    leader::Leading,
    log::{Bounds, Committer, Heartbeat, Log, verify::Kind},
    log_service::LogRpc,
    peers::Peers,
    relay::Relay,
    server::{self, Door, ServeOptions, admin, admin::Readiness},
    shutdown::Shutdown,
    timer::{self, Timer},
    tls::{Ends, Port, Secure},
};

/// Between looks whether the database answers and NATS is connected.
const STORE_LOOK: Duration = Duration::from_secs(1);
/// How long the database may take to answer then.
const STORE_ANSWER: Duration = Duration::from_secs(2);
/// Longest time for the committer at one group: rows that somebody holds cost a second or two.
const STUCK: Duration = Duration::from_secs(5);
/// Longest wait for one phase of a stop.
const WIND_DOWN: Duration = Duration::from_secs(10);

/// What a service is, said once, as its crate's `SERVICE`. Whoever starts, asks or lists services goes by it.
#[derive(Clone, Copy)]
pub struct Service {
    /// `intake`: of its settings, its database, its consumers, and of where it is in the settings of others.
    pub name: &'static str,
    /// The defaults of its settings, over the chassis's. Empty: those of the chassis are right.
    pub defaults: &'static str,
    /// [`settings`](crate::config::settings) of the type of its own keys; of [`NoSettings`](crate::config::NoSettings) where it has none.
    pub settings: ReadSettings,
    /// Its tables, besides the chassis's.
    pub migrations: &'static Migrator,
    /// The kinds of its aggregates, its profile among them.
    pub kinds: &'static [Kind],
    pub publish: Publisher,
    /// The roots of the streams it publishes to.
    pub roots: &'static [&'static str],
    /// Whose events it follows.
    pub follows: &'static [Source],
    /// Who follows its own, by name: nobody else may read its log.
    pub followed_by: &'static [&'static str],
    /// The only wiring: what answers its calls, hears events and fires timers.
    pub wire: fn(&Base) -> anyhow::Result<Parts>,
}

impl Service {
    /// Its settings, later over earlier: defaults, file, environment. See [`load`](crate::config::load()).
    pub fn load(
        &self,
        file: Option<&Path>,
        env: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Settings, ConfigError> {
        (self.settings)(self.name, self.defaults, file, env.into_iter().collect())
    }

    /// Starts it; it runs until `stop` begins.
    ///
    /// # Errors
    /// See [`start`].
    pub fn start(&self, settings: Settings, seams: Seams, stop: Shutdown) -> Starting {
        start(*self, settings, seams, stop, self.wire)
    }

    /// Brings up its database as its owner, and does nothing else: whoever serves then needs no owner's login.
    ///
    /// # Errors
    /// A database that cannot be reached or migrated.
    pub async fn migrate(&self, settings: &Settings) -> anyhow::Result<()> {
        db::as_owner(self.name, settings, self.migrations).await
    }

    /// The whole of its `main`: settings, telemetry, signals, run, drain, exit code.
    pub fn main(&self) -> ExitCode {
        program::main(self)
    }
}

/// What a test, or a process of several services, puts in from outside.
#[derive(Default)]
pub struct Seams {
    /// None: the database's clock.
    pub clock: Option<Clock>,
    /// None: bound to the configured address.
    pub listener: Option<TcpListener>,
    /// The same of the second port.
    pub admin: Option<TcpListener>,
    pub pace: Pace,
}

/// What a service's own wiring builds on.
pub struct Base {
    pub limits: Limits,
    pub clock: Clock,
    pub log: Log,
    pub pool: PgPool,
    pub peers: Peers,
    pub stop: Shutdown,
    /// Where a service says whether what it can do without for a while is there ([`Readiness::tell`]).
    pub readiness: Readiness,
    own: toml::Table,
}

impl Base {
    /// The service's own keys, as the type that its `settings` have read them with.
    ///
    /// # Errors
    /// Another type.
    pub fn own<Own: DeserializeOwned>(&self) -> anyhow::Result<Own> {
        self.own.clone().try_into().context("the service's own keys are of another type")
    }
}

/// What a service's own wiring gives back.
#[derive(Default)]
pub struct Parts {
    /// Its own proto services; `huying.log.v1.LogService` is every service's.
    pub served: Served,
    pub consumer: Option<Arc<dyn Consumer>>,
    pub timers: Vec<Timer>,
    /// What it tells of itself besides what every service does.
    pub gauges: Vec<OwnGauge>,
    /// And what it keeps in tables.
    pub tables: Vec<TableGauge>,
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

/// Starts a service, wired otherwise than it says itself: what a test keeps hold of. It runs until `stop` begins.
///
/// # Errors
/// A wrong setting, an address that is taken, a database that cannot be reached or migrated.
pub fn start(
    service: Service,
    settings: Settings,
    seams: Seams,
    stop: Shutdown,
    wire: impl FnOnce(&Base) -> anyhow::Result<Parts> + Send + 'static,
) -> Starting {
    Box::pin(start_up(service, settings, seams, stop, wire))
}

async fn start_up(
    service: Service,
    settings: Settings,
    seams: Seams,
    stop: Shutdown,
    wire: impl FnOnce(&Base) -> anyhow::Result<Parts>,
) -> anyhow::Result<Running> {
    let name = service.name;
    let Ground { listener, admin, tls, ends, pool, bus, anchors, auth, peers } =
        prepare(&service, &settings, seams.listener, seams.admin).await?;
    let (grpc_address, admin_address) = (listener.local_addr()?, admin.address());
    let (limits, stages) = (settings.limits, Stages::default());
    let clock = started_clock(name, seams.clock, &pool, &stages).await?;
    let (committer, committing) =
        Committer::start(pool.clone(), Bounds { queue: limits.queue, ..Bounds::default() });
    let (relay_leads, timer_leads) = (Leading::default(), Leading::default());
    let relay = relay(&service, (&pool, &bus, &clock), &committer, &relay_leads);
    let (heartbeat, readiness) = (committer.heartbeat(), Readiness::new());
    let log = Log::new(pool.clone(), committer, clock.clone());
    let parts = wire(&Base {
        limits: limits.clone(),
        clock: clock.clone(),
        log: log.clone(),
        pool: pool.clone(),
        peers: peers.clone(),
        stop: stop.clone(),
        readiness: readiness.clone(),
        own: settings.service,
    })?;
    timer::check(&parts.timers, &pool).await?;
    let follower = parts
        .consumer
        .map(|consumer| Follower::new(name, service.follows, consumer, log, peers, bus.clone(), seams.pace));
    let gauges = Gauges::new(Watched {
        service: name,
        pool: pool.clone(),
        clock: clock.clone(),
        committer: heartbeat.clone(),
        leading: leading(&relay_leads, &timer_leads, &parts.timers),
        timers: parts.timers.iter().map(Timer::when).collect(),
        progress: follower.as_ref().map(Follower::progress),
        anchored: anchors.reached(),
        own: [parts.gauges, auth.gauges(), ends.gauges()].concat(),
        tables: parts.tables,
    });
    let served = parts.served.with(log_rpc(service, &pool, &anchors, follower.as_ref()).server());
    let mut followers = keepers(name, &auth, (anchors, ends), &readiness, &stages.follow);
    let serving = server::serve(ServeOptions {
        name,
        listener,
        tls,
        access: auth::declared(&served.names),
        served,
        descriptor: huying_proto::DESCRIPTORS,
        limits,
        auth,
        readiness: readiness.clone(),
        shutdown: stop.clone(),
    });
    if let Some(follower) = follower {
        followers.spawn(follower.run(stages.follow.clone()));
    }
    followers.spawn(timer::run(name, parts.timers, pool.clone(), clock, timer_leads, stages.follow.clone()));
    followers.spawn(watch_stores(pool.clone(), bus, heartbeat, readiness.clone(), stages.follow.clone()));
    let publishing = tokio::spawn(relay.run(stages.relay.clone()));
    let watching = tokio::spawn(admin::serve(admin, readiness, Some(gauges), stop, stages.admin.clone()));
    let task = tokio::spawn(stages.wind_down(serving, followers, committing, publishing, watching, pool));
    Ok(Running { grpc: grpc_address, admin: admin_address, task })
}

fn relay(
    service: &Service,
    (pool, bus, clock): (&PgPool, &Bus, &Clock),
    committer: &Committer,
    leading: &Leading,
) -> Relay {
    Relay {
        service: service.name,
        pool: pool.clone(),
        bus: bus.clone(),
        clock: clock.clone(),
        publish: service.publish,
        roots: service.roots,
        committed: committer.committed(),
        leading: leading.clone(),
    }
}

/// Who looks after something all the time.
fn keepers(
    name: &'static str,
    auth: &Arc<Authenticator>,
    (anchors, ends): (Anchors, Arc<Ends>),
    readiness: &Readiness,
    stop: &Shutdown,
) -> JoinSet<()> {
    let mut keepers = JoinSet::new();
    keepers.spawn(Arc::clone(auth).keep(readiness.clone(), stop.clone()));
    keepers.spawn(anchors.run(stop.clone()));
    keepers.spawn(ends.keep(name, stop.clone()));
    keepers
}

fn log_rpc(service: Service, pool: &PgPool, anchors: &Anchors, follower: Option<&Follower>) -> LogRpc {
    let Service { name, publish, kinds, followed_by, .. } = service;
    let (pool, anchors, follower) = (pool.clone(), anchors.clone(), follower.cloned());
    LogRpc { service: name, pool, publish, kinds, followed_by, follower, anchors }
}

/// What must be there before anything runs.
struct Ground {
    listener: TcpListener,
    admin: Door,
    tls: Option<Arc<Secure>>,
    ends: Arc<Ends>,
    pool: PgPool,
    bus: Bus,
    anchors: Anchors,
    auth: Arc<Authenticator>,
    peers: Peers,
}

async fn prepare(
    service: &Service,
    config: &Settings,
    listener: Option<TcpListener>,
    admin: Option<TcpListener>,
) -> anyhow::Result<Ground> {
    let name = service.name;
    config.check()?;
    for warning in config.warnings() {
        tracing::warn!(service = name, "{warning}");
    }
    let tls = Secure::new(&config.tls, Port::Calls)?;
    let ends = Ends::new(&config.tls, &config.nats, &config.authorities())?;
    let listener = bound(name, listener, config.listen).await?;
    let admin = bound(name, admin, config.admin_listen).await?;
    let admin = Door::new(admin, Secure::new(&config.tls, Port::Admin)?)?;
    let pool = db::open(name, config, service.migrations).await?;
    let bus = Bus::open(&config.nats_url, &config.nats, &bus::connection(name))
        .await
        .with_context(|| format!("{name} cannot use NATS"))?;
    let anchors = Anchors::open(name, &pool, &bus, &config.anchors)?;
    let auth = Arc::new(Authenticator::new(&config.auth)?);
    let peers = Peers::new(&config.peers, &config.tls, TokenSource::new(name, &config.auth)?)?;
    Ok(Ground { listener, admin, tls, ends, pool, bus, anchors, auth, peers })
}

async fn bound(name: &str, given: Option<TcpListener>, address: SocketAddr) -> anyhow::Result<TcpListener> {
    match given {
        Some(listener) => Ok(listener),
        None => {
            TcpListener::bind(address).await.with_context(|| format!("{name} cannot listen on {address}"))
        }
    }
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
        watching: JoinHandle<()>,
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
