//! Where and when that lies which is counted.

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::{auth::Caller, status::Problem, validate::Violations};
use huying_wire::instant;
use pbjson_types::Timestamp;

use super::{
    access,
    validate::{AREA, DISTRICT, given},
};
use crate::domain::Period;

/// The longest period that is counted, and the longest absence.
const MOST_DAYS: i64 = 366;

/// An area of a district, and from when until when; narrowed to what the caller reaches.
///
/// # Errors
/// `BAD_FIELD`, `OUTSIDE_AREA`.
pub fn read(
    caller: &Caller,
    (district, area): (&str, &str),
    (from, until): (Option<&Timestamp>, Option<&Timestamp>),
) -> Result<Period, Problem> {
    let mut v = Violations::new();
    v.digits("district", district, &DISTRICT);
    let area = given(area).unwrap_or_else(|| district.to_owned());
    v.digits("area", &area, &AREA);
    let (from, until) = span(&mut v, from, until);
    v.finish()?;
    let within = access::office(caller, district)?;
    Ok(Period { district: district.to_owned(), area, from, until, within })
}

/// From when until when, which is later by no more than the longest.
pub fn span(
    v: &mut Violations,
    from: Option<&Timestamp>,
    until: Option<&Timestamp>,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let (from, until) = (moment(v, "from_time", from), moment(v, "until_time", until));
    let in_order = from < until && until - from <= TimeDelta::days(MOST_DAYS);
    v.require("until_time", in_order, format!("must be after from_time, by at most {MOST_DAYS} days"));
    (from, until)
}

/// An instant that must be given.
pub fn moment(v: &mut Violations, field: &str, time: Option<&Timestamp>) -> DateTime<Utc> {
    let read = time.and_then(instant::read);
    v.require(field, read.is_some(), "must be an instant");
    read.unwrap_or(DateTime::UNIX_EPOCH)
}
