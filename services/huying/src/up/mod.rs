//! Everything on one machine: a private PostgreSQL and NATS, and all services in this process.
//!
//! Who uses it: `huying up`, and tests that want a whole Huying in their own process ([`start`]).
//!
//! The order of a start: settings are read and checked, the data directory is taken (a second one is
//! refused), PostgreSQL and NATS start where the settings name no others, the gRPC listeners are bound
//! (so that everyone's address is known before anyone starts), the services start, are waited for, and
//! the profiles are applied. The order of a stop is the reverse: services drain, then the servers end.

pub mod apply;
pub mod ready;
pub mod say;

mod launch;
mod lock;
mod ports;
mod settings;
mod stack;
mod welcome;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use huying_chassis::auth::{Issuer, make_key};
use huying_chassis::clock::{Clock, system_now};
use huying_chassis::config::{TelemetryConfig, TlsConfig};
use huying_chassis::follow::Pace;
use huying_chassis::service::Service;
use huying_chassis::shutdown::Shutdown;
use tokio::task::JoinSet;

pub use lock::private_directory;
pub use welcome::welcome;

use crate::client::{Client, Reach, key_file, shown};
use crate::nats::{OPERATOR, Unit, Users};
use crate::profile::Profile;
use crate::run_file::{District, RunFile};
use crate::services;
use launch::Plan;
use lock::Lock;
use say::Say;
use settings::Surveyed;
use stack::Stack;

/// What is to be started, and where.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Where data, keys and the run file are.
    pub data: PathBuf,
    /// Folders of places to apply.
    pub profiles: Vec<PathBuf>,
    /// Only these services; empty: all.
    pub only: Vec<String>,
    /// Directory with `<service>.toml` files.
    pub config: Option<PathBuf>,
    /// `HUYING_<SERVICE>__KEY` and its value.
    pub env: Vec<(String, String)>,
    /// Whom this process's own commands trust and what they show, where the settings have services speak TLS.
    pub tls: TlsConfig,
    /// The well-known ports where the settings name none; else any free ones.
    pub fixed_ports: bool,
    /// The private PostgreSQL listens on loopback too.
    pub postgres_tcp: bool,
    /// Where services of other processes are, for what the settings do not name.
    pub peers: BTreeMap<String, String>,
    /// The local issuer's key; in the data directory if not given.
    pub key_file: Option<PathBuf>,
    /// Servers that run already, for what the settings do not name.
    pub stores: Option<Stores>,
    /// None: the database's clock.
    pub clock: Option<Clock>,
    pub pace: Pace,
}

/// Servers that run already: a test's.
#[derive(Clone, Debug)]
pub struct Stores {
    /// By service, its database's URL.
    pub databases: BTreeMap<String, String>,
    pub nats_url: String,
    /// The users of that NATS, where it has them; none: who may log in stands in its address.
    pub nats_users: Option<Users>,
}

impl Options {
    /// All services on a data directory.
    pub fn at(data: &Path) -> Self {
        Self { data: data.to_owned(), ..Self::default() }
    }

    /// Where the local issuer's key is.
    pub fn issuer_key(&self) -> PathBuf {
        let path = self.key_file.clone().unwrap_or_else(|| key_file(&self.data));
        // The run file is read from other directories.
        std::path::absolute(&path).unwrap_or(path)
    }

    /// Where the key is that signs anchors.
    pub fn anchors_key(&self) -> PathBuf {
        let path = self.data.join("keys").join("anchor.pem");
        std::path::absolute(&path).unwrap_or(path)
    }

    /// Where a service's anchors are kept.
    pub fn anchors(&self, service: &str) -> PathBuf {
        let path = self.data.join("anchors").join(format!("{service}.jsonl"));
        std::path::absolute(&path).unwrap_or(path)
    }

    /// The services to start, in the order of a request's way.
    pub fn chosen(&self) -> Vec<&'static Service> {
        let chosen = |name| self.only.is_empty() || self.only.iter().any(|only| only == name);
        services::ALL.iter().copied().filter(|service| chosen(service.name)).collect()
    }
}

/// The telemetry settings for the one process: those of the first service.
///
/// # Errors
/// Settings that are refused.
pub fn telemetry_of(options: &Options) -> anyhow::Result<(TelemetryConfig, TlsConfig)> {
    let first = options.chosen().first().copied().context("no service was chosen")?;
    let settings = settings::survey(first, options)?.settings;
    Ok((settings.telemetry, settings.tls))
}

