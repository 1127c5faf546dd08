//! Absurd arguments have answers too, and soon.

use LimitKind::{NaturalDay, WorkDay, WorkHour};
use chrono::{DateTime, Duration, Utc, Weekday};
use huying_terms::worktime::{NEVER, after, due, used};
use huying_terms::{Calendar, Clock, Limit, LimitKind, Tz};

use crate::world::{at, china_2026, limit};

const EDGES: [DateTime<Utc>; 2] = [DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC];

#[test]
fn the_ends_of_time() {
    let zones = [Tz::Asia__Shanghai, Tz::America__New_York, Tz::Pacific__Apia, Tz::Pacific__Kiritimati];
    for zone in zones {
        let calendar = Calendar::new(zone);
        for (kind, edge) in LimitKind::ALL.into_iter().flat_map(|kind| EDGES.map(|edge| (kind, edge))) {
            assert!(due(&calendar, edge, limit(kind, 3)) >= edge);
            assert!(after(&calendar, kind, edge, Duration::seconds(1)) >= edge);
            let _clock = Clock::start(&calendar, limit(kind, 3), edge);
        }
        assert_eq!(due(&calendar, NEVER, limit(WorkHour, 1)), NEVER);
    }
}

#[test]
fn amounts_beyond_all_bounds() {
    let calendar = china_2026();
    let given = at("2026-03-04 08:30");
    for kind in LimitKind::ALL {
        for amount in [0, u32::MAX] {
            let limit = Limit { kind, amount };
            let mut clock = Clock::start(&calendar, limit, given);
            assert!(clock.due_at >= Some(given));
            let _lamp = clock.tick(given);
            let _left = clock.remaining(&calendar, EDGES[0]);
        }
        assert_eq!(after(&calendar, kind, given, Duration::MAX), NEVER);
        assert_eq!(after(&calendar, kind, given, Duration::MIN), given);
    }
    let day = Limit { kind: NaturalDay, amount: u32::MAX };
    assert_eq!(day.length(&calendar), Duration::days(i64::from(u32::MAX)));
}

#[test]
fn what_is_never_due_is_stored_and_read() {
    let calendar = china_2026();
    let limit = Limit { kind: NaturalDay, amount: u32::MAX };
    let clock = Clock::start(&calendar, limit, at("2026-03-04 08:30"));
    assert_eq!(clock.due_at.map(|due| due.timestamp_micros()), Some(NEVER.timestamp_micros()));
    let json = serde_json::to_string(&clock).unwrap().replace("4294967295", "1");
    let read: Clock = serde_json::from_str(&json).unwrap();
    assert_eq!((read.due_at, read.amber_at), (clock.due_at, clock.amber_at));
}

#[test]
fn a_calendar_that_never_works() {
    let idle = Calendar { hours: Vec::new(), ..Calendar::default() };
    let week = (0_u8..7).map(|day| Weekday::try_from(day).unwrap()).collect();
    let lazy = Calendar { weekend: week, ..Calendar::default() };
    let given = at("2026-03-04 08:30");
    for calendar in [idle, lazy] {
        assert_eq!(due(&calendar, given, limit(WorkHour, 1)), NEVER);
        assert_eq!(used(&calendar, WorkHour, given, NEVER), Duration::zero());
    }
}

#[test]
fn the_longest_limit_in_the_laziest_week() {
    let lazy = Calendar {
        weekend: vec![Weekday::Mon, Weekday::Tue, Weekday::Wed, Weekday::Thu, Weekday::Fri, Weekday::Sat],
        ..Calendar::default()
    };
    let given = at("2026-03-04 08:30");
    let longest = limit(WorkDay, Limit::MOST);
    let due = due(&lazy, given, longest);
    assert!(due < NEVER);
    assert_eq!(used(&lazy, WorkDay, given, due), longest.length(&lazy));
}
