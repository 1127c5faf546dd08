//! A route: a request's way in. It has the request's id and begins when the request is heard of.

use chrono::{
    DateTime, Utc,
    serde::{ts_microseconds, ts_microseconds_option},
};
use huying_chassis::log::{Actor, Decided};
use huying_terms::{AreaCode, Priority};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Error,
    addition::Told,
    change::Change,
    decide,
    decision::{Decision, Part, Partial, Reason, Routing, Submission, Triage},
    desk::{Claim, Moved, Wait},
    house::House,
    index::Index,
    learned::Memory,
    state::{State, Step, next},
};

/// Where a page of the queue begins: after the request with this place in its order (`desk_order`) and this id.
pub type Cursor = (i64, Uuid);

/// A request's way in, and how it was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// The request's id, and the route's.
    pub request: Uuid,
    #[serde(flatten)]
    pub submission: Submission,
    pub state: State,
    pub decision: Option<Decision>,
    /// While queued: what could be decided so far. Of history: what is known of it.
    pub partial: Option<Partial>,
    /// While queued: what no rule could decide.
    pub undecided: Vec<Part>,
    /// None when rules did.
    pub decided_by: Option<Actor>,
    #[serde(with = "ts_microseconds")]
    pub updated_at: DateTime<Utc>,
    /// How it waits, or waited, at the desk; none: rules decided, or it was queued before the desk had a clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wait: Option<Wait>,
    /// Who took it in hand last, while it waits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claim: Option<Claim>,
    /// When the clock next has something to tell: what the timer looks for.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
    /// Why the decision was corrected last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<String>,
    /// Who corrected it to its holder last, and from which unit; none: nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
    /// Dangers that were added to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
}

impl Route {
    /// The first change of a new route. Without a directory nothing can be decided and a person must: the directory may come later.
    pub fn receive(
        index: Option<&Index>,
        memory: Memory<'_>,
        submission: Submission,
        now: DateTime<Utc>,
    ) -> Change {
        let Some(index) = index else {
            let why = format!("{}还没有可用的区划和单位目录，先排队", submission.district);
            let reasons = vec![Reason::new(Part::District, "unknown", why)];
            let partial = Partial { reasons, ..Partial::default() };
            let wait = Some(Box::new(Wait::begin(None, (Priority::default(), false), None, now)));
            let undecided = vec![Part::District];
            return Change::Queued { submission: Box::new(submission), partial, undecided, wait };
        };
        match decide::decide(index, memory, &submission, now) {
            Routing::Decided(decision) => Change::Decided { submission: Box::new(submission), decision },
            Routing::Queued { partial, undecided } => {
                let pressing = (decide::so_far(index, &submission, &partial), !partial.dangers.is_empty());
                let wait = Some(Box::new(Wait::begin(Some(index), pressing, partial.area.as_ref(), now)));
                Change::Queued { submission: Box::new(submission), partial, undecided, wait }
            }
        }
    }

    /// The first change of one that was closed before it came here: what is known of it, and nobody holds it.
    pub fn keep(
        index: Option<&Index>,
        memory: Memory<'_>,
        submission: Submission,
        now: DateTime<Utc>,
    ) -> Change {
        let known = index.map(|index| decide::decide(index, memory, &submission, now).known());
        Change::Kept { submission: Box::new(submission), known: known.unwrap_or_default() }
    }

    /// A person decides.
    ///
    /// # Errors
    /// Decided or withdrawn already; somebody else has it in hand; something the district does not know; a holder that does not answer for the area.
    pub fn triage(
        &self,
        index: &Index,
        triage: &Triage,
        by: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Decided<Change>, Error> {
        self.fits(Step::Decide)?;
        self.free_for(by, now)?;
        let submission = &self.submission;
        let (said, times) = (submission.said().text(), (submission.submitted_at, now));
        let (asked, told) = ((said.as_ref(), submission.demand), self.told.as_ref());
        let mut decision = decide::by_hand_after(index, asked, told, triage, times)?;
        decision.house = House::certain(index, &submission.location, &decision.area);
        decision.without_point = self.partial.as_ref().is_some_and(|partial| partial.without_point);
        Ok(Decided::one(Change::Triaged {
            content: submission.content.clone(),
            location: submission.location.clone(),
            decision: Box::new(decision),
            queued_at: self.queued_at(),
        }))
    }

    /// The reporter took the request back. A decided one is a case by now, which hears of it itself.
    ///
    /// # Errors
    /// None.
    pub fn withdraw(&self) -> Result<Decided<Change>, Error> {
        Ok(match next(self.state, Step::Withdraw) {
            Some(_) => Decided::one(Change::Withdrawn),
            None => Decided::AlreadyDone,
        })
    }

    /// As it is decided, or as far as it is.
    pub fn routing(&self) -> Routing {
        match &self.decision {
            Some(decision) => Routing::Decided(Box::new(decision.clone())),
            None => Routing::Queued {
                partial: self.partial.clone().unwrap_or_default(),
                undecided: self.undecided.clone(),
            },
        }
    }

    /// When it came to the desk; none when rules decided.
    pub fn queued_at(&self) -> Option<DateTime<Utc>> {
        // One that was queued before the desk had a clock has not changed since.
        let unclocked = (self.state == State::Queued).then_some(self.updated_at);
        self.wait.as_ref().map(Wait::since).or(unclocked)
    }

    /// Where it lies, as exactly as is known: what a caller's reach is compared with.
    pub fn place(&self) -> &str {
        let decided = self.decision.as_ref().map(|decision| &decision.area);
        let so_far = || self.partial.as_ref().and_then(|partial| partial.area.as_ref());
        decided.or_else(so_far).map_or(&self.submission.district, AreaCode::as_str)
    }

    /// What it is about, as far as is known.
    pub fn category(&self) -> Option<&str> {
        let decided = self.decision.as_ref().map(|decision| decision.category.as_str());
        decided.or_else(|| self.partial.as_ref()?.category.as_deref())
    }

    /// Whether a unit is the holder or among the departments concerned.
    pub fn concerns(&self, unit: &str) -> bool {
        self.decision
            .as_ref()
            .is_some_and(|it| it.holder == unit || it.departments.iter().any(|code| code == unit))
    }
}
