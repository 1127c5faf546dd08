//! One clock of a case: respond, resolve, one of a dispatch's pair, answer, callback, review.
//!
//! Actors: a step starts, pauses (waiting, suspended), resumes, extends and stops it; the timer asks
//! [`Clock::next_due`] and calls [`Clock::tick`]; pages show [`Clock::lamp`]. Guaranteed:
//!
//! - Time used is never lost: the clock keeps the runs it was running in, so pausing, resuming, extending
//!   and even changing to another kind of limit measure the same past exactly.
//! - Amber and red each fire at most once per deadline, never while the clock is paused or stopped. A lamp
//!   passed while nobody ticked fires at the next tick that finds the clock running.
//! - Another calendar leaves the runs and the lamps that fired, and measures them by itself.
//! - A new limit is a new deadline: both lamps may fire again. The same limit again changes nothing.
//! - Stopped is for good. A step that does not fit (pausing a paused clock) changes nothing, so a repeated
//!   command is harmless.
//! - An instant earlier than the clock's last step counts as that step: clocks of machines may disagree.
//!
//! Instants are cut to microseconds and stored as such: `due_at` and `amber_at` in a stored body
//! can be read by SQL, and what is stored is what was computed.

use chrono::serde::{ts_microseconds, ts_microseconds_option};
use chrono::{DateTime, Duration, Utc};
use serde::{Deserialize, Serialize};

use crate::calendar::Calendar;
use crate::lamp::Lamp;
use crate::limit::Limit;
use crate::worktime;

/// The share of a limit at which a clock turns amber unless its profile says otherwise.
pub const AMBER_PERCENT: u32 = 80;

/// A stretch of time in which the clock was running.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Run {
    #[serde(with = "ts_microseconds")]
    pub from: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    pub to: DateTime<Utc>,
}

/// A limit being used up. Fields are there to be read; the methods change them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    pub limit: Limit,
    /// 0 to 100: when it turns amber.
    pub amber_percent: u32,
    #[serde(with = "ts_microseconds")]
    pub started_at: DateTime<Utc>,
    /// The runs that ended, in order; adjacent ones are one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<Run>,
    /// The time used in them, in the limit's own measure, in microseconds.
    #[serde(with = "crate::micros")]
    pub used: Duration,
    /// Since when it is running; nothing while paused or stopped.
    #[serde(default, with = "ts_microseconds_option")]
    pub running_since: Option<DateTime<Utc>>,
    /// When `amber_percent` is or was used; nothing while paused or stopped.
    #[serde(default, with = "ts_microseconds_option")]
    pub amber_at: Option<DateTime<Utc>>,
    /// When all is or was used; nothing while paused or stopped.
    #[serde(default, with = "ts_microseconds_option")]
    pub due_at: Option<DateTime<Utc>>,
    pub amber_fired: bool,
    pub red_fired: bool,
    /// What it showed when its last run ended.
    #[serde(default)]
    pub reached: Lamp,
    /// When it was done for good.
    #[serde(default, with = "ts_microseconds_option")]
    pub stopped_at: Option<DateTime<Utc>>,
}

impl Clock {
    /// A clock that runs from `at` on and turns amber at [`AMBER_PERCENT`].
    pub fn start(calendar: &Calendar, limit: Limit, at: DateTime<Utc>) -> Clock {
        Clock::start_with_amber(calendar, limit, AMBER_PERCENT, at)
    }

    /// A clock that runs from `at` on and turns amber at the given percent (at most 100).
    pub fn start_with_amber(
        calendar: &Calendar,
        limit: Limit,
        amber_percent: u32,
        at: DateTime<Utc>,
    ) -> Clock {
        let at = whole_micros(at);
        let mut clock = Clock {
            limit,
            amber_percent: amber_percent.min(100),
            started_at: at,
            runs: Vec::new(),
            used: Duration::zero(),
            running_since: None,
            amber_at: None,
            due_at: None,
            amber_fired: false,
            red_fired: false,
            reached: Lamp::Green,
            stopped_at: None,
        };
        clock.open(calendar, at);
        clock
    }

