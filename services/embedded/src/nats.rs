//! The private nats-server: JetStream in its own directory, loopback only, and nobody without credentials.
//!
//! JetStream syncs each message to disk before it acknowledges. The services' logs in PostgreSQL could fill it again, but who follows
//! from outside has only the stream.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::blocking;
use crate::error::{Doing, Error};
use crate::process::Launch;
use crate::programs::{self, NatsProgram};
use crate::secrets;
use crate::server::{Kind, Server, lock};

/// The largest message taken. One event is a few kilobytes.
const MAX_PAYLOAD: u32 = 1024 * 1024;
/// Memory for streams that are not kept on disk; ours are.
const MAX_MEMORY: u32 = 128 * 1024 * 1024;
/// What streams may set aside together. A bound, not a need: by itself the server would take three quarters of the disk that is free now,
/// and refuse on a full machine a stream that stays small.
const MAX_FILE: u64 = 64 * 1024 * 1024 * 1024;

/// A running nats-server with JetStream, until it is stopped or dropped.
pub struct Nats {
    server: Arc<Server<Files>>,
}

struct Files {
    program: NatsProgram,
    dir: PathBuf,
    /// What is secret of their users is known only to them, or random.
    accounts: Accounts,
    /// Of the one user who may do everything, if there is one.
    password: Option<String>,
    /// More settings of nats-server, such as `tls`.
    more: Map<String, Value>,
}

/// Who may do everything, where anybody may.
const ALL: &str = "all";

/// As nats-server's `accounts` has them, by name.
pub type Accounts = Map<String, Value>;

/// The account that has the streams. Another reaches of it what the two of them export and import.
pub const STREAMS: &str = "HUYING";

/// The account that has the streams, with these users: each may do everything there that `permissions` of its own leave it.
pub fn beside_streams(users: Vec<Value>) -> Accounts {
    let account = json!({ "jetstream": "enabled", "users": users });
    [(STREAMS.to_owned(), account)].into_iter().collect()
}

impl Nats {
    /// Starts a server that keeps its streams in `dir/jetstream`, for one user, who may do everything, and whose random password is in the
    /// address and in a file that only its owner reads. For tests, which are everybody at once.
    pub async fn start(dir: &Path) -> Result<Nats, Error> {
        Self::start_for_all(dir, Accounts::new(), Map::new()).await
    }

    /// The same, with the users of these accounts beside that one and more settings of nats-server.
    pub async fn start_for_all(
        dir: &Path,
        accounts: Accounts,
        more: Map<String, Value>,
    ) -> Result<Nats, Error> {
        Self::start_files(dir, accounts, more, true).await
    }

    /// Starts a server for the users of these accounts only. The address holds no secret.
    pub async fn start_for(dir: &Path, accounts: Accounts) -> Result<Nats, Error> {
        Self::start_files(dir, accounts, Map::new(), false).await
    }

    async fn start_files(
        dir: &Path,
        mut accounts: Accounts,
        more: Map<String, Value>,
        for_all: bool,
    ) -> Result<Nats, Error> {
        let dir = dir.to_owned();
        blocking(move || {
            let program = programs::nats_server()?;
            let (dir, lock) = lock(&dir)?;
            // To nats-server, no users are everybody.
            let for_all = for_all || accounts.is_empty();
            let password = for_all.then(|| secrets::kept(&dir.join("password"))).transpose()?;
            if let Some(password) = &password {
                let_in(&mut accounts, json!({ "user": ALL, "password": password }));
            }
            let server = Server::start(Files { program, dir, accounts, password, more }, lock)?;
            Ok(Nats { server: Arc::new(server) })
        })
        .await
    }

    /// Where it listens, `nats://127.0.0.1:<port>`, with the user who may do everything, if there is one.
    pub fn url(&self) -> String {
        let login = self.server.kind.password.as_ref();
        let login = login.map_or_else(String::new, |password| format!("{ALL}:{password}@"));
        format!("nats://{login}127.0.0.1:{}", self.port())
    }

