//! How much a caller sees. The contract says which roles may call; the rest is area and unit: a caller with an area reaches
//! what lies in it, one without is bound to its unit unless it is a desk, a leader or a service. A department that is only called on a
//! case sees its dispatches and the case, but neither the reporter's words nor the notes.

use huying_chassis::{
    auth::{Caller, Role},
    status::Problem,
};
use tonic::Code;

use crate::domain::{By, Case, Dispatch, Error, contains, place::related};

/// Those whose area counts for what they see; a department sees by its unit.
const OFFICES: &[Role] = &[Role::Officer, Role::Desk, Role::Leader, Role::Service];
/// Those who are not bound to an area when their token names none.
const UNBOUND: &[Role] = &[Role::Desk, Role::Leader, Role::Service];

/// The asker, as the domain knows it.
pub fn by(caller: &Caller) -> By {
    By { unit: caller.unit.clone(), area: caller.area.clone() }
}

/// How much of a case a caller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    Whole,
    /// As a called department: not the reporter's words, not the notes.
    Called,
}

/// What a caller sees of a case.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn see(caller: &Caller, case: &Case) -> Result<Sight, Problem> {
    let unit = caller.unit.as_deref();
    if unit == Some(case.holder.unit.as_str()) || in_area(caller, &case.area) {
        return Ok(Sight::Whole);
    }
    if case.dispatches.iter().any(|called| unit == Some(called.unit.as_str())) {
        return Ok(Sight::Called);
    }
    Err(outside(caller, &case.area))
}

/// Whether a caller may read a case's history, which holds the words of all: not as a called department.
///
/// # Errors
/// `OUTSIDE_AREA`, `NOT_HOLDER`.
pub fn see_history(caller: &Caller, case: &Case) -> Result<(), Problem> {
    match see(caller, case)? {
        Sight::Whole => Ok(()),
        Sight::Called => Err(Error::NotHolder { holder: case.holder.unit.clone() }.into()),
    }
}

/// Whether a caller may see a dispatch: the called unit, the caller, and those whose area it lies in.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn see_dispatch(caller: &Caller, dispatch: &Dispatch) -> Result<(), Problem> {
    let unit = caller.unit.as_deref();
    let concerned = unit == Some(dispatch.unit.as_str()) || unit == Some(dispatch.caller.unit.as_str());
    if concerned || in_area(caller, &dispatch.area) { Ok(()) } else { Err(outside(caller, &dispatch.area)) }
}

/// What a list is narrowed to: an area, a unit, or neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    All,
    Area(String),
    Unit(String),
}

/// How far a caller's lists reach, for a unit asked for.
///
/// # Errors
/// `OUTSIDE_AREA` for a district that the caller's area has nothing to do with, or another's unit.
pub fn reach(caller: &Caller, district: &str, asked: Option<&str>) -> Result<Reach, Problem> {
    if caller.area.as_deref().is_some_and(|area| !related(area, district)) {
        return Err(outside(caller, district));
    }
    // What one's own unit holds or is called on is seen wherever it lies.
    if let (Some(own), Some(asked)) = (&caller.unit, asked)
        && own == asked
    {
        return Ok(Reach::Unit(own.clone()));
    }
    if caller.has_any(OFFICES) {
        match &caller.area {
            Some(area) => return Ok(Reach::Area(area.clone())),
            None if caller.has_any(UNBOUND) => return Ok(Reach::All),
            None => {}
        }
    }
    match &caller.unit {
        Some(own) if asked.is_none() => Ok(Reach::Unit(own.clone())),
        Some(_) | None => Err(outside(caller, district)),
    }
}

/// Whether a caller may watch a unit's dispatches: its own, or a desk's that stands for the whole district.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn watch(caller: &Caller, district: &str, unit: &str) -> Result<(), Problem> {
    let own = caller.unit.as_deref() == Some(unit);
    let whole = caller.has_any(UNBOUND) && caller.area.as_deref().is_none_or(|area| contains(area, district));
    if own || whole { Ok(()) } else { Err(outside(caller, district)) }
}

/// Whether a profile lies in the operator's area.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn district(caller: &Caller, district: &str) -> Result<(), Problem> {
    let reaches = caller.area.as_deref().is_none_or(|area| contains(area, district));
    if reaches { Ok(()) } else { Err(outside(caller, district)) }
}

fn in_area(caller: &Caller, place: &str) -> bool {
    caller.has_any(OFFICES)
        && match &caller.area {
            Some(area) => contains(area, place),
            None => caller.has_any(UNBOUND),
        }
}

fn outside(caller: &Caller, place: &str) -> Problem {
    Problem::new(Code::PermissionDenied, "OUTSIDE_AREA", "this lies outside your area and your unit")
        .meta("area", caller.area.clone().unwrap_or_default())
        .meta("place", place)
}
