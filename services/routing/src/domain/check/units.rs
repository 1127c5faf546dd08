//! The units: each in its place, with one above it, up to the top.

use std::collections::HashSet;

use huying_terms::{Tier, UnitKind};

use super::{Check, repeated};
use crate::domain::profile::Unit;

/// Following superiors upwards for longer than this means that they form a circle.
const LINE: usize = 8;

impl Check<'_> {
    pub(super) fn units(&mut self) {
        let directory = self.directory;
        for at in repeated(directory.units.iter().map(|it| &it.code)) {
            self.wrong(format!("units[{at}].code"), format!("{} is there twice", directory.units[at].code));
        }
        let mut posts = HashSet::new();
        for (at, unit) in directory.units.iter().enumerate() {
            self.known_area(|| format!("units[{at}].area"), &unit.area);
            self.members(at, unit);
            self.superior(at, unit);
            if let Some(line) = unit.kind.line() {
                self.post(at, unit, line);
                self.require(
                    posts.insert((unit.kind, &unit.area)),
                    || format!("units[{at}].area"),
                    || format!("{} has another unit of this kind", unit.area),
                );
            }
        }
        let top = (UnitKind::of(directory.district.tier()), &directory.district);
        self.require(
            posts.contains(&top),
            || "units".into(),
            || format!("must have the unit that answers for all of {}", directory.district),
        );
    }

    fn post(&mut self, at: usize, unit: &Unit, line: Tier) {
        let kind = unit.kind.chinese();
        self.require(
            unit.tier == line,
            || format!("units[{at}].tier"),
            || format!("of a {kind} must be {line}"),
        );
        self.require(
            unit.area.tier() == line,
            || format!("units[{at}].area"),
            || format!("of a {kind} must be a {line}"),
        );
    }

    fn superior(&mut self, at: usize, unit: &Unit) {
        let field = || format!("units[{at}].superior");
        let Some(code) = &unit.superior else {
            let top = unit.area == self.directory.district;
            return self.require(top, field, || {
                format!("of {} must be named: only a unit of the top has none", unit.code)
            });
        };
        let Some(superior) = self.units.get(code.as_str()).copied() else {
            return self.wrong(field(), format!("names {code}, which is no unit of this profile"));
        };
        self.require(self.ends(unit), field, || format!("of {} goes round in a ring", unit.code));
        // Departments, groups and utilities stand beside the line.
        if unit.kind.line().is_some() && superior.kind.line().is_some() {
            self.require(superior.tier > unit.tier, field, || {
                format!("{code} must stand at a higher tier than {}", unit.code)
            });
            self.require(superior.area.contains(&unit.area), field, || {
                format!("{} lies outside {}, the area of {code}", unit.area, superior.area)
            });
        }
    }

    fn ends(&self, unit: &Unit) -> bool {
        let above = |unit: &&Unit| self.units.get(unit.superior.as_deref()?).copied();
        std::iter::successors(Some(unit), above).nth(LINE).is_none()
    }

    fn members(&mut self, at: usize, unit: &Unit) {
        let field = || format!("units[{at}].members");
        let group = unit.kind == UnitKind::ResponseGroup;
        self.require(unit.members.is_empty() != group, field, || {
            if group { "of a response group must be named" } else { "are only for response groups" }.into()
        });
        for code in &unit.members {
            // A group is called as one, so none is in another.
            let in_a_group = |kind: UnitKind| kind.is_callable() && kind != UnitKind::ResponseGroup;
            match self.units.get(code.as_str()).map(|member| in_a_group(member.kind)) {
                Some(true) => {}
                Some(false) => {
                    self.wrong(field(), format!("names {code}, which is no department or utility"))
                }
                None => self.wrong(field(), format!("names {code}, which is no unit of this profile")),
            }
        }
    }
}
