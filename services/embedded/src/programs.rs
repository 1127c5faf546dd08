//! Where the programs are: PostgreSQL 15 or newer, nats-server 2.12.6 or newer.
//!
//! Looked for on PATH, where Debian keeps PostgreSQL, and in a `.tools` folder (what
//! `deploy/install` fills) in or above the current directory or this program's own. A program
//! counts only if it tells its version, so a wrapper of the same name is passed over.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::error::Error;

/// Older ones lack `drop database … with (force)` in the shape used here, or are no longer kept up.
pub const OLDEST_POSTGRES: Version = Version(15, 0, 0);
/// Before 2.10.23 a killed server could lose streams; until 2.12.6 there were ways past what a user may do.
pub const OLDEST_NATS: Version = Version(2, 12, 6);

/// How deep a `.tools` folder is searched.
const DEPTH: usize = 8;

/// Major, minor, patch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

/// The programs of one PostgreSQL.
#[derive(Debug, Clone)]
pub struct PostgresPrograms {
    /// The server.
    pub postgres: PathBuf,
    /// Makes a new data directory.
    pub initdb: PathBuf,
    /// Runs statements.
    pub psql: PathBuf,
    /// The server's version.
    pub version: Version,
}

/// The nats-server found.
#[derive(Debug, Clone)]
pub struct NatsProgram {
    /// The server.
    pub path: PathBuf,
    /// Its version.
    pub version: Version,
}

/// PostgreSQL as installed on this machine.
pub fn postgres_programs() -> Result<PostgresPrograms, Error> {
    Search::here().postgres()
}

/// nats-server as installed on this machine.
pub fn nats_server() -> Result<NatsProgram, Error> {
    Search::here().nats_server()
}

/// The places to look in, in order.
#[derive(Debug, Clone, Default)]
pub struct Search {
    /// The directories of PATH.
    pub path: Vec<PathBuf>,
    /// Directories with one PostgreSQL each, newest first.
    pub postgres: Vec<PathBuf>,
    /// `.tools` folders.
    pub tools: Vec<PathBuf>,
}

