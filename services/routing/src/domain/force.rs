//! 服务力量: who serves an area, as the place publishes it.

use huying_terms::AreaCode;
use serde::{Deserialize, Serialize};

/// What they do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForceKind {
    Police,
    CityManagement,
    MarketSupervision,
    PropertyManager,
    Water,
    Power,
    Gas,
    Volunteer,
    PartyMember,
    Cadre,
    Emergency,
}

/// Who serves an area, with all that lies in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GridForce {
    pub area: AreaCode,
    pub kind: ForceKind,
    pub name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub duty: String,
    /// At work.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
}
