//! 需求档案 (一户一档、一企一档): a household or an enterprise, what it needs and what was done.
//!
//! Guaranteed: there is one of a kind in an area by each thing that it is known by; a need that is not met is never dropped.

mod change;
pub mod due;

use chrono::{DateTime, NaiveDate, Utc, serde::ts_microseconds, serde::ts_microseconds_option};
use huying_chassis::log::Decided;
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;
use uuid::Uuid;

use super::{
    Error,
    visit::{KeptVisited, Visited, VisitedKind},
};

pub use change::{ArchiveAbout, ArchiveChange, Met};
use due::{DUES, Due, DueReason, Obliging, Plans};

/// The claim of an archive: its kind, its area, and something that it is known by.
pub const ARCHIVE: &str = "archive";
/// Most things that an archive is known by: more are not claimed.
pub const KNOWN_BY: usize = 20;
/// Most needs kept; of those that are met the oldest make way. So many that are not met are refused.
pub const NEEDS: usize = 100;
/// The newest requests that visits found there, kept at hand.
pub const REQUESTS: usize = 50;

/// Whom an archive is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ArchiveKind {
    Household,
    Enterprise,
}

/// Where it is, and of which kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub district: String,
    pub area: String,
    pub kind: ArchiveKind,
    /// 重点企业.
    pub key: bool,
}

/// Something that is needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Need {
    /// From 1.
    pub number: u32,
    pub text: String,
    #[serde(with = "ts_microseconds")]
    pub at: DateTime<Utc>,
    /// What was done; empty while it is not met.
    pub met: String,
    #[serde(with = "ts_microseconds_option")]
    pub met_at: Option<DateTime<Utc>>,
}

/// An archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    #[serde(flatten)]
    pub place: Place,
    pub visited: KeptVisited,
    /// What it was opened by: a keyed hash of its code or address in normal form (builds before: that itself).
    pub known_by: String,
    /// What it is known by besides, likewise: what it was opened with, and what was learned since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// Who keeps it: who opened it, then who visited last.
    pub unit: String,
    pub needs: Vec<Need>,
    /// How many needs there ever were.
    pub needs_count: u32,
    pub visits: u32,
    #[serde(with = "ts_microseconds_option")]
    pub visited_at: Option<DateTime<Utc>>,
    pub last_visit: Option<Uuid>,
    /// The newest requests that visits found there.
    pub requests: Vec<Uuid>,
    pub requests_count: u32,
    #[serde(with = "ts_microseconds")]
    pub opened_at: DateTime<Utc>,
    /// The visits that are due: by a plan one at most, and one for each thing that obliges one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dues: Vec<Due>,
    /// When the first of them is due.
    #[serde(default, with = "ts_microseconds_option")]
    pub due_at: Option<DateTime<Utc>>,
    /// When the first is due of those that are not told as missed.
    #[serde(default, with = "ts_microseconds_option")]
    pub remind_at: Option<DateTime<Utc>>,
}

/// Something that an archive is known by, as it is told, in normal form, and as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    pub text: String,
    pub hash: String,
}

/// What is to be written into an archive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Update {
    /// None: as it was.
    pub visited: Option<Visited>,
    pub key: Option<bool>,
    pub needs: Vec<String>,
    pub met: Vec<Met>,
}

impl ArchiveKind {
    pub fn name(self) -> &'static str {
        self.into()
    }

    pub fn of(name: &str) -> Option<Self> {
        [Self::Household, Self::Enterprise].into_iter().find(|kind| kind.name() == name)
    }

    /// As a visit has it.
    pub fn visited(self) -> VisitedKind {
        match self {
            Self::Household => VisitedKind::Household,
            Self::Enterprise => VisitedKind::Enterprise,
        }
    }
}

impl Place {
    /// What an archive here is claimed by.
    pub fn key(&self, known_by: &str) -> String {
        serde_json::Value::from(vec![&*self.district, self.kind.name(), &*self.area, known_by]).to_string()
    }
}

impl Archive {
    /// Whether it is theirs whom a visitor describes, where it was found by `by`. Whoever says the code by which it is known is whom it is
    /// about; whoever says another code than it has is not. At one address is one household, whoever lives there by now, but many
    /// enterprises: there their names must not differ. `own`: whom it is about.
    pub fn is_of(&self, own: &Visited, visited: &Visited, by: &str) -> bool {
        let known_as = visited.known_as(self.place.kind);
        let (code, known) = (visited.known_code(), own.known_code());
        if code.as_deref() == Some(by) || (code.is_some() && code == known) {
            return true;
        }
        let differ = code.is_some() && known.is_some();
        // Only the address says nothing of the name.
        let by_address = known_as.last().is_some_and(|address| address == by);
        let many = self.place.kind == ArchiveKind::Enterprise && by_address;
        !differ && (!many || own.may_be(visited))
    }

    /// Of what whoever it is about is known by, what it is not known by already.
    pub fn unknown(&self, known_as: Vec<By>) -> Vec<By> {
        let room = KNOWN_BY.saturating_sub(1 + self.also.len());
        let has = |by: &String| *by == self.known_by || self.also.contains(by);
        known_as.into_iter().filter(|by| !has(&by.hash) && !has(&by.text)).take(room).collect()
    }

