//! Where an open meeting can be. Which step leads where is said by each step's rule.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// Where a meeting is. Only what is convened can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum MeetingState {
    /// 已召集.
    Convened,
    /// 已召开.
    Held,
    /// 已取消.
    Cancelled,
}

impl MeetingState {
    pub fn name(self) -> &'static str {
        self.into()
    }
}
