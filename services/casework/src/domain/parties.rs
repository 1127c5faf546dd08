//! 参与者: who had part in a case, whenever: the units that held it, were called on it, chaired a group or held a part of it, and the persons who
//! acted for one of them, or had it in hand there. Looking at it, and whatever takes it out of the rates, is not for them, by whichever token.

use std::collections::BTreeSet;

use huying_chassis::log::fingerprint;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    case::Case,
    known::{Answer, Known},
    unit::By,
};

/// Most units that are told of one case, and most persons of each: it has 50 dispatches at most.
const MOST: usize = 200;

/// As the logs tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Parties {
    pub units: BTreeSet<String>,
    /// Units and the subjects of those who acted for them, also for some that had no part.
    pub acted: BTreeSet<(String, String)>,
}

/// A unit that had part in a case, for those who follow, who are not told who the persons are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseParty {
    pub unit: String,
    /// Their fingerprints on the case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub persons: Vec<String>,
}

impl Parties {
    /// Whether somebody works in one of them, or acted for one.
    pub fn have(&self, district: &str, by: &By) -> bool {
        self.units.iter().any(|unit| by.is(district, unit) || self.has_acted(unit, &by.person))
    }

    /// Whether a person, by the subject of their token, acted for a unit on it, whichever they work in now.
    pub fn has_acted(&self, unit: &str, person: &str) -> bool {
        self.acted.contains(&(unit.to_owned(), person.to_owned()))
    }

    /// As those who follow are told.
    fn told(&self, case: Uuid) -> Vec<CaseParty> {
        let persons = |unit: &String| {
            let of = self.acted.iter().filter(|(acted_for, _)| acted_for == unit);
            of.take(MOST).map(|(_, person)| fingerprint(case, person)).collect()
        };
        self.units
            .iter()
            .take(MOST)
            .map(|unit| CaseParty { unit: unit.clone(), persons: persons(unit) })
            .collect()
    }
}

/// Who had part in a case until now, whoever asks among them.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub fn told(case: &Case, known: &dyn Known) -> Answer<Vec<CaseParty>> {
    let (mut parties, by) = (known.parties(case)?, known.by());
    if let Some(unit) = by.reach.unit_in(&case.district) {
        parties.acted.insert((unit.to_owned(), by.person.clone()));
    }
    Ok(parties.told(known.id()))
}

/// Whose logs tell it: the case's own and those of its dispatches, and of its parts and the cases that were merged into it, with theirs.
///
/// # Errors
/// [`huying_chassis::run::Halt::More`].
pub fn tellers(case: &Case, known: &dyn Known) -> Answer<Vec<Uuid>> {
    let (mut all, mut rest) = (vec![known.id()], vec![case]);
    while let Some(case) = rest.pop() {
        all.extend(case.called());
        let beside: BTreeSet<Uuid> = case.part_ids().into_iter().chain(case.joined()).collect();
        let new: Vec<Uuid> = beside.into_iter().filter(|id| !all.contains(id)).collect();
        all.extend(&new);
        // All are asked for before it is said that one is not known yet, so that they are looked up at once.
        let cases: Vec<Answer<&Case>> = new.into_iter().map(|id| known.case(id)).collect();
        for case in cases {
            rest.push(case?);
        }
    }
    Ok(all)
}