    /// Where it listens, without anybody who may log in.
    pub fn address(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port())
    }

    /// Its port; it stays the same through [`Nats::restart`].
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// The process started last.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// False after [`Nats::stop`], [`Nats::kill`] or an end of its own.
    pub fn is_running(&self) -> bool {
        self.server.is_running()
    }

    /// Stops it in order. Done already is fine.
    pub async fn stop(&self) -> Result<(), Error> {
        let server = Arc::clone(&self.server);
        blocking(move || server.stop()).await
    }

    /// Kills it, as a power cut would. For tests of crashes.
    pub fn kill(&self) -> Result<(), Error> {
        self.server.kill()
    }

    /// Lets it answer nobody until [`Nats::thaw`], as a machine that hangs would. For tests.
    pub fn freeze(&self) {
        self.server.freeze();
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.server.thaw();
    }

    /// Deletes everything its streams kept. Only when it is not running.
    pub fn wipe(&self) -> Result<(), Error> {
        if self.is_running() {
            return Err(Error::StillRunning { server: Files::NAME });
        }
        let storage = self.server.kind.storage();
        match fs::remove_dir_all(&storage) {
            Err(refused) if refused.kind() != std::io::ErrorKind::NotFound => {
                Err(refused).doing("delete", &storage)
            }
            Ok(()) | Err(_) => Ok(()),
        }
    }

    /// Starts it again: same directory, same port. Stops it first if it runs.
    pub async fn restart(&self) -> Result<(), Error> {
        let server = Arc::clone(&self.server);
        blocking(move || server.restart()).await
    }
}

/// Adds a user to the account that has the streams.
fn let_in(accounts: &mut Accounts, user: Value) {
    let streams = accounts.entry(STREAMS).or_insert_with(|| json!({ "jetstream": "enabled" }));
    match streams["users"].as_array_mut() {
        Some(users) => users.push(user),
        None => streams["users"] = json!([user]),
    }
}

impl Files {
    fn storage(&self) -> PathBuf {
        self.dir.join("jetstream")
    }

    fn settings(&self) -> PathBuf {
        self.dir.join("nats.json")
    }

    /// The server writes the ports it really listens on here, once it does.
    fn ports(&self) -> PathBuf {
        self.dir.join("ports")
    }
}

impl Kind for Files {
    const NAME: &'static str = "nats-server";

    fn home(&self) -> &Path {
        &self.dir
    }

    fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    fn prepare(&self, port: u16) -> Result<(), Error> {
        let ports = self.ports();
        // What a killed server left would pass for a new one with the same process id.
        let _ = fs::remove_dir_all(&ports);
        fs::create_dir_all(&ports).doing("create", &ports)?;
        let mut settings = json!({
            "host": "127.0.0.1",
            "port": port,
            "max_payload": MAX_PAYLOAD,
            "ports_file_dir": ports,
            "jetstream": {
                "store_dir": self.storage(),
                "max_memory_store": MAX_MEMORY,
                "max_file_store": MAX_FILE,
                "sync_interval": "always",
            },
        });
        settings["accounts"] = json!(self.accounts);
        for (key, value) in &self.more {
            settings[key] = value.clone();
        }
        secrets::private(&self.settings(), &format!("{settings:#}\n")).map(drop)
    }

    fn launch(&self, _port: u16) -> Launch<'_> {
        let args = vec!["--config".to_owned(), self.settings().display().to_string()];
        Launch { program: &self.program.path, args, dir: &self.dir, account: None }
    }

    fn is_ready(&self, pid: u32) -> bool {
        let written = fs::read(self.ports().join(format!("nats-server_{pid}.ports"))).unwrap_or_default();
        let ports: Value = serde_json::from_slice(&written).unwrap_or_default();
        ports["nats"].as_array().is_some_and(|urls| !urls.is_empty())
    }
}
