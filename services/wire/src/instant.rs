//! An instant. Everything that is kept is kept in microseconds.

use chrono::{DateTime, Utc};

/// As the wire has it.
pub use huying_chassis::log_service::timestamp as write;

/// The seconds a timestamp may have: the years 1 to 9999.
const SECONDS: std::ops::RangeInclusive<i64> = -62_135_596_800..=253_402_300_799;

/// To the microsecond; none outside of what a timestamp may be.
pub fn read(time: &pbjson_types::Timestamp) -> Option<DateTime<Utc>> {
    let nanos = u32::try_from(time.nanos).ok().filter(|nanos| *nanos < 1_000_000_000)?;
    let within = SECONDS.contains(&time.seconds);
    within.then(|| DateTime::from_timestamp(time.seconds, nanos / 1000 * 1000)).flatten()
}
