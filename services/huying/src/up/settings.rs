//! The services' settings as they are before anything is started: read once to see what they name,
//! filled in with what only this process knows, and checked whole before the service is started.

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use huying_chassis::config::{NatsConfig, Settings, env_prefix};
use huying_chassis::service::Service;

use super::Options;
use crate::failure::wrong;

/// A service with its settings as they were said.
pub(super) struct Surveyed {
    pub(super) service: &'static Service,
    pub(super) settings: Settings,
    /// The keys that the environment or the file says something of, in lower case.
    said: BTreeSet<String>,
}

impl Surveyed {
    /// It has a database of its own.
    pub(super) fn has_database(&self) -> bool {
        !self.settings.database_url.expose().is_empty()
    }

    /// Somebody has set this key, be it to what it is anyway.
    pub(super) fn names(&self, key: &str) -> bool {
        self.said.contains(key)
    }

    /// It trusts an issuer already.
    pub(super) fn has_issuer(&self) -> bool {
        self.settings.auth.has_issuer()
    }
}

/// Reads a service's settings to see what they name. A key nobody knows is refused here.
pub(super) fn survey(service: &'static Service, options: &Options) -> anyhow::Result<Surveyed> {
    if let Some(folder) = options.config.as_ref().filter(|folder| !folder.is_dir()) {
        let what = format!("there is no directory {}", folder.display());
        return Err(wrong(what, "name one with <service>.toml files, or leave --config out"));
    }
    let file = options.config.as_ref().map(|folder| folder.join(format!("{}.toml", service.name)));
    let file = file.filter(|file| file.is_file());
    let settings = service.load(file.as_deref(), options.env.iter().cloned())?;
    Ok(Surveyed { service, settings, said: said(service.name, file.as_deref(), options) })
}

/// Read again after they were found to be readable.
fn said(service: &str, file: Option<&Path>, options: &Options) -> BTreeSet<String> {
    let text = file.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    let table = text.parse::<toml::Table>().unwrap_or_default();
    let prefix = env_prefix(service);
    let env = options.env.iter().filter_map(|(name, _)| name.strip_prefix(&prefix));
    table.keys().cloned().chain(env.map(str::to_lowercase)).collect()
}

/// What only this process knows, for one service.
pub(super) struct Filling<'a> {
    pub(super) admin_listen: SocketAddr,
    pub(super) database_url: Option<&'a str>,
    /// The same for its owner.
    pub(super) database_migrate_url: Option<&'a str>,
    pub(super) nats_url: &'a str,
    /// This service's user of that NATS.
    pub(super) nats_key: Option<std::path::PathBuf>,
    pub(super) key_file: Option<&'a std::path::Path>,
    /// Where files are kept.
    pub(super) objects: &'a std::path::Path,
    /// The key that signs anchors, and the file that keeps them.
    pub(super) anchors: (PathBuf, PathBuf),
    /// What seals who called.
    pub(super) seal_keys: &'a std::path::Path,
    /// Where the other services are.
    pub(super) peers: &'a BTreeMap<String, String>,
}

/// How long the tokens of this process's own issuer may live, where the settings do not say it: a working day of whoever tries it.
const LOCAL_LIFE: Duration = Duration::from_secs(8 * 3600);

pub(super) fn local_life(settings: &Settings) -> Duration {
    Some(settings.auth.local_life_s).filter(|life| *life != 0).map_or(LOCAL_LIFE, Duration::from_secs)
}

/// Fills in what the settings leave open; what they say stays.
pub(super) fn fill(settings: &mut Settings, filling: &Filling<'_>) {
    settings.admin_listen = filling.admin_listen;
    // Whoever is on this machine may learn the contracts.
    settings.limits.admission.reflection |= settings.listen.ip().is_loopback();
    if let Some(url) = filling.database_url.filter(|_| settings.database_url.expose().is_empty()) {
        settings.database_url = url.to_owned().into();
        settings.database_migrate_url = filling.database_migrate_url.unwrap_or_default().to_owned().into();
    }
    if settings.nats_url.is_empty() {
        filling.nats_url.clone_into(&mut settings.nats_url);
        // What the settings say of NATS is about a NATS of theirs.
        settings.nats = NatsConfig { key_file: filling.nats_key.clone(), ..NatsConfig::default() };
    }
    if let Some(key) = filling.key_file.filter(|_| !settings.auth.has_issuer()) {
        settings.auth.key_file = Some(key.to_owned());
        settings.auth.local_life_s = local_life(settings).as_secs();
    }
    if settings.anchors.key_file.is_none() {
        let (key, file) = filling.anchors.clone();
        settings.anchors.key_file = Some(key);
        settings.anchors.file = settings.anchors.file.take().or(Some(file));
    }
    if let Some(objects) = settings.service.get_mut("objects").and_then(toml::Value::as_table_mut) {
        let is_unset = |key| objects.get(key).is_none_or(is_empty);
        if is_unset("dir") && is_unset("url") {
            objects.insert("dir".to_owned(), filling.objects.display().to_string().into());
        }
    }
    if let Some(keys) = settings.service.get_mut("keys_file").filter(|keys| is_empty(keys)) {
        *keys = filling.seal_keys.display().to_string().into();
    }
    for (name, url) in filling.peers {
        settings.peers.entry(name.clone()).or_insert_with(|| url.clone());
    }
}

fn is_empty(value: &toml::Value) -> bool {
    value.as_str().is_none_or(str::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_somebody_has_set_is_known_from_what_is_so_anyway() {
        let set = |name: &str| vec![(name.to_owned(), "127.0.0.1:0".to_owned())];
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "admin_listen = \"127.0.0.1:0\"\n").unwrap();
        let options = Options { env: set("HUYING_INTAKE__LISTEN"), ..Options::default() };
        let keys = said("intake", Some(file.path()), &options);
        assert_eq!(keys.iter().collect::<Vec<_>>(), ["admin_listen", "listen"]);
        assert!(said("casework", None, &options).is_empty());
    }
}
