//! `areas.csv`, `retired.csv`, `places.csv`, `roads.csv`, `elsewhere.csv`: the tree of areas, and the names that lead to one or away.

use std::collections::BTreeMap;

use huying_proto::common::v1 as common;
use huying_proto::routing::v1 as routing;
use huying_terms::{AreaCode, Tier};

use super::derived::Derived;
use super::fault::Faults;
use super::folder::Folder;
use super::sheet::{Need, Row, Shape, Sheet};

const AREAS: Shape = Shape {
    file: "areas.csv",
    columns: &["code", "tier", "name", "parent", "lat", "lon"],
    key: 1,
    need: Need::Must,
};
const PLACES: Shape =
    Shape { file: "places.csv", columns: &["name", "area", "note"], key: 1, need: Need::May };

const RETIRED: Shape =
    Shape { file: "retired.csv", columns: &["code", "name", "area", "note"], key: 0, need: Need::May };
const ELSEWHERE: Shape = Shape { file: "elsewhere.csv", columns: &["name", "note"], key: 1, need: Need::May };
const ROADS: Shape = Shape {
    file: "roads.csv",
    columns: &["road", "area", "first", "last", "side", "note"],
    key: 0,
    need: Need::May,
};

/// All areas, and in which line each stands.
pub(super) struct Areas {
    pub(super) list: Vec<routing::Area>,
    lines: BTreeMap<String, u64>,
}

impl Areas {
    pub(super) fn read(folder: &Folder, district: &str, derived: &Derived, faults: &mut Faults) -> Self {
        let sheet = Sheet::read(folder, AREAS, faults);
        let mut areas = Self { list: Vec::new(), lines: BTreeMap::new() };
        for row in &sheet.rows {
            areas.take(row, faults);
        }
        for (row, area) in sheet.rows.iter().zip(&areas.list) {
            areas.check_parent(row, area, district, faults);
        }
        if !sheet.rows.is_empty() && !areas.has(district) {
            let fix = "add its line, or correct district in profile.toml";
            faults.add("areas.csv", None, format!("the district {district} itself is missing"), fix);
        }
        // The district first, then every area directly before all that lies in it.
        areas.list.sort_by(|a, b| a.code.cmp(&b.code));
        areas.add_grids(derived, faults);
        areas
    }

    /// A derived grid stands where its community does.
    fn add_grids(&mut self, derived: &Derived, faults: &mut Faults) {
        match derived.grids(&self.list) {
            Ok(grids) => {
                for grid in &grids {
                    let line = self.lines.get(&grid.parent).copied().unwrap_or_default();
                    self.lines.insert(grid.code.clone(), line);
                }
                self.list.extend(grids);
                self.list.sort_by(|a, b| a.code.cmp(&b.code));
            }
            Err(what) => faults.add("profile.toml", None, what, "correct grids of [derived]"),
        }
    }

    pub(super) fn has(&self, code: &str) -> bool {
        self.lines.contains_key(code)
    }

    fn take(&mut self, row: &Row, faults: &mut Faults) {
        let code = row.get("code").to_owned();
        let tiers = Tier::ALL.map(|tier| (tier.as_str(), tier));
        let tier = row.word("tier", &tiers, faults);
        match (AreaCode::parse(&code), tier) {
            (Err(error), _) => {
                faults.row(row, format!("code '{code}': {error}"), "write the national statistical code");
            }
            (Ok(parsed), Some(tier)) if parsed.tier() != tier => {
                let what = format!("a code of {} digits is no {tier}", code.len());
                faults.row(row, what, format!("a {tier} has {} digits", tier.code_len()));
            }
            (Ok(_), _) => {}
        }
        if let Some(first) = self.lines.insert(code.clone(), row.line) {
            faults.row(row, format!("the area {code} stands in line {first} already"), "keep one of them");
        }
        self.list.push(routing::Area {
            code,
            name: row.required("name", faults),
            tier: tier.map_or(common::Tier::Unspecified, huying_wire::tier::write).into(),
            parent: row.get("parent").to_owned(),
            ..routing::Area::default()
        });
    }

