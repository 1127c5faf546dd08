//! What can go wrong with the embedded servers, each told in one sentence a person can act on.

use std::io;
use std::path::{Path, PathBuf};

/// Why a server could not be found, started, used or stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program is not installed, or only too old.
    #[error("{what} was not found{seen}. Install it with: {install}")]
    Missing {
        /// Program and lowest version.
        what: &'static str,
        /// What was seen instead, if anything.
        seen: String,
        /// The exact command.
        install: &'static str,
    },

    /// The account PostgreSQL runs as cannot come to its directory.
    #[error(
        "PostgreSQL does not run as root, and the account {account} it runs as instead cannot enter {blocker} \
         on the way to {dir}. Choose a data directory outside, for example below /var/lib, or run: chmod o+x {blocker}",
        dir = dir.display(), blocker = blocker.display()
    )]
    Unreachable {
        /// The server's directory.
        dir: PathBuf,
        /// The first directory on the way that is closed.
        blocker: PathBuf,
        /// The account's name.
        account: String,
    },

    /// Another process of ours holds the directory.
    #[error("{} is in use by another running Huying", dir.display())]
    InUse {
        /// The server's directory.
        dir: PathBuf,
    },

    /// A server of an earlier run does not go away.
    #[error("{server} of an earlier run still works in {} (process {pid}). End it with: kill -INT {pid}", dir.display())]
    LeftOver {
        /// The program.
        server: &'static str,
        /// Where it works.
        dir: PathBuf,
        /// One of its processes.
        pid: i32,
    },

    /// The data was made by another major version.
    #[error(
        "the data in {} was made by PostgreSQL {made}, but PostgreSQL {found} is installed: install PostgreSQL {made} \
         again, or start with an empty directory",
        dir.display()
    )]
    OtherVersion {
        /// The data directory.
        dir: PathBuf,
        /// The major version that made it.
        made: String,
        /// The version found.
        found: String,
    },

    /// A server ended, or stayed silent, before it was ready.
    #[error("{server} did not start: {why}\n{log}")]
    NotStarted {
        /// The program.
        server: &'static str,
        /// What was seen.
        why: String,
        /// The last lines of its log.
        log: String,
    },

    /// The port of a server to restart, or every port tried, belongs to someone else.
    #[error("{server} found no free port: {port} is taken")]
    PortTaken {
        /// The program.
        server: &'static str,
        /// The last port tried.
        port: u16,
    },

    /// Something that needs a stopped server was asked of a running one.
    #[error("{server} is still running")]
    StillRunning {
        /// The program.
        server: &'static str,
    },

    /// The socket's path has no room.
    #[error(
        "PostgreSQL listens on a socket in {}, and a socket's path has room for {room} characters, none of them a comma or a quote: \
         choose a data directory with a shorter path",
        dir.display()
    )]
    SocketPath {
        /// The socket's directory.
        dir: PathBuf,
        /// The longest path of such a directory.
        room: usize,
    },

    /// A database name that is not plain lower case.
    #[error("'{name}' is no database name here: 1 to 63 of a-z, 0-9 and _, not beginning with a digit")]
    DatabaseName {
        /// The name given.
        name: String,
    },

    /// PostgreSQL refused a statement.
    #[error("PostgreSQL refused `{statement}`: {answer}")]
    Sql {
        /// The statement.
        statement: String,
        /// What it said.
        answer: String,
    },

    /// The operating system refused something.
    #[error("could not {doing}: {source}")]
    Io {
        /// What was tried.
        doing: String,
        /// Its answer.
        source: io::Error,
    },
}

/// Names what was tried when the operating system refuses.
pub(crate) trait Doing<T> {
    fn doing(self, verb: &str, path: &Path) -> Result<T, Error>;
}

impl<T, E: Into<io::Error>> Doing<T> for Result<T, E> {
    fn doing(self, verb: &str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::Io {
            doing: format!("{verb} {}", path.display()),
            source: source.into(),
        })
    }
}
