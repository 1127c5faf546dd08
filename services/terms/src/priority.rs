//! How pressing a case is: 一般, 重点, 紧急.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How pressing, from low to high. What nobody has said is normal.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    #[default]
    Normal,
    High,
    Urgent,
}

impl Priority {
    /// All of them, from low to high.
    pub const ALL: [Priority; 3] = [Priority::Normal, Priority::High, Priority::Urgent];

    /// The word in code and on the wire; the same as serde's.
    pub const fn as_str(self) -> &'static str {
        match self {
            Priority::Normal => "normal",
            Priority::High => "high",
            Priority::Urgent => "urgent",
        }
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

impl fmt::Display for Priority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
