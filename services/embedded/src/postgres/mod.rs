//! The private PostgreSQL, as others use it. `cluster` is the server itself, `sql` the few
//! statements needed from outside.

mod cluster;
mod sql;

use std::path::Path;
use std::sync::Arc;

use crate::blocking;
use crate::error::Error;
use crate::server::Server;
use cluster::Cluster;

/// A running PostgreSQL, until it is stopped or dropped.
pub struct Postgres {
    server: Arc<Server<Cluster>>,
}

impl Postgres {
    /// Starts a server that keeps its data in `dir/data`, made new when there is none.
    pub async fn start(dir: &Path) -> Result<Postgres, Error> {
        let dir = dir.to_owned();
        blocking(move || {
            let (cluster, lock) = Cluster::open(&dir)?;
            Ok(Postgres { server: Arc::new(Server::start(cluster, lock)?) })
        })
        .await
    }

    /// Where `database` is: `postgres://huying@127.0.0.1:<port>/<database>`.
    pub fn url(&self, database: &str) -> String {
        sql::url(self.port(), database)
    }

    /// Its port; it stays the same through [`Postgres::restart`].
    pub fn port(&self) -> u16 {
        self.server.port()
    }

    /// The process started last: the one that all others of the server come from.
    pub fn pid(&self) -> u32 {
        self.server.pid()
    }

    /// False after [`Postgres::stop`], [`Postgres::kill`] or an end of its own.
    pub fn is_running(&self) -> bool {
        self.server.is_running()
    }

    /// Creates the database unless it is there. Safe to race.
    pub async fn ensure_database(&self, name: &str) -> Result<(), Error> {
        let (server, name) = (Arc::clone(&self.server), sql::checked(name)?);
        blocking(move || sql::ensure(&server.kind.programs, server.port(), &name)).await
    }

    /// Creates `name` as a copy of `template`, which nobody may be connected to.
    pub async fn create_from_template(&self, name: &str, template: &str) -> Result<(), Error> {
        let (name, template) = (sql::checked(name)?, sql::checked(template)?);
        self.run(format!(r#"create database "{name}" template "{template}""#)).await
    }

    /// Drops the database if it is there, whoever is connected.
    pub async fn drop_database(&self, name: &str) -> Result<(), Error> {
        let name = sql::checked(name)?;
        self.run(format!(r#"drop database if exists "{name}" with (force)"#)).await
    }

    /// Stops it in order, with its checkpoint. Done already is fine.
    pub async fn stop(&self) -> Result<(), Error> {
        let server = Arc::clone(&self.server);
        blocking(move || server.stop()).await
    }

    /// Kills all its processes, as a power cut would. For tests of crashes.
    pub fn kill(&self) -> Result<(), Error> {
        self.server.kill()
    }

    /// Lets it answer nobody until [`Postgres::thaw`], as a machine that hangs would. For tests.
    pub fn freeze(&self) {
        self.server.freeze();
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.server.thaw();
    }

    /// Starts it again: same directory, same port. Stops it first if it runs.
    pub async fn restart(&self) -> Result<(), Error> {
        let server = Arc::clone(&self.server);
        blocking(move || server.restart()).await
    }

    async fn run(&self, statement: String) -> Result<(), Error> {
        let server = Arc::clone(&self.server);
        blocking(move || sql::run(&server.kind.programs, server.port(), &statement).map(drop)).await
    }
}
