//! 督评: what a delegate found at a case. Delegates record it, once for each case; offices of its area read it.
//!
//! Guaranteed: it never changes, and moves no case and no figure.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::{Actor, Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The claim's name: one for each delegate and case.
pub const INSPECTION: &str = "inspection";

/// Where an inspection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectionState {
    Recorded,
}

/// What was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub district: String,
    /// Of the case, then.
    pub area: String,
    pub case: Uuid,
    /// Whether it is well done.
    pub good: bool,
    /// In the delegate's words. Never in an event.
    pub text: String,
}

/// An inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspection {
    #[serde(flatten)]
    pub found: Found,
    pub by: Actor,
    pub state: InspectionState,
    #[serde(with = "ts_microseconds")]
    pub recorded_at: DateTime<Utc>,
}

/// What can happen to an inspection. Only add here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InspectionChange {
    Recorded(Box<Found>),
}

/// What every event says of an inspection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InspectionAbout {
    pub district: String,
    pub area: String,
    pub case: Uuid,
    pub good: bool,
}

/// Why a delegate may not record it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InspectionError {
    #[error("the caller has inspected this case already")]
    InspectedAlready,
    #[error("whoever had part in the case, or is staff of a unit that had, must not inspect it")]
    OwnWork,
}

impl Inspection {
    /// What there is one of.
    pub fn key(case: Uuid, by: &Actor) -> String {
        format!("{case}/{}", by.subject)
    }

    /// A delegate, who may have had part in the case after all, has looked.
    ///
    /// # Errors
    /// `OwnWork`, `InspectedAlready`.
    pub fn record(
        found: Found,
        had_part: bool,
        before: Option<Uuid>,
    ) -> Result<InspectionChange, InspectionError> {
        match (had_part, before) {
            (true, _) => Err(InspectionError::OwnWork),
            (false, Some(_)) => Err(InspectionError::InspectedAlready),
            (false, None) => Ok(InspectionChange::Recorded(Box::new(found))),
        }
    }
}

impl Aggregate for Inspection {
    const KIND: &'static str = "inspection";
    type Change = InspectionChange;
    type State = InspectionState;
    type About = InspectionAbout;

    fn leads_to(before: Option<&Self>, change: &InspectionChange) -> Option<InspectionState> {
        match (before, change) {
            (None, InspectionChange::Recorded(_)) => Some(InspectionState::Recorded),
            (Some(_), InspectionChange::Recorded(_)) => None,
        }
    }

    fn first(change: &InspectionChange, state: InspectionState, stamp: &Stamp) -> Option<Self> {
        let InspectionChange::Recorded(found) = change;
        Some(Self { found: found.as_ref().clone(), by: stamp.actor.clone(), state, recorded_at: stamp.at })
    }

    /// Nothing follows the first change.
    fn apply(&mut self, _: &InspectionChange, state: InspectionState, _: &Stamp) {
        self.state = state;
    }

    fn district(&self) -> &str {
        &self.found.district
    }

    fn claims(&self) -> Vec<(&'static str, String)> {
        vec![(INSPECTION, Self::key(self.found.case, &self.by))]
    }

    fn about(&self) -> InspectionAbout {
        let Found { district, area, case, good, text: _ } = self.found.clone();
        InspectionAbout { district, area, case, good }
    }
}
