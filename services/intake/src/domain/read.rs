//! That somebody read names or phones in full: who, whose, by what and when. Nothing of what was read.

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr};
use uuid::Uuid;

use super::{forum::Participant, submission::Reporter, visit::Visited};

/// What was read of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum ReadKind {
    Request,
    Visit,
    Archive,
    Forum,
    Offer,
}

impl ReadKind {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Of which one, and the district that it lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadOf {
    pub kind: ReadKind,
    pub id: Uuid,
    pub district: String,
}

/// Who read, as their token said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    pub issuer: String,
    pub subject: String,
    pub roles: Vec<String>,
    pub unit: Option<String>,
}

/// What was told in full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    pub name: bool,
    pub phone: bool,
    /// What else may name somebody.
    pub other: bool,
}

/// A record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Read {
    pub id: Uuid,
    pub at: DateTime<Utc>,
    pub by: Reader,
    pub of: ReadOf,
    pub rpc: String,
    pub shown: Shown,
}

/// Which records are wanted: of a district, and only of one thing, by one reader, of a time.
#[derive(Clone, Debug)]
pub struct Reads {
    pub district: String,
    pub whose: Option<Uuid>,
    pub subject: Option<String>,
    pub from: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

impl Shown {
    /// Of who called, with whatever else the door has.
    pub fn of_reporter(reporter: Option<&Reporter>, has_more: bool) -> Self {
        let Some(it) = reporter else { return Self { other: has_more, ..Self::default() } };
        Self {
            name: !it.name.is_empty() || !it.on_behalf_of.is_empty(),
            phone: !it.phone.is_empty() || !it.second_phone.is_empty(),
            other: !it.address.is_empty() || has_more,
        }
    }

    pub fn of_visited(it: &Visited) -> Self {
        let other = !it.address.is_empty() || !it.code.is_empty();
        Self { name: !it.name.is_empty(), phone: !it.contact.is_empty(), other }
    }

    pub fn of_participants(all: &[Participant]) -> Self {
        Self {
            name: all.iter().any(|it| !it.name.is_empty()),
            phone: all.iter().any(|it| !it.phone.is_empty() || !it.second_phone.is_empty()),
            other: all.iter().any(|it| !it.unit.is_empty()),
        }
    }

    /// A line that may have a name and a phone.
    pub fn of_contact(contact: &str) -> Self {
        Self { name: !contact.is_empty(), phone: !contact.is_empty(), other: false }
    }

    pub fn is_anything(self) -> bool {
        self != Self::default()
    }
}
