//! What is believed of the database's clock: readings and the instants they come at are made up, so nothing is waited for.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::clock::{Reading, Timekeeper};

const YEAR: TimeDelta = TimeDelta::days(365);
const EVERY: u64 = 4;

/// A keeper that is read every four seconds, and how far the database's clock is off.
struct Run {
    began: Instant,
    seconds: u64,
    keeper: Timekeeper,
    last: DateTime<Utc>,
}

fn start() -> DateTime<Utc> {
    "2026-11-26T08:00:00Z".parse().unwrap()
}

impl Run {
    /// The first reading is wrong by `off`.
    fn new(off: TimeDelta) -> Self {
        let began = Instant::now();
        // The machine's own time is far from right: nobody asks it again.
        let keeper = Timekeeper::new(began, start() - YEAR);
        let mut run = Self { began, seconds: 0, keeper, last: DateTime::UNIX_EPOCH };
        run.read(off);
        run
    }

    fn at(&self) -> Instant {
        self.began + Duration::from_secs(self.seconds)
    }

    fn truth(&self) -> DateTime<Utc> {
        start() + Duration::from_secs(self.seconds)
    }

    fn read(&mut self, off: TimeDelta) {
        let (at, theirs) = (self.at(), self.truth() + off);
        self.keeper.hear(Reading { asked: at, answered: at, theirs }, at);
        self.last = self.now();
    }

    /// Time passes, the database's clock being off. Returns the largest error of the time told meanwhile.
    fn pass(&mut self, seconds: u64, off: TimeDelta) -> TimeDelta {
        let mut worst = TimeDelta::zero();
        for _ in 0..seconds {
            self.seconds += 1;
            if self.seconds.is_multiple_of(EVERY) {
                self.read(off);
            }
            worst = worst.max(self.error());
            self.last = self.now();
        }
        worst
    }

    fn now(&self) -> DateTime<Utc> {
        self.keeper.now(self.at())
    }

    fn error(&self) -> TimeDelta {
        (self.now() - self.truth()).abs()
    }

    /// Passes second by second until the time told is right. Returns how many it took; the time told must not have gone back.
    fn until_right(&mut self, off: TimeDelta) -> u64 {
        let mut took = 0;
        while (self.now() - self.truth() - off).abs() > TimeDelta::milliseconds(10) {
            let before = self.last;
            self.pass(1, off);
            assert!(self.last >= before, "{before} then {}", self.last);
            took += 1;
            assert!(took < 1000, "never right");
        }
        took
    }
}

#[test]
fn a_year_ahead_for_25_seconds_holds_the_timers_and_moves_nothing() {
    let mut run = Run::new(TimeDelta::zero());
    run.pass(100, TimeDelta::zero());
    assert!(!run.keeper.holds_timers());
    assert_eq!(run.pass(25, YEAR), TimeDelta::zero(), "now() stays right");
    assert!(run.keeper.holds_timers());
    assert_eq!(run.pass(20, TimeDelta::zero()), TimeDelta::zero());
    assert!(run.keeper.holds_timers(), "not for a minute yet");
    run.pass(50, TimeDelta::zero());
    assert!(!run.keeper.holds_timers());
}

#[test]
fn a_year_back_for_25_seconds_is_over_20_seconds_after_its_correction() {
    let mut run = Run::new(TimeDelta::zero());
    run.pass(100, TimeDelta::zero());
    run.pass(25, -YEAR);
    assert!(run.keeper.holds_timers());
    assert!(run.until_right(TimeDelta::zero()) <= 20);
    assert!(run.keeper.holds_timers());
}

#[test]
fn a_leap_ahead_that_stays_is_believed_after_a_minute_and_frees_the_timers() {
    let mut run = Run::new(TimeDelta::zero());
    run.pass(3, TimeDelta::zero());
    run.pass(60, TimeDelta::days(1));
    assert!(run.keeper.holds_timers() && run.error() == TimeDelta::zero());
    assert!(run.until_right(TimeDelta::days(1)) <= 5);
    assert!(!run.keeper.holds_timers());
}

/// Slowing down alone would take as long as it was ahead.
#[test]
fn started_while_it_was_a_year_ahead_it_is_right_20_seconds_after_the_correction() {
    let mut run = Run::new(YEAR);
    run.pass(11, YEAR);
    assert!(!run.keeper.holds_timers(), "nothing has leapt");
    run.pass(20, TimeDelta::zero());
    assert_eq!(run.error(), TimeDelta::zero());
    assert!(run.keeper.holds_timers());
}

#[test]
fn a_little_ahead_it_slows_down_until_it_is_right_and_never_goes_back() {
    for ahead in [TimeDelta::milliseconds(300), TimeDelta::milliseconds(900), TimeDelta::seconds(3)] {
        let mut run = Run::new(ahead);
        let took = run.until_right(TimeDelta::zero());
        assert!(took <= 20, "{ahead} took {took} s");
        assert!(!run.keeper.holds_timers());
    }
}

#[test]
fn one_strange_reading_is_not_believed_and_three_are() {
    let (mut run, off) = (Run::new(TimeDelta::zero()), TimeDelta::seconds(30));
    assert_eq!(run.pass(EVERY, off), TimeDelta::zero(), "one");
    run.pass(EVERY, TimeDelta::zero());
    assert_eq!(run.pass(2 * EVERY, off), TimeDelta::zero(), "two");
    run.pass(EVERY, off);
    assert_eq!(run.error(), off, "three");
    assert!(!run.keeper.holds_timers(), "half a minute is no leap");
}

/// A reading that was long under way may be wrong by as much.
#[test]
fn a_slow_reading_says_nothing() {
    let mut run = Run::new(TimeDelta::zero());
    run.pass(9, TimeDelta::zero());
    let asked = run.at();
    run.pass(3, TimeDelta::zero());
    let slow = Reading { asked, answered: run.at(), theirs: run.truth() + YEAR };
    assert_eq!(run.keeper.hear(slow, run.at()), None);
    assert!(!run.keeper.holds_timers() && run.error() == TimeDelta::zero());
}
