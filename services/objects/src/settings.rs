//! Which store, and how it is reached.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{FileObjects, Nowhere, Objects, S3Objects};

/// Reads a secret from its file, or tells what is wrong with that one and nothing of what it holds.
pub type ReadSecret = fn(&Path) -> Result<String, String>;

/// The keys, each a text or a switch; an empty one is not set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// A directory of this machine.
    pub dir: String,
    /// An S3-compatible store instead: `https://host`. Whether `http://` may be is for whoever reads all settings to say.
    pub url: String,
    pub bucket: String,
    pub region: String,
    pub access_key: String,
    /// The file that the secret key stands in. Read anew with each call, so it may change.
    pub secret_key_file: String,
    /// The authority, as PEM, that signed the store's certificate; otherwise the usual ones. Read anew with each call too; one that makes no
    /// sense then leaves what it said before in force.
    pub ca_file: String,
    /// The bucket is in the path, not in the host's name.
    pub path_style: bool,
}

impl Default for Settings {
    fn default() -> Self {
        let unset = String::new;
        Self {
            dir: unset(),
            url: unset(),
            bucket: unset(),
            region: unset(),
            access_key: unset(),
            secret_key_file: unset(),
            ca_file: unset(),
            path_style: true,
        }
    }
}

impl Settings {
    /// Nothing says where.
    pub fn is_unset(&self) -> bool {
        self.dir.is_empty() && self.url.is_empty()
    }

    /// The authority's file, where one is believed.
    pub fn authority(&self) -> Option<&Path> {
        let file = Path::new(&self.ca_file);
        (self.is_encrypted() && !self.ca_file.is_empty()).then_some(file)
    }

    /// Whether the store is reached over TLS. By the scheme as it is understood: `HTTPS://` is the same.
    pub(crate) fn is_encrypted(&self) -> bool {
        Url::parse(&self.url).is_ok_and(|url| url.scheme() == "https")
    }

    /// Everything that is wrong: the key, and what with it.
    pub fn check(&self) -> Vec<(&'static str, String)> {
        if self.url.is_empty() {
            return Vec::new();
        }
        let mut wrong = Vec::new();
        if !self.dir.is_empty() {
            wrong.push(("dir", "must be empty where url is set: there is one store".to_owned()));
        }
        let needed = [
            ("bucket", &self.bucket),
            ("region", &self.region),
            ("access_key", &self.access_key),
            ("secret_key_file", &self.secret_key_file),
        ];
        let missing = needed.into_iter().filter(|(_, value)| value.is_empty());
        wrong.extend(missing.map(|(key, _)| (key, "must be set beside url".to_owned())));
        if let Err(what) = S3Objects::reached(self) {
            wrong.push(("url", what));
        }
        wrong
    }

    /// The store. Connects to nothing.
    ///
    /// # Errors
    /// What is wrong with the settings, or an authority's file that cannot be read.
    pub fn open(&self, secrets: ReadSecret) -> Result<Arc<dyn Objects>, String> {
        if !self.url.is_empty() {
            return Ok(Arc::new(S3Objects::new(self, secrets)?));
        }
        Ok(if self.dir.is_empty() { Arc::new(Nowhere) } else { Arc::new(FileObjects::new(&self.dir)) })
    }
}
