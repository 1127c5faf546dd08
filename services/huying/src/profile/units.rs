//! `units.csv` and `groups.csv`: who can hold a case or be called on one.

use std::collections::BTreeMap;

use huying_proto::casework::v1::ResponseGroup;
use huying_proto::common::v1 as common;
use huying_proto::routing::v1::{Unit, UnitKind};
use huying_terms::Tier;

use super::areas::Areas;
use super::derived::Derived;
use super::fault::Faults;
use super::folder::Folder;
use super::sheet::{Need, Row, Shape, Sheet};

const KINDS: [(&str, UnitKind); 7] = [
    ("grid_team", UnitKind::GridTeam),
    ("community", UnitKind::Community),
    ("street", UnitKind::Street),
    ("district", UnitKind::District),
    ("department", UnitKind::Department),
    ("response_group", UnitKind::ResponseGroup),
    ("utility", UnitKind::Utility),
];

const UNITS: Shape = Shape {
    file: "units.csv",
    columns: &["code", "name", "tier", "kind", "area", "superior", "phone"],
    key: 1,
    need: Need::Must,
};
const GROUPS: Shape = Shape {
    file: "groups.csv",
    columns: &["code", "class", "class_name", "name", "chair", "chair_unit", "lead", "members"],
    key: 1,
    need: Need::May,
};

/// Following superiors upwards for longer than this means that they form a ring.
const LINE: usize = 8;

pub(super) struct Units {
    pub(super) list: Vec<Unit>,
    /// As casework takes them: with the unit that grants and commands.
    pub(super) groups: Vec<ResponseGroup>,
    places: BTreeMap<String, usize>,
}

impl Units {
    pub(super) fn read(
        folder: &Folder,
        (district, derived): (&str, &Derived),
        areas: &Areas,
        faults: &mut Faults,
    ) -> Self {
        let sheet = Sheet::read(folder, UNITS, faults);
        let mut units = Self { list: Vec::new(), groups: Vec::new(), places: BTreeMap::new() };
        for row in &sheet.rows {
            units.take(row, areas, faults);
        }
        for unit in derived.units(&areas.list, &units.list) {
            units.places.insert(unit.code.clone(), units.list.len());
            units.list.push(unit);
        }
        for (row, unit) in sheet.rows.iter().zip(&units.list) {
            units.check_superior(row, unit, district, faults);
        }
        units.join_groups(folder, faults);
        units
    }

    pub(super) fn has(&self, code: &str) -> bool {
        self.places.contains_key(code)
    }

    fn take(&mut self, row: &Row, areas: &Areas, faults: &mut Faults) {
        let code = row.required("code", faults);
        if code.len() > 64 || !code.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_:-".contains(&byte))
        {
            let fix = "write at most 64 letters, digits, '_', ':' or '-': it is part of the subject that the unit's events go on";
            faults.row(row, format!("the code '{code}' cannot be used"), fix);
        }
        if self.places.insert(code.clone(), self.list.len()).is_some() {
            faults.row(row, format!("the unit {code} stands in this file already"), "keep one of them");
        }
        let area = row.get("area").to_owned();
        if !areas.has(&area) {
            faults.row(
                row,
                format!("the area '{area}' of {code} is not defined"),
                "name an area of areas.csv",
            );
        }
        let tiers = Tier::ALL.map(|tier| (tier.as_str(), tier));
        let tier =
            row.word("tier", &tiers, faults).map_or(common::Tier::Unspecified, huying_wire::tier::write);
        let kind = row.word("kind", &KINDS, faults).unwrap_or(UnitKind::Unspecified);
        self.list.push(Unit {
            code,
            name: row.required("name", faults),
            kind: kind.into(),
            tier: tier.into(),
            area,
            superior: row.get("superior").to_owned(),
            members: Vec::new(),
            chair: String::new(),
            class: String::new(),
        });
    }

    /// Whatever has nobody above it could never be relieved, and nothing that is asked of its superior would be answered.
    fn check_superior(&self, row: &Row, unit: &Unit, district: &str, faults: &mut Faults) {
        if unit.superior.is_empty() {
            if unit.area != district {
                let what = format!("{} has no superior and does not stand at the top", unit.code);
                faults.row(row, what, "name the unit above it");
            }
            return;
        }
        let above = |below: &&Unit| self.get(&below.superior);
        if std::iter::successors(Some(unit), above).nth(LINE).is_some() {
            let what = format!("the superiors of {} go round in a ring", unit.code);
            faults.row(row, what, "correct the superior, so that the line ends at the top");
        }
        match self.get(&unit.superior) {
            None => {
                let what = format!("the superior '{}' of {} is not defined", unit.superior, unit.code);
                faults.row(row, what, "name a unit of this file, or leave it empty at the top");
            }
            Some(superior) if !unit.area.starts_with(&superior.area) => {
                let what =
                    format!("{} lies in {}, outside {} of its superior", unit.code, unit.area, superior.area);
                faults.row(row, what, "correct the area or the superior");
            }
            Some(_) => {}
        }
    }

    fn get(&self, code: &str) -> Option<&Unit> {
        self.places.get(code).and_then(|place| self.list.get(*place))
    }

    /// Adds to the groups among the units what their own file says; the lead stands first among the members.
    fn join_groups(&mut self, folder: &Folder, faults: &mut Faults) {
        let sheet = Sheet::read(folder, GROUPS, faults);
        let mut joined = Vec::new();
        for row in &sheet.rows {
            let code = row.required("code", faults);
            let lead = row.required("lead", faults);
            let mut members = vec![lead.clone()];
            members.extend(row.list("members").into_iter().filter(|member| *member != lead));
            for member in members.iter().filter(|member| !self.has(member)) {
                faults.row(row, format!("the member '{member}' is not defined"), "name a unit of units.csv");
            }
            let chair_unit = row.required("chair_unit", faults);
            if !self.has(&chair_unit) {
                let what = format!("the chair's unit '{chair_unit}' is not defined");
                faults.row(row, what, "name a unit of units.csv");
            }
            let (chair, class) = (row.required("chair", faults), row.required("class_name", faults));
            match self.places.get(&code).and_then(|place| self.list.get_mut(*place)) {
                Some(unit) if unit.kind() == UnitKind::ResponseGroup => {
                    joined.push(code.clone());
                    let name = unit.name.clone();
                    let group = ResponseGroup { code, name, class, chair: chair_unit, members };
                    (unit.members, unit.chair) = (group.members.clone(), chair);
                    unit.class.clone_from(&group.class);
                    self.groups.push(group);
                }
                Some(_) | None => {
                    let fix = "add it to units.csv with the kind response_group";
                    faults.row(row, format!("'{code}' is no response group among the units"), fix);
                }
            }
        }
        let alone = self.list.iter().filter(|unit| unit.kind() == UnitKind::ResponseGroup);
        for unit in alone.filter(|unit| !joined.contains(&unit.code)) {
            faults.add(
                "groups.csv",
                None,
                format!("the response group {} is missing", unit.code),
                "add its line",
            );
        }
    }
}
