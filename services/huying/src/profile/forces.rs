//! `forces.csv`: who serves which area, as the place publishes it.

use huying_proto::routing::v1::{ForceKind, GridForce};

use super::areas::Areas;
use super::fault::Faults;
use super::folder::Folder;
use super::sheet::{Need, Shape, Sheet};
use crate::words::Word as _;

const FORCES: Shape = Shape {
    file: "forces.csv",
    columns: &["area", "kind", "name", "duty", "phone", "note"],
    key: 3,
    need: Need::May,
};

/// Without an area it is the whole place's.
pub(super) fn read(folder: &Folder, district: &str, areas: &Areas, faults: &mut Faults) -> Vec<GridForce> {
    let sheet = Sheet::read(folder, FORCES, faults);
    let mut forces = Vec::new();
    for row in &sheet.rows {
        let area = if row.get("area").is_empty() { district } else { row.get("area") };
        if !areas.has(area) {
            faults.row(row, format!("the area '{area}' is not defined"), "name an area of areas.csv");
        }
        forces.push(GridForce {
            area: area.to_owned(),
            kind: row.word("kind", ForceKind::ALL, faults).unwrap_or(ForceKind::Unspecified).into(),
            name: row.required("name", faults),
            duty: row.get("duty").to_owned(),
            phone: row.get("phone").to_owned(),
        });
    }
    forces
}
