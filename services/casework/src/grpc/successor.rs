//! Reading the units of a district, and who goes on for one that is no more.

use std::collections::BTreeMap;

use huying_chassis::validate::Violations;
use huying_proto::casework::v1 as pb;
use huying_wire::tier;

use super::validate::AREA;
use crate::domain::{
    Holder,
    successor::{MOST_SUCCESSORS, MOST_UNITS},
};

/// By code, with their names.
pub fn units(v: &mut Violations, units: Vec<pb::ProfileUnit>) -> BTreeMap<String, String> {
    v.list_len("profile.units", units.len(), 0..=MOST_UNITS);
    let mut read = BTreeMap::new();
    for (n, unit) in units.into_iter().take(MOST_UNITS).enumerate() {
        let field = format!("profile.units[{n}].code");
        v.token(&field, &unit.code, 1..=64);
        let name = v.line(&format!("profile.units[{n}].name"), &unit.name, 0..=200);
        v.require(&field, read.insert(unit.code, name).is_none(), "is there twice");
    }
    read
}

/// By the code of the unit that is no more.
pub fn successors(v: &mut Violations, successors: Vec<pb::Successor>) -> BTreeMap<String, Holder> {
    v.list_len("profile.successors", successors.len(), 0..=MOST_SUCCESSORS);
    let mut read = BTreeMap::new();
    for (n, it) in successors.into_iter().take(MOST_SUCCESSORS).enumerate() {
        let field = |name: &str| format!("profile.successors[{n}].{name}");
        v.token(&field("unit"), &it.unit, 1..=64);
        v.token(&field("code"), &it.code, 1..=64);
        let name = v.line(&field("name"), &it.name, 0..=200);
        v.digits(&field("area"), &it.area, &AREA);
        let tier = tier::check(v, &field("tier"), it.tier);
        let Some(tier) = tier else { continue };
        let to = Holder { unit: it.code, name, tier, area: it.area };
        v.require(&field("unit"), read.insert(it.unit, to).is_none(), "is there twice");
    }
    read
}
