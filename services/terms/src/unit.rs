//! What a unit is: one of the line from the grid up to the district, or one beside it that is called (呼叫).

use serde::{Deserialize, Serialize};

use crate::tier::Tier;

/// What a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnitKind {
    GridTeam,
    Community,
    Street,
    District,
    Department,
    ResponseGroup,
    Utility,
}

impl UnitKind {
    /// The tier that units of this kind answer for; none for those that stand beside the line.
    pub const fn line(self) -> Option<Tier> {
        match self {
            UnitKind::GridTeam => Some(Tier::Grid),
            UnitKind::Community => Some(Tier::Community),
            UnitKind::Street => Some(Tier::Street),
            UnitKind::District => Some(Tier::District),
            UnitKind::Department | UnitKind::ResponseGroup | UnitKind::Utility => None,
        }
    }

    /// The kind that answers for an area of this tier.
    pub const fn of(tier: Tier) -> UnitKind {
        match tier {
            Tier::Grid => UnitKind::GridTeam,
            Tier::Community => UnitKind::Community,
            Tier::Street => UnitKind::Street,
            Tier::District => UnitKind::District,
        }
    }

    /// Whether it can be called on a case: departments, response groups and utilities can, the line's own units cannot.
    pub const fn is_callable(self) -> bool {
        self.line().is_none()
    }

    /// The word shown to people.
    pub const fn chinese(self) -> &'static str {
        match self {
            UnitKind::GridTeam => "网格团队",
            UnitKind::Community => "社区",
            UnitKind::Street => "街道",
            UnitKind::District => "区指挥中心",
            UnitKind::Department => "部门",
            UnitKind::ResponseGroup => "专项响应组",
            UnitKind::Utility => "公用企业",
        }
    }
}
