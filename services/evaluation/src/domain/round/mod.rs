//! 满意度回访抽查: a round of interviews with a sample of those whose cases were resolved. Actors: callback staff and leaders begin it, hand
//! it out, record what people say and close it.
//!
//! Guaranteed: a round's population, sample and strata never change once it is drawn; when it is closed nothing more is recorded.

pub mod allocate;
pub mod change;
pub mod report;
pub mod share;

use chrono::{
    DateTime, NaiveDate, Utc,
    serde::{ts_microseconds, ts_microseconds_option},
};
use huying_chassis::log::Decided;
use huying_terms::{Tz, worktime};
use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};
use uuid::Uuid;

use super::{interview::InterviewState, rules::Unlisted};
pub use change::{RoundAbout, RoundChange};

/// Most people asked in a round. With as many in reserve all of them are written in one commit.
pub const MOST: i64 = 2_000;

/// Where a round stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundState {
    /// 进行中.
    Open,
    /// 已结束.
    Closed,
}

/// By what a population is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StrataBy {
    /// Not at all.
    None,
    Unit,
    Street,
    Community,
    Category,
}

impl StrataBy {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Whose cases: those resolved in a period, each by its newest attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Population {
    /// The first day, in the district's own time.
    pub from: NaiveDate,
    /// The last one, which is in it.
    pub to: NaiveDate,
    #[serde(with = "ts_microseconds")]
    pub from_at: DateTime<Utc>,
    /// Not itself in it.
    #[serde(with = "ts_microseconds")]
    pub until_at: DateTime<Utc>,
    /// An area in the district, or the district.
    pub area: String,
    /// Empty: all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// How the codes begin; empty: all.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub category: String,
}

/// A part of the population that was drawn from by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stratum {
    pub key: String,
    /// How many cases there were.
    pub population: i64,
    /// How many were drawn of them.
    pub sample: i64,
    /// How many more may stand in.
    pub reserve: i64,
}

/// A round as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub district: String,
    pub name: String,
    pub population: Population,
    pub sample: i64,
    pub seed: String,
    pub strata_by: StrataBy,
    /// The day by which people are to be asked.
    pub due: NaiveDate,
}

/// A round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    #[serde(flatten)]
    pub plan: Plan,
    /// In the order of their keys.
    pub strata: Vec<Stratum>,
    pub state: RoundState,
    #[serde(with = "ts_microseconds")]
    pub begun_at: DateTime<Utc>,
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub closed_at: Option<DateTime<Utc>>,
}

/// Why a round, or an interview of it, says no.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RoundError {
    #[error("there are {there} cases to draw from, fewer than the {sample} that are asked for")]
    PopulationTooSmall { there: i64, sample: i64 },
    #[error("there are {strata} strata, and {sample} people are too few to ask one of each")]
    TooManyStrata { strata: usize, sample: i64 },
    #[error("no case of {unit} was ever resolved here")]
    UnknownUnit { unit: String },
    #[error("the round is closed")]
    Closed,
    /// Not in this state.
    #[error("an interview that is {} cannot be {step}", .state.name())]
    NotAllowed { state: InterviewState, step: &'static str },
    /// Whoever had part in a case must not ask about it, nor say who does.
    #[error(
        "{unit} had part in a case of this: who acts for it, or acted for it there, leaves it to somebody else"
    )]
    OwnWork { unit: String },
    #[error("it was handed out to somebody else")]
    HandedToAnother,
    #[error(transparent)]
    Unlisted(#[from] Unlisted),
}

impl Population {
    /// Of these days in a place.
    #[must_use]
    pub fn in_zone(self, zone: Tz) -> Self {
        let after = self.to.succ_opt().unwrap_or(NaiveDate::MAX);
        Self { from_at: worktime::begins(zone, self.from), until_at: worktime::begins(zone, after), ..self }
    }
}

impl Plan {
    /// With a seed: the one that was given, or the round's own id, which nobody could choose.
    #[must_use]
    pub fn seeded(self, round: Uuid) -> Self {
        let seed = if self.seed.is_empty() { round.to_string() } else { self.seed };
        Self { seed, ..self }
    }
}

impl Round {
    /// # Errors
    /// `Closed`.
    pub fn open(&self) -> Result<(), RoundError> {
        match self.state {
            RoundState::Open => Ok(()),
            RoundState::Closed => Err(RoundError::Closed),
        }
    }

    /// Nothing more is recorded.
    ///
    /// # Errors
    /// `Closed`.
    pub fn close(&self) -> Result<Decided<RoundChange>, RoundError> {
        self.open()?;
        Ok(Decided::one(RoundChange::Closed))
    }
}
