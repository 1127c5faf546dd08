//! Directories for servers, and the two ways these tests talk to them.

use std::io::{BufRead, BufReader};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use huying_embedded::{Nats, Postgres, postgres_programs};
use tempfile::TempDir;

/// A directory that the account PostgreSQL runs as can come to.
pub fn open_dir() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    dir
}

/// What psql prints for the superuser, or what it complains of.
pub fn psql(postgres: &Postgres, database: &str, statement: &str) -> Result<String, String> {
    psql_at(&postgres.url(database), statement)
}

/// The same at an address. It asks nobody for a password.
pub fn psql_at(url: &str, statement: &str) -> Result<String, String> {
    let mut psql = Command::new(postgres_programs().unwrap().psql);
    psql.args(["-X", "-w", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", statement]);
    let said = psql.output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if said.status.success() { Ok(text(&said.stdout)) } else { Err(text(&said.stderr)) }
}

/// The first line nats-server says to everyone who connects.
pub fn greeting(nats: &Nats) -> serde_json::Value {
    let connection = TcpStream::connect(("127.0.0.1", nats.port())).unwrap();
    let mut line = String::new();
    BufReader::new(connection).read_line(&mut line).unwrap();
    serde_json::from_str(line.strip_prefix("INFO ").unwrap()).unwrap()
}

/// Looks until `holds` or until 20 seconds are over.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + Duration::from_secs(20);
    while !holds() {
        assert!(Instant::now() < end, "never: {what}");
        std::thread::yield_now();
    }
}
