//! Which account PostgreSQL runs as. It refuses root, so root hands over to the owner of the data
//! that is already there, else to `postgres`, else to `nobody`. Anyone else stays who they are.

use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use nix::unistd::{Uid, User};

use crate::error::{Doing, Error};

#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

/// The account to hand over to, or `None` to stay.
pub(crate) fn for_data(data: &Path) -> Result<Option<Account>, Error> {
    if !Uid::effective().is_root() {
        return Ok(None);
    }
    if let Ok(found) = data.metadata()
        && found.uid() != 0
    {
        let name = User::from_uid(Uid::from_raw(found.uid())).ok().flatten().map(|user| user.name);
        let name = name.unwrap_or_else(|| found.uid().to_string());
        return Ok(Some(Account { name, uid: found.uid(), gid: found.gid() }));
    }
    for name in ["postgres", "nobody"] {
        let user = User::from_name(name).doing("look up the account", Path::new(name))?;
        if let Some(user) = user {
            return Ok(Some(Account { name: user.name, uid: user.uid.as_raw(), gid: user.gid.as_raw() }));
        }
    }
    Ok(Some(Account { name: "nobody".to_owned(), uid: 65_534, gid: 65_534 }))
}

impl Account {
    /// Makes the account the owner of `dir` and proves that it can come there.
    pub(crate) fn take(&self, dir: &Path) -> Result<(), Error> {
        chown(dir, Some(self.uid), Some(self.gid)).doing("hand over", dir)?;
        let mut probe = Command::new("test");
        probe.arg("-w").arg(dir).current_dir("/").uid(self.uid).gid(self.gid);
        if probe.status().doing("probe", dir)?.success() {
            return Ok(());
        }
        let blocker = self.blocker(dir).unwrap_or_else(|| dir.to_owned());
        Err(Error::Unreachable { dir: dir.to_owned(), blocker, account: self.name.clone() })
    }

    /// The first directory from the root on that the account cannot enter.
    fn blocker(&self, dir: &Path) -> Option<PathBuf> {
        let way: Vec<&Path> = dir.ancestors().collect();
        way.into_iter().rev().find(|dir| !self.may_enter(dir)).map(Path::to_owned)
    }

    fn may_enter(&self, dir: &Path) -> bool {
        let Ok(found) = dir.metadata() else { return false };
        let needed = if found.uid() == self.uid {
            0o100
        } else if found.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        found.mode() & needed != 0
    }
}
