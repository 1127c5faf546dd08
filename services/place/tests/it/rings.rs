//! Rings that can be a border, and such as cannot.

use huying_place::{Fault, fault};
use huying_terms::Point;

fn ring(corners: &[(f64, f64)]) -> Vec<Point> {
    corners.iter().map(|(longitude, latitude)| Point::new(*latitude, *longitude)).collect()
}

fn square(west: f64, south: f64, side: f64) -> Vec<Point> {
    ring(&[(west, south), (west + side, south), (west + side, south + side), (west, south + side)])
}

#[test]
fn a_ring_that_crosses_itself_is_told_with_the_place() {
    let bow = ring(&[(0.0, 0.0), (2.0, 2.0), (2.0, 0.0), (0.0, 2.0)]);
    let crossing = |rings| Some(Fault::Crossing { rings, at: Point::new(1.0, 1.0) });
    assert_eq!(fault(&bow, &[]), crossing((0, 0)));
    assert_eq!(fault(&square(-5.0, -5.0, 10.0), std::slice::from_ref(&bow)), crossing((1, 1)));
    let closed = [bow.as_slice(), &bow[..1]].concat();
    assert_eq!(fault(&closed, &[]), crossing((0, 0)), "closed or not");
}

#[test]
fn a_hole_lies_within() {
    let around = square(0.0, 0.0, 10.0);
    assert_eq!(fault(&around, &[square(1.0, 1.0, 2.0), square(5.0, 5.0, 2.0)]), None);
    let outside = fault(&around, &[square(1.0, 1.0, 2.0), square(11.0, 5.0, 2.0)]);
    assert_eq!(outside, Some(Fault::Outside { ring: 2 }));
    // It touches the border from without.
    assert_eq!(fault(&around, &[square(10.0, 5.0, 2.0)]), Some(Fault::Outside { ring: 1 }));
    let across = fault(&around, &[square(9.0, 5.0, 2.0)]);
    assert!(matches!(across, Some(Fault::Crossing { rings: (0, 1), .. })), "{across:?}");
    let holes = fault(&around, &[square(1.0, 1.0, 2.0), square(2.0, 2.0, 2.0)]);
    assert!(matches!(holes, Some(Fault::Crossing { rings: (1, 2), .. })), "{holes:?}");
}

#[test]
fn touching_is_no_fault() {
    let around = square(0.0, 0.0, 10.0);
    assert_eq!(fault(&around, &[square(0.0, 0.0, 2.0), square(2.0, 0.0, 2.0)]), None);
    // Two squares that hang together in a corner.
    let eight = ring(&[
        (0.0, 0.0),
        (1.0, 0.0),
        (1.0, 1.0),
        (2.0, 1.0),
        (2.0, 2.0),
        (1.0, 2.0),
        (1.0, 1.0),
        (0.0, 1.0),
    ]);
    assert_eq!(fault(&eight, &[]), None);
}

#[test]
fn what_is_no_ring_is_no_matter_and_a_thicket_is_told() {
    assert_eq!(fault(&[], &[Vec::new()]), None);
    assert_eq!(fault(&ring(&[(0.0, 0.0), (0.0, 0.0), (0.0, 0.0)]), &[]), None);
    let broken = ring(&[(0.0, f64::NAN), (1.0, f64::INFINITY), (1.0, 1.0), (0.0, 1.0)]);
    assert_eq!(fault(&broken, std::slice::from_ref(&broken)), None);
    // Thousands of long sides beside each other, none of which crosses another.
    let comb = |n: u32| {
        let at = f64::from(n) / 1000.0;
        if n.is_multiple_of(2) { (at, at) } else { (at + 100.0, at + 99.0) }
    };
    let back = [(300.0, 104.0), (300.0, -10.0), (0.0, -10.0)];
    let comb: Vec<(f64, f64)> = (0..5000).map(comb).chain(back).collect();
    assert_eq!(fault(&ring(&comb), &[]), Some(Fault::Tangled));
}
