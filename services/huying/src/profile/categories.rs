//! `categories.csv`, `rules.csv`, `things.csv`, `dangers.csv` and `priority_people.csv`: what a case can be about, and
//! which words speak for it.

use std::collections::BTreeMap;

use huying_proto::common::v1 as common;
use huying_proto::routing::v1::{self as routing, AuthorityRule};
use huying_terms::Tier;

use super::authority::Authority;
use super::clocks::Clocks;
use super::fault::Faults;
use super::folder::Folder;
use super::sheet::{Need, Row, Shape, Sheet};
use super::units::Units;
use crate::words::Word as _;

pub(super) const PRIORITIES: [(&str, common::Priority); 3] = [
    ("normal", common::Priority::Normal),
    ("high", common::Priority::High),
    ("urgent", common::Priority::Urgent),
];

const CATEGORIES: Shape = Shape {
    file: "categories.csv",
    columns: &[
        "id",
        "standard",
        "kind",
        "code5",
        "major_name",
        "name",
        "alias_of",
        "lead",
        "co",
        "group",
        "priority",
    ],
    key: 1,
    need: Need::Must,
};
const STAND_INS: Shape =
    Shape { file: "stand_ins.csv", columns: &["of", "unit", "note"], key: 1, need: Need::May };
/// Rules add up: those of the place stand beside the common ones.
const THINGS: Shape = Shape { file: "things.csv", columns: &["word", "note"], key: 1, need: Need::May };

const DANGERS: Shape =
    Shape { file: "dangers.csv", columns: &["danger", "words", "note"], key: 0, need: Need::May };

const PRIORITY_PEOPLE: Shape =
    Shape { file: "priority_people.csv", columns: &["kind", "words", "note"], key: 0, need: Need::May };

const RULES: Shape = Shape {
    file: "rules.csv",
    columns: &["category", "all", "any", "none", "weight", "priority", "note"],
    key: 0,
    need: Need::May,
};

/// A category with the names it is found by in `authority.csv` and `clocks.csv`.
pub(super) struct Named {
    pub(super) id: String,
    /// The event a fault of this component is opened under.
    pub(super) alias_of: Option<String>,
    /// Such as `47678.5:e:06`.
    pub(super) major: String,
    pub(super) kind: &'static str,
    /// In charge; empty: nobody here.
    lead: String,
    /// Also concerned.
    co: Vec<String>,
    row: Row,
}

impl Named {
    pub(super) fn alias_major(&self) -> Option<String> {
        self.alias_of.as_deref().map(major_of)
    }

    /// What the authority table may name it by besides its id: the event that it stands for, their majors, its kind.
    pub(super) fn scopes(&self) -> Vec<String> {
        let majors = [Some(self.major.clone()), self.alias_major()];
        let mut scopes: Vec<String> =
            self.alias_of.iter().cloned().chain(majors.into_iter().flatten()).collect();
        scopes.push(self.kind.to_owned());
        scopes.dedup();
        scopes
    }
}

/// The id without its last three digits.
fn major_of(id: &str) -> String {
    id.char_indices().rev().nth(2).map_or(id, |(end, _)| &id[..end]).to_owned()
}

pub(super) struct Categories {
    named: Vec<Named>,
    /// In which line each stands.
    pub(super) lines: BTreeMap<String, u64>,
}

impl Categories {
    pub(super) fn read(
        folder: &Folder,
        (units, stand_ins): (&Units, &StandIns),
        faults: &mut Faults,
    ) -> Self {
        let sheet = Sheet::read(folder, CATEGORIES, faults);
        let (mut named, mut lines) = (Vec::new(), BTreeMap::new());
        for row in sheet.rows {
            let id = row.required("id", faults);
            if id.len() > 40 || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
                let fix = "write at most 40 ASCII characters, no blanks";
                faults.row(&row, format!("the id '{id}' cannot be used"), fix);
            }
            if let Some(first) = lines.insert(id.clone(), row.line) {
                faults.row(
                    &row,
                    format!("the category {id} stands in line {first} already"),
                    "keep one of them",
                );
            }
            let kinds = [("component", "component"), ("event", "event"), ("matter", "matter")];
            let kind = row.word("kind", &kinds, faults).unwrap_or("event");
            let alias_of = Some(row.get("alias_of").to_owned()).filter(|alias| !alias.is_empty());
            let lead = stand_ins.of(row.get("lead"));
            let mut co: Vec<String> = Vec::new();
            for unit in row.list("co").iter().map(|unit| stand_ins.of(unit)) {
                if !unit.is_empty() && unit != lead && !co.contains(&unit) {
                    co.push(unit);
                }
            }
            check_units(&row, co.iter().chain([&lead]), units, faults);
            named.push(Named { major: major_of(&id), id, alias_of, kind, lead, co, row });
        }
        for category in &named {
            if let Some(alias) = category.alias_of.as_ref().filter(|alias| !lines.contains_key(*alias)) {
                let what = format!("alias_of '{alias}' is not defined");
                faults.row(&category.row, what, "name a category of this file, or leave it empty");
            }
        }
        Self { named, lines }
    }

    /// As routing takes them.
    pub(super) fn parts(
        &self,
        authority: &Authority,
        clocks: &Clocks,
        top: Tier,
        faults: &mut Faults,
    ) -> Vec<routing::Category> {
        let mut parts = Vec::with_capacity(self.named.len());
        for category in &self.named {
            let row = &category.row;
            let says = authority.of(category);
            let starts = says.map(AuthorityRule::starts);
            let Named { lead, co, .. } = category;
            let lead = says.map(|says| &says.lead).filter(|lead| !lead.is_empty()).unwrap_or(lead);
            if starts == Some(huying_wire::tier::write(top)) && lead.is_empty() {
                let what = format!("{} starts at the top and has no lead to hold it", category.id);
                faults.row(row, what, "name its lead");
            }
            let priority = row.word("priority", &PRIORITIES, faults);
            parts.push(routing::Category {
                code: category.id.clone(),
                name: row.required("name", faults),
                standard: row.required("standard", faults),
                major: row.get("major_name").to_owned(),
                authority: starts.unwrap_or(common::Tier::Unspecified).into(),
                lead: category.lead.clone(),
                departments: co.clone(),
                priority: priority.unwrap_or(common::Priority::Unspecified).into(),
                respond: clocks.of_category(category, "respond").map(huying_wire::limit::write),
                resolve: clocks.of_category(category, "resolve").map(huying_wire::limit::write),
                scopes: category.scopes(),
            });
        }
        parts
    }
}

