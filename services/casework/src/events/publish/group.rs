//! The events of cases that several units work on together.

use chrono::{DateTime, Utc};
use huying_chassis::{bus::Event, log::Entry};
use huying_proto::casework::v1 as pb;

use super::{
    ROOT,
    case::{Ref, Said, by},
};
use crate::{
    convert,
    domain::{
        Summoned,
        case::step::{Consulted, Deliberated, GroupCalled, GroupEnded},
    },
};

/// The minutes are for those who read the case's history.
pub(super) fn consulted(case: Ref, entry: &Entry, it: &Consulted) -> Said {
    let (participants, dispatches) = (convert::group::members(&it.participants), ids(&it.dispatches));
    let units = it.dispatches.iter().map(|one| one.unit.clone()).collect();
    let called_by = entry.actor().unit.unwrap_or_default();
    Event::new(ROOT, &pb::CaseConsulted { case, participants, dispatches, units, called_by, by: by(entry) })
}

pub(super) fn called(case: Ref, it: &GroupCalled, at: DateTime<Utc>) -> Said {
    let (group, dispatches) = (Some(convert::group::group(&it.group, at)), ids(&it.dispatches));
    Event::new(ROOT, &pb::CaseGroupCalled { case, group, dispatches })
}

pub(super) fn ended(case: Ref, it: GroupEnded) -> Said {
    Event::new(ROOT, &pb::CaseGroupEnded { case, group: it.code, name: it.name, reason: it.reason })
}

pub(super) fn deliberated(case: Ref, it: &Deliberated) -> Said {
    let (meeting, settled) = (it.meeting.to_string(), it.outcome.settled);
    Event::new(ROOT, &pb::CaseDeliberated { case, meeting, settled })
}

fn ids(dispatches: &[Summoned]) -> Vec<String> {
    dispatches.iter().map(|one| one.dispatch.to_string()).collect()
}