    /// Forgets whom it is about. Whoever is visited there next is known by the same place, and learned anew.
    ///
    /// # Errors
    /// `KeptInClear`.
    pub fn forget(&self, reason: &str) -> Result<Decided<ArchiveChange>, Error> {
        if self.visited.is_clear() {
            return Err(Error::KeptInClear);
        }
        if !self.visited.is_sealed() {
            return Ok(Decided::AlreadyDone);
        }
        Ok(Decided::one(ArchiveChange::Forgotten { reason: reason.to_owned() }))
    }

    /// Writes into it what differs. `visited`: whom it is about then, where it is another; `also`: what it is known by then besides.
    ///
    /// # Errors
    /// `NotOfKind`, `UnknownNeed`, `ManyNeeds`.
    pub fn update(
        &self,
        update: &Update,
        visited: Option<KeptVisited>,
        also: Vec<String>,
    ) -> Result<Decided<ArchiveChange>, Error> {
        let has_priority = update.visited.as_ref().is_some_and(|visited| !visited.priority.is_empty());
        match self.place.kind {
            ArchiveKind::Household if update.key == Some(true) => {
                return Err(Error::NotOfKind { field: "key" });
            }
            ArchiveKind::Enterprise if has_priority => {
                return Err(Error::NotOfKind { field: "visited.priority" });
            }
            ArchiveKind::Household | ArchiveKind::Enterprise => {}
        }
        for met in &update.met {
            let is_open = |need: &&Need| need.number == met.number && need.met.is_empty();
            self.needs.iter().find(is_open).ok_or(Error::UnknownNeed { number: met.number })?;
        }
        let needs = self.new_needs(&update.needs);
        // What is met by it makes room.
        if !needs.is_empty() && needs.len() > self.room() + update.met.len() {
            return Err(Error::ManyNeeds { most: NEEDS });
        }
        let key = update.key.filter(|key| *key != self.place.key);
        if visited.is_none() && key.is_none() && needs.is_empty() && update.met.is_empty() {
            return Ok(Decided::AlreadyDone);
        }
        let visited = visited.map(Box::new);
        Ok(Decided::one(ArchiveChange::Updated { visited, key, needs, met: update.met.clone(), also }))
    }

    /// For how many more needs there is room.
    fn room(&self) -> usize {
        NEEDS.saturating_sub(self.needs.iter().filter(|need| need.met.is_empty()).count())
    }

    /// What a visit tells is needed besides, as far as there is room; and the rest.
    pub fn needed(&self, needs: &[String]) -> (Vec<String>, Vec<String>) {
        let mut needed = self.new_needs(needs);
        let rest = needed.split_off(self.room().min(needed.len()));
        (needed, rest)
    }

    /// Those that are not written down and open already.
    pub fn new_needs(&self, needs: &[String]) -> Vec<String> {
        let is_open = |text: &String| self.needs.iter().any(|need| need.met.is_empty() && need.text == *text);
        let mut new: Vec<String> = Vec::new();
        for text in needs.iter().filter(|text| !is_open(text)) {
            if !new.contains(text) {
                new.push(text.clone());
            }
        }
        new
    }

    /// What the plans say of its next visit, where it is not so already. Where a plan is new to it, nobody is late by it.
    pub fn plan(&self, plans: &Plans, now: DateTime<Utc>) -> Option<ArchiveChange> {
        let kept = self.dues.iter().find(|due| due.reason == DueReason::Plan);
        let planned = match self.visited_at {
            Some(at) => plans.next(&self.place, plans.day(at)),
            None => plans.first(&self.place, plans.day(self.opened_at)),
        };
        let is_of_plan = |due: &&Due| plans.first(&self.place, due.on).is_some_and(|it| it.on == due.on);
        let wanted = planned.and_then(|planned| match kept.filter(is_of_plan) {
            Some(kept) if kept.on >= planned.on => Some(kept.clone()),
            _ if planned.due_at <= now => plans.first(&self.place, plans.day(now)),
            _ => Some(planned),
        });
        (wanted.as_ref() != kept).then_some(ArchiveChange::Planned { due: wanted })
    }

    /// Something happened on a day that obliges a visit.
    ///
    /// # Errors
    /// `ManyDues`.
    pub fn oblige(
        &self,
        plans: &Plans,
        what: Obliging,
        on: NaiveDate,
    ) -> Result<Decided<ArchiveChange>, Error> {
        let due = plans.obliged(what, on);
        if self.dues.iter().any(|it| (it.reason, it.on) == (due.reason, due.on)) {
            return Ok(Decided::AlreadyDone);
        }
        if self.dues.len() >= DUES {
            return Err(Error::ManyDues { most: DUES });
        }
        Ok(Decided::one(ArchiveChange::Obliged { due }))
    }

    /// What was missed by now and is not told yet.
    pub fn miss(&self, now: DateTime<Utc>) -> Decided<ArchiveChange> {
        let missed = self.dues.iter().filter(|due| !due.told && due.due_at <= now);
        let missed: Vec<_> = missed.map(|due| ArchiveChange::Missed { due: due.clone() }).collect();
        if missed.is_empty() { Decided::AlreadyDone } else { Decided::Done(missed) }
    }

    /// Whether nobody has visited from that instant on.
    pub fn is_unvisited(&self, since: DateTime<Utc>) -> bool {
        self.visited_at.is_none_or(|at| at < since)
    }
}
