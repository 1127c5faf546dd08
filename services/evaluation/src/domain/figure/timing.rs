//! 时限: what a trial of other times has to know of a case, besides what is counted of it.
//!
//! Kept of the first attempt alone: what is given after a case was reopened is its own, and no trial changes it. A row of an older build has
//! nothing of it: then the times ran once, from the opening on, and its priority and its ground are not known.

use chrono::{DateTime, Utc, serde::ts_microseconds, serde::ts_microseconds_option};
use huying_terms::{Calendar, Clock, Limit, Priority, worktime};
use serde::{Deserialize, Serialize};

use super::told::{Told, What};

/// Most pauses and extensions that are kept.
const MOST: usize = 100;

/// How a case's times ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timing {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// On what ground it was declined.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ground: String,
    /// Since when whoever has it is to accept it; none: since it was opened.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub respond_from: Option<DateTime<Utc>>,
    /// Since when the time to resolve stands still.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub stopped_at: Option<DateTime<Utc>>,
    /// When it stood still and ran on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stood: Vec<Stood>,
    /// What it was extended by.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub more: Vec<Limit>,
}

/// A while in which the time to resolve stood still.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stood {
    #[serde(with = "ts_microseconds")]
    pub from: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    pub to: DateTime<Utc>,
}

impl Timing {
    pub(super) fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Takes the next event of the first attempt: whether the case has another holder by it, and whether its time to resolve ran before and
    /// runs after it.
    pub(super) fn take(&mut self, told: &Told, moved: bool, (ran, runs): (bool, bool)) {
        if moved && told.respond_by.is_some() {
            self.respond_from = Some(told.at);
        }
        if ran && !runs {
            self.stopped_at = Some(told.at);
        }
        if let Some(from) = self.stopped_at.filter(|_| runs) {
            self.stopped_at = None;
            if self.stood.len() < MOST {
                self.stood.push(Stood { from, to: told.at });
            }
        }
        if let Some(more) = told.more.filter(|_| self.more.len() < MOST) {
            self.more.push(more);
        }
    }

    /// What it is, whichever attempt: how pressing, and why it was declined.
    pub(super) fn is_now(&mut self, told: &Told) {
        self.priority = told.priority.or(self.priority);
        if told.what == What::Declined {
            self.ground.clone_from(&told.ground);
        }
    }

    /// Until when it would have been to be accepted.
    pub(super) fn respond_by(
        &self,
        opened_at: DateTime<Utc>,
        calendar: &Calendar,
        limit: Limit,
    ) -> DateTime<Utc> {
        worktime::due(calendar, self.respond_from.unwrap_or(opened_at), limit)
    }

    /// Until when it would have been to be resolved: what it was extended by is given again, and it stood still when it did.
    pub(super) fn resolve_by(
        &self,
        opened_at: DateTime<Utc>,
        calendar: &Calendar,
        limit: Limit,
    ) -> DateTime<Utc> {
        let same = self.more.iter().filter(|more| more.kind == limit.kind).map(|more| more.amount);
        let amount = same.fold(limit.amount, u32::saturating_add).min(Limit::MOST);
        let mut clock = Clock::start(calendar, Limit { amount, ..limit }, opened_at);
        for Stood { from, to } in &self.stood {
            clock.pause(calendar, *from);
            clock.resume(calendar, *to);
        }
        let due = clock.due_at.unwrap_or(worktime::NEVER);
        let other = self.more.iter().filter(|more| more.kind != limit.kind);
        other.fold(due, |due, more| worktime::due(calendar, due, *more))
    }
}
