//! The stored shapes: SQL reads these bodies, profiles are written by hand.

use LimitKind::WorkHour;
use huying_terms::{Calendar, Clock, Lamp, Limit, LimitKind};
use serde_json::json;

use crate::world::{at, china_2026, limit};

#[test]
fn a_clock_is_stored_in_microseconds() {
    let calendar = china_2026();
    let mut clock = Clock::start(&calendar, limit(WorkHour, 5), at("2026-03-04 08:30"));
    let start = 1_772_584_200_000_000_i64;
    let hour = 3_600_000_000_i64;
    assert_eq!(
        serde_json::to_value(&clock).unwrap(),
        json!({
            "limit": { "kind": "work_hour", "amount": 5 },
            "amber_percent": 80,
            "started_at": start,
            "used": 0,
            "running_since": start,
            "amber_at": start + 6 * hour,
            "due_at": start + 7 * hour,
            "amber_fired": false,
            "red_fired": false,
            "reached": "green",
            "stopped_at": null,
        })
    );
    clock.pause(&calendar, at("2026-03-04 10:30"));
    let body = serde_json::to_value(&clock).unwrap();
    assert_eq!(body["used"], 2 * hour);
    assert_eq!(body["due_at"], json!(null));
    assert_eq!(body["runs"], json!([{ "from": start, "to": start + 2 * hour }]));
}

#[test]
fn a_calendar_can_be_short() {
    let short: Calendar = serde_json::from_value(json!({ "zone": "Asia/Shanghai" })).unwrap();
    assert_eq!(short, Calendar::default());
    let written: Calendar = serde_json::from_value(json!({
        "zone": "Asia/Shanghai",
        "hours": [{ "from": "09:00", "to": "17:00" }],
        "holidays": ["2026-10-01"],
        "makeup": ["2026-10-10"],
        "weekend": ["Sat", "Sunday"],
    }))
    .unwrap();
    assert_eq!(written.check(), Ok(()));
    for calendar in [written, china_2026()] {
        let json = serde_json::to_string(&calendar).unwrap();
        assert_eq!(serde_json::from_str::<Calendar>(&json).unwrap(), calendar);
    }
    assert!(serde_json::from_value::<Calendar>(json!({ "zone": "Asia/Wuhan" })).is_err());
}

#[test]
fn a_limit_out_of_bounds_is_not_read() {
    let read = |amount: u32| serde_json::from_value::<Limit>(json!({ "kind": "work_day", "amount": amount }));
    assert!(read(1).is_ok() && read(Limit::MOST).is_ok());
    assert!(read(0).is_err() && read(Limit::MOST + 1).is_err());
}

#[test]
fn lamps_are_ordered_and_named() {
    assert!(Lamp::ALL.is_sorted());
    assert_eq!(Lamp::ALL.map(Lamp::chinese), ["绿灯", "黄灯", "红灯"]);
    for lamp in Lamp::ALL {
        assert_eq!(serde_json::to_value(lamp).unwrap(), lamp.as_str());
    }
}
