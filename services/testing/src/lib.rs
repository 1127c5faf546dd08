//! What tests stand on: one real PostgreSQL per test binary, a database per test, a NATS per bench, tokens, and waiting without sleeping
//! blindly. Only ever a dev-dependency. A failure here is a failed test, so it panics with words.

#![allow(clippy::unwrap_used, clippy::expect_used)]

pub mod everything;
pub mod golden;
mod home;
pub mod older;
pub mod pki;
pub mod raw;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use huying_chassis::{
    auth::{Claims, Issuer, Role},
    bus::{Bus, Event},
    config::{Settings, env_prefix},
    log::{Aggregate, Command, Stamp},
    seal::add_key,
    service::Service,
};
use huying_embedded::{Accounts, Nats, Postgres};
use huying_proto::intake::v1 as intake;
use serde_json::value::to_raw_value;
use sqlx::{
    PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tempfile::TempDir;
use tokio::sync::OnceCell;
use tonic::{
    Request, Status,
    metadata::MetadataValue,
    service::{Interceptor, interceptor::InterceptedService},
    transport::Channel,
};
use uuid::Uuid;

/// Longest wait for anything asynchronous in a test.
const PATIENCE: Duration = Duration::from_secs(120);
/// Longest pause between two looks.
const MOST_SELDOM: Duration = Duration::from_millis(320);

static POSTGRES: OnceCell<Postgres> = OnceCell::const_new();

/// The binary's PostgreSQL, in its home (see `home`). Databases left by an earlier run are dropped.
pub async fn postgres() -> &'static Postgres {
    POSTGRES
        .get_or_init(|| async {
            let home = home::home();
            home::sweep(&home);
            let postgres = Postgres::start(&home).await.expect("PostgreSQL starts");
            let_work(&postgres).await;
            drop_leftovers(&postgres).await;
            postgres
        })
        .await
}

/// Logins of those who only work in databases, by the port of their PostgreSQL.
static WORKERS: Mutex<BTreeMap<u16, String>> = Mutex::new(BTreeMap::new());
/// Their role.
const WORKER: &str = "huying_worker";

/// From now on services work in databases of this PostgreSQL as a role that owns nothing, and are brought up by its superuser.
pub async fn let_work(postgres: &Postgres) {
    let password = postgres.ensure_login(WORKER).await.expect("a role is made");
    WORKERS.lock().unwrap().insert(postgres.port(), format!("{WORKER}:{password}"));
}

/// The addresses that a service is told of a database: its own, and the owner's. On a PostgreSQL that has no such role, the owner's alone.
pub fn logins(url: &str) -> (String, Option<String>) {
    let port = url.parse::<PgConnectOptions>().unwrap().get_port();
    match (WORKERS.lock().unwrap().get(&port), url.split_once('@')) {
        (Some(login), Some((_, place))) => (format!("postgres://{login}@{place}"), Some(url.to_owned())),
        (Some(_), None) | (None, _) => (url.to_owned(), None),
    }
}

/// Intake's doors, as the contract has them.
fn doors() -> impl Iterator<Item = String> {
    let channels = (1..).map_while(|number| intake::Channel::try_from(number).ok());
    channels.map(|channel| channel.as_str_name().trim_start_matches("CHANNEL_").to_lowercase())
}

async fn drop_leftovers(postgres: &Postgres) {
    let pool = sqlx::PgPool::connect(&postgres.url("postgres")).await.unwrap();
    let names: Vec<String> =
        sqlx::query_scalar("select datname::text from pg_database where datname like 't\\_%'")
            .fetch_all(&pool)
            .await
            .unwrap();
    for name in names {
        postgres.drop_database(&name).await.unwrap();
    }
    pool.close().await;
}

/// An aggregate after a change, by today's table of steps. None: that change cannot happen there.
pub fn after<A: Aggregate>(before: Option<A>, change: &A::Change, stamp: &Stamp) -> Option<A> {
    let state = A::leads_to(before.as_ref(), change)?;
    led(before, change, state, stamp)
}

/// An aggregate after a change that led to a state.
fn led<A: Aggregate>(before: Option<A>, change: &A::Change, state: A::State, stamp: &Stamp) -> Option<A> {
    match before {
        Some(mut it) => {
            it.apply(change, state, stamp);
            Some(it)
        }
        None => A::first(change, state, stamp),
    }
}

/// A command of `subject`, who asks for `what`.
pub fn command(subject: &str, request_id: Uuid, what: &str) -> Option<Arc<Command>> {
    let mut digest = [0; 32];
    for (place, byte) in what.bytes().take(32).enumerate() {
        digest[place] = byte;
    }
    let (issuer, subject) = ("huying".to_owned(), subject.to_owned());
    Some(Arc::new(Command { issuer, subject, request_id, method: "test".to_owned(), digest }))
}

