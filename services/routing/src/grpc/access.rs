//! How far a caller reaches.
//!
//! A caller sees and decides what lies in the area of their token, a department what concerns its unit of that district. The directory
//! is no secret among those who work with it, wherever they work.

use huying_chassis::auth::{Caller, Role};

use crate::domain::route::Route;

/// Those whose area counts for what they see. A called department sees what concerns its unit.
const OFFICES: &[Role] = &[Role::Officer, Role::Desk, Role::Leader, Role::Callback, Role::Operator];

/// Whether a caller sees a route. One that they don't see is answered as one that is not there.
pub fn sees(caller: &Caller, route: &Route) -> bool {
    by_office(caller, route) || of_unit(caller, route).is_some_and(|unit| route.concerns(unit))
}

/// Whether a caller is told that it concerns people who come first: a department only of what it holds.
pub fn knows_people(caller: &Caller, route: &Route) -> bool {
    let holds = |unit| route.decision.as_ref().is_some_and(|it| it.holder == unit);
    by_office(caller, route) || of_unit(caller, route).is_some_and(holds)
}

fn by_office(caller: &Caller, route: &Route) -> bool {
    caller.has_any(OFFICES) && caller.reach.sees(&route.submission.district, route.place())
}

fn of_unit<'a>(caller: &'a Caller, route: &Route) -> Option<&'a str> {
    caller.reach.unit_in(&route.submission.district)
}
