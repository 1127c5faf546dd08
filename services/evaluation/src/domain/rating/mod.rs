//! 基层评部门: what a unit says of another that it worked with on a case. Actors: officers and desks of communities and streets rate the street and
//! the departments above them; called departments say whether it was apt to call them.
//!
//! - [`give`]: who may rate whom, and how long.
//!
//! Guaranteed: a unit rates another once for a case and kind, and never itself; a rating never changes, whatever becomes of the case.

pub mod give;

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::{Aggregate, Stamp};
use huying_terms::Tier;
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use uuid::Uuid;

pub use give::{Judged, RatingError};

use super::verdict::Satisfaction;

/// What is rated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RatingKind {
    /// 基层评部门: how a unit worked on the case.
    Grassroots,
    /// 呼叫适当: whether a unit was right to call.
    Aptness,
}

/// What is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Said {
    Grassroots(Satisfaction),
    /// Whether it was apt to call.
    Aptness(bool),
}

/// Why a rating is unfavourable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum RatingReason {
    /// 响应慢.
    Slow,
    /// 推诿扯皮.
    Shifted,
    /// 未办实.
    Unsettled,
    /// 未到场.
    Absent,
    /// 非本部门职责.
    NotResponsible,
    /// 基层可自行处置.
    Unneeded,
    /// 情况不清.
    Unclear,
    /// 其他.
    Other,
}

/// Where a rating stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatingState {
    Given,
}

/// All that is said, of whom and by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    pub case: Uuid,
    pub number: String,
    pub district: String,
    /// Where the case lay, and its category.
    pub area: String,
    pub category: String,
    pub attempt: i32,
    /// Who rates.
    pub rater: String,
    /// Who is rated.
    pub unit: String,
    /// Where that unit held the case; none where it only was called, or chaired a group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    pub said: Said,
    /// None where it is favourable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<RatingReason>,
    /// In the rater's words. Never in an event, and not for the unit that is rated.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comment: String,
}

/// A rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    #[serde(flatten)]
    pub rated: Rated,
    pub state: RatingState,
    #[serde(with = "ts_microseconds")]
    pub rated_at: DateTime<Utc>,
}

/// What can happen to a rating. Only add here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RatingChange {
    Given(Box<Rated>),
}

/// What every event says of a rating.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingAbout {
    pub district: String,
    pub unit: String,
}

impl Said {
    pub fn kind(self) -> RatingKind {
        match self {
            Self::Grassroots(_) => RatingKind::Grassroots,
            Self::Aptness(_) => RatingKind::Aptness,
        }
    }

    /// Whether it needs no reason.
    pub fn is_favourable(self) -> bool {
        match self {
            Self::Grassroots(
                Satisfaction::VerySatisfied | Satisfaction::Satisfied | Satisfaction::Basically,
            ) => true,
            Self::Grassroots(Satisfaction::Unsatisfied | Satisfaction::VeryUnsatisfied) => false,
            Self::Aptness(apt) => apt,
        }
    }
}

impl RatingReason {
    pub const ALL: &[Self] = Self::VARIANTS;

    /// Whether it is one for ratings of this kind.
    pub fn fits(self, kind: RatingKind) -> bool {
        match self {
            Self::Slow | Self::Shifted | Self::Unsettled | Self::Absent => kind == RatingKind::Grassroots,
            Self::NotResponsible | Self::Unneeded | Self::Unclear => kind == RatingKind::Aptness,
            Self::Other => true,
        }
    }
}

impl Aggregate for Rating {
    const KIND: &'static str = "rating";
    type Change = RatingChange;
    type State = RatingState;
    type About = RatingAbout;

    fn leads_to(before: Option<&Self>, change: &RatingChange) -> Option<RatingState> {
        match (before, change) {
            (None, RatingChange::Given(_)) => Some(RatingState::Given),
            (Some(_), RatingChange::Given(_)) => None,
        }
    }

    fn first(change: &RatingChange, state: RatingState, stamp: &Stamp) -> Option<Self> {
        let RatingChange::Given(rated) = change;
        Some(Self { rated: rated.as_ref().clone(), state, rated_at: stamp.at })
    }

    /// Nothing follows the first change.
    fn apply(&mut self, _: &RatingChange, state: RatingState, _: &Stamp) {
        self.state = state;
    }

    fn district(&self) -> &str {
        &self.rated.district
    }

    /// One unit rates another once for a case, of each kind, however often the case is reopened.
    fn claims(&self) -> Vec<(&'static str, String)> {
        let Rated { case, rater, unit, said, .. } = &self.rated;
        let kind: &str = said.kind().into();
        vec![("rating", format!("{case}/{kind}/{rater}/{unit}"))]
    }

    fn about(&self) -> RatingAbout {
        RatingAbout { district: self.rated.district.clone(), unit: self.rated.unit.clone() }
    }
}
