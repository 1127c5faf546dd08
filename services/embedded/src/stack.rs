//! Both servers under one directory: what `huying up` and the tests of whole services stand on.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::error::{Doing, Error};
use crate::{Nats, Postgres, blocking};

/// A private PostgreSQL in `dir/postgres` and a private NATS in `dir/nats`.
pub struct Stack {
    /// The database server.
    pub postgres: Postgres,
    /// The message server.
    pub nats: Nats,
}

impl Stack {
    /// Starts both, NATS for these users only; data that is already there is picked up again.
    pub async fn start(dir: &Path, users: Vec<serde_json::Value>) -> Result<Stack, Error> {
        let ours = dir.to_owned();
        let dir: PathBuf = blocking(move || open(&ours)).await?;
        let (postgres, nats) = (dir.join("postgres"), dir.join("nats"));
        let (postgres, nats) = tokio::join!(Postgres::start(&postgres), Nats::start_for(&nats, users));
        Ok(Stack { postgres: postgres?, nats: nats? })
    }

    /// Stops both in order. Both are asked, even when one of them fails.
    pub async fn stop(&self) -> Result<(), Error> {
        let (nats, postgres) = tokio::join!(self.nats.stop(), self.postgres.stop());
        nats.and(postgres)
    }
}

/// The stack's own directory can be passed through by the account PostgreSQL runs as; a temporary
/// directory of root is closed otherwise. What is inside keeps its own permissions.
fn open(dir: &Path) -> Result<PathBuf, Error> {
    fs::create_dir_all(dir).doing("create", dir)?;
    let mode = dir.metadata().doing("look at", dir)?.permissions().mode();
    if mode & 0o111 != 0o111 && nix::unistd::Uid::effective().is_root() {
        fs::set_permissions(dir, Permissions::from_mode(mode | 0o111)).doing("open the way through", dir)?;
    }
    Ok(dir.to_owned())
}
