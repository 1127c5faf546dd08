//! 督办: how somebody above presses a holder, and what the holder answers. The steps are in `case/step/supervise.rs` and beside it.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_terms::{Limit, LimitKind};
use serde::{Deserialize, Serialize};
use strum::Display;

/// How hard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Level {
    /// 催办: a reminder.
    Urge,
    /// 督办单: a written notice.
    Notice,
    /// 约谈: the holder is called in to talk.
    Talk,
}

impl Level {
    /// The next harder one.
    pub const fn next(self) -> Option<Self> {
        match self {
            Self::Urge => Some(Self::Notice),
            Self::Notice => Some(Self::Talk),
            Self::Talk => None,
        }
    }
}

/// How long a holder has to answer at each level; none: no answer is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerTimes {
    pub urge: Option<Limit>,
    pub notice: Option<Limit>,
    pub talk: Option<Limit>,
}

impl Default for AnswerTimes {
    fn default() -> Self {
        Self {
            urge: Some(Limit { kind: LimitKind::WorkHour, amount: 4 }),
            notice: Some(Limit { kind: LimitKind::WorkDay, amount: 1 }),
            talk: Some(Limit { kind: LimitKind::WorkDay, amount: 2 }),
        }
    }
}

impl AnswerTimes {
    pub const fn of(&self, level: Level) -> Option<Limit> {
        match level {
            Level::Urge => self.urge,
            Level::Notice => self.notice,
            Level::Talk => self.talk,
        }
    }

    /// Whether a profile need not say it.
    pub(super) fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// What presses a case's holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Supervision {
    pub level: Level,
    /// The unit of whoever pressed; none: somebody without one, or the district's ladder.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    pub reason: String,
    /// When it came to this level.
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<SupervisionAnswer>,
}

/// What the holder answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupervisionAnswer {
    pub text: String,
    pub unit: String,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
}

/// How often a case's holder was pressed, at each level.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pressed {
    pub urgings: u32,
    pub notices: u32,
    pub talks: u32,
}

impl Pressed {
    pub(super) fn count(&mut self, level: Level) {
        match level {
            Level::Urge => self.urgings += 1,
            Level::Notice => self.notices += 1,
            Level::Talk => self.talks += 1,
        }
    }

    pub(super) fn never(&self) -> bool {
        *self == Self::default()
    }
}
