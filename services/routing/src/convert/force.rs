//! Who serves an area.

use huying_proto::routing::v1 as pb;
use huying_terms::AreaCode;

use crate::domain::{
    force::{ForceKind, GridForce},
    index::Index,
};

/// Most of one answer.
const MOST: usize = 100;

fn write(kind: ForceKind) -> pb::ForceKind {
    match kind {
        ForceKind::Police => pb::ForceKind::Police,
        ForceKind::CityManagement => pb::ForceKind::CityManagement,
        ForceKind::MarketSupervision => pb::ForceKind::MarketSupervision,
        ForceKind::PropertyManager => pb::ForceKind::PropertyManager,
        ForceKind::Water => pb::ForceKind::Water,
        ForceKind::Power => pb::ForceKind::Power,
        ForceKind::Gas => pb::ForceKind::Gas,
        ForceKind::Volunteer => pb::ForceKind::Volunteer,
        ForceKind::PartyMember => pb::ForceKind::PartyMember,
        ForceKind::Cadre => pb::ForceKind::Cadre,
        ForceKind::Emergency => pb::ForceKind::Emergency,
    }
}

/// None: unspecified.
pub fn read(kind: pb::ForceKind) -> Option<ForceKind> {
    match kind {
        pb::ForceKind::Unspecified => None,
        pb::ForceKind::Police => Some(ForceKind::Police),
        pb::ForceKind::CityManagement => Some(ForceKind::CityManagement),
        pb::ForceKind::MarketSupervision => Some(ForceKind::MarketSupervision),
        pb::ForceKind::PropertyManager => Some(ForceKind::PropertyManager),
        pb::ForceKind::Water => Some(ForceKind::Water),
        pb::ForceKind::Power => Some(ForceKind::Power),
        pb::ForceKind::Gas => Some(ForceKind::Gas),
        pb::ForceKind::Volunteer => Some(ForceKind::Volunteer),
        pb::ForceKind::PartyMember => Some(ForceKind::PartyMember),
        pb::ForceKind::Cadre => Some(ForceKind::Cadre),
        pb::ForceKind::Emergency => Some(ForceKind::Emergency),
    }
}

fn force(it: &GridForce) -> pb::GridForce {
    pb::GridForce {
        area: it.area.to_string(),
        kind: write(it.kind).into(),
        name: it.name.clone(),
        duty: it.duty.clone(),
        phone: it.phone.clone(),
    }
}

/// Who serves an area that there is.
pub fn forces(index: &Index, area: &AreaCode) -> pb::GridForces {
    let unit = index.answering(area);
    pb::GridForces {
        area: area.to_string(),
        name: index.area_name(area),
        unit: unit.map_or_else(String::new, |unit| unit.code.clone()),
        unit_name: unit.map_or_else(String::new, |unit| unit.name.clone()),
        forces: index.forces(area).take(MOST).map(force).collect(),
        team: index.team.clone(),
    }
}
