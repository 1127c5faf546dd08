//! 走访: a visit, and what it found. Recorded once; nothing of it changes later.

mod kept;
pub mod record;

use std::{collections::BTreeSet, fmt};

use chrono::{DateTime, Utc, serde::ts_microseconds};
use huying_chassis::log::{Aggregate, Decided, Stamp};
use huying_terms::PriorityKind;
use huying_words::{
    normal,
    phone::{Phone, phones},
};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

use super::{
    Error,
    archive::ArchiveKind,
    submission::{Reporter, ReporterKind},
};

pub use kept::KeptVisited;
pub use record::{Finding, Record, There, Whom};

/// Most people who go together, most findings of a visit, and most needs that one tells.
pub const TEAM: usize = 20;
pub const FINDINGS: usize = 20;
pub const NEEDS: usize = 20;

/// Whom a visit is to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum VisitedKind {
    Household,
    Enterprise,
    GrassrootsUnit,
    Project,
    Talent,
}

/// Which of the three diaries a visit is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Diary {
    Resident,
    Enterprise,
    Grassroots,
}

/// Who lives or works there. Personal: it is kept sealed, and is not shown in `Debug`.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visited {
    pub name: String,
    pub address: String,
    /// Phones in the form of [`huying_words::phone`], or as given; several stand apart by ` / `.
    pub contact: String,
    /// What it is known by; empty: by its address.
    pub code: String,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub priority: BTreeSet<PriorityKind>,
}

/// What a finding became.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    Request,
    Conflict,
    HiddenDanger,
}

/// A finding, as the visit keeps it: what it says stands where it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    pub kind: FindingKind,
    pub id: Uuid,
    /// Of a request; else empty.
    pub number: String,
}

/// A visit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visit {
    pub district: String,
    pub area: String,
    pub kind: VisitedKind,
    pub visited: KeptVisited,
    pub night: bool,
    pub diary: Diary,
    /// The visiting unit.
    pub unit: String,
    /// Who went. Personal.
    pub team: Vec<String>,
    /// Personal, since they tell of those who were visited.
    pub notes: String,
    pub occasion: String,
    #[serde(with = "ts_microseconds")]
    pub visited_at: DateTime<Utc>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub found: Vec<Found>,
    /// How many of what was found are requests, and how many are risks.
    pub requests: u32,
    pub risks: u32,
    pub archive: Option<Uuid>,
    /// What is needed and had no room in the archive. Personal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unkept_needs: Vec<String>,
    #[serde(with = "ts_microseconds")]
    pub recorded_at: DateTime<Utc>,
}

/// What can happen to a visit. The serde form is kept in the log for ever: only add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum VisitChange {
    Recorded {
        visit: Box<Visit>,
    },
    /// Who was visited is forgotten.
    Forgotten {
        reason: String,
    },
}

/// What the event says of a visit besides what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitAbout {
    pub area: String,
    pub kind: VisitedKind,
    pub unit: String,
}

impl VisitedKind {
    pub fn name(self) -> &'static str {
        self.into()
    }

    pub fn of(name: &str) -> Option<Self> {
        let all = [Self::Household, Self::Enterprise, Self::GrassrootsUnit, Self::Project, Self::Talent];
        all.into_iter().find(|kind| kind.name() == name)
    }

    /// The kind of its archive, if it has one.
    pub fn archive(self) -> Option<ArchiveKind> {
        match self {
            Self::Household => Some(ArchiveKind::Household),
            Self::Enterprise => Some(ArchiveKind::Enterprise),
            Self::GrassrootsUnit | Self::Project | Self::Talent => None,
        }
    }

    /// In which diary it is written, unless the visitor says another.
    pub fn diary(self) -> Diary {
        match self {
            Self::Household => Diary::Resident,
            Self::Enterprise | Self::Project | Self::Talent => Diary::Enterprise,
            Self::GrassrootsUnit => Diary::Grassroots,
        }
    }

    /// As whom it asks for something.
    fn reporter(self) -> ReporterKind {
        match self {
            Self::Household | Self::Talent => ReporterKind::Resident,
            Self::Enterprise | Self::Project => ReporterKind::Enterprise,
            Self::GrassrootsUnit => ReporterKind::Grassroots,
        }
    }
}

impl fmt::Debug for Visited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Visited").finish_non_exhaustive()
    }
}

impl Visited {
    /// What it is known by in its area: its code, else its address, in normal form. None: it has neither.
    pub fn known_by(&self) -> Option<String> {
        unspaced(if self.code.is_empty() { &self.address } else { &self.code })
    }

    /// Its code in normal form.
    pub fn known_code(&self) -> Option<String> {
        unspaced(&self.code)
    }

