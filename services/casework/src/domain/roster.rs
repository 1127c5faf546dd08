//! 值班表: the officers of units, when they are on duty, and what they have in hand.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{duty::Duty, unit::Officer};

/// Most lines of a district's roster, and most of one unit.
pub const MOST: usize = 5000;
pub const MOST_OF_A_UNIT: usize = 200;

/// A line of a roster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rostered {
    /// The code of the officer's unit.
    pub unit: String,
    /// The subject of their token.
    pub subject: String,
    /// What they, or their post, are called.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    #[serde(default, skip_serializing_if = "Duty::is_working_time")]
    pub duty: Duty,
}

/// What an officer has in hand of what their unit holds, and whether they are away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Load {
    pub subject: String,
    /// Open cases; beyond a bound no more are counted.
    pub open: i64,
    /// When one was last given to them.
    pub appointed_at: Option<DateTime<Utc>>,
    pub absent: bool,
}

impl Rostered {
    pub fn officer(&self) -> Officer {
        Officer { subject: self.subject.clone(), name: self.name.clone() }
    }

    /// What is wrong with them together: each is once in a unit, and no unit has too many.
    pub fn check(roster: &[Self]) -> Vec<String> {
        let (mut once, mut of_units) = (BTreeSet::new(), BTreeMap::<&str, usize>::new());
        let mut wrong = Vec::new();
        for it in roster {
            if !once.insert((&it.unit, &it.subject)) {
                wrong.push(format!("{} stands twice in {}", it.subject, it.unit));
            }
            *of_units.entry(&it.unit).or_default() += 1;
        }
        for (unit, officers) in of_units.into_iter().filter(|(_, officers)| *officers > MOST_OF_A_UNIT) {
            wrong.push(format!("{unit} has {officers} officers, and at most {MOST_OF_A_UNIT} may be"));
        }
        wrong
    }
}
