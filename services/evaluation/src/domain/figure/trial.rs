//! 试行: what a case would have counted as, had another time to resolve held for its category.
//!
//! The time runs once, from the opening to the first resolution, by the district's calendar. Extensions and pauses are not known here, and what
//! came after the first resolution stays as it was.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use huying_terms::{Calendar, Limit, worktime};

use super::{
    Measure,
    course::{Course, Happened, Overdue},
};

/// Most limits of one trial.
pub const MOST: usize = 10_000;

/// Times to resolve, on trial.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trial {
    pub calendar: Calendar,
    /// By the beginning of a category's code; the longest that fits counts.
    pub limits: BTreeMap<String, Limit>,
}

impl Trial {
    /// The case as it would have been; as it was where no limit fits.
    pub fn of(&self, course: &Course) -> Course {
        let fits = (0..=course.category.len()).rev().filter_map(|end| course.category.get(..end));
        let limit = fits.into_iter().find_map(|start| self.limits.get(start));
        match limit {
            Some(limit) => due_by(course, worktime::due(&self.calendar, course.opened_at, *limit)),
            None => course.clone(),
        }
    }
}

fn due_by(course: &Course, due: DateTime<Utc>) -> Course {
    let mut it = course.clone();
    let first = course.happened.iter().find(|it| it.measure == Measure::Resolved).cloned();
    let until = first.as_ref().map(|first| first.at).or(course.end_at);
    let begins = |at: DateTime<Utc>| until.is_none_or(|until| at <= until);
    let was_late = |it: &Happened| it.measure == Measure::ResolvedLate && begins(it.at);
    it.happened.retain(|it| !was_late(it) && it.measure != Measure::OnTime);
    it.overdue.retain(|it| !begins(it.to));
    if let Some(first) = first.filter(|first| due < first.at) {
        it.happened.push(Happened { measure: Measure::ResolvedLate, ..first });
    }
    match until {
        Some(to) if due < to => {
            let (unit, tier) = (it.holder.clone(), it.tier);
            it.overdue.push(Overdue { from: due, to, unit, tier });
        }
        Some(_) => {}
        None => it.due_at = Some(due),
    }
    let late = it.happened.iter().any(|it| it.measure == Measure::ResolvedLate);
    let settled = it.happened.iter().find(|it| it.measure == Measure::Settled).cloned();
    if let Some(settled) = settled.filter(|_| !late) {
        it.happened.push(Happened { measure: Measure::OnTime, ..settled });
    }
    it
}
