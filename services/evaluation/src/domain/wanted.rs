//! What lists and rates are asked for.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    appeal::AppealState,
    figure::{By, period::Period},
    inquiry::InquiryState,
    interview::{InterviewState, Interviewer},
    state::State,
    topic::TopicState,
};

/// What narrows a list most: the index it is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    District,
    Street(String),
    Community(String),
    Unit(String),
    Case(Uuid),
    Request(Uuid),
}

/// Which callbacks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    pub scope: Scope,
    pub district: String,
    /// Only what lies in this area; empty: anywhere.
    pub area: String,
    /// Only what judges this unit; empty: any.
    pub unit: String,
    /// None: all.
    pub state: Option<State>,
}

/// The key of the last callback of the page before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    #[serde(with = "chrono::serde::ts_microseconds")]
    pub lapse_at: DateTime<Utc>,
    pub id: Uuid,
}

/// Which appeals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appeals {
    pub district: String,
    /// Only of cases in this area; empty: anywhere.
    pub area: String,
    /// Only this unit's; empty: all.
    pub unit: String,
    /// None: all.
    pub state: Option<AppealState>,
}

/// Which rates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates {
    pub district: String,
    /// The district, or a street or community in it.
    pub area: String,
    /// Only this unit; empty: all.
    pub unit: String,
    /// None: by the areas next below.
    pub by: Option<By>,
    pub period: Period,
}

/// What is overdue, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Late {
    pub district: String,
    /// The district, or an area in it.
    pub area: String,
    /// Only what was in this unit's hands; empty: in any.
    pub unit: String,
    /// When this day began; none, or one that has not begun: now.
    pub to: Option<NaiveDate>,
}

/// Rounds of a district, as far as they lie in an area of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    pub district: String,
    pub area: String,
}

/// By what interviews are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InterviewScope {
    /// Of a round; with an interviewer only theirs.
    Round(Uuid, Option<Interviewer>),
    /// What somebody has.
    Interviewer(Interviewer),
}

/// Which interviews.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interviews {
    pub scope: InterviewScope,
    pub district: String,
    /// Only of cases in this area; empty: anywhere.
    pub area: String,
    /// None: all.
    pub state: Option<InterviewState>,
}

/// The last interview of the page before: of a round by stratum and place, of an interviewer by id.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub stratum: String,
    pub place: i32,
    pub id: Uuid,
}

/// The index that a list of ratings is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RatingScope {
    District,
    Street(String),
    Community(String),
    /// Of this unit.
    Unit(String),
    /// By this unit.
    Rater(String),
}

/// Which ratings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ratings {
    pub scope: RatingScope,
    pub district: String,
    /// Only of cases in this area, where they are not looked for by unit; empty: anywhere.
    pub area: String,
}

/// The index that a list of topics is read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TopicScope {
    District,
    /// Just this area.
    Area(String),
    /// Those that a unit owns.
    Owner(String),
}

/// Which topics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Topics {
    pub scope: TopicScope,
    pub district: String,
    /// Only what lies in this area; empty: anywhere.
    pub within: String,
    /// None: all.
    pub state: Option<TopicState>,
}

/// Which inquiries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inquiries {
    pub district: String,
    /// Only what lies in this area; empty: anywhere.
    pub area: String,
    /// Only of this unit; empty: all.
    pub unit: String,
    /// None: all.
    pub state: Option<InquiryState>,
}

/// Which inspections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspections {
    pub within: Placed,
    /// None: of all cases.
    pub case: Option<Uuid>,
}
