//! Visits, archives, and the ledger of conflicts and hidden dangers.

use huying_chassis::{log::Versioned, log_service::timestamp};
use huying_proto::intake::v1 as pb;

use super::person::visited;
use crate::domain::{
    archive::{
        Archive, ArchiveKind, Need,
        due::{Due, DueReason, FixedVisitor, Obliging},
    },
    risk::{Risk, RiskKind, RiskState},
    visit::{Diary, FindingKind, Found, Visit, Visited, VisitedKind},
};

pub fn kind(kind: VisitedKind) -> pb::VisitedKind {
    match kind {
        VisitedKind::Household => pb::VisitedKind::Household,
        VisitedKind::Enterprise => pb::VisitedKind::Enterprise,
        VisitedKind::GrassrootsUnit => pb::VisitedKind::GrassrootsUnit,
        VisitedKind::Project => pb::VisitedKind::Project,
        VisitedKind::Talent => pb::VisitedKind::Talent,
    }
}

/// None: unspecified.
pub fn kind_from(kind: pb::VisitedKind) -> Option<VisitedKind> {
    match kind {
        pb::VisitedKind::Unspecified => None,
        pb::VisitedKind::Household => Some(VisitedKind::Household),
        pb::VisitedKind::Enterprise => Some(VisitedKind::Enterprise),
        pb::VisitedKind::GrassrootsUnit => Some(VisitedKind::GrassrootsUnit),
        pb::VisitedKind::Project => Some(VisitedKind::Project),
        pb::VisitedKind::Talent => Some(VisitedKind::Talent),
    }
}

fn diary(diary: Diary) -> pb::Diary {
    match diary {
        Diary::Resident => pb::Diary::Resident,
        Diary::Enterprise => pb::Diary::Enterprise,
        Diary::Grassroots => pb::Diary::Grassroots,
    }
}

/// None: unspecified.
pub fn diary_from(diary: pb::Diary) -> Option<Diary> {
    match diary {
        pb::Diary::Unspecified => None,
        pb::Diary::Resident => Some(Diary::Resident),
        pb::Diary::Enterprise => Some(Diary::Enterprise),
        pb::Diary::Grassroots => Some(Diary::Grassroots),
    }
}

pub fn archive_kind(kind: ArchiveKind) -> pb::ArchiveKind {
    match kind {
        ArchiveKind::Household => pb::ArchiveKind::Household,
        ArchiveKind::Enterprise => pb::ArchiveKind::Enterprise,
    }
}

/// None: unspecified.
pub fn archive_kind_from(kind: pb::ArchiveKind) -> Option<ArchiveKind> {
    match kind {
        pb::ArchiveKind::Unspecified => None,
        pb::ArchiveKind::Household => Some(ArchiveKind::Household),
        pb::ArchiveKind::Enterprise => Some(ArchiveKind::Enterprise),
    }
}

pub fn risk_kind(kind: RiskKind) -> pb::RiskKind {
    match kind {
        RiskKind::Conflict => pb::RiskKind::Conflict,
        RiskKind::HiddenDanger => pb::RiskKind::HiddenDanger,
    }
}

/// None: unspecified.
pub fn risk_kind_from(kind: pb::RiskKind) -> Option<RiskKind> {
    match kind {
        pb::RiskKind::Unspecified => None,
        pb::RiskKind::Conflict => Some(RiskKind::Conflict),
        pb::RiskKind::HiddenDanger => Some(RiskKind::HiddenDanger),
    }
}

pub fn risk_state(state: RiskState) -> pb::RiskState {
    match state {
        RiskState::Open => pb::RiskState::Open,
        RiskState::Settled => pb::RiskState::Settled,
    }
}

pub fn found(found: &Found) -> pb::Found {
    let kind = match found.kind {
        FindingKind::Request => pb::FindingKind::Request,
        FindingKind::Conflict => pb::FindingKind::Conflict,
        FindingKind::HiddenDanger => pb::FindingKind::HiddenDanger,
    };
    pb::Found { kind: kind.into(), id: found.id.to_string(), number: found.number.clone() }
}

