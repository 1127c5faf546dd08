//! Words, limits, places and instants on the wire.

use chrono::{DateTime, Utc};
use huying_chassis::validate::Violations;
use huying_proto::common::v1 as common;
use huying_terms::{Datum, Given, Lamp, Limit, LimitKind, Location, Point, Priority, Tier, UnitKind};
use huying_wire::{instant, lamp, limit, place, priority, tier, unit_kind};
use pbjson_types::Timestamp;

/// What a check gives, and the fields that it names.
pub fn faults<T>(check: impl FnOnce(&mut Violations) -> T) -> (T, Vec<String>) {
    let mut v = Violations::new();
    let given = check(&mut v);
    (given, v.fields().map(str::to_owned).collect())
}

#[test]
fn words_come_back_as_they_went() {
    for it in Tier::ALL {
        assert_eq!(tier::read(tier::write(it)), Some(it));
        assert_eq!(unit_kind::read(unit_kind::write(UnitKind::of(it))), Some(UnitKind::of(it)));
    }
    for it in [UnitKind::Department, UnitKind::ResponseGroup, UnitKind::Utility] {
        assert_eq!(unit_kind::read(unit_kind::write(it)), Some(it));
    }
    for it in Lamp::ALL {
        assert_eq!(lamp::read(lamp::write(it)), Some(it));
    }
    for &it in Priority::ALL {
        assert_eq!(priority::read(priority::write(it)), Some(it));
    }
    for it in LimitKind::ALL {
        let it = Limit { kind: it, amount: 3 };
        assert_eq!(limit::read(limit::write(it)), Some(it));
        assert_eq!(faults(|v| limit::check(v, "it", Some(limit::write(it)))), (Some(it), vec![]));
    }
    // The words are the same on both sides, and so is their order.
    assert_eq!(tier::write(Tier::Street).as_str_name(), "TIER_STREET");
}

#[test]
fn what_is_unspecified_or_unknown_is_named() {
    assert_eq!(tier::read(common::Tier::Unspecified), None);
    for value in [0, 99, -1] {
        assert_eq!(faults(|v| tier::check(v, "it.tier", value)), (None, vec!["it.tier".into()]));
    }
    assert_eq!(faults(|v| tier::check(v, "it.tier", 2)), (Some(Tier::Community), vec![]));
    assert_eq!(faults(|v| limit::check(v, "it", None)), (None, vec!["it".into()]));
    let wrong = common::Limit { kind: 9, amount: Limit::MOST + 1 };
    assert_eq!(faults(|v| limit::check(v, "it", Some(wrong))).1, ["it.kind", "it.amount"]);
    assert_eq!(limit::read(wrong), None);
    let none = common::Limit { amount: 0, ..limit::write(Limit { kind: LimitKind::WorkDay, amount: 1 }) };
    assert_eq!(faults(|v| limit::check(v, "it", Some(none))).1, ["it.amount"]);
}

#[test]
fn a_place_stays_as_received() {
    let point = Some(Point { latitude: 91.123_456_789, longitude: f64::INFINITY });
    let it = Location { address: "一号楼".into(), area: "x".into(), point, given: None };
    assert_eq!(place::read(place::write(&it)), it);
    // What it is of is kept beside it, and not told on.
    let of_gcj02 = common::Point { datum: common::Datum::Gcj02.into(), ..place::write(&it).point.unwrap() };
    let read = place::read(common::Location { point: Some(of_gcj02), ..place::write(&it) });
    assert_eq!(read.given, point.map(|point| Given { point, datum: Some(Datum::Gcj02) }));
    assert_eq!(place::write(&read), place::write(&it));
}

#[test]
fn an_instant_is_kept_to_the_microsecond() {
    let at = DateTime::from_timestamp(1_772_584_200, 123_456_000).unwrap();
    assert_eq!(instant::read(&instant::write(at)), Some(at));
    let finer = Timestamp { seconds: 1_772_584_200, nanos: 123_456_789 };
    assert_eq!(instant::read(&finer), Some(at));
    let before = DateTime::<Utc>::from_timestamp(-1, 999_999_000).unwrap();
    assert_eq!(instant::read(&instant::write(before)), Some(before));
    for (seconds, nanos) in
        [(253_402_300_800, 0), (-62_135_596_801, 0), (0, -1), (0, 1_000_000_000), (i64::MAX, 0)]
    {
        assert_eq!(instant::read(&Timestamp { seconds, nanos }), None, "{seconds} {nanos}");
    }
}