impl Search {
    /// The places of this process and machine.
    pub fn here() -> Search {
        let path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect());
        let starts = [std::env::current_dir().ok(), std::env::current_exe().ok()];
        let above = starts.iter().flatten().flat_map(|start| start.ancestors());
        let tools = above.map(|dir| dir.join(".tools")).filter(|dir| dir.is_dir());
        let mut places =
            Search { path: path.unwrap_or_default(), postgres: of_debian(), tools: tools.collect() };
        places.tools.dedup();
        places
    }

    /// PostgreSQL, or the sentence that says how to get it.
    pub fn postgres(&self) -> Result<PostgresPrograms, Error> {
        let on_path = self.path.iter().filter_map(|dir| resolved_parent(&dir.join("postgres")));
        let in_tools = self.tools.iter().flat_map(|dir| find(dir, "postgres"));
        let in_tools = in_tools.filter_map(|program| program.parent().map(Path::to_owned));
        let bins: Vec<PathBuf> = on_path.chain(self.postgres.iter().cloned()).chain(in_tools).collect();
        let mut seen = String::new();
        for bin in bins {
            match self.postgres_in(&bin) {
                Some(found) if found.version >= OLDEST_POSTGRES => return Ok(found),
                Some(old) => seen = too_old(&old.postgres, old.version),
                None => {}
            }
        }
        Err(Error::Missing {
            what: "PostgreSQL 15 or newer",
            seen,
            install: "deploy/install (or, as root on Debian or Ubuntu: apt-get install -y postgresql)",
        })
    }

    /// nats-server, or the sentence that says how to get it.
    pub fn nats_server(&self) -> Result<NatsProgram, Error> {
        let on_path = self.path.iter().map(|dir| dir.join("nats-server")).filter(|path| path.is_file());
        let in_tools = self.tools.iter().flat_map(|dir| find(dir, "nats-server"));
        let mut seen = String::new();
        for path in on_path.chain(in_tools) {
            match version_of(&path) {
                Some(version) if version >= OLDEST_NATS => return Ok(NatsProgram { path, version }),
                Some(version) => seen = too_old(&path, version),
                None => {}
            }
        }
        Err(Error::Missing { what: "nats-server 2.12.6 or newer", seen, install: "deploy/install" })
    }

    /// Any program on PATH, without asking its version.
    pub(crate) fn on_path(&self, name: &str) -> Option<PathBuf> {
        self.path.iter().map(|dir| dir.join(name)).find(|path| path.is_file())
    }

    fn postgres_in(&self, bin: &Path) -> Option<PostgresPrograms> {
        let (postgres, initdb) = (bin.join("postgres"), bin.join("initdb"));
        let beside = Some(bin.join("psql")).filter(|path| path.is_file());
        let psql = beside.or_else(|| self.on_path("psql"))?;
        let version = version_of(&postgres)?;
        version_of(&initdb).map(|_| PostgresPrograms { postgres, initdb, psql, version })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

impl Version {
    /// The first version number in what a program says of itself.
    fn parse(said: &str) -> Option<Version> {
        said.split_whitespace().find_map(|word| {
            let word = word.strip_prefix('v').unwrap_or(word);
            let digits = word.split(|c: char| !c.is_ascii_digit() && c != '.').next()?;
            let mut parts = digits.split('.').map(str::parse);
            let major = parts.next()?.ok()?;
            let mut next = || parts.next().and_then(Result::ok).unwrap_or(0);
            Some(Version(major, next(), next()))
        })
    }
}

fn too_old(path: &Path, version: Version) -> String {
    format!(" ({} is too old: {version})", path.display())
}

/// What `program --version` says, if it is a program and says something.
fn version_of(program: &Path) -> Option<Version> {
    let said = Command::new(program).arg("--version").stdin(Stdio::null()).output().ok()?;
    said.status.success().then(|| Version::parse(&String::from_utf8_lossy(&said.stdout))).flatten()
}

/// PATH often holds a link only; PostgreSQL's other programs lie beside what it leads to.
fn resolved_parent(program: &Path) -> Option<PathBuf> {
    program.canonicalize().ok()?.parent().map(Path::to_owned)
}

fn of_debian() -> Vec<PathBuf> {
    let Ok(majors) = fs::read_dir("/usr/lib/postgresql") else {
        return Vec::new();
    };
    let mut majors: Vec<(u32, PathBuf)> = majors
        .flatten()
        .filter_map(|entry| Some((entry.file_name().to_str()?.parse().ok()?, entry.path().join("bin"))))
        .collect();
    majors.sort_by_key(|(major, _)| std::cmp::Reverse(*major));
    majors.into_iter().map(|(_, bin)| bin).collect()
}

/// Files called `name` below `dir`, nearer ones first; links to directories are not followed.
fn find(dir: &Path, name: &str) -> Vec<PathBuf> {
    let (mut found, mut level) = (Vec::new(), vec![dir.to_owned()]);
    for _ in 0..DEPTH {
        let mut below = Vec::new();
        for entry in level.iter().filter_map(|dir| fs::read_dir(dir).ok()).flatten().flatten() {
            let path = entry.path();
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                below.push(path);
            } else if entry.file_name() == name && path.is_file() {
                found.push(path);
            }
        }
        level = below;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_from_what_programs_say() {
        let said = |text| Version::parse(text);
        assert_eq!(said("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)"), Some(Version(15, 18, 0)));
        assert_eq!(said("postgres (PostgreSQL) 18beta1"), Some(Version(18, 0, 0)));
        assert_eq!(said("nats-server: v2.15.1"), Some(Version(2, 15, 1)));
        assert_eq!(said("usage: wrapper [options]"), None);
        assert!(Version(2, 9, 10) < OLDEST_NATS && Version(2, 12, 6) >= OLDEST_NATS);
    }
}
