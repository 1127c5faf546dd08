//! How far a caller reaches.
//!
//! A caller whose token names an area sees and decides only what lies in it; services and operators are not bound. The directory is
//! no secret among those who work with it.

use huying_chassis::{
    auth::{Caller, Role},
    status::Problem,
};
use tonic::Code;

use crate::domain::route::Route;

/// The area a caller is bound to; none: anywhere.
fn bound(caller: &Caller) -> Option<&str> {
    if caller.has_any(&[Role::Service, Role::Operator]) { None } else { caller.area.as_deref() }
}

/// Whether a caller may see a route: it lies in their area; and a called department sees only what concerns it.
///
/// # Errors
/// `OUTSIDE_AREA`, `NOT_CONCERNED`.
pub fn see(caller: &Caller, route: &Route) -> Result<(), Problem> {
    within(caller, route.place())?;
    let by_office = caller.has_any(&[
        Role::Officer,
        Role::Desk,
        Role::Leader,
        Role::Callback,
        Role::Operator,
        Role::Service,
    ]);
    if by_office || caller.unit.as_deref().is_some_and(|unit| route.concerns(unit)) {
        return Ok(());
    }
    Err(Problem::new(
        Code::PermissionDenied,
        "NOT_CONCERNED",
        "your unit neither holds this nor is it concerned",
    ))
}

/// Whether a place lies in the caller's area.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn within(caller: &Caller, place: &str) -> Result<(), Problem> {
    match bound(caller) {
        Some(area) if !place.starts_with(area) => Err(outside(area, place)),
        Some(_) | None => Ok(()),
    }
}

/// The part of a district that a caller reaches: all of it, or their own area in it.
///
/// # Errors
/// `OUTSIDE_AREA` when nothing of it.
pub fn reach(caller: &Caller, district: &str) -> Result<String, Problem> {
    match bound(caller) {
        Some(area) if area.starts_with(district) => Ok(area.to_owned()),
        Some(area) if !district.starts_with(area) => Err(outside(area, district)),
        Some(_) | None => Ok(district.to_owned()),
    }
}

fn outside(area: &str, place: &str) -> Problem {
    Problem::new(Code::PermissionDenied, "OUTSIDE_AREA", "this lies outside your area")
        .meta("area", area)
        .meta("place", place)
}
