//! What can happen to a route, and how it changes it. The serde form is kept in the log for ever: only add.

use chrono::{
    DateTime, Utc,
    serde::{ts_microseconds, ts_microseconds_option},
};
use huying_chassis::log::{Aggregate, Stamp};
use huying_terms::{Lamp, Location, Priority, Tier};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    danger::Danger,
    decision::{Decision, Limits, Part, Partial, Reason, Submission},
    desk::{Claim, Moved, Wait},
    route::Route,
    state::{State, Step, next},
};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Rules decided it at once.
    Decided { submission: Box<Submission>, decision: Box<Decision> },
    /// No rule could: a person must.
    Queued {
        submission: Box<Submission>,
        partial: Partial,
        undecided: Vec<Part>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wait: Option<Box<Wait>>,
    },
    /// It was closed before it came here: what is known of it is kept, and nobody works on it.
    Kept { submission: Box<Submission>, known: Partial },
    /// A person decided: the entry's actor. What was asked is said again, so that the event is whole.
    Triaged {
        content: String,
        location: Location,
        decision: Box<Decision>,
        #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
        queued_at: Option<DateTime<Utc>>,
    },
    /// The reporter took the request back before a decision.
    Withdrawn,
    /// The desk's clock reached a lamp.
    LampTurned {
        lamp: Lamp,
        #[serde(with = "ts_microseconds")]
        due_at: DateTime<Utc>,
    },
    /// Nobody minded it: a unit above was told.
    Climbed { unit: String, tier: Tier },
    /// The entry's actor has it in hand.
    Claimed {
        #[serde(with = "ts_microseconds")]
        until: DateTime<Utc>,
    },
    /// They gave it back.
    Released,
    /// The profile was replaced: how it waits by the new one.
    Recomputed { wait: Box<Wait> },
    /// The reporter added that life is in danger, while it waited: how it waits from then on.
    DangerTold { dangers: Vec<Danger>, reasons: Vec<Reason>, wait: Box<Wait> },
    /// Likewise, once it was decided: what is decided from then on, and how long its case has from then on.
    DangerRaised { dangers: Vec<Danger>, decision: Box<Decision>, limits: Limits },
    /// The entry's actor says that the decision was wrong, and what is decided instead. Where another person had named the same holder, that is
    /// said once more, from the holder before both.
    Corrected { decision: Box<Decision>, reason: String, from_holder: String },
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
    /// A build before 2 would lose the desk's clock, the claim and the correction; one before 3 knows no history, nor what was added, and would
    /// lose the title and the house; one before 4, who corrected it to its holder.
    const SHAPE: i16 = 4;
    const REPEATED: &'static [&'static str] = &["moved"];
    type Change = Change;
    type State = State;
    type About = About;

    fn leads_to(before: Option<&Self>, change: &Change) -> Option<State> {
        match (before, change) {
            (None, Change::Decided { .. }) => Some(State::Decided),
            (None, Change::Queued { .. }) => Some(State::Queued),
            (None, Change::Kept { .. }) => Some(State::History),
            (Some(route), Change::Triaged { .. }) => next(route.state, Step::Decide),
            (Some(route), Change::Withdrawn) => next(route.state, Step::Withdraw),
            (Some(route), Change::LampTurned { .. }) => next(route.state, Step::TurnLamp),
            (Some(route), Change::Climbed { .. }) => next(route.state, Step::Climb),
            (Some(route), Change::Claimed { .. }) => next(route.state, Step::Claim),
            (Some(route), Change::Released) => next(route.state, Step::Release),
            (Some(route), Change::Recomputed { .. }) => next(route.state, Step::Recompute),
            (Some(route), Change::Corrected { .. }) => next(route.state, Step::Correct),
            (Some(route), Change::DangerTold { .. } | Change::DangerRaised { .. }) => {
                next(route.state, Step::Endanger)
            }
            // A route begins only once, and with nothing else.
            (Some(_), Change::Decided { .. } | Change::Queued { .. } | Change::Kept { .. }) => None,
            (
                None,
                Change::Triaged { .. }
                | Change::Withdrawn
                | Change::LampTurned { .. }
                | Change::Climbed { .. }
                | Change::Claimed { .. }
                | Change::Released
                | Change::Recomputed { .. }
                | Change::DangerTold { .. }
                | Change::DangerRaised { .. }
                | Change::Corrected { .. },
            ) => None,
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
            wait: None,
            claim: None,
            due_at: None,
            correction: None,
            moved: None,
            told: None,
        };
        match change {
            Change::Decided { submission, decision } => {
                Some(Self { decision: Some((**decision).clone()), ..route(submission) })
            }
            Change::Queued { submission, partial, undecided, wait } => Some(Self {
                partial: Some(partial.clone()),
                undecided: undecided.clone(),
                due_at: wait.as_ref().and_then(|wait| wait.next_due()),
                wait: wait.as_deref().cloned(),
                ..route(submission)
            }),
            Change::Kept { submission, known } => {
                Some(Self { partial: Some(known.clone()), ..route(submission) })
            }
            Change::Triaged { .. }
            | Change::Withdrawn
            | Change::LampTurned { .. }
            | Change::Climbed { .. }
            | Change::Claimed { .. }
            | Change::Released
            | Change::Recomputed { .. }
            | Change::DangerTold { .. }
            | Change::DangerRaised { .. }
            | Change::Corrected { .. } => None,
        }
    }

    fn apply(&mut self, change: &Change, state: State, stamp: &Stamp) {
        self.state = state;
        match change {
            // A route begins only once.
            Change::Decided { .. } | Change::Queued { .. } | Change::Kept { .. } => return,
            Change::Triaged { decision, .. } => {
                self.decision = Some((**decision).clone());
                self.partial = None;
                self.undecided.clear();
                self.decided_by = Some(stamp.actor.clone());
                self.updated_at = stamp.at;
            }
            Change::Withdrawn => self.updated_at = stamp.at,
            Change::LampTurned { lamp, .. } => {
                self.wait.iter_mut().for_each(|wait| wait.clock.turn(*lamp));
            }
            Change::Climbed { unit, .. } => self.wait.iter_mut().for_each(|wait| wait.climb(unit)),
            Change::Claimed { until } => self.claim = Some(Claim { by: stamp.actor.clone(), until: *until }),
            Change::Released => self.claim = None,
            Change::Recomputed { wait } => self.wait = Some((**wait).clone()),
            Change::DangerTold { dangers, reasons, wait } => {
                self.tell(dangers, stamp.at);
                let partial = self.partial.get_or_insert_default();
                partial.dangers.extend(dangers);
                partial.reasons.extend(reasons.iter().cloned());
                partial.priority = Some(Priority::Urgent);
                self.wait = Some((**wait).clone());
            }
            Change::DangerRaised { dangers, decision, .. } => {
                self.tell(dangers, stamp.at);
                self.decision = Some((**decision).clone());
            }
            Change::Corrected { decision, reason, from_holder } => {
                if decision.holder != *from_holder {
                    self.moved = Some(Moved { from: from_holder.clone(), by: stamp.actor.clone() });
                }
                self.decision = Some((**decision).clone());
                self.decided_by = Some(stamp.actor.clone());
                self.correction = Some(reason.clone());
                self.updated_at = stamp.at;
            }
        }
        if state != State::Queued {
            self.claim = None;
        }
        let waits = self.wait.as_ref().filter(|_| state == State::Queued);
        self.due_at = waits.and_then(Wait::next_due);
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
