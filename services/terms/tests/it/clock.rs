//! Clocks: golden lives of single clocks.

use LimitKind::{NaturalDay, UrgentHour, WorkDay, WorkHour};
use chrono::Duration;
use huying_terms::{Clock, Lamp, LimitKind};

use crate::world::{at, china_2026, date, limit};

#[test]
fn amber_then_red_each_once() {
    let calendar = china_2026();
    let mut clock = Clock::start(&calendar, limit(WorkHour, 5), at("2026-03-06 14:30"));
    // Three hours on Friday, the fourth ends on Monday 09:30.
    assert_eq!(clock.next_due(), Some((at("2026-03-09 09:30"), Lamp::Amber)));
    assert_eq!(clock.tick(at("2026-03-09 09:29")), None);
    assert_eq!(clock.tick(at("2026-03-09 09:30")), Some(Lamp::Amber));
    assert_eq!(clock.tick(at("2026-03-09 09:30")), None);
    assert_eq!(clock.next_due(), Some((at("2026-03-09 10:30"), Lamp::Red)));
    assert_eq!(clock.lamp(at("2026-03-09 10:29")), Lamp::Amber);
    assert_eq!(clock.tick(at("2026-03-09 10:30")), Some(Lamp::Red));
    assert_eq!(clock.tick(at("2026-03-19 10:30")), None);
    assert_eq!(clock.next_due(), None);
    assert_eq!(clock.remaining(&calendar, at("2026-03-09 12:00")), Duration::minutes(-90));
}

#[test]
fn five_more_holidays_move_the_due_instant_and_no_lamp_fires_twice() {
    let mut calendar = china_2026();
    let mut clock = Clock::start(&calendar, limit(WorkDay, 5), at("2026-12-10 10:00"));
    assert_eq!(clock.due_at, Some(at("2026-12-17 10:00")));
    assert_eq!(clock.tick(at("2026-12-16 10:00")), Some(Lamp::Amber));
    calendar.holidays.extend((14..=18).map(|day| date(&format!("2026-12-{day}"))));
    clock.recompute(&calendar, 80);
    assert_eq!(clock.due_at, Some(at("2026-12-24 10:00")));
    assert_eq!(clock.next_due(), Some((at("2026-12-24 10:00"), Lamp::Red)));
    assert_eq!(clock.used_at(&calendar, at("2026-12-21 08:30")), Duration::hours(12) + Duration::minutes(30));
    // A stopped one is history.
    clock.stop(&calendar, at("2026-12-21 10:00"));
    let stopped = clock.clone();
    clock.recompute(&china_2026(), 50);
    assert_eq!(clock, stopped);
}

#[test]
fn a_late_timer_says_red_only() {
    let mut clock = Clock::start(&china_2026(), limit(UrgentHour, 2), at("2026-03-06 14:30"));
    assert_eq!(clock.tick(at("2026-03-07 14:30")), Some(Lamp::Red));
    assert!(clock.amber_fired && clock.red_fired);
    assert_eq!(clock.tick(at("2026-03-07 14:30")), None);
}

#[test]
fn a_pause_stops_everything_and_loses_nothing() {
    let calendar = china_2026();
    let mut clock = Clock::start(&calendar, limit(WorkDay, 1), at("2026-03-04 10:00"));
    clock.pause(&calendar, at("2026-03-04 16:00"));
    assert_eq!((clock.due_at, clock.amber_at, clock.next_due()), (None, None, None));
    assert_eq!(clock.used, Duration::hours(4));
    assert_eq!(clock.tick(at("2026-03-20 10:00")), None);
    assert_eq!(clock.lamp(at("2026-03-20 10:00")), Lamp::Green);
    let paused = clock.clone();
    clock.pause(&calendar, at("2026-03-05 16:00"));
    assert_eq!(clock, paused, "paused is paused");
    clock.resume(&calendar, at("2026-03-09 09:00"));
    assert_eq!(clock.due_at, Some(at("2026-03-09 12:00")));
    assert_eq!(clock.used_at(&calendar, at("2026-03-09 11:00")), Duration::hours(6));
    let running = clock.clone();
    clock.resume(&calendar, at("2026-03-10 09:00"));
    assert_eq!(clock, running, "running is running");
}

