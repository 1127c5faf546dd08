//! How an absence is after what happened to it, and what its events say of it: not who is away, nor why.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};

use super::{Absence, AbsenceChange, AbsenceState};

/// What every event says of an absence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AbsenceAbout {
    pub district: String,
    pub unit: String,
    #[serde(with = "ts_microseconds")]
    pub from: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    pub until: DateTime<Utc>,
}

impl Aggregate for Absence {
    const KIND: &'static str = "absence";
    const PERSONAL: &'static [&'static str] = &["/recorded/kind"];
    type Change = AbsenceChange;
    type State = AbsenceState;
    type About = AbsenceAbout;

    fn leads_to(before: Option<&Self>, change: &AbsenceChange) -> Option<AbsenceState> {
        match before {
            None => matches!(change, AbsenceChange::Recorded(_)).then_some(AbsenceState::Recorded),
            Some(it) => change.happened().rule().map_or(Some(it.state), |rule| rule.leads(it.state)),
        }
    }

    fn first(change: &AbsenceChange, state: AbsenceState, stamp: &Stamp) -> Option<Self> {
        let AbsenceChange::Recorded(recorded) = change else { return None };
        Some(recorded.begin(state, stamp))
    }

    fn apply(&mut self, change: &AbsenceChange, state: AbsenceState, stamp: &Stamp) {
        self.state = state;
        change.happened().fold(self, stamp);
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn about(&self) -> AbsenceAbout {
        AbsenceAbout {
            district: self.district.clone(),
            unit: self.unit.clone(),
            from: self.from,
            until: self.until,
        }
    }
}
