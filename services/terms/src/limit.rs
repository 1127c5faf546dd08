//! How long a step may take (限时办结): an amount in one of five measures.
//!
//! Limits come from a place's profile, by category, condition and priority. What a measure means in
//! time is decided in [`crate::worktime`]; this file only names it.

use std::fmt;

use chrono::Duration;
use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr};

use crate::calendar::Calendar;

/// The measure a limit counts in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(Display, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum LimitKind {
    /// 紧急分钟: a minute that runs on through the night and holidays.
    UrgentMinute,
    /// 紧急工作时: an hour that runs on through the night and holidays.
    UrgentHour,
    /// 工作时: an hour inside working hours.
    WorkHour,
    /// 工作日: as much working time as one working day has.
    WorkDay,
    /// 自然日: 24 hours that run on.
    NaturalDay,
}

impl LimitKind {
    /// All measures.
    pub const ALL: [LimitKind; 5] = [
        LimitKind::UrgentMinute,
        LimitKind::UrgentHour,
        LimitKind::WorkHour,
        LimitKind::WorkDay,
        LimitKind::NaturalDay,
    ];

    /// Whether it runs on outside working hours.
    pub fn is_continuous(self) -> bool {
        match self {
            LimitKind::UrgentMinute | LimitKind::UrgentHour | LimitKind::NaturalDay => true,
            LimitKind::WorkHour | LimitKind::WorkDay => false,
        }
    }

    /// The time one of it stands for, in its own measure.
    pub fn unit(self, calendar: &Calendar) -> Duration {
        match self {
            LimitKind::UrgentMinute => Duration::minutes(1),
            LimitKind::UrgentHour | LimitKind::WorkHour => Duration::hours(1),
            LimitKind::WorkDay => calendar.daily(),
            LimitKind::NaturalDay => Duration::hours(24),
        }
    }

    /// The word in code and on the wire; the same as serde's.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The word shown to people.
    pub fn chinese(self) -> &'static str {
        match self {
            LimitKind::UrgentMinute => "紧急分钟",
            LimitKind::UrgentHour => "紧急工作时",
            LimitKind::WorkHour => "工作时",
            LimitKind::WorkDay => "工作日",
            LimitKind::NaturalDay => "自然日",
        }
    }

    fn english(self) -> &'static str {
        match self {
            LimitKind::UrgentMinute => "urgent minute",
            LimitKind::UrgentHour => "urgent hour",
            LimitKind::WorkHour => "work hour",
            LimitKind::WorkDay => "work day",
            LimitKind::NaturalDay => "natural day",
        }
    }
}

/// So many of a measure. The amount is 1 to [`Limit::MOST`]; [`Limit::new`] and serde hold the bounds,
/// and the arithmetic saturates rather than fails for a literal outside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Raw")]
pub struct Limit {
    pub kind: LimitKind,
    pub amount: u32,
}

/// Why a limit is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a limit is 1 to {most} of its kind, not {amount}", most = Limit::MOST)]
pub struct LimitError {
    pub amount: u32,
}

#[derive(Deserialize)]
struct Raw {
    kind: LimitKind,
    amount: u32,
}

impl Limit {
    /// The largest amount: a year of hours.
    pub const MOST: u32 = 365 * 24;

    /// A limit within its bounds.
    pub fn new(kind: LimitKind, amount: u32) -> Result<Limit, LimitError> {
        if (1..=Limit::MOST).contains(&amount) {
            Ok(Limit { kind, amount })
        } else {
            Err(LimitError { amount })
        }
    }

    /// The whole of it as time in its own measure: what [`crate::worktime::used`] says when it is due.
    pub fn length(&self, calendar: &Calendar) -> Duration {
        let unit = self.kind.unit(calendar).num_seconds();
        Duration::try_seconds(unit.saturating_mul(i64::from(self.amount))).unwrap_or(Duration::MAX)
    }

    /// Shown to people: `2紧急工作时`.
    pub fn chinese(&self) -> String {
        format!("{}{}", self.amount, self.kind.chinese())
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.amount == 1 { "" } else { "s" };
        write!(f, "{} {}{plural}", self.amount, self.kind.english())
    }
}

impl TryFrom<Raw> for Limit {
    type Error = LimitError;

    fn try_from(raw: Raw) -> Result<Limit, LimitError> {
        Limit::new(raw.kind, raw.amount)
    }
}
