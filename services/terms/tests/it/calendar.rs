//! Calendars: which days are worked, and which calendars are refused.

use chrono::{Duration, NaiveTime, Weekday};
use huying_terms::{Calendar, CalendarError, Span, calendar::day};

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
fn hours_are_read_as_people_write_them() {
    let span = |from, to| Span::parse(from, to);
    assert_eq!(span("08:30", "12:00"), Some(Span::new(time("08:30"), time("12:00"))));
    // The end of the day may be written either way, and is written 24:00.
    for to in ["24:00", "00:00"] {
        let night = span("20:00", to).unwrap();
        assert!(night.ends_with_day() && night.length() == Duration::hours(4), "{to}");
        assert_eq!(night.written(), ["20:00", "24:00"]);
    }
    assert_eq!(span("00:00", "24:00").unwrap().length(), Duration::hours(24));
    for (from, to) in [
        ("24:00", "12:00"),
        ("8:30", "12:00"),
        (" 8:30", "12:00"),
        ("08:30", "24:01"),
        ("08:30", "12:00:00"),
        ("08:30", ""),
    ] {
        assert_eq!(span(from, to), None, "{from} {to}");
    }
    assert_eq!(day("2026-10-01"), Some(date("2026-10-01")));
    for text in ["2026-10-32", "20261001", "2026-1-01", "2026- 1-01", "-999-01-01", ""] {
        assert_eq!(day(text), None, "{text}");
    }
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
