//! 矛盾隐患台账: a conflict or a hidden danger, from when somebody notices it until it is settled.

use chrono::{DateTime, Utc, serde::ts_microseconds, serde::ts_microseconds_option};
use huying_chassis::log::{Aggregate, Decided, Stamp};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

use super::visit::FindingKind;

/// What an entry is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RiskKind {
    Conflict,
    HiddenDanger,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RiskState {
    Open,
    Settled,
}

/// An entry of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Risk {
    pub district: String,
    pub area: String,
    pub kind: RiskKind,
    /// Personal, since a conflict names people; how it was settled too.
    pub content: String,
    /// Who sees to it.
    pub unit: String,
    pub state: RiskState,
    /// The visit that found it.
    pub visit: Option<Uuid>,
    #[serde(with = "ts_microseconds")]
    pub opened_at: DateTime<Utc>,
    pub outcome: String,
    #[serde(with = "ts_microseconds_option")]
    pub settled_at: Option<DateTime<Utc>>,
}

/// What can happen to an entry. The serde form is kept in the log for ever: only add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RiskChange {
    Opened {
        district: String,
        area: String,
        kind: RiskKind,
        content: String,
        unit: String,
        visit: Option<Uuid>,
    },
    Settled {
        outcome: String,
    },
}

/// What every event says of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskAbout {
    pub area: String,
    pub kind: RiskKind,
    pub unit: String,
    pub visit: Option<Uuid>,
}

impl RiskKind {
    pub fn name(self) -> &'static str {
        self.into()
    }

    pub fn of(name: &str) -> Option<Self> {
        [Self::Conflict, Self::HiddenDanger].into_iter().find(|kind| kind.name() == name)
    }

    /// As a visit has it.
    pub fn found(self) -> FindingKind {
        match self {
            Self::Conflict => FindingKind::Conflict,
            Self::HiddenDanger => FindingKind::HiddenDanger,
        }
    }
}

impl RiskState {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl Risk {
    /// It is settled.
    pub fn settle(&self, outcome: &str) -> Decided<RiskChange> {
        match self.state {
            RiskState::Settled => Decided::AlreadyDone,
            RiskState::Open => Decided::one(RiskChange::Settled { outcome: outcome.to_owned() }),
        }
    }
}

impl Aggregate for Risk {
    const KIND: &'static str = "risk";
    const PERSONAL: &'static [&'static str] = &["/opened/content", "/settled/outcome"];
    type Change = RiskChange;
    type State = RiskState;
    type About = RiskAbout;

    fn leads_to(before: Option<&Self>, change: &RiskChange) -> Option<RiskState> {
        match (before.map(|risk| risk.state), change) {
            (None, RiskChange::Opened { .. }) => Some(RiskState::Open),
            (Some(RiskState::Open), RiskChange::Settled { .. }) => Some(RiskState::Settled),
            (None | Some(RiskState::Settled), RiskChange::Settled { .. })
            | (Some(RiskState::Open | RiskState::Settled), RiskChange::Opened { .. }) => None,
        }
    }

    fn first(change: &RiskChange, state: RiskState, stamp: &Stamp) -> Option<Self> {
        let RiskChange::Opened { district, area, kind, content, unit, visit } = change.clone() else {
            return None;
        };
        let (opened_at, outcome, settled_at) = (stamp.at, String::new(), None);
        Some(Self { district, area, kind, content, unit, state, visit, opened_at, outcome, settled_at })
    }

    fn apply(&mut self, change: &RiskChange, state: RiskState, stamp: &Stamp) {
        self.state = state;
        if let RiskChange::Settled { outcome } = change {
            self.outcome.clone_from(outcome);
            self.settled_at = Some(stamp.at);
        }
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn unit(&self) -> Option<&str> {
        Some(&self.unit)
    }

    fn about(&self) -> RiskAbout {
        RiskAbout { area: self.area.clone(), kind: self.kind, unit: self.unit.clone(), visit: self.visit }
    }
}
