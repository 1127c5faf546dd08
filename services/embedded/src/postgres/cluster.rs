//! PostgreSQL's data directory and its server process.
//!
//! `dir/data` is the cluster, `dir/run` its socket, `dir/server.log` what it says, `dir/password` the superuser's. The cluster is
//! made beside its place and moved there whole, so a start cut short leaves nothing half made.
//!
//! Who comes in says a password (scram), each time, whatever an earlier build has written into the cluster. The one way in without is
//! this process's own account to `template1`, by the kernel's word on who is at the socket: so the password is set.

use std::fs::{self, File};
use std::os::unix::fs::fchown;
use std::path::{Path, PathBuf};

use nix::unistd::{Uid, User};

use super::Listen;
use super::sql::{Address, USER};
use crate::account::{self, Account};
use crate::error::{Doing, Error};
use crate::process::Launch;
use crate::programs::{self, PostgresPrograms};
use crate::secrets;
use crate::server::{Kind, lock};

/// A socket's path has room for 107 bytes, its name among them.
const LONGEST_SOCKET_DIR: usize = 85;

pub(crate) struct Cluster {
    pub(super) programs: PostgresPrograms,
    dir: PathBuf,
    data: PathBuf,
    account: Option<Account>,
    listen: Listen,
    pub(super) password: String,
}

impl Cluster {
    /// Takes `dir` for this process, with a cluster in it, old or new.
    pub(super) fn open(dir: &Path, listen: Listen) -> Result<(Cluster, File), Error> {
        let programs = programs::postgres_programs()?;
        let (dir, lock) = lock(dir)?;
        check_socket(&dir.join("run"))?;
        let data = dir.join("data");
        let account = account::for_data(&data)?;
        if let Some(account) = &account {
            account.take(&dir)?;
        }
        let password = secrets::kept(&dir.join("password"))?;
        let cluster = Cluster { programs, dir, data, account, listen, password };
        cluster.make_run_dir()?;
        if cluster.data.exists() {
            cluster.check_version()?;
        } else {
            cluster.make()?;
        }
        Ok((cluster, lock))
    }

    fn make_run_dir(&self) -> Result<(), Error> {
        let run = self.dir.join("run");
        secrets::directory(&run)?;
        self.account.as_ref().map_or(Ok(()), |account| account.take(&run))
    }

    fn check_version(&self) -> Result<(), Error> {
        let path = self.data.join("PG_VERSION");
        let made = fs::read_to_string(&path).doing("read", &path)?.trim().to_owned();
        if made == self.programs.version.0.to_string() {
            return Ok(());
        }
        Err(Error::OtherVersion { dir: self.data.clone(), made, found: self.programs.version.to_string() })
    }

    fn make(&self) -> Result<(), Error> {
        let draft = self.dir.join("data.new");
        if draft.exists() {
            fs::remove_dir_all(&draft).doing("remove", &draft)?;
        }
        let args = ["--auth=reject", "--encoding=UTF8", "--locale=C", "--username", USER, "--pgdata"];
        let mut args: Vec<String> = args.iter().map(ToString::to_string).collect();
        args.push(draft.display().to_string());
        let launch =
            Launch { program: &self.programs.initdb, args, dir: &self.dir, account: self.account.as_ref() };
        let said = launch.command().output().doing("run", &self.programs.initdb)?;
        if !said.status.success() {
            let log = String::from_utf8_lossy(&said.stderr).trim().to_owned();
            return Err(Error::NotStarted { server: "initdb", why: said.status.to_string(), log });
        }
        fs::rename(&draft, &self.data).doing("move the new data to", &self.data)
    }

    /// PostgreSQL refuses to start while the process that a killed server noted is alive, also when
    /// the number now belongs to a stranger. Nobody works in the data directory here (asked before),
    /// so a living number is a stranger's. A dead one is left to PostgreSQL, which checks more.
    fn forget_a_stranger(&self) -> Result<(), Error> {
        let note = self.data.join("postmaster.pid");
        let Ok(text) = fs::read_to_string(&note) else {
            return Ok(());
        };
        let noted = text.lines().next().unwrap_or_default();
        if Path::new("/proc").join(noted).join("comm").exists() && !noted.is_empty() {
            fs::remove_file(&note).doing("remove", &note)?;
        }
        Ok(())
    }

