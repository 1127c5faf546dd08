//! Golden cases, checked by hand on the wall calendar of 2026.

use std::fmt::Write;

use LimitKind::{NaturalDay, UrgentHour, WorkDay, WorkHour};
use chrono::{Duration, NaiveTime};
use huying_terms::worktime::{after, due, share, used};
use huying_terms::{Calendar, Limit, LimitKind, Span, Tz};

use crate::world::{at, at_in, china_2026, limit};

#[test]
fn limits_fall_due() {
    let calendar = china_2026();
    let mut table = String::new();
    for (kind, amount, given) in [
        (WorkHour, 4, "2026-03-06 16:30"),
        (WorkHour, 1, "2026-03-06 16:30"),
        (WorkHour, 1, "2026-03-06 17:30"),
        (WorkHour, 2, "2026-03-06 11:00"),
        (WorkHour, 2, "2026-03-07 23:00"),
        (WorkHour, 2, "2026-02-13 17:00"),
        (WorkHour, 2, "2026-02-14 17:00"),
        (WorkDay, 1, "2026-03-04 10:00"),
        (WorkDay, 1, "2026-03-06 08:30"),
        (WorkDay, 3, "2026-02-12 15:00"),
        (WorkDay, 5, "2026-09-18 09:00"),
        (WorkDay, 7, "2026-09-30 16:00"),
        (UrgentHour, 2, "2026-02-16 23:30"),
        (NaturalDay, 5, "2026-09-29 10:15"),
    ] {
        let limit = limit(kind, amount);
        let due = due(&calendar, at(given), limit).with_timezone(&calendar.zone);
        let given = at(given).with_timezone(&calendar.zone).format("%a %m-%d %H:%M");
        writeln!(table, "{:<14}  {given} → {}", limit.to_string(), due.format("%a %m-%d %H:%M")).unwrap();
    }
    insta::assert_snapshot!(table, @r"
    4 work hours    Fri 03-06 16:30 → Mon 03-09 11:30
    1 work hour     Fri 03-06 16:30 → Fri 03-06 17:30
    1 work hour     Fri 03-06 17:30 → Mon 03-09 09:30
    2 work hours    Fri 03-06 11:00 → Fri 03-06 15:00
    2 work hours    Sat 03-07 23:00 → Mon 03-09 10:30
    2 work hours    Fri 02-13 17:00 → Sat 02-14 10:00
    2 work hours    Sat 02-14 17:00 → Tue 02-24 10:00
    1 work day      Wed 03-04 10:00 → Thu 03-05 10:00
    1 work day      Fri 03-06 08:30 → Fri 03-06 17:30
    3 work days     Thu 02-12 15:00 → Tue 02-24 15:00
    5 work days     Fri 09-18 09:00 → Thu 09-24 09:00
    7 work days     Wed 09-30 16:00 → Thu 10-15 16:00
    2 urgent hours  Mon 02-16 23:30 → Tue 02-17 01:30
    5 natural days  Tue 09-29 10:15 → Sun 10-04 10:15
    ");
}

#[test]
fn new_year_is_off_where_the_next_year_is_not_entered() {
    let due = due(&china_2026(), at("2026-12-30 10:00"), limit(WorkDay, 2));
    assert_eq!(due, at("2027-01-04 10:00"));
}

#[test]
fn limits_are_told_in_both_languages() {
    let limits = LimitKind::ALL.map(|kind| limit(kind, 2));
    assert_eq!(
        limits.map(|limit| limit.to_string()),
        ["2 urgent minutes", "2 urgent hours", "2 work hours", "2 work days", "2 natural days"]
    );
    assert_eq!(
        limits.map(|limit| limit.chinese()),
        ["2紧急分钟", "2紧急工作时", "2工作时", "2工作日", "2自然日"]
    );
    assert_eq!(
        LimitKind::ALL.map(LimitKind::as_str),
        ["urgent_minute", "urgent_hour", "work_hour", "work_day", "natural_day"]
    );
    assert!(Limit::new(WorkHour, 0).is_err());
    assert!(Limit::new(WorkHour, Limit::MOST + 1).is_err());
    assert!(Limit::new(WorkHour, Limit::MOST).is_ok());
}

#[test]
fn only_working_time_is_used() {
    let calendar = china_2026();
    let (friday, monday) = (at("2026-03-06 16:30"), at("2026-03-09 14:15"));
    assert_eq!(used(&calendar, WorkHour, friday, monday), Duration::minutes(60 + 210 + 15));
    assert_eq!(used(&calendar, WorkDay, friday, monday), Duration::minutes(60 + 210 + 15));
    assert_eq!(used(&calendar, UrgentHour, friday, monday), monday - friday);
    assert_eq!(used(&calendar, WorkHour, monday, friday), Duration::zero());
    assert_eq!(after(&calendar, WorkHour, friday, Duration::minutes(285)), monday);
    assert_eq!(after(&calendar, WorkHour, friday, Duration::minutes(-1)), friday);
}

#[test]
fn a_share_is_what_is_left_to_it() {
    let (calendar, limit) = (china_2026(), limit(WorkDay, 1));
    assert_eq!(limit.length(&calendar), Duration::hours(7));
    assert_eq!(share(&calendar, limit, Duration::zero(), 80), Duration::minutes(336));
    assert_eq!(share(&calendar, limit, Duration::hours(5), 80), Duration::minutes(36));
    assert_eq!(share(&calendar, limit, Duration::hours(7), 80), Duration::zero());
    assert_eq!(share(&calendar, limit, Duration::hours(7), 150), Duration::minutes(210));
}

/// A day and night duty in a zone that changes its clocks: the hour that does not exist is not worked,
/// the hour that comes twice is worked once or twice, but always the same way.
#[test]
fn clocks_that_change() {
    let zone = Tz::America__New_York;
    let night = |from: &str, to: &str| Calendar {
        hours: vec![Span::new(from.parse::<NaiveTime>().unwrap(), to.parse::<NaiveTime>().unwrap())],
        weekend: Vec::new(),
        ..Calendar::new(zone)
    };
    let spring = (at_in(zone, "2026-03-08 00:00"), at_in(zone, "2026-03-09 00:00"));
    let autumn = (at_in(zone, "2026-11-01 00:00"), at_in(zone, "2026-11-02 00:00"));
    for (from, to, in_spring, in_autumn) in [
        ("01:00", "04:00", 2, 4),
        ("02:00", "03:00", 0, 1),
        ("02:30", "04:30", 1, 2),
        ("01:00", "02:00", 1, 2),
        ("00:30", "01:30", 1, 1),
        ("00:00", "00:00", 23, 25),
    ] {
        let calendar = night(from, to);
        let worked = |(from, to)| used(&calendar, WorkHour, from, to).num_minutes();
        let expected = (in_spring * 60 + i64::from(from == "02:30") * 30, in_autumn * 60);
        assert_eq!((worked(spring), worked(autumn)), expected, "{from}–{to}");
    }
}
