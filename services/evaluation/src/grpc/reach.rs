//! How far a caller reaches: offices see what lies in their area, and those who are judged how their own unit of that district was.

use huying_chassis::{
    auth::{Caller, Role},
    status::Problem,
};
use tonic::Code;

use crate::domain::{callback::Callback, wanted::Scope};

/// Those whose area counts for what they see. An officer or a department sees how its own unit was judged, and without a unit nothing.
const OFFICES: &[Role] = &[Role::Callback, Role::Leader, Role::Desk, Role::Operator, Role::Service];

/// Whether a callback is within a caller's reach. What is not is answered as what is not there.
pub fn sees(caller: &Caller, callback: &Callback) -> bool {
    let opened = &callback.opened;
    if caller.has_any(OFFICES) {
        caller.reach.sees(&opened.district, &opened.area)
    } else {
        caller.reach.is_unit(&opened.district, &opened.unit)
    }
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
    /// For the unit asked for, if any. Told from the token and the question alone.
    ///
    /// # Errors
    /// `OUTSIDE_AREA` when nothing of the district is within reach, `OUTSIDE_UNIT` when another unit is asked for than one's own.
    pub fn of(caller: &Caller, district: &str, asked: &str) -> Result<Self, Problem> {
        let area = caller.reach.within(district)?;
        if caller.has_any(OFFICES) {
            let area = if area == district { String::new() } else { area.to_owned() };
            return Ok(Self { area, unit: asked.to_owned() });
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

fn outside_unit() -> Problem {
    Problem::new(Code::PermissionDenied, "OUTSIDE_UNIT", "it does not judge the unit of the caller's token")
}
