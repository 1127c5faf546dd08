//! Files that nobody else on the machine reads, and random words that nobody guesses.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::{digest, hmac};

use crate::error::{Doing, Error};

/// A new file that only its owner reads. What stood there is taken away, and not written into: it may be a link to somewhere else.
pub(crate) fn private(path: &Path, text: &str) -> Result<fs::File, Error> {
    let _ = fs::remove_file(path);
    let mut file =
        OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).doing("write", path)?;
    file.write_all(text.as_bytes()).doing("write", path)?;
    Ok(file)
}

/// The secret in a file, made up where there is none.
pub(crate) fn kept(path: &Path) -> Result<String, Error> {
    match fs::read_to_string(path) {
        Ok(secret) if !secret.trim().is_empty() => return Ok(secret.trim().to_owned()),
        Ok(_) => {}
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => {}
        Err(refused) => return Err(refused).doing("read", path),
    }
    let secret = random()?;
    private(path, &secret)?;
    Ok(secret)
}

/// 48 hexadecimal digits.
pub(crate) fn random() -> Result<String, Error> {
    let mut random = [0; 24];
    let source = Path::new("/dev/urandom");
    fs::File::open(source).and_then(|mut source| source.read_exact(&mut random)).doing("read", source)?;
    Ok(random.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A directory that nobody but its owner enters, from the moment it is there; what is above it is made as others are.
pub(crate) fn directory(dir: &Path) -> Result<(), Error> {
    if let Some(above) = dir.parent() {
        fs::create_dir_all(above).doing("create", above)?;
    }
    match DirBuilder::new().mode(0o700).create(dir) {
        Err(there) if there.kind() == std::io::ErrorKind::AlreadyExists => close(dir),
        made => made.doing("create", dir),
    }
}

/// What PostgreSQL keeps in place of a password (RFC 5803), with one round of hashing. More rounds are against guessing, and a password of ours
/// is 192 random bits; each new connection would pay for them.
pub(crate) fn verifier(password: &str) -> Result<String, Error> {
    let salt = random()?;
    let signed = |key: &[u8], text: &[u8]| hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text);
    let salted = signed(password.as_bytes(), &[salt.as_bytes(), &1_u32.to_be_bytes()].concat());
    let client = signed(salted.as_ref(), b"Client Key");
    let stored = digest::digest(&digest::SHA256, client.as_ref());
    let server = signed(salted.as_ref(), b"Server Key");
    let text = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    Ok(format!(
        "SCRAM-SHA-256$1:{}${}:{}",
        text(salt.as_bytes()),
        text(stored.as_ref()),
        text(server.as_ref())
    ))
}

/// Lets nobody but the owner into a directory.
pub(crate) fn close(dir: &Path) -> Result<(), Error> {
    fs::set_permissions(dir, Permissions::from_mode(0o700)).doing("close", dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_is_its_owners_alone() {
        let home = tempfile::tempdir().unwrap();
        let (anew, there) = (home.path().join("above/anew"), home.path().join("there"));
        fs::create_dir(&there).unwrap();
        fs::set_permissions(&there, Permissions::from_mode(0o755)).unwrap();
        for dir in [&anew, &there, &anew] {
            directory(dir).unwrap();
            assert_eq!(fs::metadata(dir).unwrap().permissions().mode() & 0o777, 0o700, "{}", dir.display());
        }
    }
}
