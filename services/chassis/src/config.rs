//! A service's settings: what they are called, and how they are printed.
//!
//! Where they come from is in [`load()`] (secrets in files of their own: secrets.rs), what must hold of them in [`Config::check`]. Printing shows
//! every value and no secret. A service adds its own keys as `Own`, found under `[service]`; `Own`
//! must derive `Deserialize` with `deny_unknown_fields`, and `Serialize` to be printed.

mod admission;
mod anchors;
mod auth;
mod check;
mod load;
mod nats;
mod plain;
mod secrets;
mod tls;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};

pub use admission::{Admission, Share};
pub use anchors::AnchorsConfig;
pub use auth::{AuthConfig, ClaimNames, trusted};
pub use load::{BASE, ReadSettings, env_prefix, load, settings};
pub use nats::NatsConfig;
pub use tls::{TlsConfig, WhoShows};

use crate::secret::Secret;

/// Everything a service is told before it starts. The keys are explained in `config.default.toml`.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Config<Own> {
    pub listen: SocketAddr,
    pub admin_listen: SocketAddr,
    pub database_url: Secret<String>,
    /// Empty: as the service itself.
    pub database_migrate_url: Secret<String>,
    pub database_pool: u32,
    #[serde(serialize_with = "without_userinfo")]
    pub nats_url: String,
    #[serde(default)]
    pub nats: NatsConfig,
    pub anchors: AnchorsConfig,
    #[serde(default)]
    pub tls: TlsConfig,
    pub auth: AuthConfig,
    pub peers: BTreeMap<String, String>,
    pub telemetry: TelemetryConfig,
    pub limits: Limits,
    pub service: Own,
    /// What its own keys name, once they are read as their type: [`Keys::addresses`].
    #[serde(skip)]
    pub own_addresses: Vec<(String, String)>,
    /// The same of [`Keys::authorities`].
    #[serde(skip)]
    pub own_authorities: Vec<(&'static str, PathBuf)>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct TelemetryConfig {
    #[serde(default, deserialize_with = "empty_is_none")]
    pub otlp_endpoint: Option<String>,
    pub sample_ratio: f64,
    pub log: String,
    pub log_format: LogFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    Auto,
    Json,
    Text,
}

/// A bound on everything.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub max_message_bytes: usize,
    pub max_in_flight: usize,
    pub max_streams: usize,
    pub queue: usize,
    pub default_deadline_ms: u64,
    pub max_deadline_ms: u64,
    pub drain_ms: u64,
    pub connection_age_s: u64,
    pub admission: Admission,
}

/// The settings of any service: its own keys were read as its own type, and are kept for its wiring, which reads them so again.
pub type Settings = Config<toml::Table>;

/// A service's own keys.
pub trait Keys: Serialize + DeserializeOwned {
    /// What is wrong with them, one sentence each, naming the key.
    fn wrong(&self) -> Vec<String> {
        Vec::new()
    }

    /// The addresses of HTTP among them that are set, by their keys: what goes there must be encrypted, or stay on this machine.
    fn addresses(&self) -> Vec<(&'static str, &str)> {
        Vec::new()
    }

    /// The files of authorities among them that are set, by their keys: it is told when what they hold ends.
    fn authorities(&self) -> Vec<(&'static str, &Path)> {
        Vec::new()
    }
}

impl Keys for NoSettings {}

/// For a service without keys of its own.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NoSettings {}

/// Why a configuration is refused. The process ends with 64 before anything is bound.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{place} cannot be read: {cause}")]
    Unreadable { place: String, cause: String },
    /// Where the key came from, and what is wrong with it.
    #[error("{place}: {what}")]
    Refused { place: String, what: String },
    #[error("the configuration cannot be used:{}", .0.iter().map(|s| format!("\n  - {s}")).collect::<String>())]
    Wrong(Vec<String>),
}

impl ConfigError {
    /// One clear sentence.
    pub fn wrong(sentence: impl Into<String>) -> Self {
        Self::Wrong(vec![sentence.into()])
    }
}

impl Limits {
    pub const fn default_deadline(&self) -> Duration {
        Duration::from_millis(self.default_deadline_ms)
    }

    pub const fn max_deadline(&self) -> Duration {
        Duration::from_millis(self.max_deadline_ms)
    }

    pub const fn drain(&self) -> Duration {
        Duration::from_millis(self.drain_ms)
    }

    pub const fn connection_age(&self) -> Option<Duration> {
        match self.connection_age_s {
            0 => None,
            seconds => Some(Duration::from_secs(seconds)),
        }
    }
}

impl<Own> Config<Own> {
    /// The same, with the service's own keys said otherwise.
    fn with<Other>(self, own: impl FnOnce(Own) -> Other) -> Config<Other> {
        let Self {
            listen,
            admin_listen,
            database_url,
            database_migrate_url,
            database_pool,
            nats_url,
            nats,
            anchors,
            tls,
            auth,
            peers,
            telemetry,
            limits,
            service,
            own_addresses,
            own_authorities,
        } = self;
        let service = own(service);
        Config {
            listen,
            admin_listen,
            database_url,
            database_migrate_url,
            database_pool,
            nats_url,
            nats,
            anchors,
            tls,
            auth,
            peers,
            telemetry,
            limits,
            service,
            own_addresses,
            own_authorities,
        }
    }

    /// The files of authorities besides those of TLS and NATS, by their settings: those that are used.
    pub fn authorities(&self) -> Vec<(&'static str, PathBuf)> {
        let issuer = self.auth.issuer_authority().map(|file| ("auth.issuer_ca_file", file.to_owned()));
        issuer.into_iter().chain(self.own_authorities.iter().cloned()).collect()
    }
}

/// The whole configuration as TOML, secrets redacted.
impl<Own: Serialize> fmt::Display for Config<Own> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&toml::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// As printed: the addresses of NATS may hold a password.
impl<Own: Serialize> fmt::Debug for Config<Own> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// In the environment a key can only be emptied, not removed.
fn empty_is_none<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: From<String>,
{
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()).map(T::from))
}

/// `nats://user:password@host` is shown as `nats://[redacted]@host`.
fn without_userinfo<S: Serializer>(urls: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let shown: Vec<String> = urls
        .split(',')
        .map(|url| match (url.find("://"), url.rfind('@')) {
            (Some(scheme), Some(at)) if scheme < at => {
                format!("{}://[redacted]{}", &url[..scheme], &url[at..])
            }
            (None, Some(at)) => format!("[redacted]{}", &url[at..]),
            _ => url.to_owned(),
        })
        .collect();
    serializer.serialize_str(&shown.join(","))
}