fn check_units<'a>(row: &Row, named: impl Iterator<Item = &'a String>, units: &Units, faults: &mut Faults) {
    for unit in named.filter(|unit| !unit.is_empty() && !units.has(unit)) {
        let fix = "name a unit of units.csv, or in stand_ins.csv who does its work here";
        faults.row(row, format!("the unit '{unit}' is not defined"), fix);
    }
}

/// `stand_ins.csv`: who does here what the categories give to a unit that the place does not have; an empty cell: nobody.
pub(super) struct StandIns(BTreeMap<String, String>);

impl StandIns {
    pub(super) fn read(folder: &Folder, units: &Units, faults: &mut Faults) -> Self {
        let mut stand_ins = BTreeMap::new();
        for row in &Sheet::read(folder, STAND_INS, faults).rows {
            let (of, unit) = (row.required("of", faults), row.get("unit").to_owned());
            if units.has(&of) {
                faults.row(row, format!("{of} is a unit of this place"), "take this line out, or the unit");
            }
            if !unit.is_empty() && !units.has(&unit) {
                faults.row(row, format!("the unit '{unit}' is not defined"), "name a unit of units.csv");
            }
            if stand_ins.insert(of.clone(), unit).is_some() {
                faults.row(row, format!("{of} stands in this file already"), "keep one of them");
            }
        }
        Self(stand_ins)
    }

    pub(super) fn of(&self, unit: &str) -> String {
        self.0.get(unit).map_or(unit, String::as_str).to_owned()
    }
}

/// `things.csv`: words for things that people ask for.
pub(super) fn read_things(folder: &Folder, faults: &mut Faults) -> Vec<String> {
    let sheet = Sheet::read(folder, THINGS, faults);
    sheet.rows.iter().map(|row| row.required("word", faults)).collect()
}

/// `dangers.csv`: words of danger to life besides those that every district has; and the limit in `clocks.csv`.
pub(super) fn read_dangers(folder: &Folder, clocks: &Clocks, faults: &mut Faults) -> routing::DangerRules {
    let sheet = Sheet::read(folder, DANGERS, faults);
    let words = sheet.rows.iter().map(|row| routing::DangerWords {
        danger: row
            .word("danger", routing::Danger::ALL, faults)
            .unwrap_or(routing::Danger::Unspecified)
            .into(),
        words: row.list("words"),
    });
    routing::DangerRules { words: words.collect(), resolve: clocks.danger() }
}

/// `priority_people.csv`: words that tell of people who come first; of `nobody` those that hold one and tell of no such person.
pub(super) fn read_priority_people(
    folder: &Folder,
    faults: &mut Faults,
) -> Vec<routing::PriorityPeopleWords> {
    let mut kinds = vec![("nobody", common::PriorityKind::Unspecified)];
    kinds.extend(common::PriorityKind::ALL);
    let sheet = Sheet::read(folder, PRIORITY_PEOPLE, faults);
    let words = sheet.rows.iter().map(|row| routing::PriorityPeopleWords {
        kind: row.word("kind", &kinds, faults).unwrap_or(common::PriorityKind::Unspecified).into(),
        words: row.list("words"),
    });
    words.collect()
}

/// `rules.csv`.
pub(super) fn read_rules(
    folder: &Folder,
    categories: &Categories,
    faults: &mut Faults,
) -> Vec<routing::KeywordRule> {
    let sheet = Sheet::read(folder, RULES, faults);
    let mut rules = Vec::new();
    for row in &sheet.rows {
        let category = row.required("category", faults);
        if !categories.lines.contains_key(&category) {
            let fix = "add it to categories.csv or remove the rule";
            faults.row(row, format!("the category '{category}' is not defined"), fix);
        }
        let (all, any) = (row.list("all"), row.list("any"));
        if all.is_empty() && any.is_empty() {
            faults.row(row, "the rule names no word", "fill in all or any");
        }
        let raises = !row.get("priority").is_empty();
        let priority = if raises { row.word("priority", &PRIORITIES, faults) } else { None };
        rules.push(routing::KeywordRule {
            category,
            all,
            any,
            none: row.list("none"),
            weight: row.number("weight", 1, 100, faults).unwrap_or(1),
            priority: priority.unwrap_or(common::Priority::Unspecified).into(),
        });
    }
    rules
}
