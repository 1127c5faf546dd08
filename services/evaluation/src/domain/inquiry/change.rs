//! What can happen to an inquiry, as the log keeps it for ever, and how an inquiry follows from it. Only add here.

use chrono::{
    DateTime, Utc,
    serde::{ts_microseconds, ts_microseconds_option},
};
use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Answer, Claim, Inquiry, InquiryState as State, Judgement};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InquiryChange {
    Opened(Box<Asked>),
    /// By whoever did it: they answer for it from now on.
    Claimed(Claimed),
    Answered(Answered),
    Judged(Judged),
    /// What was owed until then is not done.
    Missed {
        #[serde(with = "ts_microseconds")]
        due_at: DateTime<Utc>,
    },
    Withdrawn {
        note: String,
    },
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    pub district: String,
    pub area: String,
    pub unit: String,
    pub cases: Vec<Uuid>,
    pub question: String,
    /// Until when it is to be claimed.
    #[serde(with = "ts_microseconds")]
    pub due_at: DateTime<Utc>,
}

/// In which office, and until when it is to be answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claimed {
    pub office: String,
    #[serde(with = "ts_microseconds")]
    pub due_at: DateTime<Utc>,
}

/// Which answer it is, from 1.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    pub number: i32,
    pub text: String,
}

/// What the delegate says to an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    pub solved: bool,
    pub note: String,
    /// Until when it is to be answered again; none where it ends.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub due_at: Option<DateTime<Utc>>,
}

/// What every event of an inquiry says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InquiryAbout {
    pub district: String,
    pub area: String,
    pub unit: String,
}

impl Aggregate for Inquiry {
    const KIND: &'static str = "inquiry";
    type Change = InquiryChange;
    type State = State;
    type About = InquiryAbout;

    fn leads_to(before: Option<&Self>, change: &InquiryChange) -> Option<State> {
        let state = before.map(|it| it.state);
        let owed = state.filter(|it| is_owed(*it));
        match change {
            InquiryChange::Opened(_) => state.is_none().then_some(State::Open),
            InquiryChange::Claimed(_) => owed.map(|_| State::Claimed),
            InquiryChange::Answered(_) => state.filter(|it| *it == State::Claimed).map(|_| State::Answered),
            InquiryChange::Judged(judged) => {
                state.filter(|it| *it == State::Answered).map(|_| match (judged.solved, judged.due_at) {
                    (true, _) => State::Solved,
                    (false, Some(_)) => State::Claimed,
                    (false, None) => State::Unsolved,
                })
            }
            InquiryChange::Missed { .. } => owed,
            InquiryChange::Withdrawn { .. } => owed.map(|_| State::Withdrawn),
        }
    }

    fn first(change: &InquiryChange, state: State, stamp: &Stamp) -> Option<Self> {
        match change {
            InquiryChange::Opened(asked) => {
                let Asked { district, area, unit, cases, question, due_at } = asked.as_ref().clone();
                Some(Self {
                    district,
                    area,
                    unit,
                    cases,
                    question,
                    state,
                    by: stamp.actor.clone(),
                    claim: None,
                    answers: Vec::new(),
                    due_at: Some(due_at),
                    overdue: false,
                    note: String::new(),
                    opened_at: stamp.at,
                    end_at: None,
                })
            }
            InquiryChange::Claimed(_)
            | InquiryChange::Answered(_)
            | InquiryChange::Judged(_)
            | InquiryChange::Missed { .. }
            | InquiryChange::Withdrawn { .. } => None,
        }
    }

    fn apply(&mut self, change: &InquiryChange, state: State, stamp: &Stamp) {
        self.state = state;
        match change {
            InquiryChange::Opened(_) => {}
            InquiryChange::Claimed(Claimed { office, due_at }) => {
                let (by, office) = (stamp.actor.clone(), office.clone());
                self.claim = Some(Claim { by, office, at: stamp.at });
                self.owe(Some(*due_at));
            }
            InquiryChange::Answered(Answered { number: _, text }) => {
                self.answers.push(Answer { text: text.clone(), at: stamp.at, judgement: None });
                self.owe(None);
            }
            InquiryChange::Judged(Judged { solved, note, due_at }) => {
                let judgement = Judgement { solved: *solved, note: note.clone(), at: stamp.at };
                self.answers.last_mut().into_iter().for_each(|it| it.judgement = Some(judgement.clone()));
                self.owe(*due_at);
                self.end_at = due_at.is_none().then_some(stamp.at);
            }
            InquiryChange::Missed { due_at: _ } => self.overdue = true,
            InquiryChange::Withdrawn { note } => {
                self.note.clone_from(note);
                self.owe(None);
                self.end_at = Some(stamp.at);
            }
        }
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn about(&self) -> InquiryAbout {
        let (district, area) = (self.district.clone(), self.area.clone());
        InquiryAbout { district, area, unit: self.unit.clone() }
    }
}

impl Inquiry {
    /// Until when the next step is owed; none where none is.
    fn owe(&mut self, due_at: Option<DateTime<Utc>>) {
        (self.due_at, self.overdue) = (due_at, false);
    }
}

/// Whether somebody is to claim or to answer it.
fn is_owed(state: State) -> bool {
    match state {
        State::Open | State::Claimed => true,
        State::Answered | State::Solved | State::Unsolved | State::Withdrawn => false,
    }
}
