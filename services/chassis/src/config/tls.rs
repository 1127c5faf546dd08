//! Who this service is towards whoever connects to it, whom it trusts, and what may go unencrypted.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::empty_is_none;

/// The keys are explained in `config.default.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct TlsConfig {
    #[serde(deserialize_with = "empty_is_none")]
    pub cert_file: Option<PathBuf>,
    #[serde(deserialize_with = "empty_is_none")]
    pub key_file: Option<PathBuf>,
    #[serde(deserialize_with = "empty_is_none")]
    pub ca_file: Option<PathBuf>,
    #[serde(deserialize_with = "empty_is_none")]
    pub client_ca_file: Option<PathBuf>,
    pub client_certificates: WhoShows,
    pub plaintext: bool,
    pub admin_plaintext: bool,
}

/// Whose certificate is asked for, where an authority for them is named.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum WhoShows {
    /// Nobody connects without one.
    #[default]
    All,
    /// Whoever has one may show it; a service's token counts only with its certificate.
    Services,
}

impl TlsConfig {
    /// The listeners speak TLS.
    pub fn is_on(&self) -> bool {
        self.cert_file.is_some() && self.key_file.is_some()
    }

    /// The second port does too.
    pub fn covers_admin(&self) -> bool {
        self.is_on() && !self.admin_plaintext
    }

    pub(super) fn check(&self, wrong: &mut Vec<String>) {
        if self.cert_file.is_some() != self.key_file.is_some() {
            wrong.push("tls.cert_file and tls.key_file must be set together".to_owned());
        }
        if self.client_ca_file.is_some() && !self.is_on() {
            wrong.push(
                "tls.client_ca_file asks callers for certificates: tls.cert_file and tls.key_file must be set"
                    .to_owned(),
            );
        }
    }
}