    /// Stands still until resumed.
    pub fn pause(&mut self, calendar: &Calendar, at: DateTime<Utc>) {
        let at = self.not_before_last(at);
        self.close(calendar, at);
    }

    /// Runs on after a pause.
    pub fn resume(&mut self, calendar: &Calendar, at: DateTime<Utc>) {
        if self.is_paused() {
            let at = self.not_before_last(at);
            self.open(calendar, at);
        }
    }

    /// Done for good.
    pub fn stop(&mut self, calendar: &Calendar, at: DateTime<Utc>) {
        if self.stopped_at.is_none() {
            let at = self.not_before_last(at);
            self.close(calendar, at);
            self.stopped_at = Some(at);
        }
    }

    /// Another limit in the place of the old one (extension, recategorising); the time already used counts.
    pub fn extend(&mut self, calendar: &Calendar, new_limit: Limit, at: DateTime<Utc>) {
        if self.is_stopped() || self.limit == new_limit {
            return;
        }
        let (running, at) = (self.is_running(), self.not_before_last(at));
        self.close(calendar, at);
        self.limit = new_limit;
        (self.amber_fired, self.red_fired) = (false, false);
        self.measure(calendar);
        if running {
            self.open(calendar, at);
        }
    }

    /// Another calendar, or another share for amber, in the place of the old ones: what was used and what is left are as if it had gone by
    /// them from the beginning. A lamp that fired does not fire again.
    pub fn recompute(&mut self, calendar: &Calendar, amber_percent: u32) {
        if self.is_stopped() {
            return;
        }
        self.amber_percent = amber_percent.min(100);
        if !self.runs.is_empty() {
            self.measure(calendar);
        }
        if let Some(since) = self.running_since {
            self.open(calendar, since);
        }
    }

    /// The earliest instant at which a lamp has still to fire, and which; nothing while paused or stopped.
    pub fn next_due(&self) -> Option<(DateTime<Utc>, Lamp)> {
        let red = self.due_at.filter(|_| !self.red_fired);
        let amber = self.amber_at.filter(|_| !self.amber_fired && !self.red_fired);
        match (amber, red) {
            (Some(amber), Some(red)) if red <= amber => Some((red, Lamp::Red)),
            (Some(amber), _) => Some((amber, Lamp::Amber)),
            (None, red) => red.map(|at| (at, Lamp::Red)),
        }
    }

    /// The lamp reached by `at` that had not fired yet; from now on it has. When both are due it is red,
    /// and amber counts as fired.
    #[must_use = "a lamp that fired will not fire again"]
    pub fn tick(&mut self, at: DateTime<Utc>) -> Option<Lamp> {
        if !self.red_fired && reached(self.due_at, at) {
            (self.amber_fired, self.red_fired) = (true, true);
            return Some(Lamp::Red);
        }
        if !self.amber_fired && !self.red_fired && reached(self.amber_at, at) {
            self.amber_fired = true;
            return Some(Lamp::Amber);
        }
        None
    }

    /// The lamps that turn by `at`, amber before red: where both are past at once both are told, since a missed level is still told.
    pub fn turns(&self, at: DateTime<Utc>) -> Vec<Lamp> {
        let amber_was_due = !self.amber_fired && !self.red_fired;
        match self.clone().tick(at) {
            Some(Lamp::Red) if amber_was_due => vec![Lamp::Amber, Lamp::Red],
            lamp => lamp.into_iter().collect(),
        }
    }

    /// A lamp has turned: it will not again.
    pub fn turn(&mut self, lamp: Lamp) {
        match lamp {
            Lamp::Green => {}
            Lamp::Amber => self.amber_fired = true,
            Lamp::Red => (self.amber_fired, self.red_fired) = (true, true),
        }
    }

