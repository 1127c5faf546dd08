//! Whose requests a caller may see.

use huying_chassis::{
    auth::{Caller, Role},
    status::Problem,
};
use tonic::Code;

use crate::domain::request::Request;

/// Whether the caller's area reaches a district at all.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn district(caller: &Caller, district: &str) -> Result<(), Problem> {
    let reaches =
        caller.area.as_deref().is_none_or(|area| area.starts_with(district) || district.starts_with(area));
    if reaches { Ok(()) } else { Err(outside(caller, district)) }
}

/// The platform that calls, by issuer and subject; empty for people.
pub fn platform(caller: &Caller) -> String {
    match caller.has(Role::Platform) {
        true => format!("{} {}", caller.issuer, caller.subject),
        false => String::new(),
    }
}

/// Whether the caller may see a request: its first contact may, and those whose area it lies in.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn see(caller: &Caller, request: &Request) -> Result<(), Problem> {
    let submission = &request.submission;
    let place =
        if submission.location.area.is_empty() { &submission.district } else { &submission.location.area };
    let in_area = match &caller.area {
        Some(area) => place.starts_with(area.as_str()),
        None => caller.has_any(&[Role::Service, Role::Desk, Role::Leader, Role::Callback]),
    };
    let by_office =
        in_area && caller.has_any(&[Role::Service, Role::Officer, Role::Desk, Role::Leader, Role::Callback]);
    if by_office || is_first_contact(caller, request) { Ok(()) } else { Err(outside(caller, place)) }
}

/// Whether the caller may speak to the reporter: the first contact, the desk that covers for it, and who calls back.
pub fn may_reach(caller: &Caller, request: &Request) -> bool {
    caller.has_any(&[Role::Desk, Role::Callback]) || is_first_contact(caller, request)
}

/// Whether the caller may act on a request for its reporter.
///
/// # Errors
/// `NOT_FIRST_CONTACT`.
pub fn act(caller: &Caller, request: &Request) -> Result<(), Problem> {
    see(caller, request)?;
    if is_first_contact(caller, request) || caller.has(Role::Desk) {
        return Ok(());
    }
    Err(Problem::new(
        Code::PermissionDenied,
        "NOT_FIRST_CONTACT",
        "only who took the request, or the desk, may do this",
    ))
}

fn is_first_contact(caller: &Caller, request: &Request) -> bool {
    let first = &request.first_contact;
    match &first.unit {
        Some(unit) => caller.unit.as_ref() == Some(unit),
        None => caller.subject == first.subject,
    }
}

fn outside(caller: &Caller, place: &str) -> Problem {
    Problem::new(Code::PermissionDenied, "OUTSIDE_AREA", "this lies outside your area")
        .meta("area", caller.area.clone().unwrap_or_default())
        .meta("place", place)
}
