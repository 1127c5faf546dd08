//! Serde for a duration as whole microseconds, the unit all stored time has.

use chrono::Duration;
use serde::{Deserialize, Deserializer, Serializer};

pub(crate) fn serialize<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_i64(time.num_microseconds().unwrap_or(i64::MAX))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
    i64::deserialize(from).map(Duration::microseconds)
}
