//! 处置权限: rows that can never count, rows that name what is not there, and rows of which only their order says which one counts.

use std::collections::{BTreeSet, HashMap, HashSet};

use huying_terms::Tier;

use super::{Check, WARNED};
use crate::domain::{
    decision::Verifier,
    profile::{AuthorityRule, Directory},
};

/// What a row asks for besides the category; none: whatever it is.
type Asks<'a> = (Option<&'a str>, Option<Tier>);

fn asks(rule: &AuthorityRule) -> Asks<'_> {
    (rule.condition.as_deref(), rule.tier)
}

/// Whether the one asks for nothing that the other does not ask for as well.
fn is_wider((condition, tier): Asks<'_>, than: Asks<'_>) -> bool {
    (condition.is_none() || condition == than.0) && (tier.is_none() || tier == than.1)
}

impl Check<'_> {
    pub(super) fn authority(&mut self) {
        let rules = &self.directory.authority;
        let Some(last) = rules.last() else { return };
        self.require(
            last.scope.is_none() && last.always_fits(),
            || format!("authority[{}]", rules.len() - 1),
            || {
                format!(
                    "({}) is the last row and must fit everything: scope, condition and tier empty",
                    last.line
                )
            },
        );
        for (at, rule) in rules.iter().enumerate() {
            self.row(at, rule);
        }
        self.reached();
    }

    fn row(&mut self, at: usize, rule: &AuthorityRule) {
        let (directory, top) = (self.directory, self.directory.district.tier());
        let field = |name: &str| format!("authority[{at}].{name}");
        let known =
            rule.condition.as_ref().is_none_or(|code| directory.conditions.iter().any(|it| it.code == *code));
        self.require(
            known,
            || field("condition"),
            || {
                format!(
                    "({}) names {}, which is no condition of this profile",
                    rule.line,
                    rule.condition.as_deref().unwrap_or_default()
                )
            },
        );
        let says = &rule.says;
        let rises = says.starts <= says.disposes && says.disposes <= top;
        self.require(
            rises,
            || field("disposes"),
            || format!("({}) must be from where it starts, {}, up to the top, {top}", rule.line, says.starts),
        );
        for (name, code) in
            says.lead.iter().map(|it| ("lead", it)).chain(says.joins.iter().map(|it| ("joins", it)))
        {
            let beside = self.units.get(code.as_str()).is_some_and(|unit| unit.kind.line().is_none());
            self.require(beside, || field(name), || {
                format!("({}) names {code}, which is no department, response group or utility of this profile", rule.line)
            });
        }
        if let Some(Verifier::Unit(code)) = &says.demands.verified {
            self.require(
                self.units.contains_key(code.as_str()),
                || field("demands"),
                || format!("({}) names {code}, which is no unit of this profile", rule.line),
            );
        }
    }

    /// Whether each row can count: not behind one that is about as much and asks for no more, nor behind one such for each tier. That narrower
    /// rows happen to leave it nothing today is no fault: a row for a kind, or for everything, is there for what comes.
    fn reached(&mut self) {
        let (rules, top) = (&self.directory.authority, self.directory.district.tier());
        let scopes = Scopes::new(self.directory);
        for (at, rule) in rules.iter().enumerate() {
            let before = rules.get(..at).unwrap_or_default();
            let (condition, tier) = asks(rule);
            let covering = |tier: Option<Tier>| {
                let wider =
                    |it: &&AuthorityRule| is_wider(asks(it), (condition, tier)) && scopes.covers(it, rule);
                before.iter().find(wider).map(|it| it.line.as_str())
            };
            let tiers = Tier::ALL.into_iter().filter(|it| tier.is_none() && *it <= top);
            let each = || tiers.map(|tier| covering(Some(tier))).collect::<Option<BTreeSet<&str>>>();
            let covered =
                covering(tier).map(|line| [line].into()).or_else(each).filter(|lines| !lines.is_empty());
            let why = if scopes.of(rule).is_none() {
                format!("nothing is called {}", rule.scope.as_deref().unwrap_or_default())
            } else if tier.is_some_and(|tier| tier > top) {
                format!("no place is above {top}")
            } else if let Some(lines) = covered {
                let lines: Vec<&str> = lines.into_iter().collect();
                format!("{} always counts before it", lines.join(", "))
            } else {
                continue;
            };
            self.wrong(format!("authority[{at}]"), format!("({}) can never count: {why}", rule.line));
        }
    }
}

impl Directory {
    /// Rows of the authority table that may fit the same case and say different things, while each fits some that the other does not, so
    /// that only their order decides.
    pub(super) fn crossing(&self) -> Vec<String> {
        let scopes = Scopes::new(self);
        let pairs = self.authority.iter().enumerate().flat_map(|(at, rule)| {
            let later = self.authority.iter().skip(at + 1).filter(|other| other.says != rule.says);
            later.map(move |other| (rule, other))
        });
        let crossing = pairs.filter(|(rule, other)| scopes.cross(rule, other)).take(WARNED);
        let warning = |(rule, other): (&AuthorityRule, &AuthorityRule)| {
            let (one, two) = (&rule.line, &other.line);
            format!("{one} and {two} may both fit the same case and say different things: the first counts")
        };
        crossing.map(warning).collect()
    }
}

/// Which categories, by number, go by which name.
struct Scopes<'a> {
    by_name: HashMap<&'a str, HashSet<usize>>,
    all: HashSet<usize>,
}

impl<'a> Scopes<'a> {
    fn new(directory: &'a Directory) -> Self {
        let mut by_name: HashMap<&str, HashSet<usize>> = HashMap::new();
        for (at, category) in directory.categories.iter().enumerate() {
            for name in std::iter::once(&category.code).chain(&category.scopes) {
                by_name.entry(name).or_default().insert(at);
            }
        }
        Self { by_name, all: (0..directory.categories.len()).collect() }
    }

    /// None: nothing goes by its name.
    fn of(&self, rule: &AuthorityRule) -> Option<&HashSet<usize>> {
        match &rule.scope {
            None => Some(&self.all),
            Some(name) => self.by_name.get(name.as_str()),
        }
    }

    /// Whether one is about all that another is about.
    fn covers(&self, rule: &AuthorityRule, other: &AuthorityRule) -> bool {
        self.of(rule).zip(self.of(other)).is_some_and(|(these, those)| those.is_subset(these))
    }

    /// Whether both may fit one case, and each also one that the other does not fit.
    fn cross(&self, rule: &AuthorityRule, other: &AuthorityRule) -> bool {
        let (Some(these), Some(those)) = (self.of(rule), self.of(other)) else { return false };
        let (one, two) = (asks(rule), asks(other));
        let apart = one.1.is_some() && two.1.is_some() && one.1 != two.1;
        let narrower = is_wider(two, one) && these.is_subset(those);
        let wider = is_wider(one, two) && those.is_subset(these);
        !(apart || narrower || wider || these.is_disjoint(those))
    }
}
