//! The events of visits, archives and risks: nothing of who was visited.

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Entry, Told},
    log_service::timestamp,
};
use huying_proto::intake::v1 as pb;

use super::ROOT;
use crate::{
    convert::visit as convert,
    domain::{
        archive::{Archive, ArchiveChange, due::Due},
        risk::{Risk, RiskChange},
        visit::{Visit, VisitChange},
    },
};

pub fn visit(entry: &Entry) -> Result<Event, PublishError> {
    let visit = match entry.decode::<Visit>()?.change {
        VisitChange::Recorded { visit } => visit,
        VisitChange::Forgotten { .. } => {
            let (id, district) = (entry.head.aggregate.to_string(), entry.head.district.clone());
            return Event::new(ROOT, &pb::VisitForgotten { id, district });
        }
    };
    let recorded = pb::VisitRecorded {
        id: entry.head.aggregate.to_string(),
        district: entry.head.district.clone(),
        area: visit.area,
        kind: convert::kind(visit.kind).into(),
        night: visit.night,
        unit: visit.unit,
        visit_time: Some(timestamp(visit.visited_at)),
        archive: visit.archive.map(|id| id.to_string()).unwrap_or_default(),
        found: visit.found.iter().map(convert::found).collect(),
    };
    Event::new(ROOT, &recorded)
}

pub fn archive(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, about, .. } = entry.decode::<Archive>()?;
    let archive = Some(pb::ArchiveRef {
        id: entry.head.aggregate.to_string(),
        district: entry.head.district.clone(),
        area: about.area,
        kind: convert::archive_kind(about.kind).into(),
        key: about.key,
        unit: about.unit,
    });
    let count = |items: usize| u32::try_from(items).unwrap_or(u32::MAX);
    match change {
        ArchiveChange::Opened { .. } => Event::new(ROOT, &pb::ArchiveOpened { archive }),
        ArchiveChange::Visited { visit, at, .. } => {
            let (visit, visit_time) = (visit.to_string(), Some(timestamp(at)));
            Event::new(ROOT, &pb::ArchiveVisited { archive, visit, visit_time })
        }
        ArchiveChange::Updated { needs, met, .. } => {
            let (needs, met) = (count(needs.len()), count(met.len()));
            Event::new(ROOT, &pb::ArchiveUpdated { archive, needs, met })
        }
        ArchiveChange::Forgotten { .. } => Event::new(ROOT, &pb::ArchiveForgotten { archive }),
        ArchiveChange::Planned { due } => {
            Event::new(ROOT, &pb::ArchivePlanned { archive, due: due.as_ref().map(convert::due) })
        }
        ArchiveChange::Obliged { due } => {
            Event::new(ROOT, &pb::ArchiveObliged { archive, due: Some(convert::due(&due)) })
        }
        ArchiveChange::Missed { due } => {
            let due = convert::due(&Due { told: true, ..due });
            Event::new(ROOT, &pb::VisitMissed { archive, due: Some(due) })
        }
    }
}

pub fn risk(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Risk>()?;
    let risk = Some(pb::RiskRef {
        id: entry.head.aggregate.to_string(),
        district: entry.head.district.clone(),
        area: about.area,
        kind: convert::risk_kind(about.kind).into(),
        unit: about.unit,
        state: convert::risk_state(state).into(),
        visit: about.visit.map(|id| id.to_string()).unwrap_or_default(),
    });
    match change {
        RiskChange::Opened { .. } => Event::new(ROOT, &pb::RiskOpened { risk }),
        RiskChange::Settled { .. } => Event::new(ROOT, &pb::RiskSettled { risk }),
    }
}
