//! Who holds a case, who can be called, and who asks.

use huying_chassis::auth::Reach;
use huying_terms::{Tier, UnitKind};
use serde::{Deserialize, Serialize};

/// A unit, as routing says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    pub code: String,
    /// What people call it.
    pub name: String,
    pub kind: UnitKind,
    pub tier: Tier,
    /// The area it answers for.
    pub area: String,
}

/// The one unit that holds a case, where it stands and what it answers for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub unit: String,
    /// What people call it; empty where it was not asked for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub tier: Tier,
    pub area: String,
}

impl Holder {
    pub fn of(unit: &Unit) -> Self {
        Self { unit: unit.code.clone(), name: unit.name.clone(), tier: unit.tier, area: unit.area.clone() }
    }
}

/// A unit as it is told to others: its code and its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    pub unit: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

impl Named {
    pub fn of(unit: &Unit) -> Self {
        Self { unit: unit.code.clone(), name: unit.name.clone() }
    }

    /// Its name; its code where the name is not known.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { &self.unit } else { &self.name }
    }
}

impl From<&Holder> for Named {
    fn from(holder: &Holder) -> Self {
        Self { unit: holder.unit.clone(), name: holder.name.clone() }
    }
}

/// 承办人: the person of a unit who has a case or a dispatch in hand.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Officer {
    /// The subject of their token.
    pub subject: String,
    /// What they are called; empty where it is not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
}

impl Officer {
    /// The name; the subject where the name is not known.
    pub fn shown(&self) -> &str {
        if self.name.is_empty() { &self.subject } else { &self.name }
    }
}

/// Who asks: how far they reach, and as what. Who calls an RPC that their roles may not call is refused before a step is looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct By {
    pub reach: Reach,
    /// The token's subject; empty: nobody asks.
    pub person: String,
    /// One of those whose area counts for what they see. A department sees by its unit alone.
    pub office: bool,
    /// The steps that one of their roles may ask for, each after the kind of what it is taken on: `case.accept`.
    pub asks: Vec<&'static str>,
}

impl By {
    /// Whether one of their roles may ask for a step on an aggregate of a kind.
    pub fn may_ask(&self, kind: &str, step: &str) -> bool {
        self.asks.iter().any(|asked| asked.split_once('.') == Some((kind, step)))
    }

    /// Whether they work in that unit of that district: a code alone is no unit.
    pub fn is(&self, district: &str, unit: &str) -> bool {
        self.reach.is_unit(district, unit)
    }

    /// Whether they may speak for the people of a unit: one of them, or an office of the whole district.
    pub fn is_colleague(&self, district: &str, unit: &str) -> bool {
        self.is(district, unit) || (self.office && self.reach.governs(district))
    }

    /// Whether their area holds an area of a district.
    pub fn sees(&self, district: &str, area: &str) -> bool {
        self.office && self.reach.sees(district, area)
    }
}

/// How much of a case somebody sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// All of it.
    Whole,
    /// As a called department: not the reporter's words nor requests, not the notes, not whom else is called; the answer once it is public.
    Called,
}
