//! 参与单位: who had part in a case, as casework's events tell it: who held it, who was called by whom, and who worked on it.
//!
//! Nothing of it is counted. It says who may rate whom, and since when.

use chrono::{DateTime, Utc};
use huying_terms::Tier;
use serde::{Deserialize, Serialize};

use super::{Measure, course::Course};

/// Most calls, and most units that worked, that are kept of one case: casework has 50 dispatches of one at most.
const MOST: usize = 200;

/// Who was called, and who worked: of one event, or of a whole course.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<Call>,
    /// As the resolutions say: the holder, then who completed a dispatch, chaired a group or held a part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub worked: Vec<String>,
}

/// That a unit was called, and by which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Call {
    pub unit: String,
    pub by: String,
}

impl Parts {
    /// These were called.
    pub fn called(units: impl IntoIterator<Item = String>, by: &str) -> Self {
        let calls = units.into_iter().map(|unit| Call { unit, by: by.to_owned() }).collect();
        Self { calls, worked: Vec::new() }
    }

    /// These worked on it.
    pub fn of_workers(worked: Vec<String>) -> Self {
        Self { calls: Vec::new(), worked }
    }

    pub fn is_none(&self) -> bool {
        self.calls.is_empty() && self.worked.is_empty()
    }

    /// Takes what the next event says, each once.
    pub(super) fn take(&mut self, told: &Self) {
        for call in &told.calls {
            if self.calls.len() < MOST && !self.calls.contains(call) {
                self.calls.push(call.clone());
            }
        }
        for unit in &told.worked {
            if self.worked.len() < MOST && !self.worked.contains(unit) {
                self.worked.push(unit.clone());
            }
        }
    }
}

impl Course {
    /// Where a unit stands that has the case, or had it when something was counted; none: it never held it.
    pub fn held(&self, unit: &str) -> Option<Tier> {
        let now = (self.holder == unit).then_some(self.tier);
        now.or_else(|| self.happened.iter().rfind(|it| it.unit == unit).map(|it| it.tier))
    }

    /// Whether a unit was called, and completed what it was called for.
    pub fn came(&self, unit: &str) -> bool {
        let worked = self.parts.worked.iter().any(|worked| worked == unit);
        worked && self.parts.calls.iter().any(|call| call.unit == unit)
    }

    /// Whether a unit was called by another.
    pub fn was_called(&self, unit: &str, by: &str) -> bool {
        self.parts.calls.iter().any(|call| call.unit == unit && call.by == by)
    }

    /// Whether a unit held it, called, was called, or worked on it.
    pub fn had_part(&self, unit: &str) -> bool {
        let Parts { calls, worked } = &self.parts;
        let called = calls.iter().any(|call| call.unit == unit || call.by == unit);
        called || worked.iter().any(|worked| worked == unit) || self.held(unit).is_some()
    }

    /// When it was resolved, as far as that stands: nobody is to look at it on site still, and it was not reopened since.
    pub fn resolved_at(&self) -> Option<DateTime<Utc>> {
        let told = |measure| matches!(measure, Measure::Resolved | Measure::Reopened);
        let last = self.happened.iter().rfind(|it| told(it.measure))?;
        (last.measure == Measure::Resolved).then_some(last.at)
    }
}
