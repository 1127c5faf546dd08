//! 来件: what evaluation keeps of each request, as intake tells of it, and what it adds to the figures.
//!
//! A request counts on the day it was received, whatever became of it: also one that was answered at once, taken back, or entered long after.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Channel, Measure, Posting};

/// A request that was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    pub district: String,
    /// The most exact area known; the district where none is.
    pub area: String,
    /// None: a door that this build does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<Channel>,
    #[serde(with = "ts_microseconds")]
    pub received_at: DateTime<Utc>,
    /// What it repeats, of the same phone about the same matter; none: nothing that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<Repeat>,
}

/// 反复诉求: what a request repeats, as intake links them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repeat {
    /// The first request about the matter.
    pub of: Uuid,
    /// How many there were before, that one with them.
    pub before: u32,
}

impl Received {
    /// What it adds, in the district's own days. Of no unit and no category: it is nobody's yet, and what a door calls it may be anything.
    pub fn postings(&self, zone: Tz) -> Vec<Posting> {
        vec![Posting {
            day: self.received_at.with_timezone(&zone).date_naive(),
            area: self.area.clone(),
            category: String::new(),
            unit: String::new(),
            tier: None,
            channel: self.channel,
            measure: Measure::Requests,
            number: 1,
        }]
    }
}
