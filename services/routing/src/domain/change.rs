//! What can happen to a route, and how it changes it. The serde form is kept in the log for ever: only add.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::{Aggregate, Stamp};
use huying_terms::Location;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    decision::{Decision, Part, Partial, Submission},
    route::Route,
    state::{State, Step, next},
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Rules decided it at once.
    Decided { submission: Box<Submission>, decision: Box<Decision> },
    /// No rule could: a person must.
    Queued { submission: Box<Submission>, partial: Partial, undecided: Vec<Part> },
    /// A person decided: the entry's actor. What was asked is said again, so that the event is whole.
    Triaged { content: String, location: Location, decision: Box<Decision> },
    /// The reporter took the request back before a decision.
    Withdrawn,
}

/// What every event says of a route.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    pub request: Uuid,
    pub number: String,
    #[serde(with = "ts_microseconds")]
    pub submitted_at: DateTime<Utc>,
}

impl Aggregate for Route {
    const KIND: &'static str = "route";
    type Change = Change;
    type State = State;
    type About = About;

    fn leads_to(before: Option<&Self>, change: &Change) -> Option<State> {
        match (before, change) {
            (None, Change::Decided { .. }) => Some(State::Decided),
            (None, Change::Queued { .. }) => Some(State::Queued),
            (Some(route), Change::Triaged { .. }) => next(route.state, Step::Decide),
            (Some(route), Change::Withdrawn) => next(route.state, Step::Withdraw),
            // A route begins only once, and with nothing else.
            (Some(_), Change::Decided { .. } | Change::Queued { .. }) => None,
            (None, Change::Triaged { .. } | Change::Withdrawn) => None,
        }
    }

    fn first(change: &Change, state: State, stamp: &Stamp) -> Option<Self> {
        let route = |submission: &Submission| Self {
            request: stamp.id,
            submission: submission.clone(),
            state,
            decision: None,
            partial: None,
            undecided: Vec::new(),
            decided_by: None,
            updated_at: stamp.at,
        };
        match change {
            Change::Decided { submission, decision } => {
                Some(Self { decision: Some((**decision).clone()), ..route(submission) })
            }
            Change::Queued { submission, partial, undecided } => Some(Self {
                partial: Some(partial.clone()),
                undecided: undecided.clone(),
                ..route(submission)
            }),
            Change::Triaged { .. } | Change::Withdrawn => None,
        }
    }

    fn apply(&mut self, change: &Change, state: State, stamp: &Stamp) {
        self.state = state;
        match change {
            // A route begins only once.
            Change::Decided { .. } | Change::Queued { .. } => return,
            Change::Triaged { decision, .. } => {
                self.decision = Some((**decision).clone());
                self.partial = None;
                self.undecided.clear();
                self.decided_by = Some(stamp.actor.clone());
            }
            Change::Withdrawn => {}
        }
        self.updated_at = stamp.at;
    }

    fn district(&self) -> &str {
        &self.submission.district
    }

    fn about(&self) -> About {
        About {
            request: self.request,
            number: self.submission.number.clone(),
            submitted_at: self.submission.submitted_at,
        }
    }
}
