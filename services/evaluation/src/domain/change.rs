//! What can happen to a callback, as the log keeps it for ever, and how a callback follows from it. Only add here.

use chrono::{DateTime, Utc};
use huying_chassis::log::{Aggregate, Stamp};
use huying_terms::{Limit, Solved, Tier};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    callback::Callback,
    state::{State, Step, next},
    verdict::Verdict,
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A case was resolved: its reporter is to be asked.
    Opened(Box<Opened>),
    /// Nobody was reached, for the `tries`-th time.
    Attempted { tries: i32, note: String },
    /// The verdict passes.
    Passed(Verdict),
    /// The verdict does not pass.
    Failed(Verdict),
    /// The window ended.
    Lapsed,
    /// The case moved on.
    Cancelled { cause: Cause },
    /// The district's calendar is another one: the window ends then.
    Recomputed {
        #[serde(with = "chrono::serde::ts_microseconds")]
        due_at: DateTime<Utc>,
    },
}

/// All that is known of an attempt at a case when its reporter is to be asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Opened {
    pub case: Uuid,
    pub number: String,
    pub district: String,
    pub area: String,
    pub category: String,
    /// Who held the case when it was resolved: who is judged.
    pub unit: String,
    /// Where that unit stands; none in what builds before wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// Who worked on it, the holder first: who must not judge.
    pub worked: Vec<String>,
    pub requests: Vec<Uuid>,
    pub attempt: i32,
    pub answer: String,
    /// Whether it is solved, as the unit said that is judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub solved: Option<Solved>,
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub resolve_at: DateTime<Utc>,
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub due_at: DateTime<Utc>,
    /// How long the window is; none in what builds before wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// The district had no profile: the window is the built-in one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_default: bool,
}

/// Why a case moved on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// It went back to work.
    Reopened,
    /// It was withdrawn. Only in what builds before wrote: a withdrawal leaves the callback.
    Closed,
}

/// What every event says of a callback.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct About {
    pub case: Uuid,
    pub number: String,
    pub district: String,
    pub unit: String,
    pub requests: Vec<Uuid>,
    pub attempt: i32,
}

impl Change {
    /// The step it stands for; none for the first.
    fn step(&self) -> Option<Step> {
        match self {
            Self::Opened(_) => None,
            Self::Attempted { .. } => Some(Step::Attempt),
            Self::Passed(_) => Some(Step::Pass),
            Self::Failed(_) => Some(Step::Fail),
            Self::Lapsed => Some(Step::Lapse),
            Self::Cancelled { .. } => Some(Step::Cancel),
            Self::Recomputed { .. } => Some(Step::Recompute),
        }
    }
}

impl Aggregate for Callback {
    const KIND: &'static str = "callback";
    const SHAPE: i16 = 3;
    type Change = Change;
    type State = State;
    type About = About;

    fn leads_to(before: Option<&Self>, change: &Change) -> Option<State> {
        match (before, change.step()) {
            (None, None) => Some(State::Pending),
            (Some(callback), Some(step)) => next(callback.state, step),
            (None, Some(_)) | (Some(_), None) => None,
        }
    }

    fn first(change: &Change, state: State, _: &Stamp) -> Option<Self> {
        match change {
            Change::Opened(opened) => {
                Some(Self { opened: opened.as_ref().clone(), state, verdict: None, tries: 0, end_at: None })
            }
            Change::Attempted { .. }
            | Change::Passed(_)
            | Change::Failed(_)
            | Change::Lapsed
            | Change::Cancelled { .. }
            | Change::Recomputed { .. } => None,
        }
    }

    fn apply(&mut self, change: &Change, state: State, stamp: &Stamp) {
        self.state = state;
        if self.state.is_ended() && self.end_at.is_none() {
            self.end_at = Some(stamp.at);
        }
        match change {
            Change::Attempted { tries, .. } => self.tries = *tries,
            Change::Passed(verdict) | Change::Failed(verdict) => self.verdict = Some(verdict.clone()),
            Change::Recomputed { due_at } => self.opened.due_at = *due_at,
            Change::Opened(_) | Change::Lapsed | Change::Cancelled { .. } => {}
        }
    }

    fn district(&self) -> &str {
        &self.opened.district
    }

    /// One attempt at a case is judged once.
    fn claims(&self) -> Vec<(&'static str, String)> {
        vec![("attempt", format!("{}/{}", self.opened.case, self.opened.attempt))]
    }

    fn about(&self) -> About {
        let Opened { case, number, district, unit, requests, attempt, .. } = self.opened.clone();
        About { case, number, district, unit, requests, attempt }
    }
}
