//! The datums of Chinese maps. WGS 84 is what satellites and the world's maps give, GCJ-02 (some hundred metres off) what maps published in
//! China give, 高德, 腾讯 and 微信 among them, and BD-09, once more shifted, what 百度 gives.
//!
//! The shifts are the published formulas. GCJ-02 has no inverse of its own: it is found by iteration, to well below a metre. Outside the
//! box that the formulas are made for nothing is shifted.

use std::f64::consts::PI;

use huying_terms::{Datum, Point};

/// Krasovsky 1940: its half axis in metres, and its eccentricity squared.
const HALF_AXIS: f64 = 6_378_245.0;
const ECCENTRICITY: f64 = 0.006_693_421_622_965_943;
/// What BD-09 adds in longitude and latitude, and the waves on it.
const SHIFT: (f64, f64) = (0.0065, 0.006);
const WAVES: f64 = PI * 3000.0 / 180.0;
/// Each step comes nearer by a factor of several hundred.
const STEPS: usize = 8;

/// A point of a datum in WGS 84, to a centimetre.
pub fn to_wgs84(point: Point, from: Datum) -> Point {
    match from {
        Datum::Wgs84 => point,
        Datum::Gcj02 => inverse(point, gcj02),
        Datum::Bd09 => inverse(inverse(point, bd09), gcj02),
    }
}

/// A WGS 84 point in a datum, to a centimetre.
pub fn from_wgs84(point: Point, to: Datum) -> Point {
    match to {
        Datum::Wgs84 => point,
        Datum::Gcj02 => rounded(gcj02(point)),
        Datum::Bd09 => rounded(bd09(gcj02(point))),
    }
}

fn rounded(point: Point) -> Point {
    Point::new(point.latitude, point.longitude)
}

/// Whether the formulas are made for a point: a box around China. NaN is in none.
fn is_shifted(point: Point) -> bool {
    (0.8293..=55.8271).contains(&point.latitude) && (72.004..=137.8347).contains(&point.longitude)
}

fn gcj02(point: Point) -> Point {
    if !is_shifted(point) {
        return point;
    }
    let (x, y) = (point.longitude - 105.0, point.latitude - 35.0);
    let latitude = point.latitude.to_radians();
    let magic = 1.0 - ECCENTRICITY * latitude.sin().powi(2);
    let metres_up = HALF_AXIS * (1.0 - ECCENTRICITY) / (magic * magic.sqrt());
    let metres_across = HALF_AXIS / magic.sqrt() * latitude.cos();
    Point {
        latitude: point.latitude + (shift_up(x, y) / metres_up).to_degrees(),
        longitude: point.longitude + (shift_across(x, y) / metres_across).to_degrees(),
    }
}

/// Two waves of a length and of another, in thirds.
fn waves(along: f64, (one, length): (f64, f64), (other, longer): (f64, f64)) -> f64 {
    (one * (along * PI / length).sin() + other * (along * PI / longer).sin()) * 2.0 / 3.0
}

fn shift_up(x: f64, y: f64) -> f64 {
    let plain = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt();
    plain
        + waves(x, (20.0, 1.0 / 6.0), (20.0, 0.5))
        + waves(y, (20.0, 1.0), (40.0, 3.0))
        + waves(y, (160.0, 12.0), (320.0, 30.0))
}

fn shift_across(x: f64, y: f64) -> f64 {
    let plain = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt();
    plain
        + waves(x, (20.0, 1.0 / 6.0), (20.0, 0.5))
        + waves(x, (20.0, 1.0), (40.0, 3.0))
        + waves(x, (150.0, 12.0), (300.0, 30.0))
}

/// From GCJ-02.
fn bd09(point: Point) -> Point {
    if !is_shifted(point) {
        return point;
    }
    let (x, y) = (point.longitude, point.latitude);
    let reach = x.hypot(y) + 0.000_02 * (y * WAVES).sin();
    let angle = y.atan2(x) + 0.000_003 * (x * WAVES).cos();
    Point { latitude: reach * angle.sin() + SHIFT.1, longitude: reach * angle.cos() + SHIFT.0 }
}

/// The point that a shift leads to `to`.
fn inverse(to: Point, shift: fn(Point) -> Point) -> Point {
    let mut from = to;
    for _ in 0..STEPS {
        let there = shift(from);
        from.latitude += to.latitude - there.latitude;
        from.longitude += to.longitude - there.longitude;
    }
    rounded(from)
}
