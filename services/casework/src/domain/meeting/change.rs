//! How an open meeting is after what happened to it, and what its events say of it.

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Meeting, MeetingChange, MeetingState};

/// What every event says of a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeetingAbout {
    pub district: String,
    pub area: String,
    pub cases: Vec<Uuid>,
    #[serde(with = "ts_microseconds")]
    pub starts_at: DateTime<Utc>,
}

impl Aggregate for Meeting {
    const KIND: &'static str = "meeting";
    type Change = MeetingChange;
    type State = MeetingState;
    type About = MeetingAbout;

    fn leads_to(before: Option<&Self>, change: &MeetingChange) -> Option<MeetingState> {
        match before {
            None => matches!(change, MeetingChange::Convened(_)).then_some(MeetingState::Convened),
            Some(it) => change.happened().rule().map_or(Some(it.state), |rule| rule.leads(it.state)),
        }
    }

    fn first(change: &MeetingChange, state: MeetingState, stamp: &Stamp) -> Option<Self> {
        let MeetingChange::Convened(convened) = change else { return None };
        Some(convened.begin(state, stamp))
    }

    fn apply(&mut self, change: &MeetingChange, state: MeetingState, stamp: &Stamp) {
        self.state = state;
        change.happened().fold(self, stamp);
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn about(&self) -> MeetingAbout {
        MeetingAbout {
            district: self.district.clone(),
            area: self.area.clone(),
            cases: self.items.iter().map(|item| item.case).collect(),
            starts_at: self.starts_at,
        }
    }
}
