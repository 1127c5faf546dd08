//! Where something is, as received. Area codes are text here: a prefix is an ancestor, and what somebody said is kept as it is, even
//! where it is no code of ours; [`AreaCode`](crate::AreaCode) is one that was checked.

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

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

/// 坐标系: what a map's numbers are in. Maps published in China are some hundred metres off WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Datum {
    Wgs84,
    /// 国测局: 高德, 腾讯, 微信.
    Gcj02,
    /// 百度.
    Bd09,
}

/// Where, as received: every part may be empty, and none is trusted. It is written with all its parts and read with any of them missing.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Location {
    pub address: String,
    pub area: String,
    /// WGS 84, once a door has taken it.
    pub point: Option<Point>,
    /// What the sender gave, where that was a point of another datum, or said which one it is of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given: Option<Given>,
}

/// A point as its sender gave it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Given {
    pub point: Point,
    /// As the sender said; none: the channel says it.
    pub datum: Option<Datum>,
}

impl Location {
    /// As the sender gave it, whatever the point was converted to since: two that were given alike are alike.
    pub fn as_given(&self) -> Self {
        let point = self.given.map(|given| given.point).or(self.point);
        Self { point, given: self.given.filter(|given| given.datum.is_some()), ..self.clone() }
    }
}

/// Whether `inner` is `outer` or lies in it. An empty code contains nothing.
pub fn contains(outer: &str, inner: &str) -> bool {
    !outer.is_empty() && inner.starts_with(outer)
}

/// Whether one lies in the other: how a place known only roughly and a unit's area may meet.
pub fn related(one: &str, other: &str) -> bool {
    contains(one, other) || contains(other, one)
}
