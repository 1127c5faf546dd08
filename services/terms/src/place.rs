//! Where something is, as received. Area codes are text here: a prefix is an ancestor, and what somebody said is kept as it is, even
//! where it is no code of ours; [`AreaCode`](crate::AreaCode) is one that was checked.

use serde::{Deserialize, Serialize};

/// A point on the map, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub latitude: f64,
    pub longitude: f64,
}

impl Point {
    /// To seven places, a centimetre: a number that short reads back from JSON as the very same.
    pub fn new(latitude: f64, longitude: f64) -> Self {
        let round = |degrees: f64| (degrees * 1e7).round() / 1e7;
        Self { latitude: round(latitude), longitude: round(longitude) }
    }

    /// Whether it is a place on earth. NaN is none.
    pub fn is_on_earth(self) -> bool {
        (-90.0..=90.0).contains(&self.latitude) && (-180.0..=180.0).contains(&self.longitude)
    }
}

/// Where, as received: every part may be empty, and none is trusted. It is written with all its parts and read with any of them missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Location {
    pub address: String,
    pub area: String,
    pub point: Option<Point>,
}

/// Whether `inner` is `outer` or lies in it. An empty code contains nothing.
pub fn contains(outer: &str, inner: &str) -> bool {
    !outer.is_empty() && inner.starts_with(outer)
}

/// Whether one lies in the other: how a place known only roughly and a unit's area may meet.
pub fn related(one: &str, other: &str) -> bool {
    contains(one, other) || contains(other, one)
}
