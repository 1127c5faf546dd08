//! `clocks.csv` and `conditions.csv`: how long a step may take, and what shortens or lengthens it.
//!
//! The most exact line counts: the category's, the one of the event a component stands for, their
//! major's, then (at the services) the priority's.

use std::collections::BTreeMap;

use huying_proto::common::v1 as common;
use huying_proto::routing::v1 as routing;
use huying_terms::{Limit, LimitKind};
use huying_wire::limit;

use super::categories::Named;
use super::fault::Faults;
use super::folder::Folder;
use super::scope::Scope;
use super::sheet::{Need, Row, Shape, Sheet};

const LIMITS: Shape = Shape {
    file: "clocks.csv",
    columns: &["scope", "key", "condition", "clock", "amount", "kind", "source"],
    key: 4,
    need: Need::Must,
};
const CONDITIONS: Shape =
    Shape { file: "conditions.csv", columns: &["code", "name", "keywords"], key: 1, need: Need::May };

const CLOCKS: [(&str, &str); 11] = [
    ("respond", "respond"),
    ("resolve", "resolve"),
    ("dispatch_respond", "dispatch_respond"),
    ("dispatch_resolve", "dispatch_resolve"),
    ("answer", "answer"),
    ("callback", "callback"),
    ("review", "review"),
    ("wait", "wait"),
    ("danger", "danger"),
    ("triage", "triage"),
    ("triage_danger", "triage_danger"),
];

/// A line that is whole.
struct Line {
    scope: Scope,
    key: String,
    condition: String,
    clock: &'static str,
    limit: Limit,
    row: Row,
}

pub(super) struct Clocks {
    lines: Vec<Line>,
    /// By scope, key and clock, the lines without a condition.
    plain: BTreeMap<(Scope, String, &'static str), Limit>,
}

impl Clocks {
    pub(super) fn read(folder: &Folder, faults: &mut Faults) -> Self {
        let sheet = Sheet::read(folder, LIMITS, faults);
        let lines: Vec<Line> = sheet.rows.iter().filter_map(|row| line(row, faults)).collect();
        let mut plain = BTreeMap::new();
        let mut seen = BTreeMap::new();
        for line in &lines {
            let key = (line.scope, line.key.clone(), line.clock);
            if let Some(first) = seen.insert((key.clone(), line.condition.clone()), line.row.line) {
                faults.row(
                    &line.row,
                    format!("line {first} says the same clock already"),
                    "keep one of them",
                );
            }
            if line.condition.is_empty() {
                plain.insert(key, line.limit);
            }
        }
        Self { lines, plain }
    }

    /// The limit of a category, or none: then its priority's counts.
    pub(super) fn of_category(&self, category: &Named, clock: &'static str) -> Option<Limit> {
        let own = [(Scope::Category, Some(&category.id)), (Scope::Category, category.alias_of.as_ref())];
        let majors = [Some(category.major.clone()), category.alias_major()];
        let majors = majors.iter().map(|major| (Scope::Major, major.as_ref()));
        own.into_iter()
            .chain(majors)
            .filter_map(|(scope, key)| self.plain.get(&(scope, key?.clone(), clock)).copied())
            .next()
    }

    /// A limit that does not depend on the category.
    pub(super) fn default(&self, clock: &'static str, faults: &mut Faults) -> Option<common::Limit> {
        let found = self.plain.get(&(Scope::Default, String::new(), clock)).copied();
        if found.is_none() {
            let fix = format!("add a line such as default,,,{clock},3,work_day,");
            faults.add("clocks.csv", None, format!("there is no {clock} of scope default"), fix);
        }
        found.map(limit::write)
    }

    /// The longest that resolving may take where life is in danger; none: what routing takes by itself.
    pub(super) fn danger(&self) -> Option<common::Limit> {
        self.plain.get(&(Scope::Default, String::new(), "danger")).copied().map(limit::write)
    }

