//! Guides of the handbook.

use huying_chassis::{log::Versioned, log_service::timestamp};
use huying_proto::intake::v1 as pb;
use huying_wire::limit;

use crate::domain::guide::{Content, Guide, GuideKind, GuideState, PublishedOfficer};

pub fn kind(kind: GuideKind) -> pb::GuideKind {
    match kind {
        GuideKind::Policy => pb::GuideKind::Policy,
        GuideKind::Service => pb::GuideKind::Service,
        GuideKind::Unit => pb::GuideKind::Unit,
    }
}

/// None: unspecified.
pub fn kind_from(kind: pb::GuideKind) -> Option<GuideKind> {
    match kind {
        pb::GuideKind::Unspecified => None,
        pb::GuideKind::Policy => Some(GuideKind::Policy),
        pb::GuideKind::Service => Some(GuideKind::Service),
        pb::GuideKind::Unit => Some(GuideKind::Unit),
    }
}

pub fn state(state: GuideState) -> pb::GuideState {
    match state {
        GuideState::Published => pb::GuideState::Published,
        GuideState::Withdrawn => pb::GuideState::Withdrawn,
    }
}

fn officer(officer: &PublishedOfficer) -> pb::PublishedOfficer {
    let PublishedOfficer { name, duty, contact } = officer.clone();
    pb::PublishedOfficer { name, duty, contact }
}

pub fn guide(guide: &Versioned<Guide>) -> pb::Guide {
    let Guide { content, state: stands, at, .. } = &guide.it;
    let Content { district, code, title, grounds, conditions, text, unit, .. } = content.clone();
    pb::Guide {
        id: guide.id.to_string(),
        kind: kind(content.kind).into(),
        limit: content.limit.map(limit::write),
        contact: content.contact.clone(),
        complaint_line: content.complaint_line.clone(),
        officers: content.officers.iter().map(officer).collect(),
        also: content.also.clone(),
        state: state(*stands).into(),
        publish_time: Some(timestamp(*at)),
        version: guide.version,
        district,
        code,
        title,
        grounds,
        conditions,
        text,
        unit,
    }
}
