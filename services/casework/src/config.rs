//! Casework's own settings. What they mean is said in `config.default.toml`.

use std::{ops::RangeInclusive, path::Path};

use huying_chassis::{config::Keys, log::watch::Pace};
use serde::{Deserialize, Serialize};

const NOTES: RangeInclusive<u32> = 1..=100_000;

/// The keys under `[service]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    pub watch_poll_ms: u64,
    pub watch_heartbeat_s: u64,
    /// How many notes a caller may write in a day, and how often they may take each other step that is counted.
    pub notes_a_day: u32,
    /// Where files are kept.
    pub objects: huying_objects::Settings,
}

impl Default for Own {
    fn default() -> Self {
        let Pace { watch_poll_ms, watch_heartbeat_s } = Pace::default();
        Self {
            watch_poll_ms,
            watch_heartbeat_s,
            notes_a_day: 2000,
            objects: huying_objects::Settings::default(),
        }
    }
}

impl Keys for Own {
    fn wrong(&self) -> Vec<String> {
        let wrong = self.objects.check().into_iter();
        let wrong = wrong.map(|(key, what)| format!("service.objects.{key} {what}"));
        let notes = (!NOTES.contains(&self.notes_a_day))
            .then(|| format!("service.notes_a_day must be from {} to {}", NOTES.start(), NOTES.end()));
        wrong.chain(notes).collect()
    }

    fn addresses(&self) -> Vec<(&'static str, &str)> {
        let url = self.objects.url.as_str();
        if url.is_empty() { Vec::new() } else { vec![("service.objects.url", url)] }
    }

    fn authorities(&self) -> Vec<(&'static str, &Path)> {
        self.objects.authority().map(|file| ("service.objects.ca_file", file)).into_iter().collect()
    }
}

impl Own {
    /// How often a watch looks.
    pub fn pace(&self) -> Pace {
        Pace { watch_poll_ms: self.watch_poll_ms, watch_heartbeat_s: self.watch_heartbeat_s }
    }
}
