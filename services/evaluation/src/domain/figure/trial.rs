//! 试行: what a case or a callback would have counted as, by another calendar, other times and other grounds.
//!
//! The times of a case are those of its first attempt: what came after it was reopened stays as it was. What one case was given by its own words,
//! by a danger, by its platform or by a row of the authority table is not known here.

use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};

use chrono::{DateTime, Utc};
use huying_terms::{Calendar, Limit, Priority, worktime};

use super::{
    Measure,
    course::{Course, Happened, Overdue},
};
use crate::domain::{callback::Callback, state::State};

/// Most times, and most grounds, of one trial.
pub const MOST: usize = 10_000;
pub const GROUNDS: usize = 100;

/// How a case leaves the account.
const LEFT: [Measure; 4] = [Measure::Settled, Measure::Declined, Measure::Withdrawn, Measure::Merged];

/// A rule book's calendar, times and grounds, on trial.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trial {
    /// None: the one that holds.
    pub calendar: Option<Calendar>,
    /// By the beginning of a category's code; the longest that fits counts.
    pub own: BTreeMap<String, Times>,
    /// The same by how pressing a case is: where nothing of its category's own fits.
    pub by_priority: BTreeMap<(Priority, String), Times>,
    /// What cases may be declined on; none: whatever they were.
    pub grounds: Option<BTreeSet<String>>,
    /// How long a reporter may be looked for; none: as long as it was.
    pub callback: Option<Limit>,
}

/// How long cases of a category may take.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Times {
    /// To be accepted, and to be resolved; none: as it was.
    pub respond: Option<Limit>,
    pub resolve: Option<Limit>,
    /// How pressing they usually are: one that is more pressing gets the sooner of this and its priority's.
    pub usual: Priority,
    /// They hold already: only another calendar makes them matter.
    pub held: bool,
}

/// A trial, ready to be asked.
#[derive(Clone, Debug)]
pub struct Tried {
    it: Trial,
    calendar: Calendar,
    /// The calendar is another than the one that holds.
    other_days: bool,
}

impl Trial {
    /// Beside what holds: a calendar and a time for callbacks. None: nothing would have been counted otherwise.
    pub fn beside(mut self, calendar: &Calendar, callback: Limit) -> Option<Tried> {
        let tried = self.calendar.take().unwrap_or_else(|| calendar.clone());
        let other_days = tried != *calendar;
        self.callback = self.callback.filter(|it| other_days || *it != callback);
        let held = self.own.values().chain(self.by_priority.values()).all(|times| times.held);
        let nothing = held && self.grounds.is_none() && self.callback.is_none() && !other_days;
        (!nothing).then_some(Tried { it: self, calendar: tried, other_days })
    }
}

impl Tried {
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// The case as it would have been.
    pub fn course(&self, course: &Course) -> Course {
        let mut it = course.clone();
        let (timing, opened_at) = (&course.timing, course.opened_at);
        if let Some(limit) = self.limit(course, |times| times.respond) {
            accept_by(&mut it, timing.respond_by(opened_at, &self.calendar, limit));
        }
        if let Some(limit) = self.limit(course, |times| times.resolve) {
            resolve_by(&mut it, timing.resolve_by(opened_at, &self.calendar, limit));
        }
        let unfounded =
            |grounds: &BTreeSet<String>| !timing.ground.is_empty() && !grounds.contains(&timing.ground);
        if self.it.grounds.as_ref().is_some_and(unfounded) {
            undecline(&mut it);
        }
        it
    }

