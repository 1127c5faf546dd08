//! What can happen to a case, and how the case is afterwards. The serde form is kept for ever: only add.
//!
//! A change carries whatever the fold could not know by itself (clocks as they are afterwards, the new holder), so replaying the log
//! needs neither profile nor calendar nor routing.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::{Aggregate, Stamp};
use huying_terms::{Clock, Lamp, Tier};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    case::{Called, Case, CaseRequest, MOST_NOTES, Note, Opening},
    clocks::{ClockKind, Clocks},
    prelude::REQUEST,
    state::{Judgement, Outcome, State, Step, next},
    unit::Holder,
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Opened {
        opening: Box<Opening>,
        clocks: Clocks,
    },
    Accepted {
        respond: Clock,
    },
    Noted {
        text: String,
        public: bool,
    },
    Escalated {
        from: String,
        to: Holder,
        reason: String,
        respond: Clock,
    },
    Delegated {
        from: String,
        to: Holder,
        reason: String,
        respond: Clock,
    },
    /// The lead first.
    Called {
        dispatches: Vec<Called>,
    },
    LampTurned {
        clock: ClockKind,
        lamp: Lamp,
        #[serde(with = "ts_microseconds")]
        due_at: DateTime<Utc>,
    },
    /// `units`: the holder, then the departments that completed a dispatch.
    Resolved {
        answer: String,
        units: Vec<String>,
        resolve: Clock,
    },
    Answered {
        request: Uuid,
    },
    Judged {
        judgement: Judgement,
    },
    Reopened {
        to: Holder,
        reason: String,
        clocks: Clocks,
    },
    /// `clocks`: where they were stopped by it; when it is struck off they have been.
    Closed {
        outcome: Outcome,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        clocks: Option<Clocks>,
    },
    Supplemented {
        request: Uuid,
        text: String,
    },
}

impl Change {
    /// The step it comes of; none: the timer's, which leads nowhere.
    pub fn step(&self) -> Option<Step> {
        match self {
            Self::Opened { .. } | Self::LampTurned { .. } => None,
            Self::Accepted { .. } => Some(Step::Accept),
            Self::Noted { .. } => Some(Step::Note),
            Self::Escalated { .. } => Some(Step::Escalate),
            Self::Delegated { .. } => Some(Step::Delegate),
            Self::Called { .. } => Some(Step::Call),
            Self::Resolved { .. } => Some(Step::Resolve),
            Self::Answered { .. } => Some(Step::Answer),
            Self::Judged { .. } => Some(Step::Judge),
            Self::Reopened { .. } => Some(Step::Reopen),
            Self::Closed { outcome: Outcome::StruckOff, .. } => Some(Step::StrikeOff),
            Self::Closed { outcome: Outcome::Withdrawn, .. } => Some(Step::Withdraw),
            Self::Supplemented { .. } => Some(Step::Supplement),
        }
    }

    /// Why or what, in words, for the history; may be empty.
    pub fn words(&self) -> String {
        match self {
            Self::Noted { text, .. } | Self::Supplemented { text, .. } => text.clone(),
            Self::Escalated { reason, .. }
            | Self::Delegated { reason, .. }
            | Self::Reopened { reason, .. } => reason.clone(),
            Self::Resolved { answer, .. } => answer.clone(),
            Self::Called { dispatches } => {
                dispatches.iter().map(|called| called.unit.as_str()).collect::<Vec<_>>().join(" ")
            }
            Self::LampTurned { clock: ClockKind::Respond, lamp, .. } => format!("respond {lamp}"),
            Self::LampTurned { clock: ClockKind::Resolve, lamp, .. } => format!("resolve {lamp}"),
            Self::Opened { .. }
            | Self::Accepted { .. }
            | Self::Answered { .. }
            | Self::Judged { .. }
            | Self::Closed { .. } => String::new(),
        }
    }
}

/// What every event says of a case, and nothing of the reporter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseAbout {
    pub number: String,
    pub district: String,
    pub area: String,
    pub category: String,
    pub tier: Tier,
    pub holder: String,
    pub requests: Vec<Uuid>,
    pub attempt: i32,
    #[serde(with = "ts_microseconds")]
    pub opened_at: DateTime<Utc>,
}

impl Aggregate for Case {
    const KIND: &'static str = "case";
    type Change = Change;
    type State = State;
    type About = CaseAbout;

