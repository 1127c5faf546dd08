//! The three datums: published pairs, there and back, and what is left alone.

use huying_place::datum::{from_wgs84, to_wgs84};
use huying_terms::{Datum, Point};
use proptest::prelude::*;

/// Metres between two points that are near each other.
fn metres(one: Point, other: Point) -> f64 {
    let across = (one.longitude - other.longitude) * one.latitude.to_radians().cos();
    (one.latitude - other.latitude).hypot(across) * 111_195.0
}

#[test]
fn published_pairs_are_met() {
    let beijing = Point::new(39.915, 116.404);
    let gcj02 = Point::new(39.916_404_281_501_64, 116.410_244_499_169_38);
    assert!(metres(from_wgs84(beijing, Datum::Gcj02), gcj02) < 0.1);
    assert!(metres(to_wgs84(gcj02, Datum::Gcj02), beijing) < 0.1);
    // GCJ-02 and BD-09 of one place.
    let (gcj02, bd09) = (beijing, Point::new(39.921_336_993_510_21, 116.410_369_493_710_29));
    let there = to_wgs84(gcj02, Datum::Gcj02);
    assert!(metres(from_wgs84(there, Datum::Bd09), bd09) < 0.1);
    assert!(metres(to_wgs84(bd09, Datum::Bd09), there) < 0.5);
}

#[test]
fn a_point_of_a_phone_is_hundreds_of_metres_off_in_wuhan() {
    let here = Point::new(30.589, 114.299);
    let off = metres(here, from_wgs84(here, Datum::Gcj02));
    assert!((500.0..700.0).contains(&off), "{off}");
}

#[test]
fn outside_china_nothing_is_shifted() {
    for point in [Point::new(48.8584, 2.2945), Point::new(0.0, 0.0), Point::new(-33.86, 151.21)] {
        for datum in [Datum::Wgs84, Datum::Gcj02, Datum::Bd09] {
            assert_eq!(from_wgs84(point, datum), point);
            assert_eq!(to_wgs84(point, datum), point);
        }
    }
}

proptest! {
    #[test]
    fn there_and_back_is_the_same_place(latitude in 18.0..53.0, longitude in 74.0..135.0) {
        let point = Point::new(latitude, longitude);
        for datum in [Datum::Wgs84, Datum::Gcj02, Datum::Bd09] {
            prop_assert!(metres(to_wgs84(from_wgs84(point, datum), datum), point) < 0.1);
        }
    }

    #[test]
    fn no_number_panics(latitude: f64, longitude: f64) {
        let point = Point { latitude, longitude };
        let _ = (to_wgs84(point, Datum::Bd09), from_wgs84(point, Datum::Bd09));
    }
}
