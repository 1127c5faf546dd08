//! `officers.csv`: which officers units have, in the order in which equals are taken, and when they are on duty.

use std::collections::{BTreeMap, BTreeSet};

use huying_casework::domain::duty::{self, Duty};
use huying_proto::casework::v1::RosterOfficer;
use huying_proto::routing::v1::Unit;

use super::fault::Faults;
use super::folder::Folder;
use super::sheet::{Need, Shape, Sheet};

const OFFICERS: Shape =
    Shape { file: "officers.csv", columns: &["unit", "subject", "name", "duty"], key: 2, need: Need::May };

/// All lines; a place without the file appoints by hand.
pub(super) fn read(folder: &Folder, units: &[Unit], faults: &mut Faults) -> Vec<RosterOfficer> {
    let sheet = Sheet::read(folder, OFFICERS, faults);
    let units: BTreeSet<&str> = units.iter().map(|unit| unit.code.as_str()).collect();
    let (mut officers, mut lines) = (Vec::new(), BTreeMap::new());
    for row in &sheet.rows {
        let (unit, subject) = (row.required("unit", faults), row.required("subject", faults));
        if !units.contains(unit.as_str()) {
            faults.row(row, format!("the unit '{unit}' is not defined"), "name a unit of units.csv");
        }
        if let Some(line) = lines.insert((row.get("unit"), row.get("subject")), row.line) {
            let what = format!("{subject} stands in {unit} already, in line {line}");
            faults.row(row, what, "keep one of them, with all shifts in one cell");
        }
        let duty = row.get("duty").to_owned();
        if Duty::parse(&duty).is_none() {
            faults.row(row, format!("duty '{duty}' cannot be read"), format!("it {}", duty::HOW));
        }
        officers.push(RosterOfficer { unit, subject, name: row.get("name").to_owned(), duty });
    }
    officers
}
