//! In which role a command acts.

use huying_chassis::auth::{Claims, Role};
use huying_proto::routing::v1::{Unit, UnitKind};

/// A role, and what it is bound to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// No token: for calls open to anyone, or with a token of one's own.
    Nobody,
    /// A platform that submits for reporters of a district by one door.
    Platform { area: String, door: &'static str },
    /// Somebody who works in a unit: an officer of a grid or community, the desk of a street or
    /// district, staff of a department or response group.
    Unit { role: Role, unit: String, area: String },
    /// The desk of a district, for no unit in particular.
    Desk { area: String },
    /// Looks at everything in an area, and may send work back.
    Leader { area: String },
    /// Asks reporters how it went.
    Callback { area: String },
    /// A delegate of an area, who is nobody's staff.
    Delegate { area: String },
    /// Runs the installation, all districts of it: profiles, logs, dead letters.
    Operator,
}

impl Who {
    /// Staff of a unit, in the role its kind has.
    pub fn of_unit(unit: &Unit) -> Self {
        let role = match unit.kind() {
            UnitKind::GridTeam | UnitKind::Community => Role::Officer,
            UnitKind::Street | UnitKind::District => Role::Desk,
            UnitKind::Department | UnitKind::ResponseGroup | UnitKind::Utility | UnitKind::Unspecified => {
                Role::Department
            }
        };
        Self::Unit { role, unit: unit.code.clone(), area: unit.area.clone() }
    }

    pub(super) fn claims(&self, subject: &str) -> Claims {
        match self {
            Self::Nobody => Claims::new(subject, []),
            Self::Platform { area, door } => Claims::new(subject, [Role::Platform]).area(area).doors([*door]),
            // Each unit's people are others: who worked on a case for one neither grants nor judges it elsewhere.
            Self::Unit { role, unit, area } => {
                Claims::new(format!("{subject}@{unit}"), [*role]).unit(unit).area(area)
            }
            Self::Desk { area } => Claims::new(subject, [Role::Desk]).area(area),
            Self::Leader { area } => Claims::new(subject, [Role::Leader]).area(area),
            Self::Callback { area } => Claims::new(subject, [Role::Callback]).area(area),
            // Another person than whoever acts for a unit or leads: they ask, and those answer.
            Self::Delegate { area } => {
                Claims::new(format!("delegate:{subject}"), [Role::Delegate]).area(area)
            }
            Self::Operator => Claims::new(subject, [Role::Operator]).city(),
        }
    }

    /// Tells one from another.
    pub(super) fn key(&self) -> String {
        format!("{self:?}")
    }
}
