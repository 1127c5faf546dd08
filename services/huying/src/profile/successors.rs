//! `successors.csv`: who goes on with what a unit had that is no more. A line stays as long as anybody may still ask after that unit; where the
//! successor has gone too, its own line says who goes on.

use std::collections::BTreeMap;

use huying_proto::casework::v1::{ProfileUnit, Successor};
use huying_proto::routing::v1::Unit;

use super::fault::Faults;
use super::folder::Folder;
use super::sheet::{Need, Shape, Sheet};

const SUCCESSORS: Shape =
    Shape { file: "successors.csv", columns: &["unit", "successor"], key: 0, need: Need::May };

/// Each with the unit that goes on in the end.
pub(super) fn read(folder: &Folder, units: &[Unit], faults: &mut Faults) -> Vec<Successor> {
    let sheet = Sheet::read(folder, SUCCESSORS, faults);
    let units: BTreeMap<&str, &Unit> = units.iter().map(|unit| (unit.code.as_str(), unit)).collect();
    let mut next: BTreeMap<&str, &str> = BTreeMap::new();
    for row in &sheet.rows {
        let (unit, successor) = (row.required("unit", faults), row.required("successor", faults));
        if units.contains_key(unit.as_str()) {
            let what = format!("{unit} is still a unit: only one that is no more has a successor");
            faults.row(row, what, "take it out of units.csv, or take this line out");
        }
        if next.insert(row.get("unit"), row.get("successor")).is_some() {
            faults.row(row, format!("the unit {unit} stands in this file already"), "keep one of them");
        }
        if unit == successor {
            faults.row(row, format!("{unit} cannot go on for itself"), "name a unit of units.csv");
        }
    }
    let mut successors = Vec::new();
    for row in &sheet.rows {
        let unit = row.get("unit");
        // As many steps as there are lines: a chain that goes in circles ends too.
        let mut chain = std::iter::successors(next.get(unit), |code| next.get(*code)).take(next.len());
        match chain.find_map(|code| units.get(*code)) {
            Some(to) => successors.push(Successor {
                unit: unit.to_owned(),
                code: to.code.clone(),
                name: to.name.clone(),
                tier: to.tier,
                area: to.area.clone(),
            }),
            None => {
                let what = format!("nobody that there is goes on for {unit}: '{}'", row.get("successor"));
                faults.row(
                    row,
                    what,
                    "name a unit of units.csv, or of this file with a successor of its own",
                );
            }
        }
    }
    successors
}

/// The units as casework takes them.
pub(super) fn units(units: &[Unit]) -> Vec<ProfileUnit> {
    let one = |unit: &Unit| ProfileUnit { code: unit.code.clone(), name: unit.name.clone() };
    units.iter().map(one).collect()
}
