//! A world: NATS of its own, a database per service, the services inside this process or as processes that can be killed.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    os::unix::process::CommandExt,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use huying::{
    nats::{Unit, Users},
    profile::Profile,
    services::{self, NAMES},
};
use huying_chassis::{
    clock::Clock,
    config::{self, AnchorsConfig, NoSettings, Settings, TlsConfig, env_prefix},
    follow::Pace,
    service::{Running, Seams},
    shutdown::Shutdown,
    tls::Dialer,
};
use huying_embedded::{Postgres, free_port};
use huying_testing::{ADMITTING, Bearer, Bench, Wire, database, let_work, logins, pki::Pki};
use uuid::Uuid;

/// How a world is made.
#[derive(Default)]
pub struct Options {
    /// The `huying-node` program: services are processes. None: they run inside this one.
    pub node: Option<PathBuf>,
    /// A PostgreSQL of its own, that may be killed.
    pub own_postgres: bool,
    /// Moved by hand. Only inside this process.
    pub clock: Option<Clock>,
    /// How followers pace themselves. None: in a hurry, so that a test of lost events is short. Only inside this process.
    pub pace: Option<Pace>,
    /// Settings of every service, such as `TELEMETRY__OTLP_ENDPOINT`. Only for processes.
    pub settings: Vec<(&'static str, String)>,
    /// Everybody shows a certificate of one authority to everybody. Only inside this process.
    pub pki: Option<Pki>,
    /// Logs are anchored each second, in a file and a stream. Only inside this process.
    pub anchors: bool,
}

enum Node {
    Inside { stop: Shutdown, running: Running },
    Outside(Child),
}

/// Notes that one subject may write in a day: the most that the setting takes.
const MANY_NOTES: u32 = 100_000;

/// All services and what they stand on.
pub struct World {
    pub bench: Bench,
    /// Of its NATS, beside the bench's own.
    pub users: Users,
    pub postgres: Option<Postgres>,
    pub profile: Profile,
    options: Options,
    /// By people, where the world has an authority.
    shown: Option<TlsConfig>,
    databases: Mutex<BTreeMap<&'static str, String>>,
    ports: BTreeMap<&'static str, u16>,
    nodes: Mutex<BTreeMap<String, Node>>,
}

impl World {
    /// All services serve, and Jiang'an is applied.
    pub async fn open(options: Options) -> Arc<Self> {
        let profile = Profile::load(&root().join("deploy/profiles/jiangan")).unwrap();
        let mut kept = None;
        let called = Unit::of(&profile);
        let bench = Bench::with_accounts(|dir| {
            kept.insert(Users::open(&dir.join("keys"), called).unwrap()).accounts()
        });
        let (bench, users) = (bench.await, kept.unwrap());
        let postgres = match options.own_postgres {
            true => Some(Postgres::start(&bench.dir.path().join("postgres")).await.unwrap()),
            false => None,
        };
        if let Some(postgres) = &postgres {
            let_work(postgres).await;
        }
        let mut databases = BTreeMap::new();
        for service in NAMES {
            let url = match &postgres {
                Some(postgres) => {
                    let name = format!("huying_{service}");
                    postgres.ensure_database(&name).await.unwrap();
                    postgres.url(&name)
                }
                None => database().await,
            };
            databases.insert(service, url);
        }
        let ports = NAMES.into_iter().map(|service| (service, free_port())).collect();
        let (databases, nodes) = (Mutex::new(databases), Mutex::default());
        let shown = options.pki.as_ref().map(|pki| pki.trusting("people", &["people"]));
        let world = Self { bench, users, postgres, profile, options, shown, databases, ports, nodes };
        let world = Arc::new(world);
        for service in NAMES {
            world.start(service).await;
        }
        world.people().apply_profile().await;
        world
    }

    pub async fn inside() -> Arc<Self> {
        Self::open(Options::default()).await
    }

