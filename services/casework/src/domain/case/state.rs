//! Where a case can be. Which step leads where is said by each step's rule.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// Where a case is. Open means any but closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// 待签收: a unit holds it and has not yet accepted.
    Assigned,
    /// 办理中.
    Working,
    /// 退单待裁: the holder says that it is not theirs; somebody above decides.
    Returned,
    /// 挂账: for long, its clocks stopped by the district's leave.
    Suspended,
    /// 待补充: the reporter was asked something.
    Waiting,
    /// 办结待评: the holder reports it done; the reporter is being told and asked.
    Resolved,
    /// 销号: it left the account.
    Closed,
}

/// What evaluation said of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// The reporter says it is solved.
    Passed,
    /// Nobody was reached until the window ended.
    Lapsed,
}

/// How a case closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// Resolved, judged, every request answered.
    StruckOff,
    /// The reporter took the request back.
    Withdrawn,
    /// On one of the listed grounds, unworked.
    Declined,
    /// Its requests went to another case.
    Merged,
}

impl Outcome {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

impl State {
    /// Any but closed.
    pub const OPEN: [Self; 6] =
        [Self::Assigned, Self::Working, Self::Returned, Self::Suspended, Self::Waiting, Self::Resolved];

    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Nobody works on it: it waits to be taken on, ruled on or judged, or it is closed.
    pub const fn is_at_rest(self) -> bool {
        matches!(self, Self::Assigned | Self::Returned | Self::Resolved | Self::Closed)
    }

    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed)
    }
}