    /// The last lamp that turned, or that it stopped on.
    pub fn shown(&self) -> Lamp {
        match (self.is_running(), self.red_fired, self.amber_fired) {
            (false, _, _) => self.reached,
            (true, true, _) => Lamp::Red,
            (true, false, true) => Lamp::Amber,
            (true, false, false) => Lamp::Green,
        }
    }

    /// What it shows at `at`, fired or not; while paused or stopped, what it showed when that began.
    pub fn lamp(&self, at: DateTime<Utc>) -> Lamp {
        if !self.is_running() {
            self.reached
        } else if reached(self.due_at, at) {
            Lamp::Red
        } else if reached(self.amber_at, at) {
            Lamp::Amber
        } else {
            Lamp::Green
        }
    }

    /// Whether it shows amber or red at `at`: its time is nearly up, or is up.
    pub fn presses(&self, at: DateTime<Utc>) -> bool {
        self.lamp(at) != Lamp::Green
    }

    /// The time used by `at`, in the limit's own measure.
    pub fn used_at(&self, calendar: &Calendar, at: DateTime<Utc>) -> Duration {
        let running = self.running_since.map(|since| worktime::used(calendar, self.limit.kind, since, at));
        self.used + running.unwrap_or(Duration::zero())
    }

    /// The time left at `at`, in the limit's own measure; negative by as much as it is overdue.
    pub fn remaining(&self, calendar: &Calendar, at: DateTime<Utc>) -> Duration {
        self.limit.length(calendar) - self.used_at(calendar, at)
    }

    pub fn is_running(&self) -> bool {
        self.running_since.is_some()
    }

    pub fn is_paused(&self) -> bool {
        !self.is_running() && !self.is_stopped()
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped_at.is_some()
    }

    fn open(&mut self, calendar: &Calendar, at: DateTime<Utc>) {
        self.running_since = Some(at);
        self.amber_at = Some(whole_micros(self.when_used(calendar, at, self.amber_percent)));
        self.due_at = Some(whole_micros(self.when_used(calendar, at, 100)));
    }

    fn close(&mut self, calendar: &Calendar, at: DateTime<Utc>) {
        let Some(from) = self.running_since.take() else {
            return;
        };
        (self.amber_at, self.due_at) = (None, None);
        match self.runs.last_mut() {
            Some(last) if last.to == from => last.to = at,
            _ if from < at => self.runs.push(Run { from, to: at }),
            _ => {}
        }
        self.measure(calendar);
    }

    /// What the ended runs come to under the limit as it is now.
    fn measure(&mut self, calendar: &Calendar) {
        let kind = self.limit.kind;
        self.used = self.runs.iter().map(|run| worktime::used(calendar, kind, run.from, run.to)).sum();
        let left = |percent| worktime::share(calendar, self.limit, self.used, percent);
        self.reached = if left(100).is_zero() {
            Lamp::Red
        } else if left(self.amber_percent).is_zero() {
            Lamp::Amber
        } else {
            Lamp::Green
        };
    }

    /// When a percentage is used up: in one of the ended runs, or in the one that begins at `open`.
    fn when_used(&self, calendar: &Calendar, open: DateTime<Utc>, percent: u32) -> DateTime<Utc> {
        let kind = self.limit.kind;
        let mut left = worktime::share(calendar, self.limit, Duration::zero(), percent);
        for run in &self.runs {
            let here = worktime::used(calendar, kind, run.from, run.to);
            if here >= left {
                return worktime::after(calendar, kind, run.from, left);
            }
            left -= here;
        }
        worktime::after(calendar, kind, open, left)
    }

    fn not_before_last(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let ended = self.runs.last().map(|run| run.to);
        whole_micros(at).max(self.started_at).max(self.running_since.or(ended).unwrap_or(self.started_at))
    }
}

fn reached(deadline: Option<DateTime<Utc>>, at: DateTime<Utc>) -> bool {
    deadline.is_some_and(|deadline| deadline <= at)
}

fn whole_micros(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}