    fn check_parent(&self, row: &Row, area: &routing::Area, district: &str, faults: &mut Faults) {
        let parent = area.parent.as_str();
        if area.code == district {
            if !parent.is_empty() {
                faults.row(row, "the district lies in no other area here", "leave parent empty");
            }
        } else if !self.has(parent) {
            let fix = "name an area of this file";
            faults.row(row, format!("the parent '{parent}' of {} is not defined", area.code), fix);
        } else if !area.code.starts_with(parent) {
            let what = format!("{} does not begin with its parent's code {parent}", area.code);
            faults.row(row, what, "correct the code or the parent");
        }
    }
}

/// `retired.csv`: codes and names that an area, or what it took over, had before.
pub(super) fn read_retired(folder: &Folder, areas: &mut Areas, faults: &mut Faults) {
    let sheet = Sheet::read(folder, RETIRED, faults);
    for row in &sheet.rows {
        let (code, name, now) = (row.get("code"), row.get("name"), row.get("area"));
        if code.is_empty() && name.is_empty() {
            faults.row(row, "neither a code nor a name was retired", "write one of them");
        }
        if !code.is_empty() && (AreaCode::parse(code).is_err() || areas.has(code)) {
            let what = format!("'{code}' is no retired area code");
            faults.row(row, what, "write 6, 9, 12 or 15 digits that areas.csv does not have");
        }
        let Some(area) = areas.list.iter_mut().find(|area| area.code == now) else {
            faults.row(
                row,
                format!("the area '{now}' is not defined"),
                "name the area of areas.csv that it is now",
            );
            continue;
        };
        area.former_codes.extend(Some(code.to_owned()).filter(|code| !code.is_empty()));
        area.former_names.extend(Some(name.to_owned()).filter(|name| !name.is_empty()));
    }
}

/// `elsewhere.csv`: names of places outside.
pub(super) fn read_elsewhere(folder: &Folder, faults: &mut Faults) -> Vec<String> {
    let sheet = Sheet::read(folder, ELSEWHERE, faults);
    sheet.rows.iter().map(|row| row.required("name", faults)).collect()
}

/// `roads.csv`: which areas a road runs through, and with which houses.
pub(super) fn read_roads(folder: &Folder, areas: &Areas, faults: &mut Faults) -> Vec<routing::Road> {
    let sheet = Sheet::read(folder, ROADS, faults);
    let mut roads = Vec::new();
    for row in &sheet.rows {
        let area = row.get("area").to_owned();
        if !areas.has(&area) {
            faults.row(row, format!("the area '{area}' is not defined"), "name an area of areas.csv");
        }
        let (first, last) = (row.get("first"), row.get("last"));
        let numbers = match (first, last) {
            ("", "") => Some((0, 0)),
            _ => {
                first.parse().ok().zip(last.parse().ok()).filter(|(first, last)| (1..=*last).contains(first))
            }
        };
        if numbers.is_none() {
            let what = format!("'{first}' to '{last}' are no house numbers");
            faults.row(row, what, "write the first and the last, or leave both empty");
        }
        let sides = [
            ("", routing::RoadSide::Unspecified),
            ("odd", routing::RoadSide::Odd),
            ("even", routing::RoadSide::Even),
        ];
        let side = row.word("side", &sides, faults).unwrap_or_default().into();
        let (first, last) = numbers.unwrap_or_default();
        roads.push(routing::Road { name: row.required("road", faults), area, first, last, side });
    }
    roads
}

/// `places.csv`.
pub(super) fn read_places(folder: &Folder, areas: &Areas, faults: &mut Faults) -> Vec<routing::Place> {
    let sheet = Sheet::read(folder, PLACES, faults);
    let mut places = Vec::new();
    for row in &sheet.rows {
        let (name, area) = (row.required("name", faults), row.get("area").to_owned());
        if !(2..=40).contains(&name.chars().count()) {
            faults.row(
                row,
                format!("the name '{name}' is too short or too long"),
                "write 2 to 40 characters",
            );
        }
        if !areas.has(&area) {
            faults.row(row, format!("the area '{area}' is not defined"), "name an area of areas.csv");
        }
        places.push(routing::Place { name, area });
    }
    places
}
