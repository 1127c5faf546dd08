//! What a process says when it ends. The numbers are those of `sysexits.h`, so that systemd, a
//! shell script or Kubernetes can tell a bad configuration from a database that is not there yet.

use std::io::ErrorKind;
use std::process::ExitCode;

use crate::config::ConfigError;

/// Why the process ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Stopped as asked.
    Done,
    /// The configuration is wrong: starting again will not help (64).
    Config,
    /// Something we stand on is not there: starting again later may help (69).
    Unavailable,
    /// Our own mistake (70).
    Bug,
}

/// Marks an error as [`Exit::Unavailable`]: `anyhow!(…).context(Unavailable("NATS"))`.
#[derive(Debug, thiserror::Error)]
#[error("{0} is not available")]
pub struct Unavailable(pub &'static str);

impl Exit {
    pub const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Config => 64,
            Self::Unavailable => 69,
            Self::Bug => 70,
        }
    }

    /// Looks through the whole chain for the first cause that says which kind it is.
    pub fn of(error: &anyhow::Error) -> Self {
        if error.downcast_ref::<ConfigError>().is_some() {
            return Self::Config;
        }
        if error.downcast_ref::<Unavailable>().is_some() {
            return Self::Unavailable;
        }
        error.chain().find_map(Self::of_cause).unwrap_or(Self::Bug)
    }

    fn of_cause(cause: &(dyn std::error::Error + 'static)) -> Option<Self> {
        if cause.is::<ConfigError>() {
            return Some(Self::Config);
        }
        if cause.is::<Unavailable>() {
            return Some(Self::Unavailable);
        }
        if let Some(error) = cause.downcast_ref::<sqlx::Error>() {
            let gone = matches!(
                error,
                sqlx::Error::Io(_)
                    | sqlx::Error::Tls(_)
                    | sqlx::Error::PoolTimedOut
                    | sqlx::Error::PoolClosed
            );
            return gone.then_some(Self::Unavailable);
        }
        let error = cause.downcast_ref::<std::io::Error>()?;
        let gone = matches!(
            error.kind(),
            ErrorKind::AddrInUse
                | ErrorKind::ConnectionRefused
                | ErrorKind::ConnectionReset
                | ErrorKind::TimedOut
        );
        gone.then_some(Self::Unavailable)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
