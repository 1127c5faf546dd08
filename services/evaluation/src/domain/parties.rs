//! 参与者: who had part in a case, as casework says when it is resolved. None of them judges it, asks its reporter, takes a verdict out of the
//! rates or draws a sample that it is in, by whichever token: what counts is the unit that somebody acts for, and the person.

use huying_chassis::log::{Actor, fingerprint};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A unit that had part in a case, and who acted for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub unit: String,
    /// Their fingerprints on the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
}

/// Who does something: the unit that they act for, and the subject of their token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Doer<'a> {
    pub unit: Option<&'a str>,
    pub subject: &'a str,
}

impl<'a> From<&'a Actor> for Doer<'a> {
    fn from(actor: &'a Actor) -> Self {
        Self { unit: actor.unit.as_deref(), subject: &actor.subject }
    }
}

impl Doer<'_> {
    /// The unit by which they had part in a case: the one that they act for, or one that they acted for on it. None: they had none. Builds before
    /// told who worked on it, and no more.
    pub fn part_in<'p>(
        self,
        case: Uuid,
        worked: impl IntoIterator<Item = &'p String>,
        parties: &'p [Party],
    ) -> Option<&'p str> {
        let mut units = worked.into_iter().chain(parties.iter().map(|party| &party.unit));
        let own = units.find(|unit| self.unit == Some(unit.as_str()));
        let person = fingerprint(case, self.subject);
        let acted = || parties.iter().find(|party| party.persons.contains(&person)).map(|party| &party.unit);
        own.or_else(acted).map(String::as_str)
    }
}
