//! Where something is and how pressing it is, as received. Area codes are text here: a prefix is an ancestor, and what routing
//! decided is kept as it is, even where a code is not one of ours.

use serde::{Deserialize, Serialize};

/// A point on the map, WGS 84.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Point {
    pub latitude: f64,
    pub longitude: f64,
}

/// Where, as received: every part may be empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Location {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub area: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<Point>,
}

/// How pressing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// 一般.
    #[default]
    Normal,
    /// 重点.
    High,
    /// 紧急.
    Urgent,
}

/// Whether `inner` is `outer` or lies in it. An empty code contains nothing.
pub fn contains(outer: &str, inner: &str) -> bool {
    !outer.is_empty() && inner.starts_with(outer)
}

/// Whether one lies in the other: how a place known only roughly and a unit's area may meet.
pub fn related(one: &str, other: &str) -> bool {
    contains(one, other) || contains(other, one)
}
