//! 重点人群: who is visited first and answered first.

use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr, VariantArray};

/// Why somebody comes first. Personal, wherever it is said of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(Display, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum PriorityKind {
    /// Elderly, living alone.
    LivingAlone,
    Disabled,
    /// A child whose parents work elsewhere, or without anybody to look after it.
    LeftBehindChild,
    /// On subsistence allowance, or destitute.
    InNeed,
    /// Seriously ill, or unable to look after themselves.
    SeriouslyIll,
}

impl PriorityKind {
    /// All of them.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// The word in code and in profiles; the same as serde's.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The word shown to people.
    pub const fn chinese(self) -> &'static str {
        match self {
            Self::LivingAlone => "独居老人",
            Self::Disabled => "残疾人",
            Self::LeftBehindChild => "留守儿童",
            Self::InNeed => "困难群众",
            Self::SeriouslyIll => "重病",
        }
    }
}