    pub fn address(&self, service: &str) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.ports[service]).into()
    }

    pub fn database(&self, service: &str) -> String {
        self.databases.lock().unwrap()[service].clone()
    }

    /// A service that is stopped has its database there from now on.
    pub fn move_database(&self, service: &'static str, url: String) {
        self.databases.lock().unwrap().insert(service, url);
    }

    pub async fn pool(&self, service: &str) -> sqlx::PgPool {
        sqlx::postgres::PgPoolOptions::new()
            .max_connections(2)
            .connect(&self.database(service))
            .await
            .unwrap()
    }

    /// Starts a service at its address.
    pub async fn start(&self, service: &'static str) {
        self.start_at(service, service, self.ports[service]).await;
    }

    /// Starts one more replica of a service, at an address of its own.
    pub async fn start_replica(&self, service: &'static str) -> SocketAddr {
        let port = free_port();
        self.start_at(&format!("{service}-{port}"), service, port).await;
        (Ipv4Addr::LOCALHOST, port).into()
    }

    /// One more replica inside this process, that lets in what one in production does and no more.
    pub async fn start_strict(&self, service: &'static str) -> SocketAddr {
        let production = config::load::<NoSettings>(service, "", None, []).unwrap().limits.admission;
        self.start_inside(service, |settings| settings.limits.admission = production).await
    }

    /// One more replica inside this process, that anchors the log each second, or never. Its file is the same each time: one goes on where
    /// the one before has ended, so there is one at a time.
    pub async fn start_anchored(&self, service: &'static str, anchored: bool) -> SocketAddr {
        let anchors = anchored.then(|| self.anchors(service, "beside"));
        let set = |settings: &mut Settings| {
            if let Some(anchors) = anchors {
                settings.anchors = anchors;
            }
        };
        self.start_inside(service, set).await
    }

    async fn start_inside(&self, service: &'static str, set: impl FnOnce(&mut Settings)) -> SocketAddr {
        let port = free_port();
        let node = self.run(service, port, set).await;
        self.keep(&format!("{service}-{port}"), node, port).await
    }

    async fn start_at(&self, name: &str, service: &'static str, port: u16) {
        let node = match &self.options.node {
            Some(program) => Node::Outside(self.spawn(program, service, port)),
            None => self.run(service, port, |_| ()).await,
        };
        self.keep(name, node, port).await;
    }

    /// Once it serves.
    async fn keep(&self, name: &str, node: Node, port: u16) -> SocketAddr {
        self.nodes.lock().unwrap().insert(name.to_owned(), node);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        huying_testing::eventually(&format!("{name} serves"), async || {
            tokio::net::TcpStream::connect(address).await.ok()
        })
        .await;
        address
    }

    fn spawn(&self, program: &PathBuf, service: &str, port: u16) -> Child {
        let prefix = env_prefix(service);
        let (url, owner) = logins(&self.database(service));
        let log = std::fs::File::options()
            .create(true)
            .append(true)
            .open(self.bench.dir.path().join(format!("{service}.log")))
            .unwrap();
        let mut command = Command::new(program);
        command.arg0(service).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let settings = [
            ("LISTEN", format!("127.0.0.1:{port}")),
            ("DATABASE_URL", url),
            ("DATABASE_MIGRATE_URL", owner.unwrap_or_default()),
            ("DATABASE_POOL", "8".into()),
            ("NATS_URL", self.bench.nats.address()),
            ("NATS__KEY_FILE", self.users.key_file(service).display().to_string()),
            ("AUTH__KEY_FILE", self.bench.dir.path().join("issuer.pem").display().to_string()),
            ("AUTH__LOCAL_LIFE_S", "3600".to_owned()),
        ];
        let peers =
            self.peers().into_iter().map(|(peer, url)| (format!("PEERS__{}", peer.to_uppercase()), url));
        let seals =
            (service == "intake").then(|| ("SERVICE__KEYS_FILE", self.bench.keys().display().to_string()));
        let all = settings
            .into_iter()
            .chain(ADMITTING.iter().map(|(key, value)| (*key, (*value).to_owned())))
            .chain(seals)
            .chain(self.options.settings.iter().cloned())
            .map(|(key, value)| (key.to_owned(), value))
            .chain(peers);
        for (key, value) in all {
            command.env(format!("{prefix}{key}"), value);
        }
        command.spawn().unwrap()
    }

    /// A connection of somebody with a bearer's token; over TLS with a certificate that is no service's, where the world has an authority.
    pub fn wire(&self, address: SocketAddr, bearer: Bearer) -> Wire {
        match &self.shown {
            Some(tls) => self.wire_as(address, bearer, tls),
            None => huying_testing::wire(address, bearer),
        }
    }

    /// Where the world has one.
    pub fn pki(&self) -> &Pki {
        self.options.pki.as_ref().expect("a world with an authority")
    }

    /// A connection with whatever is shown and trusted.
    pub fn wire_as(&self, address: SocketAddr, bearer: Bearer, tls: &TlsConfig) -> Wire {
        let channel = Dialer::new(tls).unwrap().channel(&format!("https://{address}"), |kept| kept);
        Wire::new(channel.unwrap(), bearer)
    }

    async fn run(&self, service: &'static str, port: u16, set: impl FnOnce(&mut Settings)) -> Node {
        let (stop, service) = (Shutdown::new(), services::named(service).unwrap());
        let database = self.database(service.name);
        let mut settings = self.bench.settings_with(service, &database, &self.peers());
        settings.nats_url = self.bench.nats.address();
        settings.nats.key_file = Some(self.users.key_file(service.name));
        settings.listen = (Ipv4Addr::LOCALHOST, port).into();
        if let Some(notes) = settings.service.get_mut("notes_a_day") {
            // One does here what many do in a district.
            *notes = MANY_NOTES.into();
        }
        if let Some(pki) = &self.options.pki {
            let uri = format!("huying:service:{}", service.name);
            settings.tls = pki.mutual(service.name, &["127.0.0.1", &uri]);
        }
        if self.options.anchors {
            settings.anchors = self.anchors(service.name, &port.to_string());
        }
        set(&mut settings);
        let running = service.start(settings, self.seams(), stop.clone()).await.unwrap();
        Node::Inside { stop, running }
    }

    /// Each second, in a file and a stream.
    fn anchors(&self, service: &str, replica: &str) -> AnchorsConfig {
        let dir = self.bench.dir.path();
        AnchorsConfig {
            key_file: Some(dir.join("issuer.pem")),
            file: Some(dir.join(format!("anchors-{service}-{replica}"))),
            interval_s: 1,
        }
    }

    fn seams(&self) -> Seams {
        let hurried = Pace {
            reconcile: Duration::from_millis(300),
            arrive: Duration::from_millis(300),
            ..Pace::default()
        };
        let pace = self.options.pace.unwrap_or(hurried);
        Seams { clock: self.options.clock.clone(), pace, ..Seams::default() }
    }

    fn peers(&self) -> BTreeMap<String, String> {
        let scheme = if self.options.pki.is_some() { "https" } else { "http" };
        self.ports
            .iter()
            .map(|(service, port)| ((*service).to_owned(), format!("{scheme}://127.0.0.1:{port}")))
            .collect()
    }

    /// SIGKILL: the process is gone at once, with all it had not committed.
    pub fn kill(&self, service: &str) {
        match self.nodes.lock().unwrap().remove(service) {
            Some(Node::Outside(mut child)) => {
                child.kill().unwrap();
                child.wait().unwrap();
            }
            Some(Node::Inside { .. }) | None => panic!("{service} is no process that could be killed"),
        }
    }

    /// The process that a service is.
    pub fn process(&self, service: &str) -> u32 {
        match self.nodes.lock().unwrap().get(service) {
            Some(Node::Outside(child)) => child.id(),
            Some(Node::Inside { .. }) | None => panic!("{service} is no process of its own"),
        }
    }

    /// SIGTERM or its like, and waits for the drain.
    pub async fn stop(&self, service: &str) {
        let node = self.nodes.lock().unwrap().remove(service).unwrap();
        match node {
            Node::Inside { stop, running } => {
                stop.begin();
                running.ended().await.unwrap();
            }
            Node::Outside(mut child) => {
                let pid = nix::unistd::Pid::from_raw(i32::try_from(child.id()).unwrap());
                nix::sys::signal::kill(pid, nix::sys::signal::Signal::SIGTERM).unwrap();
                let ended = tokio::task::spawn_blocking(move || child.wait()).await.unwrap().unwrap();
                assert!(ended.success(), "{service} ended with {ended}");
            }
        }
    }

    pub fn people(self: &Arc<Self>) -> crate::People {
        crate::People::new(self.clone())
    }
}

impl Drop for World {
    fn drop(&mut self) {
        for node in self.nodes.lock().unwrap().values_mut() {
            match node {
                Node::Inside { stop, .. } => stop.begin(),
                Node::Outside(child) => {
                    let _ = child.kill();
                    let _ = child.wait();
                }
            }
        }
    }
}

/// The repository's root.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A new idempotency key.
pub fn key() -> String {
    Uuid::now_v7().to_string()
}
