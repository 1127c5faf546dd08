//! Both servers under one directory: what `huying up` and the tests of whole services stand on.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::Path;

use crate::error::{Doing, Error};
use crate::{Accounts, Listen, Nats, Postgres, account, blocking, secrets};

/// A private PostgreSQL in `dir/postgres` and a private NATS in `dir/nats`.
pub struct Stack {
    /// The database server.
    pub postgres: Postgres,
    /// The message server.
    pub nats: Nats,
}

impl Stack {
    /// Starts both, NATS for the users of these accounts only; data that is already there is picked up again.
    pub async fn start(dir: &Path, accounts: Accounts, listen: Listen) -> Result<Stack, Error> {
        let_through(dir).await?;
        let (postgres, nats) = (dir.join("postgres"), dir.join("nats"));
        let (postgres, nats) =
            tokio::join!(Postgres::start_on(&postgres, listen), Nats::start_for(&nats, accounts));
        Ok(Stack { postgres: postgres?, nats: nats? })
    }

    /// Stops both in order. Both are asked, even when one of them fails.
    pub async fn stop(&self) -> Result<(), Error> {
        let (nats, postgres) = tokio::join!(self.nats.stop(), self.postgres.stop());
        nats.and(postgres)
    }
}

/// Closes `dir` to everybody else. Where PostgreSQL runs as another account, because this one is root, that account's group may pass
/// through to `dir/postgres`, and see nothing on the way.
pub async fn let_through(dir: &Path) -> Result<(), Error> {
    let dir = dir.to_owned();
    blocking(move || {
        if !dir.exists() {
            secrets::directory(&dir)?;
        }
        let mut mode = 0o700;
        if let Some(account) = account::for_data(&dir.join("postgres").join("data"))? {
            chown(&dir, None, Some(account.gid)).doing("open the way through", &dir)?;
            mode = 0o710;
        }
        fs::set_permissions(&dir, Permissions::from_mode(mode)).doing("close", &dir)
    })
    .await
}
