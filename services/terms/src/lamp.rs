//! What a clock shows to everyone who looks at a case: 绿灯, 黄灯, 红灯.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Green while there is time, amber when most of it is used, red when it has run out.
/// Ordered by urgency: the worst lamp of several clocks is their maximum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
        match self {
            Lamp::Green => "green",
            Lamp::Amber => "amber",
            Lamp::Red => "red",
        }
    }

    /// The inverse of [`Lamp::as_str`].
    pub fn parse(text: &str) -> Option<Lamp> {
        Lamp::ALL.into_iter().find(|lamp| lamp.as_str() == text)
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

impl fmt::Display for Lamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