/// All that runs.
pub struct Running {
    run: RunFile,
    plan: Plan,
    services: BTreeMap<&'static str, Shutdown>,
    tasks: JoinSet<(&'static str, anyhow::Result<()>)>,
    stop: Shutdown,
    stack: Stack,
    _lock: Lock,
}

/// Starts what the options say. It runs until `stop` begins and [`Running::serve`] has returned.
///
/// # Errors
/// Whatever keeps it from being whole; nothing is left running then.
pub async fn start(options: Options, say: &Say, stop: Shutdown) -> anyhow::Result<Running> {
    let profiles =
        options.profiles.iter().map(|folder| Profile::load(folder)).collect::<Result<Vec<_>, _>>()?;
    // A clock of its own does not go into the years that this warns of.
    for warning in profiles
        .iter()
        .filter(|_| options.clock.is_none())
        .flat_map(|profile| profile.warnings(system_now().date_naive()))
    {
        say.warning(&warning);
    }
    let chosen = options.chosen().into_iter();
    let surveyed =
        chosen.map(|service| settings::survey(service, &options)).collect::<anyhow::Result<Vec<_>>>()?;
    let lock = Lock::take(&options.data)?;
    let issuer = local_issuer(&options, &surveyed)?;
    anchors_key(&options)?;
    let called = profiles.iter().flat_map(Unit::of);
    let stack = stack::start(&options, &surveyed, called, say).await?;

    let run = run_file(&options, &stack, &surveyed, issuer.is_some());
    let plan = Plan::new(options, &stack, issuer.is_some(), surveyed).await?;
    let mut running =
        Running { run, plan, services: BTreeMap::new(), tasks: JoinSet::new(), stop, stack, _lock: lock };
    if let Err(error) = Box::pin(running.begin(&profiles, say)).await {
        running.stop.begin();
        let _ = Box::pin(running.serve(say)).await;
        return Err(error);
    }
    Ok(running)
}

/// The key that this process mints and trusts tokens with, unless every service has another issuer.
fn local_issuer(options: &Options, surveyed: &[Surveyed]) -> anyhow::Result<Option<Issuer>> {
    let Some(surveyed) = surveyed.iter().find(|one| !one.has_issuer()) else {
        return Ok(None);
    };
    let path = options.issuer_key();
    if let Some(folder) = path.parent().filter(|_| options.key_file.is_none()) {
        private_directory(folder)?;
    }
    Issuer::open_or_create(&path, &surveyed.settings.auth.issuer, &surveyed.settings.auth.audience).map(Some)
}

/// The key that the services sign their anchors with, unless their settings name another.
fn anchors_key(options: &Options) -> anyhow::Result<()> {
    let path = options.anchors_key();
    private_directory(&options.data.join("keys"))?;
    make_key(&path).with_context(|| format!("the anchors' key {} cannot be made", path.display()))
}

/// What every service takes.
fn shortest_life(surveyed: &[Surveyed]) -> u64 {
    let own = surveyed.iter().filter(|one| !one.has_issuer());
    own.map(|one| settings::local_life(&one.settings).as_secs()).min().unwrap_or_default()
}

fn run_file(options: &Options, stack: &Stack, surveyed: &[Surveyed], local: bool) -> RunFile {
    let first = surveyed.first().map(|one| &one.settings.auth);
    let (postgres_url, postgres_password_file) = stack.superuser().unzip();
    RunFile {
        pid: std::process::id(),
        started: system_now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        services: BTreeMap::new(),
        nats_url: Some(stack.nats_url.clone()).filter(|url| !url.contains('@') && !url.is_empty()),
        nats_key_file: stack.users.as_ref().map(|users| users.key_file(OPERATOR)),
        postgres_url,
        postgres_password_file,
        key_file: local.then(|| options.issuer_key()),
        token_life_s: local.then(|| shortest_life(surveyed)),
        issuer: first.map_or_else(String::new, |auth| auth.issuer.clone()),
        audience: first.map_or_else(String::new, |auth| auth.audience.clone()),
        districts: known_districts(&options.data),
        tls: own_tls(options, surveyed),
    }
}

/// What this process's own commands need, where a service speaks TLS: whom services trust where nobody else is named.
fn own_tls(options: &Options, surveyed: &[Surveyed]) -> Option<TlsConfig> {
    let secure = surveyed.iter().map(|one| &one.settings.tls).find(|tls| tls.is_on())?;
    let services = TlsConfig { ca_file: secure.ca_file.clone(), ..TlsConfig::default() };
    let mut tls = shown(&options.tls, services);
    // The run file is read from other directories.
    for file in [&mut tls.ca_file, &mut tls.cert_file, &mut tls.key_file].into_iter().flatten() {
        *file = std::path::absolute(&*file).unwrap_or_else(|_| file.clone());
    }
    Some(tls)
}

impl Running {
    /// Where everything is.
    pub fn run(&self) -> &RunFile {
        &self.run
    }

