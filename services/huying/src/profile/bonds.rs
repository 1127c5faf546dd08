//! `bonds.csv`: who keeps in touch with whom, who adopts what, and which departments are paired with which towns.

use huying_proto::intake::v1::{Bond, BondKind, BondLevel, BondObject};
use huying_proto::routing::v1::RoutingProfile;

use super::fault::Faults;
use super::folder::Folder;
use super::sheet::{Need, Shape, Sheet};
use crate::words::Word as _;

const BONDS: Shape = Shape {
    file: "bonds.csv",
    columns: &["kind", "level", "officer", "unit", "object_kind", "object", "area", "note"],
    key: 0,
    need: Need::May,
};

/// What fits together intake says; here it is whether there are such units and areas.
pub(super) fn read(folder: &Folder, directory: &RoutingProfile, faults: &mut Faults) -> Vec<Bond> {
    let mut levels = vec![("", BondLevel::Unspecified)];
    levels.extend(BondLevel::ALL);
    let sheet = Sheet::read(folder, BONDS, faults);
    let mut bonds = Vec::new();
    for row in &sheet.rows {
        let (unit, area) = (row.required("unit", faults), row.required("area", faults));
        if !directory.units.iter().any(|it| it.code == unit) {
            faults.row(row, format!("the unit '{unit}' is not defined"), "name a unit of units.csv");
        }
        if !directory.areas.iter().any(|it| it.code == area) {
            faults.row(row, format!("the area '{area}' is not defined"), "name an area of areas.csv");
        }
        bonds.push(Bond {
            kind: row.word("kind", BondKind::ALL, faults).unwrap_or(BondKind::Unspecified).into(),
            level: row.word("level", &levels, faults).unwrap_or(BondLevel::Unspecified).into(),
            officer: row.get("officer").to_owned(),
            unit,
            object_kind: row
                .word("object_kind", BondObject::ALL, faults)
                .unwrap_or(BondObject::Unspecified)
                .into(),
            object: row.get("object").to_owned(),
            area,
        });
    }
    bonds
}
