//! How far a caller reaches.
//!
//! A caller sees and decides what lies in the area of their token, a department what concerns its unit of that district. The directory
//! is no secret among those who work with it, wherever they work.

use huying_chassis::auth::{Caller, Role};

use crate::domain::route::Route;

/// Those whose area counts for what they see. A called department sees what concerns its unit.
const OFFICES: &[Role] =
    &[Role::Officer, Role::Desk, Role::Leader, Role::Callback, Role::Operator, Role::Service];

/// Whether a caller sees a route. One that they don't see is answered as one that is not there.
pub fn sees(caller: &Caller, route: &Route) -> bool {
    let district = &route.submission.district;
    let by_office = caller.has_any(OFFICES) && caller.reach.sees(district, route.place());
    by_office || caller.reach.unit_in(district).is_some_and(|unit| route.concerns(unit))
}
