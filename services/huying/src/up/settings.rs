//! The services' settings as they are before anything is started: read once to see what they name,
//! filled in with what only this process knows, and checked whole before anything is bound.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use huying_chassis::config::{self, Config, TelemetryConfig};
use serde::de::DeserializeOwned;

use super::Options;
use crate::failure::wrong;

/// What a service's settings name.
pub(super) struct Surveyed {
    pub(super) name: &'static str,
    pub(super) listen: SocketAddr,
    pub(super) admin_listen: SocketAddr,
    /// It has a database of its own.
    pub(super) has_database: bool,
    /// Where NATS is; empty when not named.
    pub(super) nats_url: String,
    /// It trusts an issuer already.
    pub(super) has_issuer: bool,
    pub(super) issuer: String,
    pub(super) audience: String,
    pub(super) telemetry: TelemetryConfig,
}

/// Reads a service's settings to see what they name. A key nobody knows is refused here.
pub(super) fn survey(name: &str, options: &Options) -> anyhow::Result<Surveyed> {
    match name {
        huying_intake::NAME => {
            look::<huying_intake::config::Own>(huying_intake::NAME, huying_intake::DEFAULTS, options)
        }
        huying_routing::NAME => {
            look::<huying_routing::config::Own>(huying_routing::NAME, huying_routing::DEFAULTS, options)
        }
        huying_casework::NAME => {
            look::<huying_casework::config::Own>(huying_casework::NAME, huying_casework::DEFAULTS, options)
        }
        huying_evaluation::NAME => look::<huying_evaluation::config::Own>(
            huying_evaluation::NAME,
            huying_evaluation::DEFAULTS,
            options,
        ),
        other => {
            Err(wrong(format!("there is no service {other}"), "name intake, routing, casework or evaluation"))
        }
    }
}

fn look<Own: DeserializeOwned>(
    name: &'static str,
    defaults: &str,
    options: &Options,
) -> anyhow::Result<Surveyed> {
    let config = read::<Own>(name, defaults, options)?;
    Ok(Surveyed {
        name,
        listen: config.listen,
        admin_listen: config.admin_listen,
        has_database: !config.database_url.expose().is_empty(),
        nats_url: config.nats_url,
        has_issuer: config.auth.jwks_file.is_some() || config.auth.key_file.is_some(),
        issuer: config.auth.issuer,
        audience: config.auth.audience,
        telemetry: config.telemetry,
    })
}

pub(super) fn read<Own: DeserializeOwned>(
    name: &str,
    defaults: &str,
    options: &Options,
) -> anyhow::Result<Config<Own>> {
    if let Some(folder) = options.config.as_ref().filter(|folder| !folder.is_dir()) {
        let what = format!("there is no directory {}", folder.display());
        return Err(wrong(what, "name one with <service>.toml files, or leave --config out"));
    }
    let file = options.config.as_ref().map(|folder| folder.join(format!("{name}.toml")));
    let file = file.filter(|file| file.is_file());
    Ok(config::load(name, defaults, file.as_deref(), options.env.iter().cloned())?)
}

/// What only this process knows, for one service.
pub(super) struct Filling<'a> {
    pub(super) admin_listen: SocketAddr,
    pub(super) database_url: Option<&'a str>,
    pub(super) nats_url: &'a str,
    pub(super) key_file: Option<&'a std::path::Path>,
    /// Where the other services are.
    pub(super) peers: &'a BTreeMap<String, String>,
}

/// Fills in what the settings leave open; what they say stays.
pub(super) fn fill<Own>(config: &mut Config<Own>, filling: &Filling<'_>) {
    config.admin_listen = filling.admin_listen;
    if let Some(url) = filling.database_url.filter(|_| config.database_url.expose().is_empty()) {
        config.database_url = url.to_owned().into();
    }
    if config.nats_url.is_empty() {
        filling.nats_url.clone_into(&mut config.nats_url);
    }
    if let Some(key) =
        filling.key_file.filter(|_| config.auth.jwks_file.is_none() && config.auth.key_file.is_none())
    {
        config.auth.key_file = Some(key.to_owned());
    }
    for (name, url) in filling.peers {
        config.peers.entry(name.clone()).or_insert_with(|| url.clone());
    }
}
