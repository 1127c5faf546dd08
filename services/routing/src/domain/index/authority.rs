//! 处置权限, ready to be asked: for each category the rows that can fit it, in the order of the table.

use std::collections::HashMap;

use crate::domain::profile::{AuthorityRule, Category, Condition};

/// The table.
pub(super) struct Authority {
    rules: Vec<AuthorityRule>,
    /// Which condition a rule asks for, by number.
    conditions: Vec<Option<usize>>,
    /// By category: numbers of rules.
    rules_of: HashMap<String, Vec<usize>>,
}

impl Authority {
    pub(super) fn new(rules: Vec<AuthorityRule>, categories: &[Category], conditions: &[Condition]) -> Self {
        let number = |code: &String| conditions.iter().position(|it| it.code == *code);
        let conditions = rules.iter().map(|rule| rule.condition.as_ref().and_then(number)).collect();
        let fitting = |category: &Category| {
            let fits = |(_, rule): &(usize, &AuthorityRule)| rule.is_about(category);
            let fitting: Vec<usize> = rules.iter().enumerate().filter(fits).map(|(at, _)| at).collect();
            // What stands behind one that always fits is never asked.
            let last = fitting.iter().position(|at| rules.get(*at).is_some_and(AuthorityRule::always_fits));
            fitting.into_iter().take(last.map_or(usize::MAX, |last| last + 1)).collect()
        };
        let rules_of = categories.iter().map(|it| (it.code.clone(), fitting(it))).collect();
        Self { rules, conditions, rules_of }
    }

    pub(super) fn of(&self, category: &str) -> impl Iterator<Item = (&AuthorityRule, Option<usize>)> {
        let rules = self.rules_of.get(category).map_or(&[][..], Vec::as_slice);
        rules.iter().filter_map(|at| Some((self.rules.get(*at)?, *self.conditions.get(*at)?)))
    }
}