    fn socket_dir(&self) -> PathBuf {
        self.dir.join("run")
    }

    pub(super) fn password_file(&self) -> PathBuf {
        self.dir.join("password")
    }

    /// Where it is on a port.
    pub(super) fn address(&self, port: u16) -> Address {
        match self.listen {
            Listen::Socket => Address::Socket(self.socket_dir(), port),
            Listen::Loopback => Address::Loopback(port),
        }
    }

    /// By its socket, which it has in any case.
    pub(super) fn socket(&self, port: u16) -> Address {
        Address::Socket(self.socket_dir(), port)
    }

    /// Who is let in, and how. The first line that fits decides.
    fn write_rules(&self) -> Result<(), Error> {
        let mut rules = format!(
            "local template1 {USER} peer map=own\nlocal all all scram-sha-256\nlocal replication all scram-sha-256\n"
        );
        if self.listen == Listen::Loopback {
            rules +=
                "host all all 127.0.0.1/32 scram-sha-256\nhost replication all 127.0.0.1/32 scram-sha-256\n";
        }
        let own = User::from_uid(Uid::effective()).ok().flatten().map(|user| user.name).unwrap_or_default();
        self.give("pg_hba.conf", &rules)?;
        self.give("pg_ident.conf", &format!("own \"{own}\" {USER}\n"))
    }

    /// Writes a file of the data directory anew, for the account that PostgreSQL runs as.
    fn give(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.data.join(name);
        let file = secrets::private(&path, &format!("# Written by Huying at each start.\n{text}"))?;
        let Some(account) = &self.account else { return Ok(()) };
        fchown(&file, Some(account.uid), Some(account.gid)).doing("hand over", &path)
    }
}

fn check_socket(run: &Path) -> Result<(), Error> {
    let text = run.display().to_string();
    if text.len() <= LONGEST_SOCKET_DIR && !text.contains([',', '"']) {
        return Ok(());
    }
    Err(Error::SocketPath { dir: run.to_owned(), room: LONGEST_SOCKET_DIR })
}

impl Kind for Cluster {
    const NAME: &'static str = "postgres";

    fn home(&self) -> &Path {
        &self.data
    }

    fn log(&self) -> PathBuf {
        self.dir.join("server.log")
    }

    fn prepare(&self, _port: u16) -> Result<(), Error> {
        self.forget_a_stranger()?;
        self.write_rules()
    }

    fn launch(&self, port: u16) -> Launch<'_> {
        let (port, socket_dir) = (port.to_string(), self.socket_dir().display().to_string());
        let addresses = match self.listen {
            Listen::Socket => "",
            Listen::Loopback => "127.0.0.1",
        };
        let settings = [
            ("listen_addresses", addresses),
            ("port", &port),
            ("unix_socket_directories", &socket_dir),
            ("password_encryption", "scram-sha-256"),
            ("max_connections", "200"),
            ("fsync", "on"),
            ("synchronous_commit", "on"),
            ("full_page_writes", "on"),
            // One transaction left open anywhere would hold up every relay of the cluster.
            ("idle_in_transaction_session_timeout", "30s"),
            ("timezone", "UTC"),
            ("log_timezone", "UTC"),
            // Short statements only: compiling them costs more than it gives.
            ("jit", "off"),
            ("log_checkpoints", "off"),
        ];
        let data = self.data.display().to_string();
        let mut args = vec!["-D".to_owned(), data];
        for (name, value) in settings {
            args.extend(["-c".to_owned(), format!("{name}={value}")]);
        }
        Launch { program: &self.programs.postgres, args, dir: &self.data, account: self.account.as_ref() }
    }

    /// The server's own note: its process id in the first line, its state in the eighth.
    fn is_ready(&self, pid: u32) -> bool {
        let note = fs::read_to_string(self.data.join("postmaster.pid")).unwrap_or_default();
        let mut lines = note.lines();
        let ours = lines.next() == Some(pid.to_string().as_str());
        ours && lines.nth(6).is_some_and(|state| state.trim() == "ready")
    }
}
