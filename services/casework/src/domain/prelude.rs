//! What came of a request before its case: additions and the withdrawal may overtake the decided route, since they come from another
//! service. They are kept here until the case opens and takes them over; a withdrawn one never opens a case.
//!
//! Guaranteed by their one claim on the request: a case and a prelude that nobody took over never stand side by side.

use huying_chassis::log::{Aggregate, Decided, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The claim on a request: its case's, or its prelude's until there is a case.
pub const REQUEST: &str = "request";
/// Most additions that are kept before the case opens.
const MOST: usize = 100;

/// A request without a case. Its id is the request's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prelude {
    pub request: Uuid,
    pub number: String,
    pub district: String,
    /// What the reporter added, oldest first.
    pub additions: Vec<String>,
    /// The reporter took the request back.
    pub withdrawn: bool,
    /// The case that took it over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<Uuid>,
}

/// What can happen to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PreludeChange {
    Added { number: String, district: String, text: String },
    Withdrawn { number: String, district: String },
    Taken { case: Uuid },
}

/// What its events say.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PreludeAbout {
    pub number: String,
    pub district: String,
    pub withdrawn: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub taken_by: Option<Uuid>,
}

impl Prelude {
    pub fn add(&self, text: &str) -> Decided<PreludeChange> {
        if self.taken_by.is_some() || self.additions.len() >= MOST {
            return Decided::AlreadyDone;
        }
        Decided::one(PreludeChange::Added {
            number: self.number.clone(),
            district: self.district.clone(),
            text: text.to_owned(),
        })
    }

    pub fn withdraw(&self) -> Decided<PreludeChange> {
        if self.taken_by.is_some() || self.withdrawn {
            return Decided::AlreadyDone;
        }
        Decided::one(PreludeChange::Withdrawn {
            number: self.number.clone(),
            district: self.district.clone(),
        })
    }

    /// The case takes it over.
    pub fn take(&self, case: Uuid) -> Decided<PreludeChange> {
        if self.taken_by.is_some() {
            Decided::AlreadyDone
        } else {
            Decided::one(PreludeChange::Taken { case })
        }
    }
}

impl Aggregate for Prelude {
    const KIND: &'static str = "prelude";
    type Change = PreludeChange;
    type State = ();
    type About = PreludeAbout;

    fn leads_to(_: Option<&Self>, _: &PreludeChange) -> Option<()> {
        Some(())
    }

    fn first(change: &PreludeChange, (): (), stamp: &Stamp) -> Option<Self> {
        let (number, district) = match change {
            PreludeChange::Added { number, district, .. } | PreludeChange::Withdrawn { number, district } => {
                (number, district)
            }
            PreludeChange::Taken { .. } => return None,
        };
        let mut prelude = Self {
            request: stamp.id,
            number: number.clone(),
            district: district.clone(),
            additions: Vec::new(),
            withdrawn: false,
            taken_by: None,
        };
        prelude.apply(change, (), stamp);
        Some(prelude)
    }

    fn apply(&mut self, change: &PreludeChange, (): (), _: &Stamp) {
        match change {
            PreludeChange::Added { text, .. } => self.additions.push(text.clone()),
            PreludeChange::Withdrawn { .. } => self.withdrawn = true,
            PreludeChange::Taken { case } => self.taken_by = Some(*case),
        }
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn claims(&self) -> Vec<(&'static str, String)> {
        vec![(REQUEST, self.request.to_string())]
    }

    fn about(&self) -> PreludeAbout {
        PreludeAbout {
            number: self.number.clone(),
            district: self.district.clone(),
            withdrawn: self.withdrawn,
            taken_by: self.taken_by,
        }
    }
}
