//! Intake's own settings. What they mean is said in `config.default.toml`.

use std::ops::RangeInclusive;

use huying_chassis::{config::Keys, log::watch::Pace};
use serde::{Deserialize, Serialize};

/// Half a year is the least that the law asks of such records.
const KEPT: RangeInclusive<u32> = 180..=3650;
const ADDITIONS: RangeInclusive<u32> = 1..=100_000;

/// The keys under `[service]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    pub watch_poll_ms: u64,
    pub watch_heartbeat_s: u64,
    /// For how many days it is kept who read names and phones.
    pub reads_kept_days: u32,
    /// How many additions a caller may make in a day, and how many times they may join others.
    pub additions_a_day: u32,
}

impl Default for Own {
    fn default() -> Self {
        let Pace { watch_poll_ms, watch_heartbeat_s } = Pace::default();
        Self { watch_poll_ms, watch_heartbeat_s, reads_kept_days: 1095, additions_a_day: 5000 }
    }
}

impl Keys for Own {
    fn wrong(&self) -> Vec<String> {
        let keys = [
            ("reads_kept_days", self.reads_kept_days, KEPT),
            ("additions_a_day", self.additions_a_day, ADDITIONS),
        ];
        let wrong = keys.into_iter().filter(|(_, value, range)| !range.contains(value));
        let told = |(key, _, range): (&str, u32, RangeInclusive<u32>)| {
            format!("service.{key} must be from {} to {}", range.start(), range.end())
        };
        wrong.map(told).collect()
    }
}

impl Own {
    /// How often a watch looks.
    pub fn pace(&self) -> Pace {
        Pace { watch_poll_ms: self.watch_poll_ms, watch_heartbeat_s: self.watch_heartbeat_s }
    }
}