    /// The data directory.
    pub fn data(&self) -> &Path {
        &self.plan.options.data
    }

    /// A way to all services that mints its own tokens.
    pub fn client(&self, actor: &str) -> Client {
        let data = self.plan.options.data.clone();
        let reach = Reach { data, actor: actor.to_owned(), ..Reach::default() };
        Client::over(&reach, self.run.clone())
    }

    /// Begins to stop everything.
    pub fn begin_stop(&self) {
        self.stop.begin();
    }

    async fn begin(&mut self, profiles: &[Profile], say: &Say) -> anyhow::Result<()> {
        say.doing("starting the services");
        for service in self.plan.options.chosen() {
            Box::pin(self.start_service(service.name)).await?;
        }
        ready::wait(&self.run).await?;
        for profile in profiles {
            say.doing(&format!("applying the profile of {}", profile.name));
            Box::pin(apply::apply(&self.client("operator:huying-up"), profile, false)).await?;
            let code = profile.district.clone();
            self.run.districts.retain(|district| district.code != code);
            let (name, zone) = (profile.name.clone(), profile.zone.clone());
            // The district applied first is the one commands mean when they name none.
            self.run.districts.push(District { code, name, zone });
        }
        self.stack.make_consumers(&self.services, say).await?;
        keep_districts(self.data(), &self.run.districts)?;
        self.run.write(self.data())?;
        say.done();
        Ok(())
    }

    /// Starts one service: at the beginning, or again after [`Running::stop_service`], where it was.
    ///
    /// # Errors
    /// See the service's own start.
    pub async fn start_service(&mut self, name: &str) -> anyhow::Result<()> {
        let name = services::named(name).with_context(|| format!("there is no service {name}"))?.name;
        let stop = self.stop.child();
        let service = Box::pin(self.plan.launch(name, stop.clone()))
            .await
            .with_context(|| format!("{name} does not start"))?;
        let addresses = self.plan.addresses(name, &service);
        self.run.services.insert(name.to_owned(), addresses);
        self.services.insert(name, stop);
        self.tasks.spawn(async move { (name, service.ended().await) });
        Ok(())
    }

    /// Stops one service and waits until it has drained; the others go on.
    ///
    /// # Errors
    /// What it ended with, or what another ended with meanwhile.
    pub async fn stop_service(&mut self, name: &str) -> anyhow::Result<()> {
        let Some(stop) = self.services.remove(name) else {
            return Ok(());
        };
        stop.begin();
        while let Some(ended) = self.tasks.join_next().await {
            let (other, ended) = ended?;
            ended.with_context(|| format!("{other} ended"))?;
            if other == name {
                break;
            }
        }
        Ok(())
    }

    /// Serves until asked to stop, or until a service ends by itself; then stops everything in order.
    ///
    /// # Errors
    /// What ended it early, or did not end well.
    pub async fn serve(mut self, say: &Say) -> anyhow::Result<()> {
        let mut outcome = Ok(());
        if !self.tasks.is_empty() && !self.stop.has_begun() {
            tokio::select! {
                () = self.stop.begun() => {}
                Some(ended) = self.tasks.join_next() => outcome = early(ended),
            }
        }
        self.stop.begin();
        say.doing("stopping: services drain, then PostgreSQL and NATS");
        while let Some(ended) = self.tasks.join_next().await {
            let ended = ended
                .map_err(anyhow::Error::from)
                .and_then(|(name, ended)| ended.with_context(|| format!("{name} ended")));
            outcome = outcome.and(ended);
        }
        RunFile::remove(self.data());
        let stopped = self.stack.stop().await;
        say.done();
        outcome.and(stopped)
    }
}

fn early(ended: Result<(&'static str, anyhow::Result<()>), tokio::task::JoinError>) -> anyhow::Result<()> {
    let (name, ended) = ended?;
    ended.with_context(|| format!("{name} ended early"))?;
    anyhow::bail!("{name} ended early")
}

/// The districts applied so far on this data, so that commands find them after a start without a profile.
fn known_districts(data: &Path) -> Vec<District> {
    let read = std::fs::read(data.join(DISTRICTS)).ok();
    read.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
}

fn keep_districts(data: &Path, districts: &[District]) -> anyhow::Result<()> {
    let path = data.join(DISTRICTS);
    std::fs::write(&path, serde_json::to_vec_pretty(districts)?)
        .with_context(|| format!("{} cannot be written", path.display()))
}

const DISTRICTS: &str = "districts.json";

/// How long a start may take to be ready.
const READY_WITHIN: Duration = Duration::from_secs(60);
