//! A user's key: the seed in a file that only its owner reads, made up where there is none.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::Context;
use nkeys::KeyPair;

/// The public half of the key in a file.
pub(super) fn public(path: &Path) -> anyhow::Result<String> {
    match fs::read_to_string(path) {
        Ok(seed) => {
            let pair = KeyPair::from_seed(seed.trim());
            // What is wrong with it may show some of it.
            let pair = pair.map_err(|_| anyhow::anyhow!("{} holds no seed of an nkey", path.display()))?;
            Ok(pair.public_key())
        }
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => made(path),
        Err(refused) => Err(refused).with_context(|| format!("{} cannot be read", path.display())),
    }
}

fn made(path: &Path) -> anyhow::Result<String> {
    let pair = KeyPair::new_user();
    let seed = pair.seed().map_err(|_| anyhow::anyhow!("a new key has no seed"))?;
    let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    file.and_then(|mut file| file.write_all(format!("{seed}\n").as_bytes()))
        .with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(pair.public_key())
}
