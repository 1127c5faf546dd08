//! When an officer is on duty.

use chrono::{DateTime, TimeZone as _, Utc};
use huying_casework::domain::duty::Duty;
use huying_terms::{Calendar, Tz};

/// An instant of March 2026 in Shanghai; the 2nd is a Monday.
fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
    Tz::Asia__Shanghai.with_ymd_and_hms(2026, 3, day, hour, minute, 0).unwrap().to_utc()
}

fn covers(duty: &str, at: DateTime<Utc>) -> bool {
    let holidays = [at_day(5)].into();
    Duty::parse(duty).unwrap().covers(&Calendar { holidays, ..Calendar::default() }, at)
}

fn at_day(day: u32) -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

#[test]
fn it_is_read_as_it_is_written() {
    for text in [
        "",
        "always",
        "mon-fri 08:30-17:30",
        "mon-fri 08:30-12:00;mon-fri 14:00-17:30;sat 09:00-12:00",
        "fri-mon 20:00-08:00",
        "sun 00:00-24:00",
    ] {
        assert_eq!(Duty::parse(text).unwrap().to_string(), text);
    }
    for wrong in [
        "sometimes",
        "mon-fri",
        "mon-fri 8:30-17:30",
        "Mon 08:30-17:30",
        "mon 08:30-08:30",
        "mon 24:00-08:00",
        "mon-fri 08:30-17:30;",
        &["mon 08:30-17:30"; 13].join(";"),
    ] {
        assert_eq!(Duty::parse(wrong), None, "{wrong}");
    }
}

#[test]
fn the_working_time_is_the_calendars() {
    assert!(covers("", at(2, 8, 30)) && covers("", at(2, 17, 29)));
    assert!(!covers("", at(2, 8, 29)) && !covers("", at(2, 12, 0)) && !covers("", at(2, 17, 30)));
    assert!(!covers("", at(5, 9, 0)), "a holiday");
    assert!(!covers("", at(7, 9, 0)), "a Saturday");
    assert!(covers("always", at(7, 3, 0)));
}

#[test]
fn shifts_go_by_weekdays_and_into_the_night() {
    let day = "mon-fri 08:30-17:30;sat 09:00-12:00";
    assert!(covers(day, at(2, 12, 30)) && covers(day, at(5, 9, 0)) && covers(day, at(7, 11, 59)));
    assert!(!covers(day, at(2, 17, 30)) && !covers(day, at(7, 12, 0)) && !covers(day, at(8, 9, 0)));
    let night = "fri-sat 20:00-08:00";
    assert!(covers(night, at(6, 20, 0)) && covers(night, at(7, 7, 59)) && covers(night, at(8, 3, 0)));
    assert!(
        !covers(night, at(6, 3, 0)) && !covers(night, at(8, 20, 0)),
        "not before Friday evening, nor on Sunday"
    );
    let over_the_week = "sun-mon 09:00-24:00";
    assert!(covers(over_the_week, at(8, 23, 59)) && covers(over_the_week, at(9, 9, 0)));
    assert!(!covers(over_the_week, at(10, 9, 0)) && !covers(over_the_week, at(9, 0, 0)));
}
