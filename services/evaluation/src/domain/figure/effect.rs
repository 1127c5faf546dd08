//! 一降一升: whether fewer call and more are satisfied, beside the time before (环比) and a year ago (同比).

use chrono::{DateTime, Utc};

use super::{Counts, Measure, rate::Rate};

/// The code of the rate that tells how satisfied people are, whatever a profile makes of it.
pub const SATISFACTION: &str = "satisfaction";

/// One time: how many called, and how satisfied those were who were asked.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    pub volume: i64,
    /// None: nobody said.
    pub satisfaction: Option<f64>,
}

impl Level {
    /// Of what was counted; `rate` is the district's rate of satisfaction, if it has one.
    pub fn of(counts: &Counts, rate: Option<&Rate>) -> Self {
        Self {
            volume: counts.get(Measure::Requests),
            satisfaction: rate.and_then(|rate| rate.of(counts).value),
        }
    }

    /// How many more called than then, as a share of those; none where nobody did then.
    pub fn volume_change(&self, then: &Self) -> Option<f64> {
        (then.volume > 0).then(|| (self.volume - then.volume) as f64 / then.volume as f64)
    }

    /// By how much the satisfaction is higher than then; none where nobody said, then or now.
    pub fn satisfaction_change(&self, then: &Self) -> Option<f64> {
        self.satisfaction.zip(then.satisfaction).map(|(now, then)| now - then)
    }

    /// 一降一升: whether fewer called than then, and more were satisfied. None where that cannot be told.
    pub fn is_better(&self, then: &Self) -> Option<bool> {
        let changes = self.volume_change(then).zip(self.satisfaction_change(then));
        changes.map(|(volume, satisfaction)| volume < 0.0 && satisfaction > 0.0)
    }
}

/// A time, and those that it is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Levels {
    pub now: Level,
    pub before: Level,
    pub last_year: Level,
}

/// The effect, in all and of the hotline alone.
#[derive(Clone, Copy, Debug)]
pub struct Effect {
    pub whole: Levels,
    pub hotline: Levels,
    pub counted_at: DateTime<Utc>,
}
