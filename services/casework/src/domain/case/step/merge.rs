//! 并案: what is one matter becomes one case. The requests go to the other case, whose answer is theirs from then on; this one closes, and
//! its clocks stand still for the case that it is un-merged.

use chrono::{DateTime, Utc};
use huying_chassis::{
    log::{Aggregate as _, Decided, Stamp},
    run::Halt,
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::resolve::none_open;
use crate::domain::{
    beside::Beside,
    case::{
        Case, CaseName, CaseRequest, Change, MergedInto, Outcome, State, holder_or_above,
        merged::{MOST_DEEP, MOST_REQUESTS, OPEN_TO_REQUESTS},
        part::{is_whole, parts_done},
    },
    clocks::{ClockKind, Clocks},
    error::Error,
    known::{Answer, Known},
    rule::{Happened, Rule, Step, To},
    unit::Sight,
};

#[derive(Clone, Debug)]
pub struct Merge {
    /// The case that it becomes part of.
    pub into: Uuid,
    pub reason: String,
}

/// What it is for the case that goes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Merged {
    pub into: CaseName,
    /// What goes with it.
    pub requests: Vec<Uuid>,
    pub reason: String,
    pub clocks: Clocks,
}

/// What it is for the case that takes its requests on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Joined {
    pub from: CaseName,
    pub requests: Vec<Uuid>,
    pub reason: String,
    /// Of the other one. This one's is no lower afterwards, so a late answer to an attempt before the merge is known as one.
    pub attempt: i32,
    /// How deep the other one has others merged into it.
    pub depth: u32,
    /// For which of the requests a home visit comes first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visit_first: Vec<Uuid>,
}

impl Step<Case> for Merge {
    const RULE: Rule<Case> = Rule::new("merge", &[State::Assigned, State::Working], To::At(State::Closed))
        .by(holder_or_above)
        .fits(may_go);

    fn decide(&self, case: &Case, known: &dyn Known) -> Result<Decided<Change>, Halt<Error>> {
        let target = self.target(case, known)?;
        let into = CaseName { case: self.into, number: target.number.clone() };
        let clocks = case.clocks.all_paused(known.profile(), known.now());
        let requests = case.request_ids();
        Ok(Decided::one(Merged { into, requests, reason: self.reason.clone(), clocks }.into()))
    }

    fn beside(&self, case: &Case, known: &dyn Known) -> Answer<Vec<Beside>> {
        let joined = Joined {
            from: CaseName { case: known.id(), number: case.number.clone() },
            requests: case.request_ids(),
            reason: self.reason.clone(),
            attempt: case.attempt,
            depth: case.depth,
            visit_first: case.requests.iter().filter(|it| it.visit_first).map(|it| it.id).collect(),
        };
        Ok(vec![Beside::Case(self.into, vec![joined.into()])])
    }
}

impl Merge {
    /// Where its requests go. One that whoever merges does not see is as if it were not there.
    fn target<'a>(&self, case: &Case, known: &'a dyn Known) -> Answer<&'a Case> {
        if self.into == known.id() {
            return Err(Error::SameCase.into());
        }
        let target = known.case(self.into)?;
        if target.district != case.district || target.sight(known.by()) != Some(Sight::Whole) {
            return Err(Halt::NotFound { kind: Case::KIND, id: self.into });
        }
        is_whole(target)?;
        target.is_open_to_requests()?;
        if target.requests.len() + case.requests.len() > MOST_REQUESTS {
            return Err(Error::CaseFull { most: MOST_REQUESTS }.into());
        }
        Ok(target)
    }
}

/// Nobody called on it works on: what was called for is done, taken back or ended first. What would count against those who had part in it is
/// for somebody else to merge.
fn may_go(case: &Case, known: &dyn Known) -> Answer<()> {
    is_whole(case)?;
    if case.counts_against(known.now()) && known.parties(case)?.have(&case.district, known.by()) {
        return Err(Error::OwnWork.into());
    }
    parts_done(case, known)?;
    if case.depth >= MOST_DEEP {
        return Err(Error::MergedTooDeep { most: MOST_DEEP }.into());
    }
    if !case.dispatches.is_empty() {
        none_open(&known.dispatches(case)?)?;
    }
    Ok(())
}

impl Case {
    /// Whether it would leave the account late, or soon will be, or not at the first attempt: its clock ends here, and the other one's runs on as
    /// it was.
    fn counts_against(&self, now: DateTime<Utc>) -> bool {
        self.attempt > 1 || self.clocks.get(ClockKind::Resolve).is_some_and(|clock| clock.presses(now))
    }
}

impl Happened<Case> for Merged {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(Merge::RULE)
    }

    fn fold(&self, case: &mut Case, stamp: &Stamp) {
        let requests = std::mem::take(&mut case.requests);
        case.merged = Some(MergedInto { into: self.into.clone(), requests, at: stamp.at });
        (case.outcome, case.closed_at) = (Some(Outcome::Merged), Some(stamp.at));
        case.clocks = self.clocks.clone();
    }

    fn words(&self) -> String {
        format!("→ {} {}", self.into.number, self.reason)
    }
}

impl Happened<Case> for Joined {
    fn rule(&self) -> Option<Rule<Case>> {
        Some(JOIN)
    }

    fn fold(&self, case: &mut Case, _: &Stamp) {
        let from = |id: &Uuid| CaseRequest {
            id: *id,
            answered: false,
            from: Some(self.from.clone()),
            visit_first: self.visit_first.contains(id),
        };
        case.requests.extend(self.requests.iter().map(from));
        (case.attempt, case.depth) = (case.attempt.max(self.attempt), case.depth.max(self.depth + 1));
    }

    fn words(&self) -> String {
        format!("← {} {}", self.from.number, self.reason)
    }

    /// It says nothing of the work on this one.
    fn stirs(&self) -> bool {
        false
    }
}

/// By the other one's merge.
pub(super) const JOIN: Rule<Case> = Rule::new("join", &OPEN_TO_REQUESTS, To::Same);
