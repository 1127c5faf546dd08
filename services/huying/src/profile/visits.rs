//! `visitors.csv`: 固定走访人员, who visits the grids of an area for good; and `visits.toml`: 走访计划, by which days households and enterprises are to be visited, and how soon after what obliges a visit.

use std::collections::BTreeMap;

use huying_proto::intake::v1::{ArchiveKind, DueReason, FixedVisitor, ObligedVisit, VisitPlan};
use serde::Deserialize;
use toml::Spanned;

use super::{
    fault::Faults,
    folder::Folder,
    sheet::{Need, Shape, Sheet},
    toml_file::TomlFile,
};
use crate::words::Word;

const FILE: &str = "visits.toml";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct VisitsToml {
    #[serde(default)]
    plan: Vec<PlanToml>,
    #[serde(default)]
    obliged: BTreeMap<String, Spanned<u32>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PlanToml {
    name: String,
    kind: Spanned<String>,
    #[serde(default)]
    key: bool,
    days: Vec<u32>,
}

const VISITORS: Shape =
    Shape { file: "visitors.csv", columns: &["area", "unit", "officer"], key: 1, need: Need::May };

/// What a place says of visits; whether the units are there intake says.
#[derive(Default)]
pub(super) struct Visits {
    pub(super) plans: Vec<VisitPlan>,
    pub(super) obliged: Vec<ObligedVisit>,
    pub(super) visitors: Vec<FixedVisitor>,
}

/// All of it; a place without the files says nothing.
pub(super) fn read(folder: &Folder, faults: &mut Faults) -> Visits {
    let visitors = visitors(folder, faults);
    if !folder.has(FILE) {
        return Visits { visitors, ..Visits::default() };
    }
    let toml = TomlFile::<VisitsToml>::read(folder, FILE, faults);
    let (plans, obliged) = toml.map(|toml| plans(&toml, faults)).unwrap_or_default();
    Visits { plans, obliged, visitors }
}

fn visitors(folder: &Folder, faults: &mut Faults) -> Vec<FixedVisitor> {
    let sheet = Sheet::read(folder, VISITORS, faults);
    let rows = sheet.rows.iter();
    rows.map(|row| FixedVisitor {
        area: row.required("area", faults),
        unit: row.required("unit", faults),
        officer: row.get("officer").to_owned(),
    })
    .collect()
}

/// Plans, and days after what obliges a visit.
fn plans(toml: &TomlFile<VisitsToml>, faults: &mut Faults) -> (Vec<VisitPlan>, Vec<ObligedVisit>) {
    let mut plans = Vec::new();
    for PlanToml { name, kind, key, days } in &toml.it.plan {
        let Some(known) = ArchiveKind::parse(kind.get_ref()) else {
            let what = format!("'{}' has no archive", kind.get_ref());
            toml.fault(&kind.span(), what, "use household or enterprise", faults);
            continue;
        };
        plans.push(VisitPlan { name: name.clone(), kind: known.into(), key: *key, days: days.clone() });
    }
    let mut obliged = Vec::new();
    for (word, days) in &toml.it.obliged {
        match DueReason::parse(word).filter(|reason| *reason != DueReason::Plan) {
            Some(reason) => obliged.push(ObligedVisit { reason: reason.into(), days: *days.get_ref() }),
            None => {
                let fix = "use major_labour_dispute, safety_accident or major_event_invitation";
                toml.fault(&days.span(), format!("'{word}' obliges no visit"), fix, faults);
            }
        }
    }
    (plans, obliged)
}
