//! How a case is after what happened to it, and what its events say of it.

use chrono::{DateTime, Utc, serde::ts_microseconds, serde::ts_microseconds_option};
use huying_chassis::log::{Aggregate, Stamp};
use huying_terms::Tier;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{Case, Change, State};
use crate::domain::{clocks::ClockKind, prelude::REQUEST};

/// What every event says of a case, and nothing of the reporter.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseAbout {
    pub number: String,
    pub district: String,
    pub area: String,
    pub category: String,
    pub tier: Tier,
    pub holder: String,
    pub requests: Vec<Uuid>,
    pub attempt: i32,
    #[serde(with = "ts_microseconds")]
    pub opened_at: DateTime<Utc>,
    /// Until when it is to be resolved.
    #[serde(default, with = "ts_microseconds_option", skip_serializing_if = "Option::is_none")]
    pub resolve_due_at: Option<DateTime<Utc>>,
}

impl Aggregate for Case {
    const KIND: &'static str = "case";
    const SHAPE: i16 = 2;
    const PERSONAL: &'static [&'static str] = &["/resolved/handling/contact", "/appointed/officer/name"];
    const REPEATED: &'static [&'static str] = &["updated_at", "appointed_at"];
    /// A part is in the accounts with its whole.
    const SETTLED: Option<fn(&Self) -> Option<bool>> =
        Some(|case| case.whole.is_none().then_some(!case.state.is_open()));
    type Change = Change;
    type State = State;
    type About = CaseAbout;

    fn leads_to(before: Option<&Self>, change: &Change) -> Option<State> {
        match before {
            None => matches!(change, Change::Opened(_) | Change::SplitOff(_)).then_some(State::Assigned),
            Some(case) => change.happened().rule().map_or(Some(case.state), |rule| rule.leads(case.state)),
        }
    }

    fn first(change: &Change, state: State, stamp: &Stamp) -> Option<Self> {
        let mut case = if let Change::SplitOff(it) = change {
            it.begin(state, stamp)
        } else if let Change::Opened(it) = change {
            it.begin(state, stamp)
        } else {
            return None;
        };
        case.stir(stamp.at);
        case.find_due();
        case.updated_at = Some(stamp.at);
        Some(case)
    }

    fn apply(&mut self, change: &Change, state: State, stamp: &Stamp) {
        self.state = state;
        let held = self.holder.unit.clone();
        let happened = change.happened();
        happened.fold(self, stamp);
        if happened.stirs() {
            self.stir(stamp.at);
        }
        if state != State::Returned {
            self.arbiter = None;
        }
        if !state.is_open() {
            self.groups.clear();
        }
        if state != State::Resolved {
            self.verifier = None;
        }
        // One unit's people are not another's.
        if self.holder.unit != held {
            (self.officer, self.appointed_at) = (None, None);
        }
        self.find_due();
        self.updated_at = Some(stamp.at);
    }

    fn district(&self) -> &str {
        &self.district
    }

    /// The holder watches it. Its events go to services, on no unit's subject.
    fn unit(&self) -> Option<&str> {
        Some(&self.holder.unit)
    }

    /// A request has one case, and the prelude gives it up when the case takes it over. A part has none of its own.
    fn claims(&self) -> Vec<(&'static str, String)> {
        if self.whole.is_some() { Vec::new() } else { vec![(REQUEST, self.opened_on.to_string())] }
    }

    fn about(&self) -> CaseAbout {
        CaseAbout {
            number: self.number.clone(),
            district: self.district.clone(),
            area: self.area.clone(),
            category: self.category.clone(),
            tier: self.holder.tier,
            holder: self.holder.unit.clone(),
            requests: self.request_ids(),
            attempt: self.attempt,
            opened_at: self.opened_at,
            resolve_due_at: self.clocks.get(ClockKind::Resolve).and_then(|clock| clock.due_at),
        }
    }
}

impl Case {
    /// What the row is found by follows from the clocks, and from the spans of its task forces.
    fn find_due(&mut self) {
        (self.due_at, self.overdue) = (self.clocks.next_due(), self.clocks.overdue());
        self.groups_end_at = self.groups.iter().filter_map(|it| it.group.until).min();
    }
}
