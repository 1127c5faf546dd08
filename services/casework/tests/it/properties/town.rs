//! The place that the properties are tried in: units at every tier, departments, a response group, and the people who work there.

use huying_casework::domain::{
    By, CaseworkProfile, Policies, Unit, UnitKind,
    ladder::{Act, At, Rung},
    verification::VerificationDemand,
};
use huying_chassis::auth::Role;
use huying_terms::Tier;

use crate::fixture as f;

/// Where cases may begin or go: the four tiers of the place, a department, and a community elsewhere.
pub fn targets() -> [Unit; 6] {
    let abroad = f::unit("C-9", UnitKind::Community, Tier::Community, "990101002001");
    [f::grid(), f::community(), f::street(), f::district(), f::parks(), abroad]
}

/// A unit of the directory.
pub fn unit(code: &str) -> Unit {
    let others = [f::traffic(), f::chair()];
    targets().into_iter().chain(others).find(|unit| unit.code == code).unwrap()
}

/// Who is above it, as routing would say.
pub fn above(code: &str) -> Option<Unit> {
    match code {
        "G-1" => Some(f::community()),
        "C-1" => Some(f::street()),
        "D-1" => None,
        _ => Some(f::district()),
    }
}

/// Of each of them somebody, with the roles that such a unit's people have.
pub fn worker(code: &str) -> By {
    let unit = unit(code);
    let roles: &[Role] =
        if unit.kind.is_callable() { &[Role::Department] } else { &[Role::Officer, Role::Desk] };
    By { person: unit.code.clone(), ..f::caller(roles, Some(&unit.code), &unit.area) }
}

/// A desk and leader of an area, in no unit.
pub fn superior(area: &str) -> By {
    By { person: format!("superior of {area}"), ..f::caller(&[Role::Desk, Role::Leader], None, area) }
}

/// The departments that are called.
pub fn departments() -> [By; 2] {
    [f::parks(), f::traffic()].map(|unit| worker(&unit.code))
}

/// Everybody who may come and ask.
pub fn people() -> Vec<By> {
    let workers = targets().into_iter().chain([f::traffic(), f::chair()]).map(|unit| worker(&unit.code));
    workers.chain([f::DISTRICT, f::STREET, "990102"].map(superior)).collect()
}

/// Why the ladder presses or tells, by the occasion.
pub const AMBER: &str = "时限将到";
pub const RED: &str = "时限已过";
pub const IDLE: &str = "久无进展";
pub const SILENT: &str = "所呼叫部门逾期未报到";
pub const LATE: &str = "所呼叫部门逾期未办结";

/// With a response group and a ladder; where it demands that, what is resolved is looked at.
pub fn profile(verified: bool) -> CaseworkProfile {
    let rung = |at, acts: &[Act]| Rung { at, clock: None, acts: acts.to_vec() };
    let ladder = vec![
        rung(At::Amber, &[Act::UrgeHolder]),
        rung(At::Red, &[Act::Escalate]),
        rung(At::Idle, &[Act::UrgeHolder, Act::TellSuperior]),
        rung(At::Silent, &[Act::Supervise]),
        rung(At::Late, &[Act::TellSuperior]),
    ];
    let demand = VerificationDemand { category: "C1".into(), unit: None };
    CaseworkProfile {
        policies: Policies { ladder, idle_percent: Some(30), ..Policies::default() },
        verification: if verified { vec![demand] } else { Vec::new() },
        ..f::grouped()
    }
}
