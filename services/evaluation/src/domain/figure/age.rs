//! 逾期时长: for how long what is overdue has been so.

use chrono::{DateTime, Duration, Utc};

use super::course::Course;

/// Days of 24 hours: up to 1, to 3, … and more than the last.
pub const DAYS: [i32; 5] = [1, 3, 7, 15, 30];

/// How many are overdue for how long, the youngest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ages(pub [i64; DAYS.len() + 1]);

/// What was overdue: since when, and in whose hands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late<'a> {
    pub since: DateTime<Utc>,
    pub unit: &'a str,
}

/// What was overdue at an instant, and how old that was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overdue {
    pub ages: Ages,
    pub at: DateTime<Utc>,
    pub counted_at: DateTime<Utc>,
}

impl Ages {
    /// Adds a case, if it was overdue then, and in this unit's hands; empty: in any.
    pub fn add(&mut self, course: &Course, at: DateTime<Utc>, unit: &str) {
        let Some(late) = course.late(at).filter(|late| unit.is_empty() || late.unit == unit) else { return };
        let place = DAYS.iter().position(|days| at - late.since <= Duration::days((*days).into()));
        if let Some(number) = self.0.get_mut(place.unwrap_or(DAYS.len())) {
            *number += 1;
        }
    }
}

impl Course {
    /// As far as it is overdue by an instant: what falls due later is left out, though sums have it from the beginning of that day on.
    #[must_use]
    pub fn overdue_by(mut self, at: DateTime<Utc>) -> Self {
        self.due_at = self.due_at.filter(|due| (*due).max(self.held_at) < at);
        self
    }

    /// Since when it was overdue, and not resolved, at an instant: before it, as the sums of a day are of what was before its end. Going from hand to hand
    /// it stays overdue; more time, or a resolution, ends it.
    pub fn late(&self, at: DateTime<Utc>) -> Option<Late<'_>> {
        if self.is_part {
            return None;
        }
        let running = self.due_at.map(|due| due.max(self.held_at)).filter(|from| *from < at);
        let over = self.overdue.iter().rposition(|it| it.from < at && at <= it.to);
        let (mut since, unit, before) = match (running, over) {
            (Some(from), _) => (from, self.holder.as_str(), self.overdue.len()),
            (None, Some(place)) => {
                let it = self.overdue.get(place)?;
                (it.from, it.unit.as_str(), place)
            }
            (None, None) => return None,
        };
        for earlier in self.overdue.iter().take(before).rev() {
            if earlier.to != since {
                break;
            }
            since = earlier.from;
        }
        Some(Late { since, unit })
    }
}