    /// The callback as it would have been: what was said after the window counts no more, and who was not reached was not by its end. Who is
    /// still looked for, and who would be reached in a longer one, is not known.
    pub fn callback<'a>(&self, callback: &'a Callback) -> Cow<'a, Callback> {
        let given = callback.opened.limit.filter(|_| self.other_days);
        let limit = self.it.callback.or(given);
        let due = limit.map(|limit| worktime::due(&self.calendar, callback.opened.resolve_at, limit));
        let asked = match callback.state {
            State::Passed | State::Failed | State::Refused | State::Lapsed => true,
            State::Pending | State::Cancelled | State::Spared => false,
        };
        match due.filter(|due| asked && callback.end_at.is_some_and(|end| *due <= end)) {
            None => Cow::Borrowed(callback),
            Some(due) => Cow::Owned(Callback {
                state: State::Lapsed,
                verdict: None,
                appeal: None,
                end_at: Some(due),
                ..callback.clone()
            }),
        }
    }

    /// The time that such a case would have been given: its category's own, or else its priority's; one more pressing than usual gets the
    /// sooner of both.
    fn limit(&self, course: &Course, of: fn(&Times) -> Option<Limit>) -> Option<Limit> {
        let given = |times: Option<&Times>| times.and_then(|times| Some((of(times)?, *times)));
        let own = starts(&course.category).find_map(|start| given(self.it.own.get(start)));
        let by_priority = course.timing.priority.and_then(|priority| {
            let of_priority = |start: &str| self.it.by_priority.get(&(priority, start.to_owned()));
            starts(&course.category).find_map(|start| given(of_priority(start)))
        });
        let due = |limit| worktime::due(&self.calendar, course.opened_at, limit);
        let pressing = course.timing.priority.unwrap_or_default();
        let (limit, held) = match (own, by_priority) {
            // Which of the two was the sooner until now nobody knows: only where both hold is it as it was.
            (Some((own, times)), Some((other, others))) if pressing > times.usual => {
                (if due(other) < due(own) { other } else { own }, times.held && others.held)
            }
            (Some((limit, times)), _) | (None, Some((limit, times))) => (limit, times.held),
            (None, None) => return None,
        };
        (self.other_days || !held).then_some(limit)
    }
}

/// A code, and how it begins, the longest first.
fn starts(code: &str) -> impl Iterator<Item = &str> {
    (0..=code.len()).rev().filter_map(|end| code.get(..end))
}

fn accept_by(it: &mut Course, due: DateTime<Utc>) {
    it.happened.retain(|it| it.measure != Measure::AcceptedOnTime);
    let accepted = it.happened.iter().find(|it| it.measure == Measure::Accepted);
    if let Some(accepted) = accepted.filter(|it| it.at <= due).cloned() {
        it.happened.push(Happened { measure: Measure::AcceptedOnTime, ..accepted });
    }
}

fn resolve_by(it: &mut Course, due: DateTime<Utc>) {
    let first = it.happened.iter().find(|it| it.measure == Measure::Resolved).cloned();
    // One that was looked at on site was resolved before that, and one that stands still is not overdue meanwhile.
    let until = first.as_ref().map(Happened::done_at).or(it.told_at);
    let until = until.or(it.timing.stopped_at).or(it.end_at);
    let was_late = |it: &Happened| {
        it.measure == Measure::ResolvedLate && first.as_ref().is_none_or(|first| it.at <= first.at)
    };
    it.happened.retain(|it| !was_late(it) && it.measure != Measure::OnTime);
    it.overdue.retain(|it| until.is_some_and(|until| until < it.to));
    let whose = first.as_ref().map(|first| (first.unit.clone(), first.tier));
    let (unit, tier) = whose.unwrap_or_else(|| (it.holder.clone(), it.tier));
    match until {
        Some(to) if due < to => it.overdue.insert(0, Overdue { from: due, to, unit, tier }),
        Some(_) => {}
        // In other hands or not, it runs since it was opened.
        None => (it.due_at, it.held_at) = (Some(due), it.opened_at),
    }
    if let Some(first) = first.filter(|first| due < first.done_at()) {
        it.happened.push(Happened { measure: Measure::ResolvedLate, ..first });
    }
    let late = it.happened.iter().any(|it| it.measure == Measure::ResolvedLate);
    let settled = it.happened.iter().find(|it| it.measure == Measure::Settled).cloned();
    if let Some(settled) = settled.filter(|_| !late) {
        it.happened.push(Happened { measure: Measure::OnTime, ..settled });
    }
}

/// It counts against whoever declined it: as a case that left the account neither in time nor at once nor alone.
fn undecline(it: &mut Course) {
    let left = |it: &&mut Happened| LEFT.contains(&it.measure);
    let last = it.happened.iter_mut().rev().find(left).filter(|it| it.measure == Measure::Declined);
    // One that was reopened since has another end, or none yet.
    if let Some(declined) = last.filter(|_| it.end_at.is_some()) {
        declined.measure = Measure::Settled;
    }
}
