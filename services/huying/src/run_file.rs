//! What a running `huying up` tells the other commands: where everything listens. No secrets, but where they are; only its owner reads it.
//!
//! `<data>/run.json` is there while it runs; the issuer's key beside it (`<data>/keys/issuer.pem`, only its owner reads it too) lets the
//! same person's commands mint their tokens.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use huying_chassis::{config::TlsConfig, secret};
use serde::{Deserialize, Serialize};

/// The file's name under the data directory.
pub const NAME: &str = "run.json";

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct RunFile {
    pub pid: u32,
    /// When it started, RFC 3339.
    pub started: String,
    /// By name.
    pub services: BTreeMap<String, Addresses>,
    /// Absent when its address holds a password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nats_url: Option<String>,
    /// The seed that the operator's tools log in to it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nats_key_file: Option<PathBuf>,
    /// The embedded PostgreSQL's superuser's, without the password; absent when it uses another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postgres_url: Option<String>,
    /// Where that password is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postgres_password_file: Option<PathBuf>,
    /// The local issuer's key; absent when tokens come from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_file: Option<PathBuf>,
    /// How long its tokens may live, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_life_s: Option<u64>,
    /// Whom its own commands trust and what they show, where services speak TLS: names of files.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsConfig>,
    pub issuer: String,
    pub audience: String,
    pub districts: Vec<District>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Addresses {
    /// `http://host:port`, or `https://`
    pub grpc: String,
    /// `host:port` of /metrics, /livez, /readyz; `https://host:port` where it speaks TLS.
    pub admin: String,
}

impl Addresses {
    /// The address of something on the second port, such as `/readyz`.
    pub fn admin_url(&self, path: &str) -> String {
        let scheme = if self.admin.contains("://") { "" } else { "http://" };
        format!("{scheme}{}{path}", self.admin)
    }
}

/// A district whose profile was applied at the start.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct District {
    pub code: String,
    pub name: String,
    /// IANA time zone.
    pub zone: String,
}

impl RunFile {
    /// The file of a data directory; none when nothing runs there.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn read(data: &Path) -> anyhow::Result<Option<Self>> {
        let path = data.join(NAME);
        match fs::read(&path) {
            Ok(bytes) => {
                let read = serde_json::from_slice(&bytes);
                Ok(Some(read.with_context(|| format!("{} cannot be read", path.display()))?))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).with_context(|| format!("{} cannot be read", path.display())),
        }
    }

    /// Written whole, then moved into place: a reader never sees half of it.
    ///
    /// # Errors
    /// A directory that cannot be written.
    pub fn write(&self, data: &Path) -> anyhow::Result<()> {
        let path = data.join(NAME);
        secret::replace(&path, &serde_json::to_string_pretty(self)?)
            .with_context(|| format!("{} cannot be written", path.display()))
    }

    /// Takes it away; gone already is fine.
    pub fn remove(data: &Path) {
        let _ = fs::remove_file(data.join(NAME));
    }
}
