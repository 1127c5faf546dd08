//! What a clock shows to everyone who looks at a case: 绿灯, 黄灯, 红灯.

use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr};

/// Green while there is time, amber when most of it is used, red when it has run out.
/// Ordered by urgency: the worst lamp of several clocks is their maximum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(Display, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Lamp {
    #[default]
    Green,
    Amber,
    Red,
}

impl Lamp {
    /// All lamps, from calm to urgent.
    pub const ALL: [Lamp; 3] = [Lamp::Green, Lamp::Amber, Lamp::Red];

    /// The word in code and on the wire; the same as serde's.
    pub fn as_str(self) -> &'static str {
        self.into()
    }

    /// The word shown to people.
    pub fn chinese(self) -> &'static str {
        match self {
            Lamp::Green => "绿灯",
            Lamp::Amber => "黄灯",
            Lamp::Red => "红灯",
        }
    }
}
