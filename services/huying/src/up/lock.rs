//! A data directory belongs to one `huying up` at a time. The lock ends with the process, however it ends.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;

use anyhow::Context;
use nix::fcntl::{Flock, FlockArg};

use crate::failure::wrong;

/// Held while it lives.
pub(super) struct Lock {
    _file: Flock<File>,
}

impl Lock {
    pub(super) fn take(data: &Path) -> anyhow::Result<Self> {
        // What is there already is closed once it is ours (below): whoever holds it may have let PostgreSQL's account through.
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(data)
            .with_context(|| format!("the data directory {} cannot be made", data.display()))?;
        let path = data.join("up.lock");
        let opened = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let file = opened.with_context(|| format!("{} cannot be written", path.display()))?;
        match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
            Ok(mut file) => {
                file.set_len(0)?;
                file.rewind()?;
                writeln!(file, "{}", std::process::id())?;
                private_directory(data)?;
                Ok(Self { _file: file })
            }
            Err((mut file, _)) => {
                let mut holder = String::new();
                let _ = file.read_to_string(&mut holder);
                let holder = holder.trim();
                Err(wrong(
                    format!("another `huying up` (process {holder}) runs on {}", data.display()),
                    format!(
                        "use it, stop it with `kill -TERM {holder}`, or choose another directory with --data"
                    ),
                ))
            }
        }
    }
}

/// Only its owner looks into it.
pub fn private_directory(path: &Path) -> anyhow::Result<()> {
    let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
    made.and_then(|()| fs::set_permissions(path, Permissions::from_mode(0o700)))
        .with_context(|| format!("{} cannot be made", path.display()))
}
