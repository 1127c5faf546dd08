//! Keys in a file: a line `NAME BASE64` for each key-encryption key (32 bytes), the newest first, and a line `find BASE64` for the key of
//! the hashes by which phones are found again. Only its owner may read it (or, as a secret is mounted, the service's group). It is read
//! again when it changes. Whoever loses it has lost all that is sealed: it is backed up apart from the database.

use std::{fs, os::unix::fs::MetadataExt as _, path::Path, time::Duration};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use ring::hmac;

use super::{DataKey, SealError, Wrap, Wrapped, Wrapping, key::KEY};
use crate::{
    auth::watched::{Held, LOOK},
    clock::system_now,
    secret,
};

/// The line whose key wraps nothing.
const FIND: &str = "find";
/// Characters of a name.
const NAME: usize = 40;
/// Others may not read it.
const OTHERS: u32 = 0o007;
/// A nonce stands before what is wrapped.
const NONCE: usize = ring::aead::NONCE_LEN;

/// The keys of a file.
pub struct KeyFile(Held<Keys>);

struct Keys {
    /// The newest first.
    named: Vec<(String, DataKey)>,
    find: hmac::Key,
}

impl KeyFile {
    /// Reads it.
    ///
    /// # Errors
    /// In words, without what it holds: it is not there, others may read it, or it has no keys.
    pub fn open(path: &Path) -> Result<Self, String> {
        Self::looking_every(path, LOOK)
    }

    /// Looks at it at most this often.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn looking_every(path: &Path, every: Duration) -> Result<Self, String> {
        let own = path.to_owned();
        let held = Held::open(path, every, move |text| keys_in(&own, text));
        held.map(Self).map_err(|what| format!("{}: {what}", path.display()))
    }

    /// SHA-256 HMAC of a text, for one purpose: the same text has the same, and nobody without the file makes it.
    pub fn hash(&self, purpose: &str, text: &str) -> [u8; 32] {
        let mut context = hmac::Context::with_key(&self.0.now().find);
        context.update(purpose.as_bytes());
        context.update(b"\n");
        context.update(text.as_bytes());
        let mut hash = [0; 32];
        hash.iter_mut().zip(context.sign().as_ref()).for_each(|(to, from)| *to = *from);
        hash
    }
}

impl Wrap for KeyFile {
    fn names(&self) -> Vec<String> {
        self.0.now().named.iter().map(|(name, _)| name.clone()).collect()
    }

    fn wrap<'a>(&'a self, key: &'a DataKey, place: &'a str) -> Wrapping<'a, Wrapped> {
        let keys = self.0.now();
        Box::pin(async move {
            let (by, newest) = keys.named.first().ok_or_else(|| SealError::NoSuchKey("newest".to_owned()))?;
            let (nonce, sealed) = newest.seal(place, key.bytes())?;
            Ok(Wrapped { by: by.clone(), bytes: [nonce.as_slice(), &sealed].concat() })
        })
    }

    fn unwrap<'a>(&'a self, wrapped: &'a Wrapped, place: &'a str) -> Wrapping<'a, DataKey> {
        let keys = self.0.now();
        Box::pin(async move {
            let named = keys.named.iter().find(|(name, _)| *name == wrapped.by);
            let (_, key) = named.ok_or_else(|| SealError::NoSuchKey(wrapped.by.clone()))?;
            let (nonce, sealed) = wrapped.bytes.split_at_checked(NONCE).ok_or(SealError::Broken)?;
            DataKey::of(&key.open(place, nonce, sealed)?).ok_or(SealError::Broken)
        })
    }
}

/// What a file holds, where nobody else may read it: each time it is read, since whoever renews it may have made another.
fn keys_in(path: &Path, text: &str) -> Result<Keys, String> {
    let about = fs::metadata(path).map_err(|error| error.to_string())?;
    if about.mode() & OTHERS != 0 {
        return Err("anybody may read it: chmod 600, and make new keys (huying keys new)".to_owned());
    }
    parse(text)
}

