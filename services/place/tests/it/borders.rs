//! Areas around a point: parts, holes, lines, and how near a border is.

use huying_place::{Borders, Part};
use huying_terms::{AreaCode, Point};
use proptest::prelude::*;

fn area(code: &str) -> AreaCode {
    AreaCode::parse(code).unwrap()
}

/// A square from its south-west corner, in degrees.
fn square(longitude: f64, latitude: f64, side: f64) -> Vec<Point> {
    [(0.0, 0.0), (side, 0.0), (side, side), (0.0, side)]
        .map(|(across, up)| Point::new(latitude + up, longitude + across))
        .to_vec()
}

fn part(outer: Vec<Point>, holes: Vec<Vec<Point>>) -> Part {
    Part { outer, holes }
}

/// An area in two parts, one of them with a hole; another in the hole; a third that overlaps the first.
fn borders() -> Borders {
    Borders::new([
        (area("420102001"), part(square(114.0, 30.0, 0.1), vec![square(114.04, 30.04, 0.02)])),
        (area("420102001"), part(square(114.3, 30.0, 0.1), vec![])),
        (area("420102002"), part(square(114.04, 30.04, 0.02), vec![])),
        (area("420102003"), part(square(114.08, 30.0, 0.1), vec![])),
    ])
}

fn around(latitude: f64, longitude: f64) -> Vec<String> {
    borders().around(Point::new(latitude, longitude)).into_iter().map(ToString::to_string).collect()
}

#[test]
fn every_part_counts_and_a_hole_does_not() {
    assert_eq!(around(30.01, 114.01), ["420102001"]);
    assert_eq!(around(30.01, 114.31), ["420102001"]);
    assert_eq!(around(30.05, 114.05), ["420102002"]);
    assert_eq!(around(30.01, 114.09), ["420102001", "420102003"], "borders need not nest");
    assert!(around(30.01, 114.25).is_empty());
    assert!(around(0.0, 0.0).is_empty());
}

#[test]
fn on_the_line_counts_for_both_sides() {
    assert_eq!(around(30.05, 114.04), ["420102001", "420102002"]);
    assert_eq!(around(30.0, 114.0), ["420102001"]);
}

#[test]
fn a_border_is_near_from_either_side() {
    let borders = borders();
    // A thousandth of a degree of latitude is 111 m.
    let near = |latitude: f64, within: f64| -> Vec<(String, i64)> {
        let near = borders.near(Point::new(latitude, 114.02), within);
        near.into_iter().map(|(area, metres)| (area.to_string(), metres.round() as i64)).collect()
    };
    assert_eq!(near(30.0001, 30.0), [("420102001".into(), 11)]);
    assert_eq!(near(29.9999, 30.0), [("420102001".into(), 11)]);
    assert!(near(30.001, 30.0).is_empty());
    assert_eq!(near(30.001, 200.0), [("420102001".into(), 111)]);
    // East of a side, a degree is shorter.
    let east = borders.near(Point::new(30.05, 113.9999), 30.0);
    let metres: Vec<i64> = east.into_values().map(|metres| metres.round() as i64).collect();
    assert_eq!(metres, [10]);
    // A hole's line is a border too.
    assert_eq!(borders.near(Point::new(30.05, 114.0401), 30.0).len(), 2);
}

#[test]
fn what_encloses_nothing_holds_nothing() {
    let nan = vec![Point { latitude: f64::NAN, longitude: 114.0 }; 4];
    let borders = Borders::new([
        (area("420102001"), Part::default()),
        (area("420102002"), part(nan, vec![])),
        (area("420102003"), part(vec![Point::new(30.0, 114.0)], vec![])),
    ]);
    assert!(borders.around(Point::new(30.0, 114.1)).is_empty());
    assert!(borders.around(Point { latitude: f64::NAN, longitude: f64::INFINITY }).is_empty());
    assert!(Borders::new([]).is_empty());
}

proptest! {
    /// The tree of boxes loses nothing: each part alone says the same.
    #[test]
    fn many_borders_say_what_each_says(latitude in 29.9..30.2, longitude in 113.9..114.5) {
        let (point, all) = (Point::new(latitude, longitude), borders());
        let in_square = |west: f64, south: f64, side: f64| {
            (west..=west + side).contains(&point.longitude) && (south..=south + side).contains(&point.latitude)
        };
        let hole = in_square(114.04, 30.04, 0.02);
        let expected = [
            (in_square(114.0, 30.0, 0.1) && !hole || in_square(114.3, 30.0, 0.1), "420102001"),
            (hole, "420102002"),
            (in_square(114.08, 30.0, 0.1), "420102003"),
        ];
        let expected: Vec<_> = expected.into_iter().filter(|(holds, _)| *holds).map(|(_, code)| code).collect();
        let found: Vec<_> = all.around(point).into_iter().map(AreaCode::as_str).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn no_number_panics(latitude: f64, longitude: f64, within: f64) {
        let point = Point { latitude, longitude };
        let _ = borders().around(point);
        let _ = borders().near(point, within);
    }
}
