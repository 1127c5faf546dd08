//! The services' settings as they are before anything is started: read once to see what they name,
//! filled in with what only this process knows, and checked whole before the service is started.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::time::Duration;

use huying_chassis::config::{NatsConfig, Settings};
use huying_chassis::service::Service;

use super::Options;
use crate::failure::wrong;

/// A service with its settings as they were said.
pub(super) struct Surveyed {
    pub(super) service: &'static Service,
    pub(super) settings: Settings,
}

impl Surveyed {
    /// It has a database of its own.
    pub(super) fn has_database(&self) -> bool {
        !self.settings.database_url.expose().is_empty()
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
    Ok(Surveyed { service, settings: service.load(file.as_deref(), options.env.iter().cloned())? })
}

/// What only this process knows, for one service.
pub(super) struct Filling<'a> {
    pub(super) admin_listen: SocketAddr,
    pub(super) database_url: Option<&'a str>,
    pub(super) nats_url: &'a str,
    /// This service's user of that NATS.
    pub(super) nats_key: Option<std::path::PathBuf>,
    pub(super) key_file: Option<&'a std::path::Path>,
    /// Where files are kept.
    pub(super) objects: &'a std::path::Path,
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
    if let Some(url) = filling.database_url.filter(|_| settings.database_url.expose().is_empty()) {
        settings.database_url = url.to_owned().into();
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
    if let Some(objects) = settings.service.get_mut("objects").and_then(toml::Value::as_table_mut) {
        let is_unset = |key| objects.get(key).and_then(toml::Value::as_str).is_none_or(str::is_empty);
        if is_unset("dir") && is_unset("url") {
            objects.insert("dir".to_owned(), filling.objects.display().to_string().into());
        }
    }
    for (name, url) in filling.peers {
        settings.peers.entry(name.clone()).or_insert_with(|| url.clone());
    }
}
