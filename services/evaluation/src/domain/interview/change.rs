//! What can happen to an interview, as the log keeps it for ever, and how an interview follows from it. Only add here.

use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Interview, InterviewState as State, Interviewer, Outcome};
use crate::domain::{
    parties::{Doer, Party},
    round::RoundError,
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InterviewChange {
    /// A case was drawn.
    Drawn(Box<Drawn>),
    /// It is asked about in another's place.
    CalledUp {
        replaces: Uuid,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        interviewer: Option<Interviewer>,
    },
    /// Somebody is to ask.
    HandedOut { interviewer: Interviewer },
    /// Somebody was asked, or could not be.
    Recorded(Box<Recorded>),
}

/// What is drawn: a case by its newest attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Drawn {
    pub round: Uuid,
    pub district: String,
    pub callback: Uuid,
    pub case: Uuid,
    pub number: String,
    pub attempt: i32,
    pub area: String,
    /// Who resolved it.
    pub unit: String,
    /// Who worked on it.
    pub worked: Vec<String>,
    /// Who had part in it, whenever; none in what builds before wrote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<Party>,
    pub stratum: String,
    /// In the drawn order of the stratum, from 1.
    pub place: i32,
    /// It is not asked about yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reserve: bool,
}

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    pub outcome: Outcome,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// Which one is asked instead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<Uuid>,
}

/// What every event of an interview says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InterviewAbout {
    pub round: Uuid,
    pub district: String,
    pub case: Uuid,
    pub number: String,
}

impl Drawn {
    /// Whoever had part in the case does not ask about it, nor draw it.
    ///
    /// # Errors
    /// `OwnWork` with the unit by which they had.
    pub fn not_own_work(&self, by: Doer<'_>) -> Result<(), RoundError> {
        let worked = std::iter::once(&self.unit).chain(&self.worked);
        match by.part_in(self.case, worked, &self.parties) {
            Some(unit) => Err(RoundError::OwnWork { unit: unit.to_owned() }),
            None => Ok(()),
        }
    }
}

impl Outcome {
    const fn state(&self) -> State {
        match self {
            Self::Answered(_) => State::Answered,
            Self::Refused => State::Refused,
            Self::Unreachable => State::Unreachable,
        }
    }
}

impl Aggregate for Interview {
    const KIND: &'static str = "interview";
    const SHAPE: i16 = 2;
    type Change = InterviewChange;
    type State = State;
    type About = InterviewAbout;

    fn leads_to(before: Option<&Self>, change: &InterviewChange) -> Option<State> {
        match (before.map(|interview| interview.state), change) {
            (None, InterviewChange::Drawn(drawn)) => {
                Some(if drawn.reserve { State::Reserve } else { State::Waiting })
            }
            (Some(State::Reserve), InterviewChange::CalledUp { .. })
            | (Some(State::Waiting), InterviewChange::HandedOut { .. }) => Some(State::Waiting),
            (Some(State::Waiting), InterviewChange::Recorded(recorded)) => Some(recorded.outcome.state()),
            (
                None,
                InterviewChange::CalledUp { .. }
                | InterviewChange::HandedOut { .. }
                | InterviewChange::Recorded(_),
            )
            | (
                Some(State::Reserve),
                InterviewChange::Drawn(_) | InterviewChange::HandedOut { .. } | InterviewChange::Recorded(_),
            )
            | (Some(State::Waiting), InterviewChange::Drawn(_) | InterviewChange::CalledUp { .. })
            | (
                Some(State::Answered | State::Refused | State::Unreachable),
                InterviewChange::Drawn(_)
                | InterviewChange::CalledUp { .. }
                | InterviewChange::HandedOut { .. }
                | InterviewChange::Recorded(_),
            ) => None,
        }
    }

    fn first(change: &InterviewChange, state: State, _: &Stamp) -> Option<Self> {
        let InterviewChange::Drawn(drawn) = change else { return None };
        Some(Self {
            drawn: drawn.as_ref().clone(),
            state,
            interviewer: None,
            verdict: None,
            note: String::new(),
            replaces: None,
            replaced_by: None,
            recorded_at: None,
        })
    }

    fn apply(&mut self, change: &InterviewChange, state: State, stamp: &Stamp) {
        self.state = state;
        match change {
            InterviewChange::Drawn(_) => {}
            InterviewChange::CalledUp { replaces, interviewer } => {
                (self.replaces, self.interviewer) = (Some(*replaces), interviewer.clone());
            }
            InterviewChange::HandedOut { interviewer } => self.interviewer = Some(interviewer.clone()),
            InterviewChange::Recorded(recorded) => {
                let Recorded { outcome, note, replaced_by } = recorded.as_ref();
                self.verdict = match outcome {
                    Outcome::Answered(verdict) => Some(verdict.clone()),
                    Outcome::Refused | Outcome::Unreachable => None,
                };
                (self.note, self.replaced_by) = (note.clone(), *replaced_by);
                self.recorded_at = Some(stamp.at);
            }
        }
    }

    fn district(&self) -> &str {
        &self.drawn.district
    }

    fn about(&self) -> InterviewAbout {
        let Drawn { round, district, case, number, .. } = self.drawn.clone();
        InterviewAbout { round, district, case, number }
    }
}
