//! Secrets in files: read as docker and Kubernetes give them, and written where one of ours is missing.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use super::Secret;

/// No secret is longer, in bytes.
const LONGEST: u64 = 64 * 1024;

/// What an example holds in place of a secret: everybody knows it.
const PLACEHOLDER: &str = "change-me";

/// What is wrong with a secret that nobody has made, to be said behind its name.
pub(crate) fn placeholder(secret: &str) -> Option<String> {
    secret.contains(PLACEHOLDER).then(|| {
        format!(
            "holds `{PLACEHOLDER}`, which stands in an example for a secret: make one (openssl rand -hex 24)"
        )
    })
}

/// What a file holds, without the end of its last line.
///
/// # Errors
/// What is wrong with it, to be said behind its name; nothing of what it holds.
pub fn read(path: &Path) -> Result<Secret<String>, String> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| format!("cannot be read: {error}"))?;
    file.take(LONGEST + 1).read_to_string(&mut text).map_err(|error| format!("cannot be read: {error}"))?;
    if text.len() as u64 > LONGEST {
        return Err("is no secret: it is too long".to_owned());
    }
    let text = text.trim_end_matches(['\r', '\n']);
    if text.is_empty() {
        return Err("is empty".to_owned());
    }
    placeholder(text).map_or_else(|| Ok(text.to_owned().into()), Err)
}

/// Makes a file that only its owner reads: whole or not at all. One that is there already stays.
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    let fresh = write_beside(path, text)?;
    let linked = fs::hard_link(&fresh, path);
    fs::remove_file(&fresh)?;
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Puts such a file in the place of one that may be there: whoever reads meanwhile reads the one or the other.
pub fn replace(path: &Path, text: &str) -> io::Result<()> {
    fs::rename(write_beside(path, text)?, path)
}

fn write_beside(path: &Path, text: &str) -> io::Result<PathBuf> {
    let fresh = beside(path);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&fresh)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(fresh)
}

/// A name in the same directory that nobody has.
pub(crate) fn beside(file: &Path) -> PathBuf {
    file.with_extension(format!("{}.new", crate::id::new().simple()))
}
