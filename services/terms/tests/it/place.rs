//! Places, priorities and units: their stored shapes, and what they answer.

use huying_terms::{
    Location, Point, Priority, Tier, UnitKind,
    place::{contains, related},
};
use serde_json::json;

#[test]
fn a_location_is_written_whole_and_read_with_parts_missing() {
    let nowhere = json!({ "address": "", "area": "", "point": null });
    assert_eq!(serde_json::to_value(Location::default()).unwrap(), nowhere);
    for short in [json!({}), nowhere] {
        assert_eq!(serde_json::from_value::<Location>(short).unwrap(), Location::default());
    }
    let point = Some(Point::new(30.5, 114.25));
    let somewhere = Location { address: "一号楼".into(), area: "990101".into(), point, given: None };
    let json = serde_json::to_string(&somewhere).unwrap();
    assert_eq!(serde_json::from_str::<Location>(&json).unwrap(), somewhere);
}

#[test]
fn a_point_is_short_and_on_earth() {
    assert_eq!(Point::new(30.123_456_789, 114.0), Point { latitude: 30.123_456_8, longitude: 114.0 });
    assert!(Point::new(-90.0, 180.0).is_on_earth());
    for (latitude, longitude) in [(90.1, 0.0), (0.0, -180.1), (f64::NAN, 0.0), (0.0, f64::INFINITY)] {
        assert!(!Point::new(latitude, longitude).is_on_earth(), "{latitude} {longitude}");
    }
}

#[test]
fn an_area_contains_itself_and_what_lies_in_it() {
    assert!(contains("990101", "990101001") && contains("990101", "990101"));
    assert!(!contains("990101001", "990101") && !contains("", "990101"));
    assert!(related("990101001", "990101") && !related("990101001", "990101002"));
}

#[test]
fn priorities_are_ordered_and_named() {
    assert!(Priority::ALL.is_sorted() && Priority::default() == Priority::Normal);
    for priority in Priority::ALL {
        assert_eq!(serde_json::to_value(priority).unwrap(), priority.as_str());
    }
}

#[test]
fn what_stands_beside_the_line_can_be_called() {
    for kind in [UnitKind::Department, UnitKind::ResponseGroup, UnitKind::Utility] {
        assert!(kind.is_callable() && kind.line().is_none());
    }
    for tier in Tier::ALL {
        assert!(!UnitKind::of(tier).is_callable());
        assert_eq!(UnitKind::of(tier).line(), Some(tier));
    }
    assert_eq!(serde_json::to_value(UnitKind::ResponseGroup).unwrap(), "response_group");
}
