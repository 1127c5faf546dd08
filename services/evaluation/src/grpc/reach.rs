//! How far a caller reaches: offices see what lies in their area, those who are judged how their own unit of that district was, and whoever
//! took a request how its reporter is asked.

use huying_chassis::{
    auth::{Caller, Role, outside},
    log::not_found,
    status::Problem,
    validate::Violations,
};
use tonic::Code;
use uuid::Uuid;

use crate::{
    domain::{callback::Callback, verdict::By, wanted::Scope},
    intake::Taken,
};

/// Those whose area counts for what they see. An officer or a department sees how its own unit was judged, and without a unit nothing.
pub const OFFICES: &[Role] = &[Role::Callback, Role::Leader, Role::Desk, Role::Operator, Role::Service];

/// Whether a callback is within a caller's reach. What is not is answered as what is not there.
pub fn sees(caller: &Caller, callback: &Callback) -> bool {
    let opened = &callback.opened;
    if caller.has_any(OFFICES) {
        caller.reach.sees(&opened.district, &opened.area)
    } else {
        caller.reach.is_unit(&opened.district, &opened.unit)
    }
}

/// Whether the caller is one of those who take requests, wherever: a platform, or an officer of a unit.
pub fn takes(caller: &Caller) -> bool {
    let sends = caller.has(Role::Platform) && !caller.reach.is_nothing();
    sends || (caller.has(Role::Officer) && caller.reach.unit().is_some())
}

/// As whom the caller took a request of that district, if they did.
pub fn took(caller: &Caller, district: &str, taken: &Taken) -> Option<By> {
    let sent = caller.has(Role::Platform) && caller.reach.part_of(district).is_some();
    if sent && taken.platform == format!("{} {}", caller.issuer, caller.subject) {
        return Some(By::Platform);
    }
    let first = caller.has(Role::Officer) && caller.reach.is_unit(district, &taken.unit);
    first.then_some(By::FirstContact)
}

/// What a list or a rate of a district is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// An area in the district; empty: all of it.
    pub area: String,
    /// A unit; empty: all.
    pub unit: String,
}

impl Bounds {
    /// For the unit asked for, if any, and the request, if the caller did not take it. Told from the token and the question alone.
    ///
    /// # Errors
    /// `OUTSIDE_AREA` when nothing of the district is within reach, `OUTSIDE_UNIT` when another unit is asked for than one's own. To a
    /// platform `NOT_FOUND`: a request that it did not send is as one that is not there; `BAD_FIELD` where it names none.
    pub fn of(caller: &Caller, district: &str, asked: &str, request: Option<Uuid>) -> Result<Self, Problem> {
        let area = caller.reach.within(district)?;
        if caller.has_any(OFFICES) {
            let area = if area == district { String::new() } else { area.to_owned() };
            return Ok(Self { area, unit: asked.to_owned() });
        }
        if caller.has(Role::Platform) {
            let mut v = Violations::new();
            v.require("request", request.is_some(), "must name a request that the platform sent");
            v.finish()?;
            return Err(not_found("request", request.unwrap_or_default()));
        }
        match caller.reach.unit_in(district) {
            Some(own) if asked.is_empty() || asked == own => {
                Ok(Self { area: String::new(), unit: own.to_owned() })
            }
            Some(_) | None => Err(outside_unit()),
        }
    }
}

/// The index that a list within an area is read from. A grid's callbacks are found in its community's.
pub fn scope(area: &str, unit: &str) -> Scope {
    if !unit.is_empty() {
        return Scope::Unit(unit.to_owned());
    }
    match (area.get(..9), area.get(..12)) {
        (_, Some(community)) => Scope::Community(community.to_owned()),
        (Some(street), None) => Scope::Street(street.to_owned()),
        (None, None) => Scope::District,
    }
}

/// The area that figures are told of: the one that is asked for, else all that is within reach. Figures are of communities at most; a grid's are
/// among its community's, which it sees by its unit alone.
///
/// # Errors
/// `OUTSIDE_AREA` when what is asked for is not within reach.
pub fn told_of(asked: String, reached: String, district: &str) -> Result<String, Problem> {
    let reached = if reached.is_empty() { district.to_owned() } else { reached };
    if asked.is_empty() {
        Ok(reached)
    } else if asked.starts_with(&reached) {
        Ok(asked)
    } else {
        Err(outside())
    }
}

/// What was asked for is another unit's than the caller's.
pub fn outside_unit() -> Problem {
    Problem::new(Code::PermissionDenied, "OUTSIDE_UNIT", "it does not judge the unit of the caller's token")
}