/// A visit; `whom`: with who was visited, who went and what was said.
pub fn visit(visit: &Versioned<Visit>, whom: Option<&Visited>) -> pb::Visit {
    let person = whom.is_some();
    let Versioned { id, version, it, .. } = visit;
    pb::Visit {
        id: id.to_string(),
        district: it.district.clone(),
        area: it.area.clone(),
        kind: kind(it.kind).into(),
        visited: whom.map(visited),
        night: it.night,
        diary: diary(it.diary).into(),
        unit: it.unit.clone(),
        team: if person { it.team.clone() } else { Vec::new() },
        notes: if person { it.notes.clone() } else { String::new() },
        occasion: it.occasion.clone(),
        visit_time: Some(timestamp(it.visited_at)),
        found: it.found.iter().map(found).collect(),
        archive: it.archive.map(|id| id.to_string()).unwrap_or_default(),
        unkept_needs: it.unkept_needs.iter().filter(|_| person).cloned().collect(),
        record_time: Some(timestamp(it.recorded_at)),
        version: *version,
    }
}

pub fn due(due: &Due) -> pb::Due {
    let reason = match due.reason {
        DueReason::Plan => pb::DueReason::Plan,
        DueReason::Obliged(what) => obliging(what),
    };
    let (on, due_time) = (due.on.to_string(), Some(timestamp(due.due_at)));
    pb::Due { reason: reason.into(), on, due_time, missed: due.told }
}

fn obliging(what: Obliging) -> pb::DueReason {
    match what {
        Obliging::MajorLabourDispute => pb::DueReason::MajorLabourDispute,
        Obliging::SafetyAccident => pb::DueReason::SafetyAccident,
        Obliging::MajorEventInvitation => pb::DueReason::MajorEventInvitation,
    }
}

/// None: unspecified, or a plan.
pub fn obliging_from(reason: pb::DueReason) -> Option<Obliging> {
    match reason {
        pb::DueReason::Unspecified | pb::DueReason::Plan => None,
        pb::DueReason::MajorLabourDispute => Some(Obliging::MajorLabourDispute),
        pb::DueReason::SafetyAccident => Some(Obliging::SafetyAccident),
        pb::DueReason::MajorEventInvitation => Some(Obliging::MajorEventInvitation),
    }
}

fn need(need: &Need) -> pb::Need {
    pb::Need {
        number: need.number,
        text: need.text.clone(),
        time: Some(timestamp(need.at)),
        met: need.met.clone(),
        met_time: need.met_at.map(timestamp),
    }
}

/// An archive; `whom`: with who lives or works there, and what they need; `visitor`: who visits there for good.
pub fn archive(
    archive: &Versioned<Archive>,
    whom: Option<&Visited>,
    visitor: Option<&FixedVisitor>,
) -> pb::Archive {
    let person = whom.is_some();
    let Versioned { id, version, it, .. } = archive;
    pb::Archive {
        id: id.to_string(),
        district: it.place.district.clone(),
        area: it.place.area.clone(),
        kind: archive_kind(it.place.kind).into(),
        visited: whom.map(visited),
        key: it.place.key,
        unit: it.unit.clone(),
        needs: it.needs.iter().filter(|_| person).map(need).collect(),
        visits: it.visits,
        visit_time: it.visited_at.map(timestamp),
        last_visit: it.last_visit.map(|id| id.to_string()).unwrap_or_default(),
        requests: it.requests.iter().map(ToString::to_string).collect(),
        request_count: it.requests_count,
        open_time: Some(timestamp(it.opened_at)),
        version: *version,
        dues: it.dues.iter().map(due).collect(),
        visitor_unit: visitor.map(|it| it.unit.clone()).unwrap_or_default(),
        visitor: visitor.map(|it| it.officer.clone()).unwrap_or_default(),
    }
}

pub fn risk(risk: &Versioned<Risk>) -> pb::Risk {
    let Versioned { id, version, it, .. } = risk;
    pb::Risk {
        id: id.to_string(),
        district: it.district.clone(),
        area: it.area.clone(),
        kind: risk_kind(it.kind).into(),
        content: it.content.clone(),
        unit: it.unit.clone(),
        state: risk_state(it.state).into(),
        visit: it.visit.map(|id| id.to_string()).unwrap_or_default(),
        open_time: Some(timestamp(it.opened_at)),
        outcome: it.outcome.clone(),
        settle_time: it.settled_at.map(timestamp),
        version: *version,
    }
}