    /// What counts where a category says nothing: one pair for each priority.
    pub(super) fn defaults(&self, faults: &mut Faults) -> Vec<routing::DefaultLimit> {
        let priorities = super::categories::PRIORITIES;
        let mut defaults = Vec::new();
        for (word, priority) in priorities {
            let mut limit = |clock: &'static str| {
                let found = self.plain.get(&(Scope::Priority, word.to_owned(), clock)).copied();
                if found.is_none() {
                    let fix = format!("add a line such as priority,{word},,{clock},4,work_hour,");
                    faults.add(
                        "clocks.csv",
                        None,
                        format!("there is no {clock} for the priority {word}"),
                        fix,
                    );
                }
                found.map(limit::write)
            };
            let (respond, resolve) = (limit("respond"), limit("resolve"));
            defaults.push(routing::DefaultLimit { priority: priority.into(), respond, resolve });
        }
        defaults
    }

    /// How long the triage desk may take where life is in danger; none: what routing takes by itself.
    pub(super) fn triage_danger(&self) -> Option<common::Limit> {
        self.plain.get(&(Scope::Default, String::new(), "triage_danger")).copied().map(limit::write)
    }

    /// How long the triage desk may take, by priority; where a line is missing, routing's own counts.
    pub(super) fn triage(&self) -> Vec<routing::TriageLimit> {
        let line = |(word, priority): &(&str, common::Priority)| {
            let limit = self.plain.get(&(Scope::Priority, (*word).to_owned(), "triage"))?;
            Some(routing::TriageLimit { priority: (*priority).into(), limit: Some(limit::write(*limit)) })
        };
        super::categories::PRIORITIES.iter().filter_map(line).collect()
    }

    /// Limits by category and condition, in the order of the file.
    pub(super) fn conditioned(
        &self,
        categories: &BTreeMap<String, u64>,
        conditions: &[routing::Condition],
        faults: &mut Faults,
    ) -> Vec<routing::ConditionLimit> {
        let mut limits = Vec::new();
        for line in &self.lines {
            if line.scope == Scope::Category && !categories.contains_key(&line.key) {
                let fix = "add it to categories.csv or remove the line";
                faults.row(&line.row, format!("the category '{}' is not defined", line.key), fix);
            }
            if line.condition.is_empty() {
                continue;
            }
            let condition = conditions.iter().find(|condition| condition.code == line.condition);
            if condition.is_none() {
                let fix = "add it to conditions.csv or remove the line";
                faults.row(&line.row, format!("the condition '{}' is not defined", line.condition), fix);
            }
            if line.scope != Scope::Category || line.clock != "resolve" {
                let what = "a condition counts only for the resolve clock of a category";
                faults.row(&line.row, what, "leave condition empty, or name a category and resolve");
            }
            if condition.is_some_and(|condition| condition.keywords.is_empty()) {
                continue;
            }
            limits.push(routing::ConditionLimit {
                category: line.key.clone(),
                condition: line.condition.clone(),
                resolve: Some(limit::write(line.limit)),
            });
        }
        limits
    }
}

fn line(row: &Row, faults: &mut Faults) -> Option<Line> {
    let scopes = [Scope::Category, Scope::Major, Scope::Priority, Scope::Default].map(|s| (s.word(), s));
    let scope = row.word("scope", &scopes, faults);
    let clock = row.word("clock", &CLOCKS, faults);
    let kinds = LimitKind::ALL.map(|kind| (kind.as_str(), kind));
    let kind = row.word("kind", &kinds, faults);
    let amount = row.number("amount", 1, Limit::MOST, faults);
    let scope = scope?;
    scope.check_key(row, faults);
    Some(Line {
        scope,
        key: row.get("key").to_owned(),
        condition: row.get("condition").to_owned(),
        clock: clock?,
        limit: Limit { kind: kind?, amount: amount? },
        row: row.clone(),
    })
}

/// `conditions.csv`. One without keywords cannot be read out of words: it is known, so that
/// `clocks.csv` may name it, and not sent.
pub(super) fn read_conditions(folder: &Folder, faults: &mut Faults) -> Vec<routing::Condition> {
    let sheet = Sheet::read(folder, CONDITIONS, faults);
    let mut seen = BTreeMap::new();
    let mut conditions = Vec::new();
    for row in &sheet.rows {
        let code = row.required("code", faults);
        if let Some(first) = seen.insert(code.clone(), row.line) {
            faults.row(
                row,
                format!("the condition '{code}' stands in line {first} already"),
                "keep one of them",
            );
        }
        conditions.push(routing::Condition {
            code,
            name: row.required("name", faults),
            keywords: row.list("keywords"),
        });
    }
    conditions
}
