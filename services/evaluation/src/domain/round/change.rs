//! What can happen to a round, as the log keeps it for ever, and how a round follows from it. Only add here.

use huying_chassis::log::{Aggregate, Stamp};
use serde::{Deserialize, Serialize};

use super::{Plan, Round, RoundState, Stratum};

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoundChange {
    /// A sample was drawn.
    Begun(Box<Begun>),
    /// It ended.
    Closed,
}

/// What was asked for, and what it came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    #[serde(flatten)]
    pub plan: Plan,
    pub strata: Vec<Stratum>,
}

/// What every event of a round says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoundAbout {
    pub district: String,
    pub area: String,
}

impl Aggregate for Round {
    const KIND: &'static str = "round";
    type Change = RoundChange;
    type State = RoundState;
    type About = RoundAbout;

    fn leads_to(before: Option<&Self>, change: &RoundChange) -> Option<RoundState> {
        match (before.map(|round| round.state), change) {
            (None, RoundChange::Begun(_)) => Some(RoundState::Open),
            (Some(RoundState::Open), RoundChange::Closed) => Some(RoundState::Closed),
            (None, RoundChange::Closed)
            | (Some(RoundState::Open), RoundChange::Begun(_))
            | (Some(RoundState::Closed), RoundChange::Begun(_) | RoundChange::Closed) => None,
        }
    }

    fn first(change: &RoundChange, state: RoundState, stamp: &Stamp) -> Option<Self> {
        match change {
            RoundChange::Begun(begun) => {
                let Begun { plan, strata } = begun.as_ref().clone();
                Some(Self { plan, strata, state, begun_at: stamp.at, closed_at: None })
            }
            RoundChange::Closed => None,
        }
    }

    fn apply(&mut self, change: &RoundChange, state: RoundState, stamp: &Stamp) {
        self.state = state;
        match change {
            RoundChange::Begun(_) => {}
            RoundChange::Closed => self.closed_at = Some(stamp.at),
        }
    }

    fn district(&self) -> &str {
        &self.plan.district
    }

    fn about(&self) -> RoundAbout {
        RoundAbout { district: self.plan.district.clone(), area: self.plan.population.area.clone() }
    }
}
