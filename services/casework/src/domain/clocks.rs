//! The pair of clocks of a case or a dispatch: respond (until accepted) and resolve (until done). A change that touches a clock carries
//! the clock as it is afterwards, so replaying needs no calendar and no profile.

use chrono::{DateTime, Utc};
use huying_terms::{Clock, Lamp, Limit};
use serde::{Deserialize, Serialize};

use super::profile::CaseworkProfile;

/// What a clock times.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClockKind {
    Respond,
    Resolve,
}

/// How long until accepted, how long until done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub respond: Limit,
    pub resolve: Limit,
}

/// A lamp that is to turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn {
    pub clock: ClockKind,
    pub lamp: Lamp,
    /// The clock's deadline.
    pub due_at: DateTime<Utc>,
}

/// The running clocks, or how they stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    pub respond: Clock,
    pub resolve: Clock,
}

impl Clocks {
    pub fn start(limits: Limits, profile: &CaseworkProfile, at: DateTime<Utc>) -> Self {
        Self { respond: profile.clock(limits.respond, at), resolve: profile.clock(limits.resolve, at) }
    }

    pub fn limits(&self) -> Limits {
        Limits { respond: self.respond.limit, resolve: self.resolve.limit }
    }

    /// Both, stopped for good; a stopped one stays as it is.
    #[must_use]
    pub fn stopped(&self, profile: &CaseworkProfile, at: DateTime<Utc>) -> Self {
        Self { respond: stopped(&self.respond, profile, at), resolve: stopped(&self.resolve, profile, at) }
    }

    /// A fresh respond clock beside the resolve clock that goes on: a new assignment.
    pub fn respond_anew(&self, profile: &CaseworkProfile, at: DateTime<Utc>) -> Clock {
        profile.clock(self.respond.limit, at)
    }

    pub fn each(&self) -> [(ClockKind, &Clock); 2] {
        [(ClockKind::Respond, &self.respond), (ClockKind::Resolve, &self.resolve)]
    }

    /// When the next lamp turns.
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        self.each().into_iter().filter_map(|(_, clock)| clock.next_due()).map(|(at, _)| at).min()
    }

    /// Whether a running clock is red.
    pub fn overdue(&self) -> bool {
        self.each().into_iter().any(|(_, clock)| clock.is_running() && clock.red_fired)
    }

    /// The lamps that turn by `at`, amber before red: where both are past at once, both are told, since a missed level is still run.
    pub fn turns(&self, at: DateTime<Utc>) -> Vec<Turn> {
        let mut turns = Vec::new();
        for (kind, clock) in self.each() {
            let Some(due_at) = clock.due_at else { continue };
            let mut ticking = clock.clone();
            let amber_was_due = !clock.amber_fired && !clock.red_fired;
            match ticking.tick(at) {
                Some(Lamp::Red) if amber_was_due => {
                    turns.extend([Lamp::Amber, Lamp::Red].map(|lamp| Turn { clock: kind, lamp, due_at }));
                }
                Some(lamp) => turns.push(Turn { clock: kind, lamp, due_at }),
                None => {}
            }
        }
        turns
    }

    /// A lamp has turned: it will not again.
    pub fn turn(&mut self, kind: ClockKind, lamp: Lamp) {
        let clock = match kind {
            ClockKind::Respond => &mut self.respond,
            ClockKind::Resolve => &mut self.resolve,
        };
        match lamp {
            Lamp::Green => {}
            Lamp::Amber => clock.amber_fired = true,
            Lamp::Red => (clock.amber_fired, clock.red_fired) = (true, true),
        }
    }
}

/// A clock, stopped for good.
pub fn stopped(clock: &Clock, profile: &CaseworkProfile, at: DateTime<Utc>) -> Clock {
    let mut clock = clock.clone();
    clock.stop(&profile.calendar, at);
    clock
}

/// A clock, standing still until it is resumed.
pub fn paused(clock: &Clock, profile: &CaseworkProfile, at: DateTime<Utc>) -> Clock {
    let mut clock = clock.clone();
    clock.pause(&profile.calendar, at);
    clock
}

/// A clock, running on after a pause.
pub fn resumed(clock: &Clock, profile: &CaseworkProfile, at: DateTime<Utc>) -> Clock {
    let mut clock = clock.clone();
    clock.resume(&profile.calendar, at);
    clock
}
