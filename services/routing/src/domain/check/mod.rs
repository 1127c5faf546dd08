//! All that can be wrong with a directory, found before it is kept: every violation in words, naming its field.
//!
//! Sizes of lists and texts are the wire's to check; here is whether the parts make sense together.

mod areas;
mod authority;
mod rules;
mod units;

use std::collections::{HashMap, HashSet};

use huying_terms::AreaCode;

use super::profile::{Area, Category, Directory, Unit};

/// Most warnings of a kind.
const WARNED: usize = 32;

/// Something wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// Such as `units[3].superior`.
    pub field: String,
    /// Completes "this field …".
    pub what: String,
}

impl Directory {
    /// Everything that is wrong; none: it can be used.
    pub fn check(&self) -> Vec<Violation> {
        let mut check = Check::new(self);
        check.areas();
        check.units();
        check.categories();
        check.rules();
        check.boundaries();
        check.places();
        check.forces();
        check.former();
        check.roads();
        check.limits();
        check.triage();
        check.conditions();
        check.authority();
        if self.learned_percent.is_some_and(|percent| !(1..=100).contains(&percent)) {
            check.wrong("learned_percent", "must be from 1 to 100, or 0 for the usual".to_owned());
        }
        if let Err(error) = self.calendar.check() {
            check.wrong("calendar", error.to_string());
        }
        check.violations
    }

    /// What can be meant but should be known: rows of the authority table of which only their order decides, and borders far from all
    /// others. The first 32 of each.
    pub fn warnings(&self) -> Vec<String> {
        self.crossing().into_iter().chain(self.far()).collect()
    }
}

struct Check<'a> {
    directory: &'a Directory,
    areas: HashMap<&'a AreaCode, &'a Area>,
    units: HashMap<&'a str, &'a Unit>,
    categories: HashMap<&'a str, &'a Category>,
    violations: Vec<Violation>,
}

impl<'a> Check<'a> {
    fn new(directory: &'a Directory) -> Self {
        Self {
            directory,
            areas: directory.areas.iter().map(|it| (&it.code, it)).collect(),
            units: directory.units.iter().map(|it| (it.code.as_str(), it)).collect(),
            categories: directory.categories.iter().map(|it| (it.code.as_str(), it)).collect(),
            violations: Vec::new(),
        }
    }

    fn wrong(&mut self, field: impl Into<String>, what: impl Into<String>) {
        self.violations.push(Violation { field: field.into(), what: what.into() });
    }

    fn require(&mut self, holds: bool, field: impl FnOnce() -> String, what: impl FnOnce() -> String) {
        if !holds {
            self.wrong(field(), what());
        }
    }

    fn known_area(&mut self, field: impl FnOnce() -> String, area: &AreaCode) {
        self.require(self.areas.contains_key(area), field, || {
            format!("names {area}, which is no area of this profile")
        });
    }

    fn known_category(&mut self, field: impl FnOnce() -> String, category: &str) {
        let known = self.categories.contains_key(category);
        self.require(known, field, || format!("names {category}, which is no category of this profile"));
    }
}

/// The places in a list of what was there before.
fn repeated<T: std::hash::Hash + Eq>(items: impl IntoIterator<Item = T>) -> Vec<usize> {
    let mut seen = HashSet::new();
    let again = items.into_iter().enumerate().filter_map(|(at, item)| (!seen.insert(item)).then_some(at));
    again.collect()
}
