//! Properties of the arithmetic, over random calendars in zones with and without changing clocks.

use std::collections::BTreeSet;

use chrono::{DateTime, Days, Duration, NaiveTime, Utc, Weekday};
use huying_terms::worktime::{NEVER, after, due, used};
use huying_terms::{Calendar, Limit, LimitKind, Span, Tz};
use proptest::prelude::*;

use crate::world::{date, limit};

/// Beijing, three that change their clocks (one by half an hour), and one that once skipped a day.
const ZONES: [Tz; 5] = [
    Tz::Asia__Shanghai,
    Tz::America__New_York,
    Tz::Europe__Lisbon,
    Tz::Australia__Lord_Howe,
    Tz::Pacific__Apia,
];

pub fn any_calendar() -> impl Strategy<Value = Calendar> {
    let marks = prop::collection::btree_set(0_u32..96, 2..7);
    let off = prop::collection::vec(0_u64..200, 0..30);
    let weekend = prop::sample::subsequence(
        vec![Weekday::Mon, Weekday::Wed, Weekday::Fri, Weekday::Sat, Weekday::Sun],
        0..3,
    );
    (prop::sample::select(&ZONES[..]), marks, off, weekend).prop_map(|(zone, marks, off, weekend)| {
        let (mut holidays, mut makeup) = (BTreeSet::new(), BTreeSet::new());
        for day in off {
            let day = date("2026-01-01") + Days::new(day);
            let on_weekend = weekend.contains(&chrono::Datelike::weekday(&day));
            if on_weekend {
                makeup.insert(day)
            } else {
                holidays.insert(day)
            };
        }
        let calendar = Calendar { zone, hours: hours(&marks), holidays, makeup, weekend };
        calendar.check().unwrap();
        calendar
    })
}

/// Pairs of quarter hours; an odd one out lasts until the day's end.
fn hours(marks: &BTreeSet<u32>) -> Vec<Span> {
    let time = |mark: u32| NaiveTime::from_hms_opt(mark / 4, mark % 4 * 15, 0).unwrap();
    let marks: Vec<u32> = marks.iter().copied().collect();
    marks
        .chunks(2)
        .map(|pair| Span::new(time(pair[0]), pair.get(1).map_or(NaiveTime::MIN, |to| time(*to))))
        .collect()
}

pub fn any_kind() -> impl Strategy<Value = LimitKind> {
    prop::sample::select(&LimitKind::ALL[..])
}

pub fn any_limit() -> impl Strategy<Value = Limit> {
    (any_kind(), 1_u32..40).prop_map(|(kind, amount)| limit(kind, amount))
}

/// A microsecond of the first half of 2026, or of the days around Apia's skipped one.
pub fn any_instant() -> impl Strategy<Value = DateTime<Utc>> {
    let day = 86_400_000_000_i64;
    let first = 1_767_225_600_000_000_i64;
    let skipped = 1_325_203_200_000_000_i64;
    prop_oneof![9 => first..first + 180 * day, 1 => skipped - 9 * day..skipped + 2 * day]
        .prop_map(|micros| DateTime::from_timestamp_micros(micros).unwrap())
}

pub fn any_time() -> impl Strategy<Value = Duration> {
    (0_i64..20 * 86_400_000_000).prop_map(Duration::microseconds)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn due_is_when_the_limit_is_used(c in any_calendar(), from in any_instant(), limit in any_limit()) {
        let due = due(&c, from, limit);
        prop_assert!(due > from && due < NEVER);
        prop_assert_eq!(used(&c, limit.kind, from, due), limit.length(&c));
        let before = due - Duration::microseconds(1);
        prop_assert!(used(&c, limit.kind, from, before) < limit.length(&c), "it is the earliest");
    }

    #[test]
    fn due_is_monotone(
        c in any_calendar(), limit in any_limit(), from in any_instant(), later in any_time(), more in 1_u32..5,
    ) {
        prop_assert!(due(&c, from, limit) <= due(&c, from + later, limit));
        let longer = Limit { amount: limit.amount + more, ..limit };
        prop_assert!(due(&c, from, limit) < due(&c, from, longer));
    }

    #[test]
    fn a_split_interval_adds_up(
        c in any_calendar(), kind in any_kind(), from in any_instant(), one in any_time(), two in any_time(),
    ) {
        let (middle, to) = (from + one, from + one + two);
        let parts = used(&c, kind, from, middle) + used(&c, kind, middle, to);
        prop_assert_eq!(parts, used(&c, kind, from, to));
        prop_assert!(parts <= to - from);
    }

    #[test]
    fn steps_add_up(
        c in any_calendar(), kind in any_kind(), from in any_instant(), one in any_time(), two in any_time(),
    ) {
        let there = after(&c, kind, from, one);
        prop_assert_eq!(after(&c, kind, there, two), after(&c, kind, from, one + two));
    }
}
