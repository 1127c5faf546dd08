//! What can happen to a topic, as the log keeps it for ever, and how a topic follows from it. Only add here.

use chrono::NaiveDate;
use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    JUDGEMENTS, Judgement, Policy, Test, Topic, TopicState as State, Verdict,
    judge::Judged,
    measure::{Measure, WasDone},
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TopicChange {
    Opened(Box<Opened>),
    /// What is said of it, all anew.
    Changed(Box<Policy>),
    /// These were not attached before.
    CasesAttached {
        cases: Vec<Uuid>,
    },
    MeasureDone(Done),
    /// Its stream is watched from now on.
    Tested(Test),
    Judged(Judged),
    Withdrawn {
        note: String,
    },
}

/// A topic as it was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    pub district: String,
    pub area: String,
    pub category: String,
    pub title: String,
    /// The district's day.
    pub on: NaiveDate,
    #[serde(flatten)]
    pub says: Policy,
}

/// A measure was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    pub number: i32,
    /// The district's day.
    pub on: NaiveDate,
    pub note: String,
}

/// What every event of a topic says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TopicAbout {
    pub district: String,
    pub area: String,
    pub category: String,
    pub owner: String,
}

impl Aggregate for Topic {
    const KIND: &'static str = "topic";
    type Change = TopicChange;
    type State = State;
    type About = TopicAbout;

    fn leads_to(before: Option<&Self>, change: &TopicChange) -> Option<State> {
        let state = before.map(|topic| topic.state);
        match change {
            TopicChange::Opened(_) => state.is_none().then_some(State::Open),
            TopicChange::Changed(_) | TopicChange::MeasureDone(_) => state.filter(|it| *it == State::Open),
            TopicChange::CasesAttached { .. } => state.filter(|it| goes_on(*it)),
            TopicChange::Tested(_) => state.filter(|it| *it == State::Open).map(|_| State::Testing),
            TopicChange::Judged(judged) => {
                state.filter(|it| *it == State::Testing).map(|_| match judged.verdict {
                    Verdict::DriedUp => State::DriedUp,
                    Verdict::Less | Verdict::NotLess => State::Open,
                })
            }
            TopicChange::Withdrawn { .. } => state.filter(|it| goes_on(*it)).map(|_| State::Withdrawn),
        }
    }

    fn first(change: &TopicChange, state: State, stamp: &Stamp) -> Option<Self> {
        match change {
            TopicChange::Opened(opened) => {
                let Opened { district, area, category, title, on, says } = opened.as_ref().clone();
                Some(Self {
                    district,
                    area,
                    category,
                    title,
                    on,
                    numbered: highest(0, &says.measures),
                    says,
                    cases: Vec::new(),
                    state,
                    test: None,
                    judgements: Vec::new(),
                    note: String::new(),
                    opened_at: stamp.at,
                    end_at: None,
                })
            }
            TopicChange::Changed(_)
            | TopicChange::CasesAttached { .. }
            | TopicChange::MeasureDone(_)
            | TopicChange::Tested(_)
            | TopicChange::Judged(_)
            | TopicChange::Withdrawn { .. } => None,
        }
    }

    fn apply(&mut self, change: &TopicChange, state: State, stamp: &Stamp) {
        self.state = state;
        match change {
            TopicChange::Opened(_) => {}
            TopicChange::Changed(says) => {
                self.numbered = highest(self.numbered, &says.measures);
                self.says = says.as_ref().clone();
            }
            TopicChange::CasesAttached { cases } => self.cases.extend(cases),
            TopicChange::MeasureDone(Done { number, on, note }) => {
                let done = WasDone { on: *on, at: stamp.at, note: note.clone() };
                let found = self.says.measures.iter_mut().find(|it| it.number == *number);
                found.into_iter().for_each(|it| it.done = Some(done.clone()));
            }
            TopicChange::Tested(test) => self.test = Some(*test),
            TopicChange::Judged(judged) => {
                self.test = None;
                self.judgements.push(Judgement { judged: *judged, at: stamp.at });
                let old = self.judgements.len().saturating_sub(JUDGEMENTS);
                self.judgements.drain(..old);
                self.end_at = (state == State::DriedUp).then_some(stamp.at);
            }
            TopicChange::Withdrawn { note } => {
                self.test = None;
                self.note.clone_from(note);
                self.end_at = Some(stamp.at);
            }
        }
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn about(&self) -> TopicAbout {
        TopicAbout {
            district: self.district.clone(),
            area: self.area.clone(),
            category: self.category.clone(),
            owner: self.says.owner.clone(),
        }
    }
}

fn goes_on(state: State) -> bool {
    match state {
        State::Open | State::Testing => true,
        State::DriedUp | State::Withdrawn => false,
    }
}

fn highest(before: i32, measures: &[Measure]) -> i32 {
    measures.iter().map(|it| it.number).fold(before, i32::max)
}
