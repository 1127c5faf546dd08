//! 撤销并案: two matters after all. Within the profile's window the requests that came with a case go back to it, and it is worked by its
//! holder again, with the time that it had used.

use chrono::{DateTime, Utc};
use huying_chassis::{
    log::{Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::relieve::Relieved;
use crate::domain::{
    beside::Beside,
    case::{
        Case, CaseName, CaseRequest, Change, MergedInto, State, holder_or_above, merged::OPEN_TO_REQUESTS,
    },
    clocks::{ClockKind, Clocks},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
};

#[derive(Clone, Debug)]
pub struct Unmerge {
    pub reason: String,
}

/// What it is for the case that is worked by itself again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Unmerged {
    pub from: CaseName,
    /// What came back: all that it had and that was not withdrawn since.
    pub requests: Vec<CaseRequest>,
    pub reason: String,
    /// No lower than the other one's was: a late answer to an attempt of that one is known as one.
    pub attempt: i32,
    pub clocks: Clocks,
}

/// What it is for the case that gives them back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parted {
    pub to: CaseName,
    pub requests: Vec<Uuid>,
    pub reason: String,
}

impl Step<Case> for Unmerge {
    /// By whoever may merge it, or the other one's holder: who that is, is looked up.
    const RULE: Rule<Case> = Rule::new("unmerge", &[State::Closed], To::At(State::Assigned))
        .by(|_, _| Ok(()))
        .fits(|case, known| apart(case, known).map(|_| ()));

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let Apart { merged, target, requests } = apart(case, known)?;
        let clocks = clocks(case, known);
        // Its holder may be no more by now.
        let successor = known.profile().successors.get(&case.holder.unit);
        let relieved = successor.map(|to| Relieved::at_once(&case.holder, to, clocks.clone()).into());
        let unmerged = Unmerged {
            from: merged.into.clone(),
            requests,
            reason: self.reason.clone(),
            attempt: case.attempt.max(target.attempt),
            clocks,
        };
        Ok(Decided::Done(std::iter::once(unmerged.into()).chain(relieved).collect()))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        let Apart { merged, requests, .. } = apart(case, known)?;
        let to = CaseName { case: known.id(), number: case.number.clone() };
        let requests = requests.iter().map(|request| request.id).collect();
        let parted = Parted { to, requests, reason: self.reason.clone() };
        Ok(vec![Beside::Case(merged.into.case, vec![parted.into()])])
    }
}

/// A merged case, the one that it went into, and what goes back to it.
struct Apart<'a> {
    merged: &'a MergedInto,
    target: &'a Case,
    requests: Vec<CaseRequest>,
}

/// Within the window, while the other one is not resolved, and where each of both is left with a request.
fn apart<'a>(case: &'a Case, known: &'a dyn Known) -> Answer<Apart<'a>> {
    let Some(merged) = &case.merged else {
        return Err(Error::StepNotAllowed { step: "unmerge", state: case.state.name() }.into());
    };
    if let Some(closed_at) = window_ends(merged, known).filter(|end| *end <= known.now()) {
        return Err(Error::UnmergeWindowClosed { closed_at }.into());
    }
    let target = known.case(merged.into.case)?;
    if !target.is_held(known.by()) {
        holder_or_above(case, known.by())?;
    }
    target.is_open_to_requests()?;
    let had = merged.requests.iter().filter(|request| target.has(request.id));
    let requests: Vec<CaseRequest> = had.cloned().collect();
    if requests.is_empty() || requests.len() == target.requests.len() {
        return Err(Error::NoRequestLeft.into());
    }
    Ok(Apart { merged, target, requests })
}

fn window_ends(merged: &MergedInto, known: &dyn Known) -> Option<DateTime<Utc>> {
    let profile = known.profile();
    profile.clock(profile.policies.unmerge, merged.at).due_at
}

/// Assigned anew; the resolve clock runs on from where it stood, by the calendar of today.
fn clocks(case: &Case, known: &dyn Known) -> Clocks {
    let (profile, now) = (known.profile(), known.now());
    let mut clocks = case.clocks.clone();
    for (kind, clock) in case.clocks.recomputed(profile).unwrap_or_default().each() {
        clocks.set(kind, Some(clock));
    }
    let resolve = clocks.resumed(ClockKind::Resolve, profile, now);
    clocks.set(ClockKind::Resolve, resolve.as_ref());
    clocks.set(ClockKind::Respond, case.clocks.anew(ClockKind::Respond, profile, now).as_ref());
    clocks
}

impl Happened<Case> for Unmerged {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Unmerge::RULE)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        (case.merged, case.outcome, case.closed_at) = (None, None, None);
        (case.requests, case.attempt) = (self.requests.clone(), self.attempt);
        case.clocks = self.clocks.clone();
    }

    fn words(&self) -> String {
        format!("← {} {}", self.from.number, self.reason)
    }
}

impl Happened<Case> for Parted {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(PART)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        case.requests.retain(|request| !self.requests.contains(&request.id));
    }

    fn words(&self) -> String {
        format!("→ {} {}", self.to.number, self.reason)
    }

    fn stirs(&self) -> bool {
        false
    }
}

/// By the other one's un-merging.
pub(super) const PART: Rule<Case> = Rule::new("part", &OPEN_TO_REQUESTS, To::Same);
