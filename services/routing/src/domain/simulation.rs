//! What another directory would decide: requests decided anew by the one that is applied and by the other, at the time at which they were
//! submitted, and what differs.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::{
    decide::decide,
    decision::{Part, Routing, Submission},
    difference::{Difference, between},
    index::Index,
    learned::Memory,
};

/// Most requests that are named.
const SHOWN: usize = 200;

/// What differs among some requests.
#[derive(Default)]
pub struct Simulated {
    pub looked: i32,
    pub changed: i32,
    /// How many by part; one that differs in two counts in both.
    pub parts: BTreeMap<Part, i32>,
    /// What is left to the desk, by the one and by the other.
    pub undecided: (i32, i32),
    /// The first 200, with id and number.
    pub routes: Vec<(Uuid, String, Vec<Difference>)>,
}

/// Decides each twice.
pub fn simulate<'a>(
    (applied, other): (&Index, &Index),
    memory: Memory<'_>,
    submissions: impl Iterator<Item = (Uuid, &'a Submission)>,
) -> Simulated {
    let mut told = Simulated::default();
    let is_open = |routing: &Routing| i32::from(matches!(routing, Routing::Queued { .. }));
    for (request, submission) in submissions {
        let by = |index| decide(index, memory, submission, submission.submitted_at);
        let (before, after) = (by(applied), by(other));
        told.looked += 1;
        told.undecided.0 += is_open(&before);
        told.undecided.1 += is_open(&after);
        let differences = between(&before, &after);
        if differences.is_empty() {
            continue;
        }
        told.changed += 1;
        for difference in &differences {
            *told.parts.entry(difference.part).or_default() += 1;
        }
        if told.routes.len() < SHOWN {
            told.routes.push((request, submission.number.clone(), differences));
        }
    }
    told
}
