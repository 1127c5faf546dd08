//! What can happen to a callback, as the log keeps it for ever, and how a callback follows from it. Only add here.

use chrono::{DateTime, Utc};
use huying_chassis::log::{Aggregate, Stamp};
use huying_terms::{Limit, Solved, Tier};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    appeal::{Appeal, Lodged, Ruling},
    callback::{Callback, Link},
    parties::Party,
    settle::{Among, Settled},
    state::{State, Step, next},
    verdict::{By, Verdict},
};

/// What happened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A case was resolved: its reporter is to be asked.
    Opened(Box<Opened>),
    /// Nobody was reached, for the `tries`-th time.
    Attempted {
        tries: i32,
        note: String,
        #[serde(default, skip_serializing_if = "By::is_centre")]
        by: By,
    },
    /// The verdict passes.
    Passed(Judged),
    /// The verdict does not pass.
    Failed(Judged),
    /// The window ended. Only in what builds before wrote: it settled the attempt.
    Lapsed,
    /// The case moved on.
    Cancelled { cause: Cause },
    /// The district's calendar is another one: the window ends then.
    Recomputed {
        #[serde(with = "chrono::serde::ts_microseconds")]
        due_at: DateTime<Utc>,
    },
    /// The window ended, or it was the last try.
    RanOut(Ended),
    /// The reporter would not answer.
    Refused {
        note: String,
        #[serde(default, skip_serializing_if = "By::is_centre")]
        by: By,
        #[serde(flatten)]
        ended: Ended,
    },
    /// Others of the attempt were drawn.
    Spared(Box<Opened>),
    /// A link for the reporter was issued; the one before counts no more.
    LinkIssued(Link),
    /// The reporter took the request back after the case was resolved: what they say counts, and moves the case no more.
    Withdrawn(Ended),
    /// The judged unit appeals against the verdict.
    Appealed(Lodged),
    /// Somebody else decided the appeal.
    AppealDecided(Ruling),
}

/// A verdict, and what its attempt comes to by it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    #[serde(flatten)]
    pub verdict: Verdict,
    #[serde(flatten)]
    pub ended: Ended,
}

/// What an attempt comes to when a callback ends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// None where others of the attempt are asked still, or have settled it; and in what builds before wrote.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settles: Option<Settled>,
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
    /// Every unit that had part in the case, whenever, and who acted for it; none in what builds before wrote.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parties: Vec<Party>,
    /// Whose reporters are asked: one, or all in what builds before wrote.
    pub requests: Vec<Uuid>,
    /// The one. None in what builds before wrote: it stands for the whole case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Uuid>,
    /// None: it is the only one that is asked about the attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub among: Option<Among>,
    /// Who is to ask.
    #[serde(default, skip_serializing_if = "By::is_centre")]
    pub by: By,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Uuid>,
    pub attempt: i32,
}

impl Change {
    /// The step it stands for; none for the first.
    fn step(&self) -> Option<Step> {
        match self {
            Self::Opened(_) | Self::Spared(_) => None,
            Self::Attempted { .. } => Some(Step::Attempt),
            Self::Passed(_) => Some(Step::Pass),
            Self::Failed(_) => Some(Step::Fail),
            Self::Lapsed | Self::RanOut(_) => Some(Step::Lapse),
            Self::Cancelled { .. } => Some(Step::Cancel),
            Self::Recomputed { .. } => Some(Step::Recompute),
            Self::Refused { .. } => Some(Step::Refuse),
            Self::LinkIssued(_) => Some(Step::Link),
            Self::Withdrawn(_) => Some(Step::Withdraw),
            Self::Appealed(_) => Some(Step::Appeal),
            Self::AppealDecided(_) => Some(Step::Decide),
        }
    }