    /// What its archive is known by, the surer first: its code, of an enterprise its address with its name, its address. An archive may have
    /// been opened by the address before there was a code.
    pub fn known_as(&self, kind: ArchiveKind) -> Vec<String> {
        let address = unspaced(&self.address);
        let named = unspaced(&self.name).filter(|_| kind == ArchiveKind::Enterprise);
        let named = address.as_ref().zip(named).map(|(address, name)| format!("{address} {name}"));
        [self.known_code(), named, address].into_iter().flatten().collect()
    }

    /// Whether it may be the same one, by the name: one of them says none, or both say the same.
    pub fn may_be(&self, other: &Self) -> bool {
        unspaced(&self.name).zip(unspaced(&other.name)).is_none_or(|(name, other)| name == other)
    }

    /// With what is known of them besides: a visitor need not say it again. Who lives or works there by another name has their own phone.
    #[must_use]
    pub fn or(self, known: &Self) -> Self {
        let is_same = self.may_be(known);
        let or = |given: String, known: &String| if given.is_empty() { known.clone() } else { given };
        Self {
            name: or(self.name, &known.name),
            contact: if is_same { or(self.contact, &known.contact) } else { self.contact },
            address: or(self.address, &known.address),
            code: or(self.code, &known.code),
            priority: match is_same {
                true => self.priority.union(&known.priority).copied().collect(),
                false => self.priority,
            },
        }
    }

    /// With what a visitor told besides; none: nothing. Who comes first there is told beside it.
    pub fn learned(&self, visited: &Self) -> Option<Self> {
        let learned = Self { priority: self.priority.clone(), ..self.clone().or(visited) };
        (learned != *self).then_some(learned)
    }

    /// As the reporter of a request; and whether they gave a phone, and none that can be called.
    pub fn reporter(&self, kind: VisitedKind) -> (Reporter, bool) {
        let numbers = phones(&self.contact);
        let can_be_called = numbers.iter().any(|phone| matches!(phone, Phone::Number(_)));
        let unreachable = !numbers.is_empty() && !can_be_called;
        let mut numbers = numbers.into_iter().map(Phone::text);
        let reporter = Reporter {
            kind: kind.reporter(),
            name: self.name.clone(),
            phone: numbers.next().unwrap_or_default(),
            second_phone: numbers.collect::<Vec<_>>().join(" / "),
            on_behalf_of: String::new(),
            address: self.address.clone(),
        };
        (reporter, unreachable)
    }
}

impl Visit {
    /// Forgets who was visited.
    ///
    /// # Errors
    /// `KeptInClear`.
    pub fn forget(&self, reason: &str) -> Result<Decided<VisitChange>, Error> {
        if self.visited.is_clear() {
            return Err(Error::KeptInClear);
        }
        if !self.visited.is_sealed() {
            return Ok(Decided::AlreadyDone);
        }
        Ok(Decided::one(VisitChange::Forgotten { reason: reason.to_owned() }))
    }
}

impl Aggregate for Visit {
    const KIND: &'static str = "visit";
    const SHAPE: i16 = 2;
    const PERSONAL: &'static [&'static str] = &[
        "/recorded/visit/visited",
        "/recorded/visit/team",
        "/recorded/visit/notes",
        "/recorded/visit/unkept_needs",
    ];
    type Change = VisitChange;
    type State = ();
    type About = VisitAbout;

    fn leads_to(before: Option<&Self>, change: &VisitChange) -> Option<()> {
        let may = match change {
            VisitChange::Recorded { visit } => before.is_none() && !visit.visited.is_clear(),
            VisitChange::Forgotten { .. } => before.is_some(),
        };
        may.then_some(())
    }

    fn first(change: &VisitChange, (): (), _: &Stamp) -> Option<Self> {
        let VisitChange::Recorded { visit } = change else { return None };
        Some((**visit).clone())
    }

    fn apply(&mut self, change: &VisitChange, (): (), _: &Stamp) {
        match change {
            // It is recorded once.
            VisitChange::Recorded { .. } => {}
            VisitChange::Forgotten { .. } => self.visited = KeptVisited::default(),
        }
    }

    fn district(&self) -> &str {
        &self.district
    }

    fn unit(&self) -> Option<&str> {
        Some(&self.unit)
    }

    fn about(&self) -> VisitAbout {
        VisitAbout { area: self.area.clone(), kind: self.kind, unit: self.unit.clone() }
    }
}

/// The normal form of what names somebody, without blanks.
fn unspaced(text: &str) -> Option<String> {
    let form: String = normal(text).chars().filter(|c| !c.is_whitespace()).collect();
    (!form.is_empty()).then_some(form)
}
