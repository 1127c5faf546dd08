//! Where something is.

use huying_proto::common::v1 as common;
use huying_terms::{Location, Point};

/// As the wire has it.
pub fn write(location: &Location) -> common::Location {
    common::Location {
        address: location.address.clone(),
        area: location.area.clone(),
        point: location.point.map(|it| common::Point { latitude: it.latitude, longitude: it.longitude }),
    }
}

/// As it was received: nothing is rounded, and whether the point is a place on earth is asked elsewhere.
pub fn read(location: common::Location) -> Location {
    Location { address: location.address, area: location.area, point: location.point.map(point) }
}

/// A point, likewise.
pub fn point(point: common::Point) -> Point {
    Point { latitude: point.latitude, longitude: point.longitude }
}
