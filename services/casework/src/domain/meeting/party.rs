//! Who takes part in an open meeting: bodies by their names, residents by their number alone.

use serde::{Deserialize, Serialize};

/// Most parties of a meeting.
pub const MOST: usize = 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    /// 居民.
    Residents,
    /// 业主委员会.
    OwnersCommittee,
    /// 物业企业.
    PropertyManager,
    /// 企业.
    Firm,
    /// 责任单位.
    Unit,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    pub kind: PartyKind,
    /// Of the body; empty for residents.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// How many of them.
    pub people: u32,
}

impl Party {
    /// Whether it is named as its kind may be: bodies are, residents never.
    pub fn is_named_right(&self) -> bool {
        self.name.is_empty() == (self.kind == PartyKind::Residents)
    }
}
