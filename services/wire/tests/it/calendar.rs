//! Calendars on the wire.

use std::collections::BTreeSet;

use chrono::{Duration, NaiveTime};
use huying_proto::common::v1 as common;
use huying_terms::{Calendar, Span, Tz};
use huying_wire::calendar::{check, write};

use crate::words::faults;

/// Hours of 12 spans, the last of which ends with the day.
fn busy() -> common::Calendar {
    let span =
        |n: u32| common::WorkSpan { from: format!("{:02}:00", 2 * n), to: format!("{:02}:00", 2 * n + 2) };
    common::Calendar {
        zone: "Asia/Shanghai".into(),
        hours: (0..12).map(span).collect(),
        holidays: vec!["2026-10-01".into()],
        makeup_days: vec!["2026-10-10".into()],
    }
}

#[test]
fn a_calendar_comes_back_as_it_went() {
    let mut calendar = Calendar::new(Tz::Asia__Shanghai);
    calendar.hours.push(Span::new(NaiveTime::from_hms_opt(20, 0, 0).unwrap(), NaiveTime::MIN));
    calendar.holidays = BTreeSet::from(["2026-10-01".parse().unwrap()]);
    calendar.makeup = BTreeSet::from(["2026-10-10".parse().unwrap()]);
    let written = write(&calendar);
    assert_eq!(written.hours.last().unwrap().to, "24:00");
    let (read, wrong) = faults(|v| check(v, "calendar", Some(&written)));
    assert_eq!((read, wrong), (Some(calendar), vec![]));
}

#[test]
fn twelve_spans_may_end_with_the_day() {
    let (read, wrong) = faults(|v| check(v, "calendar", Some(&busy())));
    let read = read.unwrap();
    assert!(wrong.is_empty() && read.check().is_ok(), "{wrong:?}");
    assert_eq!((read.hours.len(), read.daily()), (12, Duration::hours(24)));
}

#[test]
fn everything_wrong_is_named_at_once() {
    assert_eq!(faults(|v| check(v, "profile.calendar", None)).1, ["profile.calendar"]);
    let empty = faults(|v| check(v, "it", Some(&common::Calendar::default())));
    assert_eq!(empty, (None, vec!["it.zone".into(), "it.hours".into()]));

    let mut wrong = busy();
    wrong.hours[0].from = "24:00".into();
    wrong.hours[2].to = "6:00".into();
    wrong.holidays.extend(["2026-02-30".into(), "20261002".into()]);
    wrong.makeup_days = vec!["2026-10-10".into(); 101];
    let (read, fields) = faults(|v| check(v, "it", Some(&wrong)));
    assert_eq!(read, None);
    assert_eq!(fields, ["it.makeup_days", "it.hours[0]", "it.hours[2]", "it.holidays[1]", "it.holidays[2]"]);

    let mut long = busy();
    long.hours.extend(vec![common::WorkSpan::default(); 1000]);
    long.holidays = vec![String::new(); 100_000];
    let fields = faults(|v| check(v, "it", Some(&long))).1;
    assert_eq!(&fields[..2], ["it.hours", "it.holidays"]);
    // One for each that is looked at, and no more are.
    assert_eq!(fields.len(), 2 + 400);
}
