//! How pressing a case is: 一般, 重点, 紧急.

use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr, VariantArray};

/// How pressing, from low to high. What nobody has said is normal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(Display, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Priority {
    #[default]
    Normal,
    High,
    Urgent,
}

impl Priority {
    /// All of them, from low to high.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The word in code and on the wire; the same as serde's.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The word shown to people.
    pub const fn chinese(self) -> &'static str {
        match self {
            Priority::Normal => "一般",
            Priority::High => "重点",
            Priority::Urgent => "紧急",
        }
    }
}
