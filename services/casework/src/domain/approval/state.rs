//! Where an approval can be. Which step leads where is said by each step's rule.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// Where an approval is. Only what is asked can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum ApprovalState {
    /// 待批.
    Asked,
    /// 同意.
    Granted,
    /// 不同意.
    Refused,
    /// 失效: the case moved on before anybody ruled.
    Lapsed,
}

impl ApprovalState {
    pub fn name(self) -> &'static str {
        self.into()
    }
}