/// A new database of the binary's PostgreSQL, and its address.
pub async fn database() -> String {
    let postgres = postgres().await;
    let name = format!("t_{}", Uuid::now_v7().simple());
    postgres.ensure_database(&name).await.expect("a database is made");
    postgres.url(&name)
}

/// The name of the database that an address leads to.
pub fn database_name(url: &str) -> String {
    url.parse::<PgConnectOptions>().unwrap().get_database().unwrap().to_owned()
}

/// Settings with which whole tests may be one caller: all of a role have one subject here, and one address. What callers are bounded to is tested
/// with the bounds of production.
pub const ADMITTING: [(&str, &str); 15] = [
    ("LIMITS__ADMISSION__REFLECTION", "true"),
    ("LIMITS__ADMISSION__CONNECTIONS", "10000"),
    ("LIMITS__ADMISSION__ADDRESS_CONNECTIONS", "10000"),
    ("LIMITS__ADMISSION__CONNECTION_CALLS", "4096"),
    ("LIMITS__ADMISSION__ANONYMOUS__CALLER_CALLS", "0"),
    ("LIMITS__ADMISSION__ANONYMOUS__CALLER_STREAMS", "0"),
    ("LIMITS__ADMISSION__ANONYMOUS__RATE", "1000000"),
    ("LIMITS__ADMISSION__ANONYMOUS__BURST", "1000000"),
    ("LIMITS__ADMISSION__PLATFORMS__CALLER_CALLS", "0"),
    ("LIMITS__ADMISSION__PLATFORMS__RATE", "1000000"),
    ("LIMITS__ADMISSION__PLATFORMS__BURST", "1000000"),
    ("LIMITS__ADMISSION__STAFF__CALLER_CALLS", "0"),
    ("LIMITS__ADMISSION__STAFF__CALLER_STREAMS", "0"),
    ("LIMITS__ADMISSION__STAFF__RATE", "1000000"),
    ("LIMITS__ADMISSION__STAFF__BURST", "1000000"),
];

/// An event as its owner says it: its data names, in the field of its kind, the aggregate that it is about.
pub fn about(event: Event, kind: &str, aggregate: Uuid) -> Event {
    let mut data: serde_json::Value = serde_json::from_str(event.data.get()).unwrap();
    data[kind]["id"] = aggregate.to_string().into();
    Event { data: to_raw_value(&data).unwrap(), ..event }
}

/// Connections of their own to a database, and how many times one of them was taken: once for each time that a store on them is asked.
pub fn counted(url: &str) -> (PgPool, Arc<AtomicUsize>) {
    let counted = Arc::new(AtomicUsize::new(0));
    let (new, again) = (counted.clone(), counted.clone());
    let pool = PgPoolOptions::new()
        .max_connections(4)
        .after_connect(move |_, _| {
            new.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { Ok(()) })
        })
        .before_acquire(move |_, _| {
            again.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { Ok(true) })
        })
        .connect_lazy(url)
        .unwrap();
    (pool, counted)
}

/// How many times a store is asked for a call that is refused as if what it names were not there.
pub async fn looks<T>(
    what: &'static str,
    counted: &AtomicUsize,
    call: impl Future<Output = Result<T, Status>>,
) -> (&'static str, usize) {
    let before = counted.load(Ordering::Relaxed);
    let refused = call.await.err().expect(what);
    assert_eq!(reason(&refused), "NOT_FOUND", "{what}");
    (what, counted.load(Ordering::Relaxed) - before)
}

/// A NATS, an issuer and a place for files; databases come from the binary's PostgreSQL.
pub struct Bench {
    pub nats: Nats,
    pub issuer: Issuer,
    pub dir: TempDir,
}

impl Bench {
    pub async fn new() -> Self {
        Self::with_accounts(|_| Accounts::new()).await
    }

    /// The same with other users of NATS, whose keys are somewhere below a directory, beside the one that its address is for.
    pub async fn with_accounts(accounts: impl FnOnce(&Path) -> Accounts) -> Self {
        let dir = tempfile::Builder::new().prefix("huying-bench-").tempdir().unwrap();
        let (accounts, more) = (accounts(dir.path()), serde_json::Map::new());
        let nats = Nats::start_for_all(&dir.path().join("nats"), accounts, more).await.expect("NATS starts");
        let issuer = Issuer::open_or_create(&dir.path().join("issuer.pem"), "huying", "huying").unwrap();
        Self { nats, issuer, dir }
    }

    /// Hands in the streams: the user who may do everything.
    pub async fn client(&self) -> async_nats::Client {
        let bus = Bus::connect(&self.nats.url(), "test").await.unwrap();
        let client = bus.jetstream().client();
        eventually("NATS is there", async || bus.is_connected().then_some(())).await;
        client
    }

