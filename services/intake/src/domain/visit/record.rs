//! What somebody tells of a visit, and what comes of it: pure.

use chrono::{DateTime, Utc};
use huying_terms::Location;
use uuid::Uuid;

use super::{Diary, FindingKind, Found, KeptVisited, Visit, VisitChange, Visited, VisitedKind};
use crate::domain::{
    archive::{Archive, ArchiveChange, Place},
    change::Change,
    profile::ChannelRule,
    risk::{RiskChange, RiskKind},
    submission::{Flag, Kept, Receipt, Received},
};

/// Whom a visit was to.
#[derive(Clone, Debug)]
pub enum Whom {
    /// Whoever has this archive.
    Archive(Uuid),
    There(There),
}

#[derive(Clone, Debug)]
pub struct There {
    pub area: String,
    pub kind: VisitedKind,
    pub visited: Visited,
}

/// Something that was found.
#[derive(Clone, Debug)]
pub enum Finding {
    /// Its reporter is whoever was visited, and its place theirs where it says none.
    Request(Box<Received>),
    Risk {
        kind: RiskKind,
        content: String,
    },
}

/// What somebody tells of a visit.
#[derive(Clone, Debug)]
pub struct Record {
    pub district: String,
    pub whom: Whom,
    pub night: bool,
    pub diary: Option<Diary>,
    /// The visiting unit; none: nobody said.
    pub unit: Option<String>,
    pub team: Vec<String>,
    pub notes: String,
    pub occasion: String,
    /// None: now.
    pub at: Option<DateTime<Utc>>,
    pub findings: Vec<Finding>,
    /// What whoever was visited needs.
    pub needs: Vec<String>,
}

impl There {
    /// Where its archive is, if it is of a kind that has one.
    pub fn place(&self, district: &str) -> Option<Place> {
        let kind = self.kind.archive()?;
        Some(Place { district: district.to_owned(), area: self.area.clone(), kind, key: false })
    }

    /// Whoever has this archive, which is about them.
    pub fn of(archive: &Archive, visited: Visited) -> Self {
        Self { area: archive.place.area.clone(), kind: archive.place.kind.visited(), visited }
    }
}

impl Record {
    /// The visit itself.
    pub fn visit(
        &self,
        there: &There,
        unit: &str,
        found: Vec<Found>,
        (archive, unkept_needs): (Option<Uuid>, Vec<String>),
        now: DateTime<Utc>,
    ) -> VisitChange {
        let count =
            |wanted: bool| found.iter().filter(|it| (it.kind == FindingKind::Request) == wanted).count();
        let count = |wanted| u32::try_from(count(wanted)).unwrap_or(u32::MAX);
        let visit = Visit {
            district: self.district.clone(),
            area: there.area.clone(),
            kind: there.kind,
            visited: KeptVisited::Clear(there.visited.clone()),
            night: self.night,
            diary: self.diary.unwrap_or_else(|| there.kind.diary()),
            unit: unit.to_owned(),
            team: self.team.clone(),
            notes: self.notes.clone(),
            occasion: self.occasion.clone(),
            visited_at: self.at.unwrap_or(now),
            requests: count(true),
            risks: count(false),
            found,
            archive,
            unkept_needs,
            recorded_at: now,
        };
        VisitChange::Recorded { visit: Box::new(visit) }
    }

    /// What its archive keeps of it: all that is needed, and nothing that it learns.
    pub fn kept(
        &self,
        visit: Uuid,
        there: &There,
        unit: &str,
        found: &[Found],
        now: DateTime<Utc>,
    ) -> ArchiveChange {
        let requests = found.iter().filter(|it| it.kind == FindingKind::Request).map(|it| it.id);
        ArchiveChange::Visited {
            visit,
            at: self.at.unwrap_or(now),
            unit: unit.to_owned(),
            requests: requests.collect(),
            needs: self.needs.clone(),
            priority: there.visited.priority.clone(),
            learned: None,
            also: Vec::new(),
        }
    }
}

/// A finding that is a request, taken by the door of visits.
pub fn request(
    visit: Uuid,
    there: &There,
    received: &Received,
    receipt: Receipt,
    rule: &ChannelRule,
) -> Change {
    let mut received = received.clone();
    let (reporter, unreachable) = there.visited.reporter(there.kind);
    if unreachable {
        received.flags.insert(Flag::NoCallback);
    }
    let submission = &mut received.submission;
    submission.reporter = Some(Kept::Clear(reporter));
    submission.visit = Some(visit);
    submission.concerns.clone_from(&there.visited.priority);
    // Where it says nothing of where it is, and not beside what it says: a finding may lie elsewhere.
    if submission.location == Location::default() {
        submission.location.area.clone_from(&there.area);
    }
    received.take(receipt, rule)
}

/// A finding that goes to the ledger of conflicts and hidden dangers.
pub fn risk(
    visit: Uuid,
    (district, area): (&str, &str),
    unit: &str,
    (kind, content): (RiskKind, &str),
) -> RiskChange {
    RiskChange::Opened {
        district: district.to_owned(),
        area: area.to_owned(),
        kind,
        content: content.to_owned(),
        unit: unit.to_owned(),
        visit: Some(visit),
    }
}
