//! Who holds a case, who can be called, and who asks.

use huying_terms::Tier;
use serde::{Deserialize, Serialize};

use super::place::contains;

/// What a unit is, as routing says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
    /// Departments, response groups and utilities answer calls; the four tiers' own units do not.
    pub const fn is_callable(self) -> bool {
        match self {
            Self::Department | Self::ResponseGroup | Self::Utility => true,
            Self::GridTeam | Self::Community | Self::Street | Self::District => false,
        }
    }
}

/// A unit, as routing says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub code: String,
    pub kind: UnitKind,
    pub tier: Tier,
    /// The area it answers for.
    pub area: String,
}

/// The one unit that holds a case, where it stands and what it answers for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub unit: String,
    pub tier: Tier,
    pub area: String,
}

impl Holder {
    pub fn of(unit: &Unit) -> Self {
        Self { unit: unit.code.clone(), tier: unit.tier, area: unit.area.clone() }
    }
}

/// Who asks for a step: what the token says of unit, area and role. Which RPC which role may call at all is decided before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct By {
    pub unit: Option<String>,
    /// An area code; none: not bound to one.
    pub area: Option<String>,
}

impl By {
    pub fn is(&self, unit: &str) -> bool {
        self.unit.as_deref() == Some(unit)
    }

    /// Whether an area lies within the asker's.
    pub fn reaches(&self, area: &str) -> bool {
        self.area.as_deref().is_none_or(|own| contains(own, area))
    }
}
