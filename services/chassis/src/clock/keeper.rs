//! What time it is, by readings of the database's clock and the monotonic time since. Pure: instants and readings are arguments.
//!
//! The database's clock may be wrong as well, for a moment or for good. So a reading that does not fit is believed only when others
//! agree with it, and after a leap of more than a minute the timers are held until it is sure: a deadline that lapsed by mistake does
//! not come back, one that is seen a minute late does no harm.
//!
//! Guaranteed: the time told never goes back, except where it turned out to be ahead by more than [`SLEWED`]: by slowing down alone
//! it would stay wrong for as long as it was ahead, up to years.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

/// A reading further than this from what was expected is strange; readings closer to each other than this agree.
const STRANGE: TimeDelta = TimeDelta::seconds(1);
/// A difference larger than this is a leap: it holds the timers.
const LEAP: TimeDelta = TimeDelta::seconds(60);
/// So many readings in a row must agree before a strange one is believed.
const AGREEING: u32 = 3;
/// Readings that agree over this long are believed, whatever they say.
const SURE: Duration = Duration::from_secs(60);
/// So much ahead is made up for by telling time at half its speed, in twice as long.
const SLEWED: TimeDelta = TimeDelta::seconds(3);
/// A reading that took longer than this to come is too inexact to use.
const SLOW: Duration = Duration::from_secs(1);

/// One look at the database's clock.
#[derive(Clone, Copy, Debug)]
pub struct Reading {
    pub asked: Instant,
    pub answered: Instant,
    pub theirs: DateTime<Utc>,
}

impl Reading {
    /// `theirs` is taken to be the time in the middle of the round trip: half of the round trip is the largest error.
    fn line(&self) -> Line {
        Line { from: self.asked + (self.answered - self.asked) / 2, time: self.theirs }
    }
}

/// A clock that goes at the right speed: from one instant of it all others follow.
#[derive(Clone, Copy, Debug)]
struct Line {
    from: Instant,
    time: DateTime<Utc>,
}

impl Line {
    fn at(&self, when: Instant) -> DateTime<Utc> {
        self.time + since(when, self.from)
    }

    fn agrees(&self, other: &Line) -> bool {
        (other.time - self.at(other.from)).abs() <= STRANGE
    }
}

/// The latest readings in a row that agree with each other.
#[derive(Clone, Copy, Debug)]
struct Run {
    first: Line,
    readings: u32,
}

/// What time it is, by the readings so far: see the top of this file.
#[derive(Debug)]
pub struct Timekeeper {
    believed: Line,
    /// How far the time told was ahead of it when it was believed, and when that was.
    ahead: TimeDelta,
    since: Instant,
    /// What was believed before the last strange reading: a clock put right again comes back to it.
    former: Option<Line>,
    /// None: no reading has come yet.
    run: Option<Run>,
    held: bool,
}

impl Timekeeper {
    /// Starts from a first guess, which holds until the first reading.
    pub fn new(from: Instant, time: DateTime<Utc>) -> Self {
        let believed = Line { from, time };
        Self { believed, ahead: TimeDelta::zero(), since: from, former: None, run: None, held: false }
    }

    /// The time to tell at an instant.
    pub fn now(&self, at: Instant) -> DateTime<Utc> {
        let made_up = since(at, self.since).max(TimeDelta::zero()) / 2;
        self.believed.at(at) + (self.ahead - made_up).max(TimeDelta::zero())
    }

    /// Whether what is due must wait, because it is not sure yet what time it is.
    pub fn holds_timers(&self) -> bool {
        self.held
    }

    /// Takes a reading, at `now`. Returns how far it is from what was believed; none: it came too slowly to say.
    pub fn hear(&mut self, reading: Reading, now: Instant) -> Option<TimeDelta> {
        let heard = reading.line();
        let Some(run) = self.run else {
            self.run = Some(Run { first: heard, readings: 1 });
            self.believe(heard, now);
            return Some(TimeDelta::zero());
        };
        if reading.answered - reading.asked > SLOW {
            return None;
        }
        let run = if run.first.agrees(&heard) {
            Run { readings: run.readings.saturating_add(1), ..run }
        } else {
            Run { first: heard, readings: 1 }
        };
        self.run = Some(run);
        let sure = heard.from.saturating_duration_since(run.first.from) >= SURE;
        let difference = heard.time - self.believed.at(heard.from);
        if difference.abs() > STRANGE {
            if sure || (run.readings >= AGREEING && self.is_plain(&heard, difference)) {
                self.former = Some(self.believed);
                self.believe(heard, now);
            }
        } else {
            self.believe(heard, now);
        }
        self.held = (self.held || difference.abs() > LEAP) && !sure;
        Some(difference)
    }

    /// Whether a strange reading may be believed before a minute is over. A leap ahead may not, because a clock that is ahead does lasting
    /// harm; it may where it only takes back
    /// the leap before.
    fn is_plain(&self, heard: &Line, difference: TimeDelta) -> bool {
        difference <= LEAP || self.former.is_some_and(|former| former.agrees(heard))
    }

    fn believe(&mut self, line: Line, now: Instant) {
        let ahead = self.now(now) - line.at(now);
        let slewed = (TimeDelta::zero()..=SLEWED).contains(&ahead);
        self.ahead = if slewed { ahead } else { TimeDelta::zero() };
        (self.believed, self.since) = (line, now);
    }
}

/// Signed: a reading lies before the instant it is heard at.
fn since(later: Instant, earlier: Instant) -> TimeDelta {
    let between = |a: Instant, b: Instant| {
        TimeDelta::from_std(a.saturating_duration_since(b)).unwrap_or(TimeDelta::MAX)
    };
    if later >= earlier { between(later, earlier) } else { -between(earlier, later) }
}
