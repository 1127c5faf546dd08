//! The four tiers of escalation: 网格 → 社区(村) → 街道(镇) → 区.
//!
//! The holder of a case stands at one of them; escalating goes one up, delegating goes down.
//! Tiers compare from low to high, so `Tier::Grid < Tier::District`.

use serde::{Deserialize, Serialize};
use strum::{Display, EnumString, IntoStaticStr};

/// Where a unit stands between the grid and the district.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(Display, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Tier {
    /// 网格: the lowest, a few hundred households.
    Grid,
    /// 社区 or 村.
    Community,
    /// 街道 or 镇.
    Street,
    /// 区 or 县: the highest.
    District,
}

impl Tier {
    /// All tiers, from low to high.
    pub const ALL: [Tier; 4] = [Tier::Grid, Tier::Community, Tier::Street, Tier::District];

    /// The tier above; nothing is above the district.
    pub fn up(self) -> Option<Tier> {
        match self {
            Tier::Grid => Some(Tier::Community),
            Tier::Community => Some(Tier::Street),
            Tier::Street => Some(Tier::District),
            Tier::District => None,
        }
    }

    /// How many digits an area code of this tier has.
    pub fn code_len(self) -> usize {
        match self {
            Tier::Grid => 15,
            Tier::Community => 12,
            Tier::Street => 9,
            Tier::District => 6,
        }
    }

    /// The word in code and on the wire; the same as serde's.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The word shown to people.
    pub fn chinese(self) -> &'static str {
        match self {
            Tier::Grid => "网格",
            Tier::Community => "社区",
            Tier::Street => "街道",
            Tier::District => "区",
        }
    }
}
