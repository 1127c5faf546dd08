//! Casework's own settings. What they mean is said in `config.default.toml`.

use std::time::Duration;

use huying_chassis::config::Keys;
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
        Self { watch_poll_ms: 250, watch_heartbeat_s: 10, objects: huying_objects::Settings::default() }
    }
}

impl Keys for Own {
    fn wrong(&self) -> Vec<String> {
        let wrong = self.objects.check().into_iter();
        wrong.map(|(key, what)| format!("service.objects.{key} {what}")).collect()
    }
}

impl Own {
    /// Held to its bounds, whatever was set: a watch neither polls without a pause nor waits for minutes.
    pub fn poll(&self) -> Duration {
        Duration::from_millis(self.watch_poll_ms.clamp(10, 5000))
    }

    pub fn heartbeat(&self) -> Duration {
        Duration::from_secs(self.watch_heartbeat_s.clamp(1, 60))
    }
}
