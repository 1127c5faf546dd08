//! What can happen to a dispatch, and how it is afterwards. The serde form is kept for ever: only add.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::{Aggregate, Stamp};
use huying_terms::{Clock, Lamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    clocks::{ClockKind, Clocks},
    dispatch::{Dispatch, Task},
    dispatch_state::{DispatchState, DispatchStep, next},
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DispatchChange {
    Sent {
        task: Box<Task>,
        clocks: Clocks,
    },
    Accepted {
        note: String,
        respond: Clock,
    },
    Completed {
        note: String,
        resolve: Clock,
    },
    Declined {
        note: String,
        clocks: Clocks,
    },
    Insisted {
        reason: String,
        clocks: Clocks,
    },
    Ended {
        reason: String,
        clocks: Clocks,
    },
    LampTurned {
        clock: ClockKind,
        lamp: Lamp,
        #[serde(with = "ts_microseconds")]
        due_at: DateTime<Utc>,
    },
}

impl DispatchChange {
    /// The step it comes of; none: the sending, or the timer's.
    pub fn step(&self) -> Option<DispatchStep> {
        match self {
            Self::Sent { .. } | Self::LampTurned { .. } => None,
            Self::Accepted { .. } => Some(DispatchStep::Accept),
            Self::Completed { .. } => Some(DispatchStep::Complete),
            Self::Declined { .. } => Some(DispatchStep::Decline),
            Self::Insisted { .. } => Some(DispatchStep::Insist),
            Self::Ended { .. } => Some(DispatchStep::End),
        }
    }
}

/// What every event says of a dispatch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DispatchAbout {
    pub case: Uuid,
    pub number: String,
    pub district: String,
    pub unit: String,
    pub called_by: String,
    pub lead: bool,
}

impl Aggregate for Dispatch {
    const KIND: &'static str = "dispatch";
    type Change = DispatchChange;
    type State = DispatchState;
    type About = DispatchAbout;

    fn leads_to(before: Option<&Self>, change: &DispatchChange) -> Option<DispatchState> {
        match (before, change.step()) {
            (None, _) => matches!(change, DispatchChange::Sent { .. }).then_some(DispatchState::Sent),
            (Some(dispatch), Some(step)) => next(dispatch.state, step),
            // A lamp turns wherever the dispatch is.
            (Some(dispatch), None) => Some(dispatch.state),
        }
    }

    fn first(change: &DispatchChange, state: DispatchState, stamp: &Stamp) -> Option<Self> {
        let DispatchChange::Sent { task, clocks } = change else {
            return None;
        };
        let task = Task::clone(task);
        let mut dispatch = Self {
            case: task.case,
            number: task.number,
            district: task.district,
            unit: task.unit,
            caller: task.caller,
            lead: task.lead,
            task: task.task,
            category: task.category,
            area: task.area,
            location: task.location,
            state,
            clocks: clocks.clone(),
            note: String::new(),
            binding: false,
            sent_at: stamp.at,
            due_at: None,
            overdue: false,
        };
        dispatch.settle();
        Some(dispatch)
    }

    fn apply(&mut self, change: &DispatchChange, state: DispatchState, _: &Stamp) {
        self.state = state;
        match change {
            // Never a later change: `first` takes it.
            DispatchChange::Sent { .. } => {}
            DispatchChange::Accepted { note, respond } => {
                self.say(note);
                self.clocks.respond = respond.clone();
            }
            DispatchChange::Completed { note, resolve } => {
                self.say(note);
                self.clocks.resolve = resolve.clone();
            }
            DispatchChange::Declined { note, clocks } => {
                self.say(note);
                self.clocks = clocks.clone();
            }
            DispatchChange::Insisted { clocks, .. } => (self.clocks, self.binding) = (clocks.clone(), true),
            DispatchChange::Ended { clocks, .. } => self.clocks = clocks.clone(),
            DispatchChange::LampTurned { clock, lamp, .. } => self.clocks.turn(*clock, *lamp),
        }
        self.settle();
    }

    fn district(&self) -> &str {
        &self.district
    }

    /// The called unit hears of it on its own stream.
    fn unit(&self) -> Option<&str> {
        Some(&self.unit)
    }

    fn about(&self) -> DispatchAbout {
        DispatchAbout {
            case: self.case,
            number: self.number.clone(),
            district: self.district.clone(),
            unit: self.unit.clone(),
            called_by: self.caller.unit.clone(),
            lead: self.lead,
        }
    }
}

impl Dispatch {
    fn say(&mut self, note: &str) {
        if !note.is_empty() {
            self.note = note.to_owned();
        }
    }

    fn settle(&mut self) {
        (self.due_at, self.overdue) = (self.clocks.next_due(), self.clocks.overdue());
    }
}