    fn leads_to(before: Option<&Self>, change: &Change) -> Option<State> {
        match (before, change.step()) {
            (None, _) => matches!(change, Change::Opened { .. }).then_some(State::Assigned),
            (Some(case), Some(step)) => next(case.state, step),
            // A lamp turns wherever the case is.
            (Some(case), None) => Some(case.state),
        }
    }

    fn first(change: &Change, state: State, stamp: &Stamp) -> Option<Self> {
        let Change::Opened { opening, clocks } = change else {
            return None;
        };
        let opening = Opening::clone(opening);
        let mut case = Self {
            number: opening.number,
            opened_on: opening.request,
            district: opening.district,
            area: opening.area,
            category: opening.category,
            priority: opening.priority,
            departments: opening.departments,
            content: opening.content,
            location: opening.location,
            state,
            holder: opening.holder,
            requests: vec![CaseRequest { id: opening.request, answered: false }],
            clocks: clocks.clone(),
            notes: Vec::new(),
            answer: String::new(),
            judgement: None,
            outcome: None,
            attempt: 1,
            dispatches: Vec::new(),
            opened_at: stamp.at,
            resolved_at: None,
            closed_at: None,
            due_at: None,
            overdue: false,
        };
        case.settle();
        Some(case)
    }

    fn apply(&mut self, change: &Change, state: State, stamp: &Stamp) {
        self.state = state;
        match change {
            // Never a later change: `first` takes it.
            Change::Opened { .. } => {}
            Change::Accepted { respond } => self.clocks.respond = respond.clone(),
            Change::Noted { text, public } => self.write(text, *public, stamp.actor.unit.clone(), stamp.at),
            Change::Escalated { to, respond, .. } | Change::Delegated { to, respond, .. } => {
                (self.holder, self.clocks.respond) = (to.clone(), respond.clone());
            }
            Change::Called { dispatches } => self.dispatches.extend(dispatches.iter().cloned()),
            Change::LampTurned { clock, lamp, .. } => self.clocks.turn(*clock, *lamp),
            Change::Resolved { answer, resolve, .. } => {
                (self.answer, self.clocks.resolve, self.resolved_at) =
                    (answer.clone(), resolve.clone(), Some(stamp.at));
            }
            Change::Answered { request } => {
                for one in self.requests.iter_mut().filter(|one| one.id == *request) {
                    one.answered = true;
                }
            }
            Change::Judged { judgement } => self.judgement = Some(*judgement),
            Change::Reopened { to, clocks, .. } => self.begin_again(to, clocks),
            Change::Closed { outcome, clocks } => {
                (self.outcome, self.closed_at) = (Some(*outcome), Some(stamp.at));
                self.clocks = clocks.as_ref().unwrap_or(&self.clocks).clone();
            }
            Change::Supplemented { text, .. } => self.write(text, false, None, stamp.at),
        }
        self.settle();
    }

    fn district(&self) -> &str {
        &self.district
    }

    /// A request has one case, and the prelude gives it up when the case takes it over.
    fn claims(&self) -> Vec<(&'static str, String)> {
        vec![(REQUEST, self.opened_on.to_string())]
    }

    fn about(&self) -> CaseAbout {
        CaseAbout {
            number: self.number.clone(),
            district: self.district.clone(),
            area: self.area.clone(),
            category: self.category.clone(),
            tier: self.holder.tier,
            holder: self.holder.unit.clone(),
            requests: self.requests.iter().map(|request| request.id).collect(),
            attempt: self.attempt,
            opened_at: self.opened_at,
        }
    }
}

impl Case {
    /// The answer of the attempt before stays in the log; this attempt has none yet.
    fn begin_again(&mut self, to: &Holder, clocks: &Clocks) {
        (self.holder, self.clocks) = (to.clone(), clocks.clone());
        (self.judgement, self.outcome, self.closed_at) = (None, None, None);
        self.answer.clear();
        self.attempt += 1;
        for request in &mut self.requests {
            request.answered = false;
        }
    }

    fn write(&mut self, text: &str, public: bool, unit: Option<String>, at: DateTime<Utc>) {
        self.notes.push(Note { text: text.to_owned(), public, unit: unit.unwrap_or_default(), at });
        let extra = self.notes.len().saturating_sub(MOST_NOTES);
        self.notes.drain(..extra);
    }

    /// What the row is found by follows from the clocks.
    fn settle(&mut self) {
        (self.due_at, self.overdue) = (self.clocks.next_due(), self.clocks.overdue());
    }
}
