//! Categories, the words that speak for them, and their limits.

use std::collections::{BTreeSet, HashMap};

use huying_terms::Priority;

use super::{Check, repeated};
use crate::domain::{index::parts, profile::KeywordRule};

/// The words of a rule as they are looked for.
#[derive(PartialEq, Eq, Hash)]
struct Reads {
    all: BTreeSet<Word>,
    any: BTreeSet<Word>,
    none: BTreeSet<Word>,
}

/// A word's parts, each with what it may be.
type Word = Vec<Vec<String>>;

impl Reads {
    fn of(rule: &KeywordRule) -> Self {
        let read =
            |words: &[String]| words.iter().map(|word| parts(word)).filter(|it| !it.is_empty()).collect();
        Self { all: read(&rule.all), any: read(&rule.any), none: read(&rule.none) }
    }

    /// The words that nothing is left of.
    fn silent<'a>(&self, rule: &'a KeywordRule) -> Vec<&'a String> {
        rule.all.iter().chain(&rule.any).chain(&rule.none).filter(|word| parts(word).is_empty()).collect()
    }

    /// A word that must occur, and one that must not and always does then.
    fn contradiction(&self) -> Option<(String, String)> {
        let within = |word: &Word| self.none.iter().find(|none| is_within(none, word));
        let found = |word: &Word| Some((shown(word), shown(within(word)?)));
        let any: Vec<_> = self.any.iter().map(found).collect();
        let of_any = any.iter().all(Option::is_some).then(|| any.into_iter().flatten().next()).flatten();
        self.all.iter().find_map(found).or(of_any)
    }
}

/// Whether a word occurs wherever another does.
fn is_within(inner: &Word, outer: &Word) -> bool {
    let [inner] = inner.as_slice() else { return inner == outer };
    outer.iter().any(|part| part.iter().all(|outer| inner.iter().any(|inner| outer.contains(inner.as_str()))))
}

fn shown(word: &Word) -> String {
    let parts: Vec<String> = word.iter().map(|part| part.join("|")).collect();
    parts.join("…")
}

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
        let mut seen: HashMap<Reads, usize> = HashMap::new();
        for (at, rule) in self.directory.rules.iter().enumerate() {
            let reads = Reads::of(rule);
            for word in reads.silent(rule) {
                self.wrong(format!("rules[{at}]"), format!("has the word '{word}', which says nothing"));
            }
            if let Some((word, otherwise)) = reads.contradiction() {
                let what =
                    format!("can never hold: where '{word}' occurs, '{otherwise}' of none does as well");
                self.wrong(format!("rules[{at}].none"), what);
            }
            if let Some(other) = seen.get(&reads).copied() {
                let known = &self.directory.rules[other];
                if known.category == rule.category {
                    self.wrong(
                        format!("rules[{at}]"),
                        format!("reads the same words as rules[{other}]: keep one"),
                    );
                } else if known.weight == rule.weight {
                    let what = format!("always ties with rules[{other}]: same words, same weight");
                    self.wrong(format!("rules[{at}].weight"), what);
                }
            }
            seen.entry(reads).or_insert(at);
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

    pub(super) fn triage(&mut self) {
        let Some(triage) = &self.directory.triage else { return };
        for at in repeated(triage.limits.iter().map(|it| it.priority)) {
            self.wrong(format!("triage.limits[{at}].priority"), "is there twice");
        }
        for (at, pair) in triage.climbs.windows(2).enumerate() {
            let rises = pair.first().map(|it| it.percent) < pair.last().map(|it| it.percent);
            let field = || format!("triage.climbs[{}].percent", at + 1);
            self.require(rises, field, || "must be more than that of the one before".into());
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
