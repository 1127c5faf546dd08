//! How a dispatch is after what happened to it, and what its events say of it.

use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Dispatch, DispatchChange, DispatchState};

/// What every event says of a dispatch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DispatchAbout {
    pub case: Uuid,
    pub number: String,
    pub district: String,
    pub unit: String,
    pub called_by: String,
    pub lead: bool,
}

impl Aggregate for Dispatch {
    const KIND: &'static str = "dispatch";
    type Change = DispatchChange;
    type State = DispatchState;
    type About = DispatchAbout;

    fn leads_to(before: Option<&Self>, change: &DispatchChange) -> Option<DispatchState> {
        match before {
            None => matches!(change, DispatchChange::Sent(_)).then_some(DispatchState::Sent),
            Some(it) => change.happened().rule().map_or(Some(it.state), |rule| rule.leads(it.state)),
        }
    }

    fn first(change: &DispatchChange, state: DispatchState, stamp: &Stamp) -> Option<Self> {
        let DispatchChange::Sent(sent) = change else { return None };
        let mut dispatch = sent.begin(state, stamp);
        dispatch.find_due();
        Some(dispatch)
    }

    fn apply(&mut self, change: &DispatchChange, state: DispatchState, stamp: &Stamp) {
        self.state = state;
        change.happened().fold(self, stamp);
        self.find_due();
    }

    fn district(&self) -> &str {
        &self.district
    }

    /// The called unit hears of it on its own stream.
    fn unit(&self) -> Option<&str> {
        Some(&self.unit)
    }

    fn about(&self) -> DispatchAbout {
        DispatchAbout {
            case: self.case,
            number: self.number.clone(),
            district: self.district.clone(),
            unit: self.unit.clone(),
            called_by: self.caller.unit.clone(),
            lead: self.lead,
        }
    }
}

impl Dispatch {
    /// What the row is found by follows from the clocks.
    fn find_due(&mut self) {
        (self.due_at, self.overdue) = (self.clocks.next_due(), self.clocks.overdue());
    }
}
