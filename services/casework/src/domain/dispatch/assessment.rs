//! 两头考核: what a settled dispatch says of both ends of its call, for evaluation: how fast the called unit was, and whether calling it
//! was apt.

use huying_terms::{Clock, Lamp};
use serde::{Deserialize, Serialize};

use crate::domain::clocks::{ClockKind, Clocks};

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Assessment {
    /// The called unit: of the last time to report in, and of the time to complete.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respond: Option<Used>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve: Option<Used>,
    /// How often it let the time to report in go by.
    #[serde(default)]
    pub silences: u32,
    /// The caller: whether it called the right one; none: nobody can say, since the case closed before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apt: Option<bool>,
}

/// What was used of a clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    /// In the measure of its limit: of work hours only those in which the place works.
    pub seconds: i64,
    /// What it showed in the end.
    pub lamp: Lamp,
}

impl Assessment {
    /// By clocks that have stopped.
    pub(super) fn of(clocks: &Clocks, silences: u32, apt: Option<bool>) -> Self {
        let used = |kind| {
            clocks
                .get(kind)
                .map(|clock: &Clock| Used { seconds: clock.used.num_seconds(), lamp: clock.reached })
        };
        Self { respond: used(ClockKind::Respond), resolve: used(ClockKind::Resolve), silences, apt }
    }
}
