//! 清单、台账: named lists of cases. A ledger is a definition in the profile and nothing else: which cases, in which order, with which columns,
//! and by what it is split. Who reads it comes with the question ([`Asked`]).

use std::collections::BTreeSet;

use huying_terms::{Lamp, Tier};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

use super::{
    case::{Outcome, State},
    profile::{CaseworkProfile, is_category_part},
    wanted::{Cases, Order},
};

/// Most ledgers of a profile.
pub const MOST_LEDGERS: usize = 50;
/// Characters of a ledger's name.
const NAME: usize = 60;

/// A definition. All that it names must hold of a case at once; what is absent is not asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Ledger {
    pub code: String,
    /// What people call it.
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// Only what is not closed.
    pub open: bool,
    /// Only what closed like this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lamp: Option<Lamp>,
    pub supervised: bool,
    pub hard: bool,
    /// In a leader's charge.
    pub led: bool,
    /// Without the parts of a case that was split.
    pub whole: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split: Option<Split>,
    pub order: Order,
    /// What it shows.
    pub columns: Vec<Column>,
}

/// What a ledger is split by, by its name in the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Split {
    /// By the areas next below the one asked for.
    Area,
    Holder,
    Leader,
    Arbiter,
    Verifier,
    Category,
    State,
    Outcome,
}

/// What a ledger may show of a case, by its name in the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Column {
    Number,
    Area,
    Category,
    Priority,
    Content,
    Address,
    State,
    Tier,
    Holder,
    Officer,
    Leader,
    Plan,
    Measures,
    Progress,
    Review,
    Lamp,
    Due,
    RespondDue,
    ResolveDue,
    Opened,
    Resolved,
    Closed,
    Attempt,
    Supervision,
    Outcome,
    Answer,
    Solved,
    Ground,
}

/// What is asked of a ledger besides what it says itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub area: Option<String>,
    /// One of what it is split by.
    pub of: Option<String>,
}

/// How many cases are on a ledger, of one of what it is split by; nothing where it is split by nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LedgerCount {
    pub of: String,
    pub name: String,
    pub cases: i64,
    pub overdue: i64,
}

impl Ledger {
    /// Everything that is wrong with the definition itself, each with its field.
    pub fn check(&self, district: &str) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let mut add = |field, what: &str| wrong.push((field, what.to_owned()));
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
        if !(1..=64).contains(&self.code.len()) || !self.code.bytes().all(plain) {
            add("code", "must have 1 to 64 letters, digits, '_', '.', ':' or '-'");
        }
        let fits = (1..=NAME).contains(&self.name.chars().count()) && !self.name.trim().is_empty();
        if !fits || huying_words::unfit_line(&self.name).is_some() {
            add("name", &format!("must say something in at most {NAME} characters"));
        }
        if self.area.as_ref().is_some_and(|area| !is_area_in(area, district)) {
            add("area", "must be the district or lie in it");
        }
        if self.category.as_ref().is_some_and(|category| !is_category_part(category)) {
            add("category", "must be a category's code");
        }
        if self.open && self.state == Some(State::Closed) {
            add("state", "must not be closed where only what is open is wanted");
        }
        if self.order == Order::Due && self.state == Some(State::Closed) {
            add("order", "what is due first leaves out what is closed");
        }
        let asks_outcome = self.outcome.is_some() || self.split == Some(Split::Outcome);
        if asks_outcome && self.cases(district, &Asked::default()).is_ok_and(|cases| !cases.may_be_closed()) {
            add(
                if self.outcome.is_some() { "outcome" } else { "split" },
                "nothing that is open has an outcome",
            );
        }
        let columns: BTreeSet<Column> = self.columns.iter().copied().collect();
        if columns.is_empty() || columns.len() < self.columns.len() {
            add("columns", "must be 1 or more, none twice");
        }
        wrong
    }

    /// The cases that are asked for.
    ///
    /// # Errors
    /// What of the question is wrong, with its field.
    pub fn cases(&self, district: &str, asked: &Asked) -> Result<Cases, (&'static str, &'static str)> {
        let area = match (&self.area, &asked.area) {
            (Some(own), Some(asked)) if !asked.starts_with(own.as_str()) => {
                return Err(("area", "must lie in the ledger's own area"));
            }
            (own, asked) => asked.as_ref().or(own.as_ref()),
        };
        let mut cases = Cases {
            district: district.to_owned(),
            area: area.cloned(),
            state: self.state,
            open: self.open,
            outcome: self.outcome,
            tier: self.tier,
            category: self.category.clone(),
            lamp: self.lamp,
            supervised: self.supervised,
            hard: self.hard,
            led: self.led,
            whole: self.whole,
            order: self.order,
            ..Cases::default()
        };
        if asked.of.is_none() {
            return Ok(cases);
        }
        let of = asked.of.clone();
        match self.split {
            None => return Err(("of", "must be empty: the ledger is split by nothing")),
            Some(Split::Area) => return Err(("of", "must be empty: say which area by `area`")),
            Some(Split::Holder) => cases.holder = of,
            Some(Split::Leader) => cases.leader = of,
            Some(Split::Arbiter) => cases.arbiter = of,
            Some(Split::Verifier) => cases.verifier = of,
            Some(Split::Category) => cases.category = of,
            Some(Split::State) => {
                let states = State::VARIANTS.iter().copied();
                let state = states.into_iter().find(|state| Some(state.name()) == of.as_deref());
                cases.state = Some(state.ok_or(("of", "must be a state, such as working"))?);
            }
            Some(Split::Outcome) => {
                let outcomes = Outcome::VARIANTS.iter().copied();
                let outcome = outcomes.into_iter().find(|outcome| Some(outcome.name()) == of.as_deref());
                cases.outcome = Some(outcome.ok_or(("of", "must be an outcome, such as declined"))?);
            }
        }
        Ok(cases)
    }

    /// Whether it puts this on a page.
    pub fn shows(&self, column: Column) -> bool {
        self.columns.contains(&column)
    }
}

/// Of a district, or of what lies in it.
fn is_area_in(area: &str, district: &str) -> bool {
    [6, 9, 12, 15].contains(&area.len())
        && area.bytes().all(|byte| byte.is_ascii_digit())
        && area.starts_with(district)
}

impl CaseworkProfile {
    /// A ledger by its code.
    pub fn ledger(&self, code: &str) -> Option<&Ledger> {
        self.ledgers.iter().find(|ledger| ledger.code == code)
    }
}