    /// Where its services keep files.
    pub fn objects(&self) -> PathBuf {
        self.dir.path().join("objects")
    }

    /// What its services seal with.
    pub fn keys(&self) -> PathBuf {
        let path = self.dir.path().join("seal.keys");
        if !path.exists() {
            add_key(&path).expect("keys are made");
        }
        path
    }

    /// A service's settings: a new database, this bench's NATS and issuer, free ports, and no peers.
    pub async fn settings(&self, service: &Service) -> Settings {
        self.settings_with(service, &database().await, &BTreeMap::new())
    }

    /// The same with a given database and peers.
    pub fn settings_with(
        &self,
        service: &Service,
        database: &str,
        peers: &BTreeMap<String, String>,
    ) -> Settings {
        let prefix = env_prefix(service.name);
        let key = self.dir.path().join("issuer.pem").display().to_string();
        let (url, owner) = logins(database);
        let mut env = vec![
            (format!("{prefix}DATABASE_URL"), url),
            (format!("{prefix}DATABASE_MIGRATE_URL"), owner.unwrap_or_default()),
            (format!("{prefix}NATS_URL"), self.nats.url()),
            (format!("{prefix}AUTH__KEY_FILE"), key),
            (format!("{prefix}AUTH__LOCAL_LIFE_S"), "3600".to_owned()),
            (format!("{prefix}DATABASE_POOL"), "8".to_owned()),
        ];
        env.extend(ADMITTING.iter().map(|(key, value)| (format!("{prefix}{key}"), (*value).to_owned())));
        env.extend(
            peers.iter().map(|(name, url)| (format!("{prefix}PEERS__{}", name.to_uppercase()), url.clone())),
        );
        let mut settings = service.load(None, env).expect("the test's settings are right");
        if let Some(objects) = settings.service.get_mut("objects") {
            objects["dir"] = self.objects().display().to_string().into();
        }
        if let Some(keys) = settings.service.get_mut("keys_file") {
            *keys = self.keys().display().to_string().into();
        }
        settings
    }

    /// A token for an hour.
    pub fn token(&self, claims: &Claims) -> String {
        self.issuer.mint(claims, Duration::from_secs(3600)).unwrap()
    }

    /// A bearer who may do what one role may in an area (`city`: everything; none: nothing), and in a unit of it where given. A platform
    /// may send by every door.
    pub fn bearer(&self, role: Role, unit: Option<&str>, area: Option<&str>) -> Bearer {
        self.bearer_of(&format!("test-{}", role.name()), role, unit, area)
    }

    /// The same with a subject of its own.
    pub fn bearer_of(&self, subject: &str, role: Role, unit: Option<&str>, area: Option<&str>) -> Bearer {
        let claims = Claims {
            unit: unit.map(str::to_owned),
            area: area.map(str::to_owned),
            doors: doors().filter(|_| role == Role::Platform).collect(),
            ..Claims::new(subject, [role])
        };
        Bearer(Some(self.token(&claims)))
    }

    /// One of Huying's services, by name, in an area.
    pub fn service(&self, name: &str, area: Option<&str>) -> Bearer {
        let claims = Claims { area: area.map(str::to_owned), ..Claims::service(name) };
        Bearer(Some(self.token(&claims)))
    }
}

/// Puts a token on each call; none: nothing.
#[derive(Clone, Debug)]
pub struct Bearer(pub Option<String>);

impl Interceptor for Bearer {
    fn call(&mut self, mut request: Request<()>) -> Result<Request<()>, Status> {
        if let Some(token) = &self.0 {
            request
                .metadata_mut()
                .insert("authorization", format!("Bearer {token}").parse::<MetadataValue<_>>().unwrap());
        }
        Ok(request)
    }
}

/// What a generated client stands on in a test.
pub type Wire = InterceptedService<Channel, Bearer>;

/// A connection that carries a bearer's token.
pub fn wire(address: std::net::SocketAddr, bearer: Bearer) -> Wire {
    let channel =
        tonic::transport::Endpoint::from_shared(format!("http://{address}")).unwrap().connect_lazy();
    InterceptedService::new(channel, bearer)
}

/// Asks again and again until there is an answer; panics with `what` when there is none in time.
pub async fn eventually<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let started = Instant::now();
    let mut pause = Duration::from_millis(5);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(started.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain: {what}");
        tokio::time::sleep(pause).await;
        // Hundreds may wait at once: those who wait long ask seldom.
        pause = (pause * 2).min(MOST_SELDOM);
    }
}

/// The machine-readable reason of a refusal.
pub fn reason(status: &Status) -> String {
    use tonic_types::StatusExt as _;
    status.get_details_error_info().map(|info| info.reason).unwrap_or_default()
}
