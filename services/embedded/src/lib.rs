//! A private PostgreSQL and a private NATS for one machine.
//!
//! Who uses it: `huying up` (the stack under its data directory), `huying doctor` (what is
//! installed), and every test that wants real servers.
//!
//! What is guaranteed:
//! - NATS listens on loopback only, PostgreSQL on its socket alone unless it is asked otherwise, and neither lets anybody in without
//!   credentials; their ports are free ones below the ephemeral range;
//! - each works in a directory that is theirs alone: a lock refuses a second user, and no other account enters it;
//! - data is durable (`fsync` stays on) and picked up again by the next start, also after a crash;
//! - nothing runs on behind: the servers end with [`Postgres::stop`], with a drop, and, where
//!   `setpriv` is installed, with the sudden death of this process too;
//! - PostgreSQL never runs as root;
//! - a program that is not installed gives one sentence with the command that installs it.
//!
//! Map: [`programs`] finds the programs, `keeper` and `process` start and end them, `server` is the
//! life both servers share, `postgres` and `nats` are what is particular to each.

mod account;
mod error;
mod keeper;
mod leftover;
mod nats;
mod port;
mod postgres;
mod process;
pub mod programs;
mod secrets;
mod server;
mod stack;

pub use error::Error;
pub use nats::{Accounts, Nats, STREAMS, beside_streams};
pub use port::free_port;
pub use postgres::{Listen, Logins, Postgres};
pub use programs::{NatsProgram, PostgresPrograms, Version, nats_server, postgres_programs};
pub use stack::{Stack, let_through};

/// Runs blocking work off the async threads. Waiting for a process is done with real time there,
/// so a test that pauses tokio's clock still waits properly.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(broken) => {
            Err(Error::Io { doing: "run a blocking task".to_owned(), source: std::io::Error::other(broken) })
        }
    }
}
