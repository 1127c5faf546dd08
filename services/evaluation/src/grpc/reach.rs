//! How far a caller reaches: the area they work in, and, for those who are judged, their own unit.

use huying_chassis::{
    auth::{Caller, Role},
    status::Problem,
};
use tonic::Code;

use crate::{domain::callback::Callback, store::Scope};

/// A caller's bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach {
    /// Only what lies in this area; empty: anywhere.
    area: String,
    /// Only what judges this unit; none: any.
    unit: Option<String>,
}

impl Reach {
    /// Services and operators reach everything. Callback staff, leaders and desks see their area; an officer or a department sees
    /// how its own unit was judged, and without a unit nothing.
    pub fn of(caller: &Caller) -> Self {
        if caller.has_any(&[Role::Service, Role::Operator]) {
            return Self::default();
        }
        let unit = if caller.has_any(&[Role::Callback, Role::Leader, Role::Desk]) {
            None
        } else {
            Some(caller.unit.clone().unwrap_or_default())
        };
        Self { area: caller.area.clone().unwrap_or_default(), unit }
    }

    /// Whether one callback is within it.
    ///
    /// # Errors
    /// `OUTSIDE_AREA`, `OUTSIDE_UNIT`.
    pub fn admit(&self, callback: &Callback) -> Result<(), Problem> {
        if !callback.opened.area.starts_with(&self.area) {
            return Err(outside_area());
        }
        match &self.unit {
            Some(unit) if *unit != callback.opened.unit => Err(outside_unit()),
            Some(_) | None => Ok(()),
        }
    }

    /// The area a list or a rate of a district is narrowed to: empty for all of it.
    ///
    /// # Errors
    /// `OUTSIDE_AREA` when nothing of the district is within reach.
    pub fn area_in(&self, district: &str) -> Result<String, Problem> {
        if district.starts_with(&self.area) {
            Ok(String::new())
        } else if self.area.starts_with(district) {
            Ok(self.area.clone())
        } else {
            Err(outside_area())
        }
    }

    /// The unit a list or a rate is narrowed to: empty for all.
    ///
    /// # Errors
    /// `OUTSIDE_UNIT` when another unit is asked for than the caller's own.
    pub fn unit_asked(&self, asked: &str) -> Result<String, Problem> {
        match &self.unit {
            None => Ok(asked.to_owned()),
            Some(own) if !own.is_empty() && (asked.is_empty() || asked == own) => Ok(own.clone()),
            Some(_) => Err(outside_unit()),
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

fn outside_area() -> Problem {
    Problem::new(Code::PermissionDenied, "OUTSIDE_AREA", "it does not lie in the area of the caller's token")
}

fn outside_unit() -> Problem {
    Problem::new(Code::PermissionDenied, "OUTSIDE_UNIT", "it does not judge the unit of the caller's token")
}
