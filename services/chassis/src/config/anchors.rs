//! How a log is anchored.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::empty_is_none;

/// Empty: not at all.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct AnchorsConfig {
    /// The Ed25519 key that signs (PKCS#8 PEM).
    #[serde(default, deserialize_with = "empty_is_none")]
    pub key_file: Option<PathBuf>,
    /// The file outside the database.
    #[serde(default, deserialize_with = "empty_is_none")]
    pub file: Option<PathBuf>,
    /// Seconds from one to the next.
    pub interval_s: u64,
}

impl AnchorsConfig {
    pub(super) fn check(&self, wrong: &mut Vec<String>) {
        if self.file.is_some() && self.key_file.is_none() {
            wrong.push("anchors.key_file must be set where anchors.file is".to_owned());
        }
        if !(1..=3600).contains(&self.interval_s) {
            wrong.push("anchors.interval_s must be from 1 to 3600".to_owned());
        }
    }
}
