//! The private PostgreSQL, as others use it. `cluster` is the server itself, `sql` the few
//! statements needed from outside.

mod cluster;
mod logins;
mod sql;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::blocking;
use crate::error::Error;
use crate::server::Server;
use cluster::Cluster;
pub use logins::Logins;
use sql::{Psql, USER};

/// Where it listens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Listen {
    /// On a socket in a directory that only its account enters.
    #[default]
    Socket,
    /// On loopback too.
    Loopback,
}

/// A running PostgreSQL, until it is stopped or dropped.
pub struct Postgres {
    server: Arc<Server<Cluster>>,
}

impl Postgres {
    /// Starts a server that keeps its data in `dir/data`, made new when there is none. It listens on a socket in `dir/run`; the
    /// superuser's random password is in `dir/password`, which only this process's account reads.
    pub async fn start(dir: &Path) -> Result<Postgres, Error> {
        Self::start_on(dir, Listen::Socket).await
    }

    /// The same, listening there. On loopback its addresses are of that.
    pub async fn start_on(dir: &Path, listen: Listen) -> Result<Postgres, Error> {
        let dir = dir.to_owned();
        blocking(move || {
            let (cluster, lock) = Cluster::open(&dir, listen)?;
            let server = Arc::new(Server::start(cluster, lock)?);
            psql(&server).set_password()?;
            Ok(Postgres { server })
        })
        .await
    }

    /// Where `database` is, for its superuser: `postgres://huying:<password>@localhost:<port>/<database>?host=<directory of the socket>`.
    pub fn url(&self, database: &str) -> String {
        self.url_for(&format!("{USER}:{}", self.server.kind.password), database)
    }

    /// The same without the password: nothing secret.
    pub fn address(&self, database: &str) -> String {
        self.url_for(USER, database)
    }

    /// Where the superuser's password is.
    pub fn password_file(&self) -> PathBuf {
        self.server.kind.password_file()
    }

    fn url_for(&self, login: &str, database: &str) -> String {
        self.server.kind.address(self.port()).url(login, database)
    }

    /// Its port, on loopback and in the name of its socket; it stays the same through [`Postgres::restart`].
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
        blocking(move || psql(&server).ensure(&name)).await
    }

    /// Creates the database unless it is there, with two roles of its own: one owns it and what is in it, the other may connect to it,
    /// and to no other that was made so. Their passwords are new, and nowhere written.
    pub async fn ensure_owned(&self, name: &str) -> Result<Logins, Error> {
        let (server, name) = (Arc::clone(&self.server), sql::checked(name)?);
        blocking(move || {
            let psql = psql(&server);
            psql.ensure(&name)?;
            logins::ensure(&psql, &server.kind.address(server.port()), &name)
        })
        .await
    }

    /// Creates a role that may log in, and sees what others are at, unless it is there. Its new password.
    pub async fn ensure_login(&self, role: &str) -> Result<String, Error> {
        let (server, role) = (Arc::clone(&self.server), sql::checked(role)?);
        blocking(move || logins::ensure_role(&psql(&server), &role)).await
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
        blocking(move || psql(&server).run("postgres", &statement).map(drop)).await
    }
}

fn psql(server: &Server<Cluster>) -> Psql<'_> {
    let cluster = &server.kind;
    Psql { programs: &cluster.programs, address: cluster.socket(server.port()), password: &cluster.password }
}
