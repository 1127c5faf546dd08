//! How a dispatch is after what happened to it, and what its events say of it.

use chrono::{DateTime, Utc, serde::ts_microseconds_option};
use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Dispatch, DispatchChange, DispatchState};
use crate::domain::{
    clocks::ClockKind,
    successor::{Succeeds, Successor},
    unit::Named,
};

/// What every event says of a dispatch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DispatchAbout {
    pub case: Uuid,
    pub number: String,
    pub district: String,
    pub unit: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit_name: String,
    pub called_by: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub called_by_name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arbiter: Option<Named>,
    pub lead: bool,
    /// Report in by, complete by; none while the clock does not run.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "ts_microseconds_option")]
    pub respond_due_at: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "ts_microseconds_option")]
    pub resolve_due_at: Option<DateTime<Utc>>,
}

impl Aggregate for Dispatch {
    const KIND: &'static str = "dispatch";
    const SHAPE: i16 = 2;
    const PERSONAL: &'static [&'static str] = &["/appointed/officer/name"];
    const REPEATED: &'static [&'static str] = &["tally"];
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
        let due = |kind| self.clocks.get(kind).and_then(|clock| clock.due_at);
        DispatchAbout {
            case: self.case,
            number: self.number.clone(),
            district: self.district.clone(),
            unit: self.unit.clone(),
            unit_name: self.unit_name.clone(),
            called_by: self.caller.unit.clone(),
            called_by_name: self.caller.name.clone(),
            arbiter: self.arbiter.clone(),
            lead: self.lead,
            respond_due_at: due(ClockKind::Respond),
            resolve_due_at: due(ClockKind::Resolve),
        }
    }
}

impl Dispatch {
    /// What the row is found by follows from state and clocks.
    fn find_due(&mut self) {
        (self.due_at, self.overdue) = (self.clocks.next_due(), self.clocks.overdue());
        let red = self.clocks.get(ClockKind::Respond).is_some_and(|clock| clock.red_fired);
        self.silent = self.state == DispatchState::Sent && red;
    }
}

impl Succeeds for Dispatch {
    fn is_live(&self) -> bool {
        !self.state.is_settled()
    }

    fn units(&self) -> Vec<&str> {
        let arbiter = self.arbiter.as_ref().map(|it| it.unit.as_str());
        [self.unit.as_str(), &self.caller.unit].into_iter().chain(arbiter).collect()
    }

    /// Who goes on for the called unit has the task as it is, with its clocks, and none of the people that had it in hand.
    fn replace(&mut self, successor: &Successor) {
        if self.unit == successor.unit {
            (self.unit, self.unit_name) = (successor.to.unit.clone(), successor.to.name.clone());
            self.officer = None;
        }
        successor.holder(&mut self.caller);
        self.arbiter.iter_mut().for_each(|arbiter| successor.named(arbiter));
    }
}