#[test]
fn a_lamp_missed_before_a_pause_fires_after_it() {
    let calendar = china_2026();
    let mut clock = Clock::start(&calendar, limit(UrgentHour, 1), at("2026-03-04 10:00"));
    clock.pause(&calendar, at("2026-03-04 12:00"));
    assert_eq!(clock.lamp(at("2026-03-04 12:00")), Lamp::Red);
    assert_eq!(clock.tick(at("2026-03-04 13:00")), None);
    clock.resume(&calendar, at("2026-03-05 10:00"));
    assert_eq!(clock.due_at, Some(at("2026-03-04 11:00")), "it ran out when it ran out");
    assert_eq!(clock.tick(at("2026-03-05 10:00")), Some(Lamp::Red));
}

#[test]
fn an_extension_keeps_the_time_used_and_fires_anew() {
    let calendar = china_2026();
    let mut clock = Clock::start(&calendar, limit(WorkHour, 5), at("2026-03-04 08:30"));
    assert_eq!(clock.tick(at("2026-03-04 14:30")), Some(Lamp::Amber));
    clock.extend(&calendar, limit(WorkHour, 5), at("2026-03-04 14:45"));
    assert!(clock.amber_fired, "the same limit is no new deadline");
    clock.extend(&calendar, limit(WorkHour, 10), at("2026-03-04 15:00"));
    assert_eq!(clock.due_at, Some(at("2026-03-05 11:30")));
    assert_eq!(clock.next_due(), Some((at("2026-03-05 09:30"), Lamp::Amber)));
    assert_eq!(clock.lamp(at("2026-03-04 15:00")), Lamp::Green);
    // Recategorised to something more urgent: already over, and said at once.
    clock.extend(&calendar, limit(UrgentHour, 2), at("2026-03-04 16:00"));
    assert_eq!(clock.due_at, Some(at("2026-03-04 10:30")));
    assert_eq!(clock.tick(at("2026-03-04 16:00")), Some(Lamp::Red));
}

/// The past is measured again in the new kind: nights count for natural days and not for work days.
#[test]
fn another_kind_measures_the_same_past() {
    let calendar = china_2026();
    let mut clock = Clock::start(&calendar, limit(NaturalDay, 2), at("2026-03-04 10:00"));
    clock.pause(&calendar, at("2026-03-05 10:00"));
    assert_eq!(clock.used, Duration::hours(24));
    clock.extend(&calendar, limit(WorkDay, 2), at("2026-03-05 12:00"));
    assert_eq!(clock.used, Duration::hours(7));
    clock.resume(&calendar, at("2026-03-06 10:00"));
    assert_eq!(clock.due_at, Some(at("2026-03-09 10:00")));
}

#[test]
fn stopped_is_for_good() {
    let calendar = china_2026();
    let mut clock = Clock::start(&calendar, limit(WorkHour, 2), at("2026-03-04 08:30"));
    clock.stop(&calendar, at("2026-03-04 10:12"));
    assert_eq!(clock.stopped_at, Some(at("2026-03-04 10:12")));
    assert_eq!(clock.lamp(at("2026-03-09 10:00")), Lamp::Amber, "it shows what it showed");
    let stopped = clock.clone();
    clock.resume(&calendar, at("2026-03-05 08:30"));
    clock.extend(&calendar, limit(WorkHour, 1), at("2026-03-05 08:30"));
    clock.stop(&calendar, at("2026-03-06 08:30"));
    clock.pause(&calendar, at("2026-03-06 08:30"));
    assert_eq!(clock.tick(at("2026-03-09 10:00")), None);
    assert_eq!(clock, stopped);
}

#[test]
fn amber_at_another_share() {
    let (calendar, given) = (china_2026(), at("2026-03-04 08:30"));
    let half = Clock::start_with_amber(&calendar, limit(WorkHour, 2), 50, given);
    assert_eq!(half.next_due(), Some((at("2026-03-04 09:30"), Lamp::Amber)));
    let mut whole = Clock::start_with_amber(&calendar, limit(WorkHour, 2), 250, given);
    assert_eq!(whole.next_due(), Some((at("2026-03-04 10:30"), Lamp::Red)));
    assert_eq!(whole.tick(at("2026-03-04 10:30")), Some(Lamp::Red));
}

#[test]
fn an_instant_before_the_last_step_counts_as_it() {
    let calendar = china_2026();
    let mut clock = Clock::start(&calendar, limit(UrgentHour, 4), at("2026-03-04 10:00"));
    clock.pause(&calendar, at("2026-03-04 09:00"));
    clock.resume(&calendar, at("2026-03-04 08:00"));
    assert_eq!(clock.due_at, Some(at("2026-03-04 14:00")));
    clock.pause(&calendar, at("2026-03-04 12:00"));
    clock.resume(&calendar, at("2026-03-04 11:00"));
    assert_eq!(clock.due_at, Some(at("2026-03-04 14:00")));
    assert_eq!(clock.runs.len(), 1);
}
