//! Intake's own settings. What they mean is said in `config.default.toml`.

use std::{ops::RangeInclusive, path::PathBuf};

use huying_chassis::{config::Keys, log::watch::Pace, seal::KeyFile};
use serde::{Deserialize, Serialize};

/// Half a year is the least that the law asks of such records.
const KEPT: RangeInclusive<u32> = 180..=3650;
const ADDITIONS: RangeInclusive<u32> = 1..=100_000;
const ARCHIVE_UPDATES: RangeInclusive<u32> = 1..=500_000;

/// The keys under `[service]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    pub watch_poll_ms: u64,
    pub watch_heartbeat_s: u64,
    /// For how many days it is kept who read names and phones.
    pub reads_kept_days: u32,
    /// How many additions a caller may make in a day; and how many times they may join others, and tell reporters how it goes.
    pub additions_a_day: u32,
    /// How many times a caller may update archives in a day.
    pub archive_updates_a_day: u32,
    /// What seals who called. Empty is refused when intake starts.
    pub keys_file: PathBuf,
}

impl Keys for Own {
    fn wrong(&self) -> Vec<String> {
        let keys = [
            ("reads_kept_days", self.reads_kept_days, KEPT),
            ("additions_a_day", self.additions_a_day, ADDITIONS),
            ("archive_updates_a_day", self.archive_updates_a_day, ARCHIVE_UPDATES),
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

    /// The keys that seal who called.
    ///
    /// # Errors
    /// In words, without what the file holds.
    pub fn keys(&self) -> Result<KeyFile, String> {
        if self.keys_file.as_os_str().is_empty() {
            return Err(
                "service.keys_file must name the file of keys: huying keys new FILE makes it".to_owned()
            );
        }
        KeyFile::open(&self.keys_file).map_err(|what| format!("service.keys_file: {what}"))
    }
}
