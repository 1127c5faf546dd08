//! How to log in to NATS, and whom to trust there: what does not stand in its address. Secrets come from files.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::empty_is_none;
use crate::bus::NatsAddress;

/// One way to log in, here or in the address: NATS lets in nobody without. The keys are explained in `config.default.toml`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct NatsConfig {
    #[serde(deserialize_with = "empty_is_none")]
    pub key_file: Option<PathBuf>,
    #[serde(deserialize_with = "empty_is_none")]
    pub credentials_file: Option<PathBuf>,
    #[serde(deserialize_with = "empty_is_none")]
    pub user: Option<String>,
    #[serde(deserialize_with = "empty_is_none")]
    pub password_file: Option<PathBuf>,
    #[serde(deserialize_with = "empty_is_none")]
    pub ca_file: Option<PathBuf>,
    #[serde(deserialize_with = "empty_is_none")]
    pub certificate_file: Option<PathBuf>,
    #[serde(deserialize_with = "empty_is_none")]
    pub certificate_key_file: Option<PathBuf>,
}

impl NatsConfig {
    /// What is wrong with it, beside the address.
    pub(super) fn check(&self, urls: &str, wrong: &mut Vec<String>) {
        let in_address = match NatsAddress::parse(urls) {
            Ok(address) => Some(address.logs_in()),
            // Whether it logs in nobody can say.
            Err(bad) => {
                wrong.push(bad.to_string());
                None
            }
        };
        if self.user.is_some() != self.password_file.is_some() {
            wrong.push("nats.user and nats.password_file must be set together".to_owned());
        }
        if self.certificate_file.is_some() != self.certificate_key_file.is_some() {
            wrong.push("nats.certificate_file and nats.certificate_key_file must be set together".to_owned());
        }
        let certificate = self.certificate_file.is_some();
        let ways = [
            in_address == Some(true),
            self.key_file.is_some(),
            self.credentials_file.is_some(),
            self.user.is_some(),
        ];
        let ways = ways.into_iter().filter(|way| *way).count();
        if ways == 0 && !certificate && in_address.is_some() {
            let ways = "nats.key_file, nats.credentials_file, nats.user with nats.password_file, or nats.certificate_file";
            wrong.push(format!("a way to log in to NATS must be set: {ways}"));
        }
        if ways > 1 {
            let ways = "in nats_url, nats.key_file, nats.credentials_file, or nats.user";
            wrong.push(format!("only one way to log in to NATS may be set: {ways}"));
        }
    }
}
