//! Where something is.

use huying_proto::common::v1 as common;
use huying_terms::{Given, Location, Point};

use crate::datum;

/// As the wire has it. The point is WGS 84 by then, and what was given stays with whoever took it.
pub fn write(location: &Location) -> common::Location {
    let write = |it: Point| common::Point { latitude: it.latitude, longitude: it.longitude, datum: 0 };
    common::Location {
        address: location.address.clone(),
        area: location.area.clone(),
        point: location.point.map(write),
    }
}

/// As it was received: nothing is rounded or converted, and whether the point is a place on earth is asked elsewhere.
pub fn read(location: common::Location) -> Location {
    let given = |it: &common::Point| Some(Given { point: point(*it), datum: Some(datum::read(it.datum())?) });
    Location {
        given: location.point.as_ref().and_then(given),
        address: location.address,
        area: location.area,
        point: location.point.map(point),
    }
}

/// A point, likewise.
pub fn point(point: common::Point) -> Point {
    Point { latitude: point.latitude, longitude: point.longitude }
}
