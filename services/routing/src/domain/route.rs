//! A route: a request's way in. It has the request's id and begins when the request is heard of.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::{Actor, Decided};
use huying_terms::AreaCode;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    Error,
    change::Change,
    decide,
    decision::{Decision, Part, Partial, Reason, Routing, Submission, Triage},
    index::Index,
    learned::Classifier,
    state::{State, Step, next},
};

/// Where a page of the queue begins: after the request submitted then, with this id.
pub type Cursor = (DateTime<Utc>, Uuid);

/// A request's way in, and how it was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Route {
    /// The request's id, and the route's.
    pub request: Uuid,
    #[serde(flatten)]
    pub submission: Submission,
    pub state: State,
    pub decision: Option<Decision>,
    /// While queued: what could be decided so far.
    pub partial: Option<Partial>,
    /// While queued: what no rule could decide.
    pub undecided: Vec<Part>,
    /// None when rules did.
    pub decided_by: Option<Actor>,
    #[serde(with = "ts_microseconds")]
    pub updated_at: DateTime<Utc>,
}

impl Route {
    /// The first change of a new route. Without a directory nothing can be decided and a person must: the directory may come later.
    pub fn receive(
        index: Option<&Index>,
        classifier: Option<&Classifier>,
        submission: Submission,
        now: DateTime<Utc>,
    ) -> Change {
        let Some(index) = index else {
            let why = format!("{}还没有可用的区划和单位目录，先排队", submission.district);
            let reasons = vec![Reason::new(Part::District, "unknown", why)];
            let partial = Partial { reasons, ..Partial::default() };
            return Change::Queued {
                submission: Box::new(submission),
                partial,
                undecided: vec![Part::District],
            };
        };
        match decide::decide(index, classifier, &submission, now) {
            Routing::Decided(decision) => Change::Decided { submission: Box::new(submission), decision },
            Routing::Queued { partial, undecided } => {
                Change::Queued { submission: Box::new(submission), partial, undecided }
            }
        }
    }

    /// A person decides.
    ///
    /// # Errors
    /// Decided or withdrawn already; something the district does not know; a holder that does not answer for the area.
    pub fn triage(
        &self,
        index: &Index,
        triage: &Triage,
        now: DateTime<Utc>,
    ) -> Result<Decided<Change>, Error> {
        if next(self.state, Step::Decide).is_none() {
            return Err(Error::StepNotAllowed { state: self.state, step: Step::Decide });
        }
        let Submission { content, demand, submitted_at, .. } = &self.submission;
        let mut decision = decide::by_hand(index, (content, *demand), triage, (*submitted_at, now))?;
        decision.without_point = self.partial.as_ref().is_some_and(|partial| partial.without_point);
        Ok(Decided::one(Change::Triaged {
            content: self.submission.content.clone(),
            location: self.submission.location.clone(),
            decision: Box::new(decision),
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

    /// Where it lies, as exactly as is known: what a caller's reach is compared with.
    pub fn place(&self) -> &str {
        let decided = self.decision.as_ref().map(|decision| &decision.area);
        let so_far = || self.partial.as_ref().and_then(|partial| partial.area.as_ref());
        decided.or_else(so_far).map_or(&self.submission.district, AreaCode::as_str)
    }

    /// Whether a unit is the holder or among the departments concerned.
    pub fn concerns(&self, unit: &str) -> bool {
        self.decision
            .as_ref()
            .is_some_and(|it| it.holder == unit || it.departments.iter().any(|code| code == unit))
    }
}
