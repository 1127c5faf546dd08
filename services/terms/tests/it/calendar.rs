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
    assert_eq!(calendar.daily(), Duration::hours(7));
}

/// An instant lies in the working time from when hours begin until just before they end.
#[test]
fn an_instant_is_worked_or_not() {
    let at = |text: &str| text.parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    let works = |text: &str| huying_terms::worktime::is_working(&china_2026(), at(text));
    assert!(works("2026-11-27T08:30:00+08:00") && works("2026-11-27T11:59:59.999999+08:00"));
    assert!(!works("2026-11-27T08:29:59.999999+08:00") && !works("2026-11-27T12:00:00+08:00"));
    assert!(!works("2026-11-28T09:00:00+08:00") && !works("2026-10-01T09:00:00+08:00"));
}

#[test]
fn a_year_is_entered_when_it_has_its_seven_festivals() {
    let mut calendar = china_2026();
    assert!(calendar.festivals_missing(2026).is_empty());
    let all = ["元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"];
    assert_eq!(calendar.festivals_missing(2027), all);
    // Missed in the last two months of the year before, and until the last festival is there.
    assert!(calendar.years_missing(date("2026-11-01")).is_empty());
    assert_eq!(calendar.years_missing(date("2026-11-02")), [2027]);
    let days = ["01-01", "02-05", "04-05", "05-01", "06-09", "09-15", "10-01"];
    for (entered, day) in days.iter().enumerate() {
        assert_eq!(calendar.festivals_missing(2027), all[entered..], "{day}");
        calendar.holidays.insert(date(&format!("2027-{day}")));
    }
    assert!(calendar.years_missing(date("2026-12-31")).is_empty());
    assert_eq!(Calendar::default().years_missing(date("2026-12-31")), [2026, 2027]);
}

#[test]
fn a_mid_autumn_in_the_week_of_national_day_is_its_eighth_day() {
    // As announced for 2025, when it fell on 6 October.
    let days =
        ["01-01", "01-28", "04-04", "05-01", "05-31", "10-01", "10-02", "10-03", "10-06", "10-07", "10-08"];
    let mut calendar = Calendar::default();
    calendar.holidays.extend(days.map(|day| date(&format!("2025-{day}"))));
    assert!(calendar.festivals_missing(2025).is_empty());
    calendar.holidays.remove(&date("2025-10-08"));
    assert_eq!(calendar.festivals_missing(2025), ["中秋节"]);
}

#[test]
fn fixed_days_are_off_where_a_year_is_not_entered() {
    let mut calendar = china_2026();
    for off in ["2027-01-01", "2028-05-01", "2028-05-02", "2029-10-01", "2029-10-02", "2029-10-03"] {
        assert!(!calendar.is_working_day(date(off)), "{off}");
    }
    for worked in ["2028-01-03", "2028-05-03", "2029-10-04", "2027-02-08"] {
        assert!(calendar.is_working_day(date(worked)), "{worked}");
    }
    // Whoever enters a part says what is so in it; the rest stays fixed.
    calendar.makeup.insert(date("2027-05-01"));
    assert!(calendar.is_working_day(date("2027-05-01")));
    assert!(!calendar.is_working_day(date("2027-10-01")));
    // An entered year is as it was entered.
    calendar.holidays.remove(&date("2026-10-02"));
    assert!(calendar.is_working_day(date("2026-10-02")));
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
