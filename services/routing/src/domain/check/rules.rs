//! Categories, the words that speak for them, and their limits.

use super::{Check, repeated};
use huying_terms::Priority;

impl Check<'_> {
    pub(super) fn categories(&mut self) {
        let directory = self.directory;
        for at in repeated(directory.categories.iter().map(|it| &it.code)) {
            self.wrong(
                format!("categories[{at}].code"),
                format!("{} is there twice", directory.categories[at].code),
            );
        }
        let top = directory.district.tier();
        for (at, category) in directory.categories.iter().enumerate() {
            self.require(
                category.authority <= top,
                || format!("categories[{at}].authority"),
                || format!("{} is above the top tier, {top}", category.authority),
            );
            for (name, code) in category
                .lead
                .iter()
                .map(|it| ("lead", it))
                .chain(category.departments.iter().map(|it| ("departments", it)))
            {
                let beside = self.units.get(code.as_str()).map(|unit| unit.kind.line().is_none());
                match beside {
                    Some(true) => {}
                    Some(false) => self.wrong(
                        format!("categories[{at}].{name}"),
                        format!("{code} is no department, response group or utility"),
                    ),
                    None => self.wrong(
                        format!("categories[{at}].{name}"),
                        format!("names {code}, which is no unit of this profile"),
                    ),
                }
            }
        }
    }

    pub(super) fn rules(&mut self) {
        for (at, rule) in self.directory.rules.iter().enumerate() {
            self.known_category(|| format!("rules[{at}].category"), &rule.category);
            self.require(
                !(rule.all.is_empty() && rule.any.is_empty()),
                || format!("rules[{at}]"),
                || "must have words that speak for it: all or any".into(),
            );
        }
    }

    pub(super) fn limits(&mut self) {
        for at in repeated(self.directory.defaults.iter().map(|it| it.priority)) {
            self.wrong(format!("defaults[{at}].priority"), "is there twice");
        }
        for &priority in Priority::ALL {
            let given = self.directory.defaults.iter().any(|it| it.priority == priority);
            self.require(given, || "defaults".into(), || format!("must have limits for priority {priority}"));
        }
    }

    pub(super) fn conditions(&mut self) {
        let directory = self.directory;
        for at in repeated(directory.conditions.iter().map(|it| &it.code)) {
            self.wrong(
                format!("conditions[{at}].code"),
                format!("{} is there twice", directory.conditions[at].code),
            );
        }
        for (at, limit) in directory.condition_limits.iter().enumerate() {
            self.known_category(|| format!("condition_limits[{at}].category"), &limit.category);
            let known = directory.conditions.iter().any(|it| it.code == limit.condition);
            self.require(
                known,
                || format!("condition_limits[{at}].condition"),
                || format!("names {}, which is no condition of this profile", limit.condition),
            );
        }
        for at in repeated(directory.condition_limits.iter().map(|it| (&it.category, &it.condition))) {
            self.wrong(format!("condition_limits[{at}]"), "is there twice");
        }
    }
}
