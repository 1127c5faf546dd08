//! What lists are asked for.

use chrono::{DateTime, Utc};
use huying_terms::{Lamp, Tier};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    approval::ApprovalState,
    case::{Outcome, State},
    dispatch::DispatchState,
    meeting::MeetingState,
};

/// How a list goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    #[default]
    Newest,
    /// What is due first, red before amber before green: only what is open.
    Due,
    /// By the instant of the last change, the earliest first; and so on.
    Updated,
    Opened,
    Resolved,
}

/// A part of a list that goes by an instant: from one on, before another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Span {
    pub from: Option<DateTime<Utc>>,
    pub before: Option<DateTime<Utc>>,
}

/// Where a page ends and the next begins: of a list in this order, after this row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub order: Order,
    pub key: i64,
    pub id: Uuid,
}

/// A page, and where the next one begins; none: this is the last. It may have fewer items than asked for, and even none, and not be the last.
#[derive(Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    pub next: Option<Place>,
}

/// Which cases are wanted.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    pub district: String,
    pub state: Option<State>,
    /// Only those that are not closed.
    pub open: bool,
    /// Only those that closed like this.
    pub outcome: Option<Outcome>,
    pub tier: Option<Tier>,
    pub holder: Option<String>,
    /// Those returned whose arbiter it is.
    pub arbiter: Option<String>,
    /// Those resolved that it is to look at.
    pub verifier: Option<String>,
    /// Those that the person with this subject has in hand.
    pub officer: Option<String>,
    pub area: Option<String>,
    /// What the caller's own area is: both must hold.
    pub within: Option<String>,
    pub category: Option<String>,
    pub overdue: bool,
    /// Those that ever had a notice or a talk.
    pub supervised: bool,
    /// Those in this leader's charge, or that were when they were closed.
    pub leader: Option<String>,
    /// 难题: the open ones that are suspended, or in a leader's charge.
    pub hard: bool,
    /// Those in any leader's charge, or that were when they were closed.
    pub led: bool,
    /// Only those that are no part of another: what the accounts count.
    pub whole: bool,
    /// What the most pressing running clock shows.
    pub lamp: Option<Lamp>,
    pub order: Order,
    /// Of the instants that the order goes by.
    pub span: Span,
}

impl Cases {
    /// Whether what has an outcome can be among them: nothing that is open has one.
    pub fn may_be_closed(&self) -> bool {
        !self.open && self.order != Order::Due && self.state.is_none_or(|state| !state.is_open())
    }

    /// What a unit asks by for its own: an arbiter for what it is to decide on, a verifier for what it is to look at, all others for what
    /// they hold.
    pub fn own(&mut self) -> &mut Option<String> {
        match (&self.arbiter, &self.verifier) {
            (Some(_), _) => &mut self.arbiter,
            (None, Some(_)) => &mut self.verifier,
            (None, None) => &mut self.holder,
        }
    }
}

/// Which dispatches are wanted.
#[derive(Clone, Debug, Default)]
pub struct Dispatches {
    pub district: String,
    pub unit: Option<String>,
    pub case: Option<Uuid>,
    pub state: Option<DispatchState>,
    /// Those that wait for their arbiter because nobody reported in.
    pub silent: bool,
    /// Those that the person with this subject has in hand.
    pub officer: Option<String>,
    /// The caller's own area.
    pub within: Option<String>,
    /// Newest first, or a unit's by what is due first.
    pub order: Order,
}

/// Which approvals are wanted.
#[derive(Clone, Debug, Default)]
pub struct Approvals {
    pub district: String,
    pub granter: Option<String>,
    pub asked_by: Option<String>,
    pub case: Option<Uuid>,
    pub state: Option<ApprovalState>,
    /// The caller's own area.
    pub within: Option<String>,
}

/// Which open meetings are wanted.
#[derive(Clone, Debug, Default)]
pub struct Meetings {
    pub district: String,
    pub area: Option<String>,
    pub state: Option<MeetingState>,
    /// The caller's own area.
    pub within: Option<String>,
}

/// Which absences are wanted.
#[derive(Clone, Debug, Default)]
pub struct Absences {
    pub district: String,
    pub unit: String,
    /// Those of the officer with this subject.
    pub subject: Option<String>,
    /// Only those that last beyond an instant, and were not ended.
    pub beyond: Option<DateTime<Utc>>,
}

/// Where and when that lies which is counted: meetings by when they began, dispatches by when they were sent.
#[derive(Clone, Debug)]
pub struct Period {
    pub district: String,
    /// The district, or an area in it.
    pub area: String,
    pub from: DateTime<Utc>,
    /// Not included.
    pub until: DateTime<Utc>,
    /// The caller's own area.
    pub within: Option<String>,
}

/// What was held in an area.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingCount {
    pub area: String,
    pub held: i64,
    /// Cases deliberated on, and those of them that were settled; one twice where two meetings had it.
    pub cases: i64,
    pub settled: i64,
}