/// One line that is none makes the whole of it unusable. No error says what a line holds.
fn parse(text: &str) -> Result<Keys, String> {
    let (mut named, mut find) = (Vec::<(String, DataKey)>::new(), None);
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let wrong = |what: &str| format!("line {} {what}", number + 1);
        let (name, key) = line.split_once(char::is_whitespace).ok_or_else(|| wrong("is no name and key"))?;
        let bytes = BASE64_STANDARD.decode(key.trim()).ok();
        let key =
            bytes.and_then(|bytes| DataKey::of(&bytes)).ok_or_else(|| wrong("has no key of 32 bytes"))?;
        if name == FIND {
            if find.is_some() {
                return Err(wrong(
                    "has the key `find` again, and phones kept by the other would be found no more",
                ));
            }
            find = Some(hmac::Key::new(hmac::HMAC_SHA256, key.bytes()));
            continue;
        }
        let is_name =
            name.len() <= NAME && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if !is_name || named.iter().any(|(other, _)| other == name) {
            return Err(wrong("has a name that is none, or another line's"));
        }
        named.push((name.to_owned(), key));
    }
    let find = find.ok_or_else(|| format!("it has no line `{FIND}`"))?;
    if named.is_empty() {
        return Err("it has no key that wraps".to_owned());
    }
    Ok(Keys { named, find })
}

/// Puts a new key first in a file, which is made where there is none; gives its name.
///
/// # Errors
/// The file is no file of keys, or cannot be written.
pub fn add_key(path: &Path) -> anyhow::Result<String> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(absent) if absent.kind() == std::io::ErrorKind::NotFound => format!("{}\n", line(FIND)),
        Err(error) => return Err(error.into()),
    };
    let day = system_now().format("%Y%m%d").to_string();
    let is_taken = |name: &str| text.lines().any(|line| line.split_whitespace().next() == Some(name));
    let mut names = (1..).map(|n| if n == 1 { day.clone() } else { format!("{day}-{n}") });
    let name = names.find(|name| !is_taken(name)).unwrap_or_default();
    let text = format!("{}\n{text}", line(&name));
    parse(&text).map_err(|what| anyhow::anyhow!("{}: {what}", path.display()))?;
    // A service that watches the file reads it whole, before or after.
    secret::replace(path, &text)?;
    Ok(name)
}

fn line(name: &str) -> String {
    let key: zeroize::Zeroizing<[u8; KEY]> = zeroize::Zeroizing::new(rand::random());
    format!("{name} {}", BASE64_STANDARD.encode(key.as_slice()))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    const ZERO: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

    #[test]
    fn what_anybody_may_read_does_not_come_in_force_later_either() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        let first = add_key(&path).unwrap();
        let file = KeyFile::looking_every(&path, Duration::ZERO).unwrap();
        let newer = |mode| {
            let fresh = folder.path().join("keys.new");
            fs::write(&fresh, format!("newer {ZERO}\n{}", fs::read_to_string(&path).unwrap())).unwrap();
            fs::set_permissions(&fresh, fs::Permissions::from_mode(mode)).unwrap();
            fs::rename(&fresh, &path).unwrap();
        };
        let before = fs::read_to_string(&path).unwrap();
        newer(0o644);
        assert_eq!(file.names(), [first.as_str()], "what was there before stays");
        assert!(KeyFile::open(&path).is_err());
        secret::replace(&path, &before).unwrap();
        newer(0o600);
        assert_eq!(file.names(), ["newer", first.as_str()]);
    }

    #[test]
    fn a_file_has_keys_and_nothing_else_and_no_error_shows_one() {
        let good = format!("# newest first\n\nb {ZERO}\na {ZERO}\nfind {ZERO}\n");
        let names: Vec<_> = parse(&good).ok().unwrap().named.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["b", "a"]);
        for wrong in [
            String::new(),
            format!("find {ZERO}"),
            format!("a {ZERO}"),
            format!("a {ZERO}\na {ZERO}\nfind {ZERO}"),
            format!("a/b {ZERO}\nfind {ZERO}"),
            format!("find {ZERO}\na AAAA"),
            format!("find {ZERO}\n{ZERO}"),
            format!("find {ZERO}\na {ZERO}\nfind {ZERO}"),
            "find change-me\na change-me".to_owned(),
        ] {
            let error = parse(&wrong).err().unwrap_or_else(|| panic!("{wrong} is taken"));
            assert!(!error.contains("AAAA"), "{error}");
        }
    }
}
