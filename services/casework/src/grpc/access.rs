//! How much a caller sees. The contract says which roles may call; the rest is the caller's reach: offices see what lies in their area, a
//! department what its unit of that district holds or is called on. A department that is only called on a case sees its dispatches and
//! the case, but neither the reporter's words nor the notes.

use huying_chassis::{
    auth::{Caller, Role, outside},
    status::Problem,
};
use huying_proto::access::{ACCESS, Access, Callers};

use crate::domain::{By, Case, Cases, Error, Sight};

/// Those whose area counts for what they see; a department sees by its unit.
const OFFICES: &[Role] = &[Role::Officer, Role::Desk, Role::Leader];

/// The asker, as the domain knows it.
pub fn by(caller: &Caller) -> By {
    let may_call = |rpc: &&Access| match rpc.callers {
        Callers::Anyone => true,
        Callers::Roles(roles) => caller.is_among(roles, rpc.services),
    };
    let asks = ACCESS.iter().filter(may_call).flat_map(|rpc| rpc.steps).copied().collect();
    By { reach: caller.reach.clone(), person: caller.subject.clone(), office: caller.has_any(OFFICES), asks }
}

/// The rpc that asks for a step on an aggregate of a kind, as the contract says: `/package.Service/Method`.
pub fn rpc_of(kind: &str, step: &str) -> Option<&'static str> {
    let asks = |rpc: &&Access| rpc.steps.iter().any(|asked| asked.split_once('.') == Some((kind, step)));
    ACCESS.iter().find(asks).map(|rpc| rpc.method)
}

/// Whether a caller may read a case's history, which holds the words of all: not as a called department.
///
/// # Errors
/// `NOT_HOLDER`.
pub fn history(case: &Case, sight: Sight) -> Result<(), Problem> {
    match sight {
        Sight::Whole => Ok(()),
        Sight::Called => Err(Error::NotHolder { holder: case.holder.unit.clone() }.into()),
    }
}

/// What a list of a district is narrowed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Bounds {
    /// All of it.
    District,
    /// An area in it.
    Area(String),
    /// The caller's own unit, wherever in the district its work lies.
    Unit(String),
}

/// How far a caller's lists reach, for a unit asked for. Told from the token and the question alone.
///
/// # Errors
/// `OUTSIDE_AREA` for a district that the caller's area has nothing to do with, or another's unit.
pub fn bounds(caller: &Caller, district: &str, asked: Option<&str>) -> Result<Bounds, Problem> {
    let area = caller.reach.within(district)?;
    let own = caller.reach.unit_in(district);
    match (own, asked) {
        // What one's own unit holds or is called on is seen wherever it lies.
        (Some(own), Some(asked)) if own == asked => Ok(Bounds::Unit(own.to_owned())),
        _ if caller.has_any(OFFICES) && area == district => Ok(Bounds::District),
        _ if caller.has_any(OFFICES) => Ok(Bounds::Area(area.to_owned())),
        (Some(own), None) => Ok(Bounds::Unit(own.to_owned())),
        (Some(_) | None, _) => Err(outside()),
    }
}

/// The part of a district that an office's questions are narrowed to, of what is no unit's; none: all of it.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn office(caller: &Caller, district: &str) -> Result<Option<String>, Problem> {
    match bounds(caller, district, None)? {
        Bounds::District => Ok(None),
        Bounds::Area(area) => Ok(Some(area)),
        Bounds::Unit(_) => Err(outside()),
    }
}

/// Narrows what is asked for to what a caller reaches.
///
/// # Errors
/// As [`bounds`].
pub fn narrow(caller: &Caller, cases: &mut Cases) -> Result<(), Problem> {
    let own = cases.own().clone();
    match bounds(caller, &cases.district, own.as_deref())? {
        Bounds::District => {}
        Bounds::Area(area) => cases.within = Some(area),
        Bounds::Unit(unit) => *cases.own() = Some(unit),
    }
    Ok(())
}

/// Whether a caller may watch what a unit holds or is called on: its own, or as a desk or service that stands for the whole district.
///
/// # Errors
/// `OUTSIDE_AREA`.
pub fn watch(caller: &Caller, district: &str, unit: &str) -> Result<(), Problem> {
    let whole = caller.has_any(OFFICES) && caller.reach.governs(district);
    if whole || caller.reach.is_unit(district, unit) { Ok(()) } else { Err(outside()) }
}