    /// What its attempt comes to by it; none where it says nothing of that.
    fn ended(&self) -> Option<&Ended> {
        match self {
            Self::Passed(judged) | Self::Failed(judged) => Some(&judged.ended),
            Self::RanOut(ended) | Self::Refused { ended, .. } | Self::Withdrawn(ended) => Some(ended),
            Self::Opened(_)
            | Self::Spared(_)
            | Self::Attempted { .. }
            | Self::Lapsed
            | Self::Cancelled { .. }
            | Self::Recomputed { .. }
            | Self::LinkIssued(_)
            | Self::Appealed(_)
            | Self::AppealDecided(_) => None,
        }
    }
}

impl Aggregate for Callback {
    const KIND: &'static str = "callback";
    const SHAPE: i16 = 6;
    const REPEATED: &'static [&'static str] = &["tried_at", "taker"];
    type Change = Change;
    type State = State;
    type About = About;

    fn leads_to(before: Option<&Self>, change: &Change) -> Option<State> {
        match (before, change.step()) {
            (None, None) if matches!(change, Change::Spared(_)) => Some(State::Spared),
            (None, None) => Some(State::Pending),
            (Some(callback), Some(step)) => next(callback.state, step),
            (None, Some(_)) | (Some(_), None) => None,
        }
    }

    fn first(change: &Change, state: State, stamp: &Stamp) -> Option<Self> {
        match change {
            Change::Opened(opened) | Change::Spared(opened) => Some(Self {
                opened: opened.as_ref().clone(),
                state,
                verdict: None,
                settles: None,
                withdrawn: false,
                tries: 0,
                tried_at: None,
                link: None,
                taker: None,
                appeal: None,
                end_at: (state == State::Spared).then_some(stamp.at),
            }),
            Change::Attempted { .. }
            | Change::Passed(_)
            | Change::Failed(_)
            | Change::Lapsed
            | Change::Cancelled { .. }
            | Change::Recomputed { .. }
            | Change::RanOut(_)
            | Change::Refused { .. }
            | Change::LinkIssued(_)
            | Change::Withdrawn(_)
            | Change::Appealed(_)
            | Change::AppealDecided(_) => None,
        }
    }

    fn apply(&mut self, change: &Change, state: State, stamp: &Stamp) {
        self.state = state;
        if self.state.is_ended() && self.end_at.is_none() {
            self.end_at = Some(stamp.at);
        }
        if let Some(settles) = change.ended().and_then(|ended| ended.settles.as_ref()) {
            self.settles = Some(settles.clone());
        }
        match change {
            Change::Attempted { tries, .. } if *tries > self.tries => {
                (self.tries, self.tried_at) = (*tries, Some(stamp.at));
            }
            Change::Passed(judged) | Change::Failed(judged) => {
                self.verdict = Some(judged.verdict.clone());
                self.taker = Some(stamp.actor.clone());
            }
            Change::Appealed(lodged) => {
                self.appeal = Some(Appeal::begin(lodged.clone(), stamp.actor.clone(), stamp.at));
            }
            Change::AppealDecided(ruling) => {
                if let Some(appeal) = &mut self.appeal {
                    appeal.decide(ruling, stamp.at);
                }
            }
            Change::Recomputed { due_at } => self.opened.due_at = *due_at,
            Change::LinkIssued(link) => self.link = Some(link.clone()),
            Change::Withdrawn(_) => self.withdrawn = true,
            Change::Attempted { .. }
            | Change::Opened(_)
            | Change::Spared(_)
            | Change::Lapsed
            | Change::Cancelled { .. }
            | Change::RanOut(_)
            | Change::Refused { .. } => {}
        }
    }

    fn district(&self) -> &str {
        &self.opened.district
    }

    /// Whose reporter is asked about one attempt at a case is asked once.
    fn claims(&self) -> Vec<(&'static str, String)> {
        let Opened { case, attempt, request, .. } = &self.opened;
        let request = request.map(|request| format!("/{request}")).unwrap_or_default();
        vec![("attempt", format!("{case}/{attempt}{request}"))]
    }

    fn about(&self) -> About {
        let Opened { case, number, district, unit, requests, request, attempt, .. } = self.opened.clone();
        About { case, number, district, unit, requests, request, attempt }
    }
}
