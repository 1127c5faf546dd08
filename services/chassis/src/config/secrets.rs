//! Secrets come from files of their own, as docker and Kubernetes give them: for a key that holds one, `<key>_file` names the file.
//!
//! Guaranteed: what such a file holds is named by its key and its path alone, in errors too; the placeholder of an example is no secret.

use std::path::Path;

use super::ConfigError;
use crate::secret;

/// The keys that hold secrets.
const SECRETS: [&str; 3] = ["database_url", "database_migrate_url", "nats_url"];

/// A secret that was read, for its key.
pub(super) struct Found {
    /// Where the file was named.
    pub(super) place: String,
    pub(super) key: String,
    pub(super) value: String,
}

/// The secret whose file a key names; None: it is another key.
pub(super) fn in_file(place: &str, key: &str, path: &str) -> Result<Option<Found>, ConfigError> {
    let of = key.strip_suffix("_file").filter(|of| SECRETS.contains(of));
    let Some(of) = of.filter(|_| !path.is_empty()) else { return Ok(None) };
    let refused = |what: String| ConfigError::Refused { place: place.to_owned(), what };
    let value = read(Path::new(path)).map_err(|cause| refused(format!("{key}: {path} {cause}")))?;
    Ok(Some(Found { place: place.to_owned(), key: of.to_owned(), value }))
}

/// A configuration file without the files it names for secrets, and what those hold.
pub(super) fn in_text(place: &str, text: String) -> Result<(String, Vec<Found>), ConfigError> {
    // What is no TOML is refused where it is read as a whole.
    let Ok(mut table) = text.parse::<toml::Table>() else { return Ok((text, Vec::new())) };
    let mut found = Vec::new();
    for of in SECRETS {
        let key = format!("{of}_file");
        if let Some(path) = table.get(&key).and_then(toml::Value::as_str) {
            found.extend(in_file(place, &key, path)?);
            table.remove(&key);
        }
    }
    let text = if found.is_empty() { text } else { table.to_string() };
    Ok((text, found))
}

/// A secret in an address is one line.
fn read(path: &Path) -> Result<String, String> {
    let secret = secret::read(path)?;
    let line = secret.expose();
    if line.trim().is_empty() || line.contains(['\n', '\r']) {
        return Err("must hold the secret in one line".to_owned());
    }
    Ok(line.clone())
}

/// What is wrong with a secret that nobody has made.
pub(super) fn placeholder(key: &str, secret: &str) -> Option<String> {
    let what = secret::placeholder(secret)?;
    Some(format!("{key} {what} and put it there, or into a file that {key}_file names"))
}
