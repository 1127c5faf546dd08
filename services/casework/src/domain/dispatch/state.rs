//! Where a dispatch can be. Which step leads where is said by each step's rule.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// Where a dispatch is. Settled means done or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum DispatchState {
    /// 已派: the department has not yet answered.
    Sent,
    /// 已报到.
    Accepted,
    /// 已完成.
    Done,
    /// 已拒绝: somebody above the caller decides.
    Declined,
    /// 已终止: no longer wanted.
    Ended,
}

impl DispatchState {
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Nothing leads out of it: the case need not wait.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Done | Self::Ended)
    }
}
