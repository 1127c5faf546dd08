//! Calendars: which days are worked, and which calendars are refused.

use chrono::{Duration, NaiveTime, Weekday};
use huying_terms::{Calendar, CalendarError, Span};

use crate::world::{china_2026, date};

fn time(text: &str) -> NaiveTime {
    text.parse().unwrap()
}

fn hours(spans: &[(&str, &str)]) -> Calendar {
    let hours = spans.iter().map(|(from, to)| Span::new(time(from), time(to))).collect();
    Calendar { hours, ..Calendar::default() }
}

#[test]
fn holidays_and_makeup_days_of_2026() {
    let calendar = china_2026();
    for worked in ["2026-02-14", "2026-02-28", "2026-09-20", "2026-10-10", "2026-02-24", "2026-10-08"] {
        assert!(calendar.is_working_day(date(worked)), "{worked}");
    }
    for off in
        ["2026-02-15", "2026-02-16", "2026-02-23", "2026-02-22", "2026-10-01", "2026-10-11", "2026-03-07"]
    {
        assert!(!calendar.is_working_day(date(off)), "{off}");
    }
    assert_eq!(calendar.years_covered().into_iter().collect::<Vec<_>>(), [2026]);
    assert_eq!(calendar.daily(), Duration::hours(7));
}

#[test]
fn an_ordinary_calendar_passes() {
    assert_eq!(Calendar::default().check(), Ok(()));
    assert_eq!(hours(&[("00:00", "00:00")]).check(), Ok(()));
    assert_eq!(hours(&[("08:00", "12:00"), ("12:00", "00:00")]).check(), Ok(()));
    assert_eq!(hours(&[("00:00", "00:00")]).daily(), Duration::hours(24));
    assert_eq!(hours(&[("20:00", "00:00")]).daily(), Duration::hours(4));
}

#[test]
fn broken_hours_are_refused() {
    assert_eq!(hours(&[]).check(), Err(CalendarError::NoHours));
    for (spans, from) in [(&[("09:00", "09:00")], "09:00"), (&[("17:00", "09:00")], "17:00")] {
        assert_eq!(hours(spans).check(), Err(CalendarError::EmptySpan { from: time(from) }));
    }
    for spans in [
        [("08:00", "12:00"), ("11:00", "17:00")],
        [("14:00", "17:00"), ("11:00", "12:00")],
        [("12:00", "00:00"), ("11:00", "13:00")],
    ] {
        assert_eq!(hours(&spans).check(), Err(CalendarError::Overlap { from: time("11:00") }));
    }
    let at = time("12:00:30");
    assert_eq!(hours(&[("08:00", "12:00:30")]).check(), Err(CalendarError::NotMinutes { at }));
}

#[test]
fn broken_days_are_refused() {
    let mut calendar = china_2026();
    calendar.makeup.insert(date("2026-02-21"));
    assert_eq!(calendar.check(), Err(CalendarError::Both { date: date("2026-02-21") }));

    let mut calendar = china_2026();
    calendar.makeup.insert(date("2026-03-04"));
    assert_eq!(calendar.check(), Err(CalendarError::MakeupOnWeekday { date: date("2026-03-04") }));

    let mut calendar = Calendar::default();
    calendar.weekend.extend([Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri]);
    assert_eq!(calendar.check(), Err(CalendarError::NoWorkingDay));
}
