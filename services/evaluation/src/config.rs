//! Evaluation's own settings. What they mean is said in `config.default.toml`.

use std::ops::RangeInclusive;

use huying_chassis::config::Keys;
use serde::{Deserialize, Serialize};

const ADDITIONS: RangeInclusive<u32> = 1..=100_000;

/// The keys under `[service]`.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Own {
    /// How often a caller may do in a day what is counted, each by itself.
    pub additions_a_day: u32,
}

impl Keys for Own {
    fn wrong(&self) -> Vec<String> {
        let (least, most) = (ADDITIONS.start(), ADDITIONS.end());
        let wrong = !ADDITIONS.contains(&self.additions_a_day);
        wrong.then(|| format!("service.additions_a_day must be from {least} to {most}")).into_iter().collect()
    }
}
