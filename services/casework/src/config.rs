//! Casework's own settings. What they mean is said in `config.default.toml`.

use huying_chassis::{config::Keys, log::watch::Pace};
use serde::{Deserialize, Serialize};

/// The keys under `[service]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    pub watch_poll_ms: u64,
    pub watch_heartbeat_s: u64,
    /// Where files are kept.
    pub objects: huying_objects::Settings,
}

impl Default for Own {
    fn default() -> Self {
        let Pace { watch_poll_ms, watch_heartbeat_s } = Pace::default();
        Self { watch_poll_ms, watch_heartbeat_s, objects: huying_objects::Settings::default() }
    }
}

impl Keys for Own {
    fn wrong(&self) -> Vec<String> {
        let wrong = self.objects.check().into_iter();
        wrong.map(|(key, what)| format!("service.objects.{key} {what}")).collect()
    }
}

impl Own {
    /// How often a watch looks.
    pub fn pace(&self) -> Pace {
        Pace { watch_poll_ms: self.watch_poll_ms, watch_heartbeat_s: self.watch_heartbeat_s }
    }
}
