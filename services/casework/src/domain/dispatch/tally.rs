//! What a dispatch is counted by besides its state and clocks, kept in its row so that counting reads no log; and the counts.

use serde::{Deserialize, Serialize};

use super::step::Ending;

/// What its row keeps for the counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tally {
    /// The department reported in; where it was told once more, since then.
    pub reported: bool,
    /// It declined. Where it binds besides, that was overruled: what binds is not declined, and only insisting binds.
    pub declined: bool,
    /// How it ended without being done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// Whether the right unit was called; none: it is not settled, or nobody can say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub apt: Option<bool>,
}

/// How a unit answered what it was called for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalledCount {
    pub unit: String,
    pub name: String,
    pub called: i64,
    pub reported: i64,
    /// Of those reported: never silent.
    pub reported_on_time: i64,
    pub silent: i64,
    pub silences: i64,
    pub done_on_time: i64,
    pub done_late: i64,
    pub declined: i64,
    pub overruled: i64,
    pub taken_back: i64,
    pub ended: i64,
    pub open: i64,
    /// Microseconds used to report in, by all that are reported; and to complete, by all that are done.
    pub report_micros: i64,
    pub finish_micros: i64,
}

/// Whom a unit called.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallerCount {
    pub unit: String,
    pub name: String,
    pub calls: i64,
    pub apt: i64,
    pub not_apt: i64,
    pub taken_back: i64,
}

/// Both ends of the calls of a period.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DispatchCounts {
    pub called: Vec<CalledCount>,
    pub callers: Vec<CallerCount>,
}
