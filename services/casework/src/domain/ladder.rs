//! 到点做什么: the district's ladder, as its profile says it. What a rung does to a case is in `case/step/ladder.rs`.

use huying_terms::Lamp;
use serde::{Deserialize, Serialize};

use super::clocks::ClockKind;

/// When a rung is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum At {
    Amber,
    Red,
    /// 久无进展: nobody took a step for a share of the time that there is.
    Idle,
    /// 逾期未报到: a department called on the case is silent.
    Silent,
    /// 逾期未办结: a department called on the case has not completed in its time.
    Late,
}

/// What it does, one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// 催办, which asks for no answer: the clock that it is about runs on.
    UrgeHolder,
    TellSuperior,
    /// 上报 one tier up. Where nobody is above, it is only told.
    Escalate,
    /// 督办单, answered in the profile's time.
    Supervise,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rung {
    pub at: At,
    /// The clock whose lamp it is about; none: any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<ClockKind>,
    pub acts: Vec<Act>,
}

/// What a ladder is run for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    Lamp(ClockKind, Lamp),
    Idle,
    Silent,
    Late,
}

impl Rung {
    pub fn is_for(&self, occasion: Occasion) -> bool {
        match occasion {
            Occasion::Lamp(clock, lamp) => {
                let at = match lamp {
                    Lamp::Green => return false,
                    Lamp::Amber => At::Amber,
                    Lamp::Red => At::Red,
                };
                self.at == at && self.clock.is_none_or(|one| one == clock)
            }
            Occasion::Idle => self.at == At::Idle,
            Occasion::Silent => self.at == At::Silent,
            Occasion::Late => self.at == At::Late,
        }
    }
}

impl Occasion {
    /// Why, for those who are pressed or told.
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Lamp(_, Lamp::Green | Lamp::Amber) => "时限将到",
            Self::Lamp(_, Lamp::Red) => "时限已过",
            Self::Idle => "久无进展",
            Self::Silent => "所呼叫部门逾期未报到",
            Self::Late => "所呼叫部门逾期未办结",
        }
    }
}
