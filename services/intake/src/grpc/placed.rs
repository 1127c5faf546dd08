//! Where somebody acts or asks, and for which unit: what visits, archives and the ledger of risks have in common.

use chrono::{DateTime, Utc};
use huying_chassis::{
    auth::{Caller, Role, outside},
    status::Problem,
    validate::Violations,
};
use huying_terms::AreaCode;
use huying_wire::instant;
use huying_words::normal;
use pbjson_types::Timestamp;
use tonic::Code;

use super::validate::DISTRICT;
use crate::domain::wanted::Placed;

/// The code of an area that lies in a district, however it was published: `420102003000` is the street `420102003`.
pub fn area(v: &mut Violations, district: &str, given: &str) -> String {
    v.digits("district", district, &DISTRICT);
    let read = AreaCode::published(&normal(given));
    v.require("area", read.is_ok(), "must have 6, 9, 12 or 15 digits");
    let code = read.map_or_else(|_| district.to_owned(), |code| code.to_string());
    v.require("area", code.starts_with(district), "must lie in the district");
    code
}

/// The same where it may be left out.
pub fn asked_area(v: &mut Violations, district: &str, given: &str) -> String {
    if given.is_empty() { area(v, district, district) } else { area(v, district, given) }
}

/// What is asked for, as far as the caller reaches it.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn reached(caller: &Caller, district: &str, area: &str) -> Result<Placed, Problem> {
    let part = caller.reach.within(district)?;
    let area = match area {
        _ if part.starts_with(area) => part,
        _ if area.starts_with(part) => area,
        _ => return Err(outside()),
    };
    Ok(Placed { district: district.to_owned(), area: area.to_owned() })
}

/// Where the caller acts, which they must reach.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn acts(caller: &Caller, district: &str, area: &str) -> Result<(), Problem> {
    caller.reach.within(district)?;
    if caller.reach.sees(district, area) { Ok(()) } else { Err(outside()) }
}

/// The unit that acts: the one named, else the caller's own; none where nobody says.
///
/// # Errors
/// `OUTSIDE_UNIT` where somebody names another than their own and is no desk.
pub fn unit(caller: &Caller, district: &str, named: &str) -> Result<Option<String>, Problem> {
    let own = caller.reach.unit_in(district);
    if named.is_empty() {
        return Ok(own.map(str::to_owned));
    }
    if own.is_some_and(|own| own != named) && !caller.has(Role::Desk) {
        let words = "this is another unit than that of the caller's token";
        return Err(Problem::new(Code::PermissionDenied, "OUTSIDE_UNIT", words).meta("unit", named));
    }
    Ok(Some(named.to_owned()))
}

/// Whether the caller sees what lies in an area: by office, or because their unit has it.
pub fn sees(caller: &Caller, district: &str, area: &str, unit: &str) -> bool {
    caller.reach.sees(district, area) || caller.reach.is_unit(district, unit)
}

/// Whether the caller is told who lives or works there: the unit that has it, and the desk.
pub fn knows_person(caller: &Caller, district: &str, unit: &str) -> bool {
    caller.has(Role::Desk) || caller.reach.is_unit(district, unit)
}

/// An instant that may be left out.
pub fn instant(v: &mut Violations, field: &str, given: Option<&Timestamp>) -> Option<DateTime<Utc>> {
    let read = given.and_then(instant::read);
    v.require(field, given.is_none() || read.is_some(), "must be an instant");
    read
}
