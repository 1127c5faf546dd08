//! 断流: whether a topic's stream dried up. The rule is the same everywhere, so it is written here and not in a profile.

use chrono::{DateTime, Days as Further, NaiveDate, Utc, serde::ts_microseconds};
use serde::{Deserialize, Serialize};

/// The longest a stream is watched, in days.
pub const LONGEST: i32 = 90;
/// How long where nobody says.
pub const USUAL: i32 = 30;
/// A stream that fell to one in so many has dried up.
const FELL_TO: i64 = 2;

/// What a test came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// 断流: half or less.
    DriedUp,
    /// 减少.
    Less,
    /// 未减少.
    NotLess,
}

impl Verdict {
    /// By how many came before, and after. Where nothing came before, nothing can have fallen.
    pub fn of(before: i64, after: i64) -> Self {
        if before > 0 && after * FELL_TO <= before {
            Self::DriedUp
        } else if after < before {
            Self::Less
        } else {
            Self::NotLess
        }
    }
}

/// Days of the district.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days {
    pub from: NaiveDate,
    /// Not itself in them.
    pub to: NaiveDate,
}

impl Days {
    /// So many from a day on.
    pub fn from(from: NaiveDate, days: u64) -> Self {
        Self { from, to: from.checked_add_days(Further::new(days)).unwrap_or(NaiveDate::MAX) }
    }

    /// So many up to a day, which is one of them.
    pub fn up_to(last: NaiveDate, days: u64) -> Self {
        let to = last.succ_opt().unwrap_or(NaiveDate::MAX);
        Self { from: to.checked_sub_days(Further::new(days)).unwrap_or(NaiveDate::MIN), to }
    }
}

/// A test that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    pub days: u64,
    /// The first day that is watched.
    pub from: NaiveDate,
    /// When the last of them is over.
    #[serde(with = "ts_microseconds")]
    pub due_at: DateTime<Utc>,
}

/// What a test came to, as it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    pub verdict: Verdict,
    pub days: u64,
    /// Cases opened in as many days up to the topic's opening.
    pub before: i64,
    /// Cases opened in the days watched.
    pub after: i64,
    /// The first of these.
    pub from: NaiveDate,
}

/// The same, as the topic keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    #[serde(flatten)]
    pub judged: Judged,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

impl Judgement {
    /// The days that were watched.
    pub fn watched(&self) -> Days {
        Days::from(self.judged.from, self.judged.days)
    }
}
