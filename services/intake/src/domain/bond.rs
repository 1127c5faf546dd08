//! 联系、领办、结对: officers and enterprises, leaders and key objects, departments and towns. A part of the profile, asked from memory.

use huying_words::normal;
use serde::{Deserialize, Serialize};

use super::wanted::Placed;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BondKind {
    /// An officer keeps in touch with an enterprise.
    Contact,
    /// A leader adopts a key object.
    Adoption,
    /// A department is paired with a town.
    Pairing,
}

/// On which of the four levels the officer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BondLevel {
    District,
    DepartmentHead,
    MiddleRank,
    Street,
}

/// What somebody is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BondObject {
    Enterprise,
    Project,
    Talent,
    Grassroots,
    Household,
    Town,
}

/// One bond.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bond {
    pub kind: BondKind,
    /// None of a pairing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<BondLevel>,
    /// As published; empty of a pairing.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub officer: String,
    pub unit: String,
    pub object_kind: BondObject,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub object: String,
    pub area: String,
}

/// What there may be once, in the order of lists: where, what, who.
pub type BondKey = (String, String, BondObject, BondKind, Option<BondLevel>, String, String);

impl Bond {
    /// What does not fit together; none: it is one.
    pub fn wrong(&self) -> Option<&'static str> {
        let named = self.level.is_some() && !self.officer.is_empty() && !self.object.is_empty();
        let nobody = self.level.is_none() && self.officer.is_empty();
        match (self.kind, self.object_kind) {
            (BondKind::Contact, BondObject::Enterprise) if named => None,
            (BondKind::Contact, _) => Some("must bind an officer of a level to an enterprise"),
            (BondKind::Adoption, object) if named && object != BondObject::Town => None,
            (BondKind::Adoption, _) => {
                Some("must bind a leader of a level to a key object, which a town is not")
            }
            (BondKind::Pairing, BondObject::Town) if nobody && self.area.len() == 9 => None,
            (BondKind::Pairing, _) => Some("must bind a department, and no officer, to a town of 9 digits"),
        }
    }

    /// A town is itself, whatever it is called; elsewhere a unit may have several officers for one object, on several levels.
    pub fn key(&self) -> BondKey {
        let object = if self.object_kind == BondObject::Town { "" } else { &self.object };
        let (area, object, officer) = (self.area.clone(), object.to_owned(), self.officer.clone());
        (area, object, self.object_kind, self.kind, self.level, self.unit.clone(), officer)
    }
}

/// Which bonds are wanted.
#[derive(Clone, Debug)]
pub struct Bonds {
    pub within: Placed,
    pub officer: Option<String>,
    pub unit: Option<String>,
    /// A part of the object's name, in normal form.
    pub object: String,
    pub kind: Option<BondKind>,
    pub level: Option<BondLevel>,
    pub object_kind: Option<BondObject>,
}

impl Bonds {
    pub fn wants(&self, bond: &Bond) -> bool {
        let is = |wanted: &Option<String>, it: &str| wanted.as_deref().is_none_or(|wanted| wanted == it);
        self.within.contains(&bond.area)
            && is(&self.officer, &bond.officer)
            && is(&self.unit, &bond.unit)
            && self.kind.is_none_or(|kind| kind == bond.kind)
            && self.level.is_none_or(|level| Some(level) == bond.level)
            && self.object_kind.is_none_or(|object| object == bond.object_kind)
            && (self.object.is_empty() || normal(&bond.object).contains(&self.object))
    }
}
