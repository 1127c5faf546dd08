//! Who asks whom: what waits is split evenly, and nobody gets what they, or their unit, had part in.

use uuid::Uuid;

use crate::domain::interview::{Interview, Interviewer};

/// What comes of handing out.
#[derive(Debug, PartialEq, Eq)]
pub struct Shared {
    /// Who gets what, in the order of what waits.
    pub given: Vec<(Uuid, Interviewer)>,
    /// What waits with each then, in their order.
    pub waiting: Vec<usize>,
    /// What nobody has then: of the chosen ones, none of them may ask.
    pub left: usize,
}

/// Splits the chosen of all that wait in a round. What the interviewers have besides counts, so that those who have more get less.
pub fn share(
    waiting: &[(Uuid, &Interview)],
    chosen: impl Fn(Uuid, &Interview) -> bool,
    to: &[Interviewer],
) -> Shared {
    let mut loads = vec![0; to.len()];
    for (_, interview) in waiting.iter().filter(|(id, interview)| !chosen(*id, interview)) {
        let has = to.iter().position(|one| Some(one) == interview.interviewer.as_ref());
        has.into_iter().for_each(|place| loads[place] += 1);
    }
    let fitting = |interview: &Interview| {
        (0..to.len()).filter(|place| interview.not_own_work((&to[*place]).into()).is_ok()).collect()
    };
    let split = waiting.iter().enumerate().filter(|(_, (id, interview))| chosen(*id, interview));
    let mut split: Vec<(usize, Vec<usize>)> =
        split.map(|(place, (_, interview))| (place, fitting(interview))).collect();
    // First those that few may ask: the others can make up for it.
    split.sort_by_key(|(_, fitting)| fitting.len());
    let mut given = Vec::new();
    for (place, fitting) in split {
        // Of those with the least to do, the first that was named.
        if let Some(one) = fitting.into_iter().min_by_key(|one| loads[*one]) {
            loads[one] += 1;
            given.push((place, one));
        }
    }
    given.sort_unstable();
    let has = |place| given.binary_search_by_key(&place, |(given, _)| *given).is_ok();
    let nobody = |(place, (_, it)): &(usize, &(Uuid, &Interview))| it.interviewer.is_none() && !has(*place);
    let left = waiting.iter().enumerate().filter(nobody).count();
    let given = given.into_iter().map(|(place, one)| (waiting[place].0, to[one].clone())).collect();
    Shared { given, waiting: loads, left }
}
