//! Groups, in the contract's words.

use chrono::{DateTime, Utc};
use huying_chassis::log_service::timestamp;
use huying_proto::casework::v1 as pb;

use crate::domain::{Group, GroupKind, ResponseGroup, group::AtWork, unit::Named};

pub(super) fn at_work(it: &AtWork) -> pb::Group {
    group(&it.group, it.since)
}

pub fn group(it: &Group, since: DateTime<Utc>) -> pb::Group {
    pb::Group {
        code: it.code.clone(),
        kind: kind(it.kind).into(),
        name: it.name.clone(),
        chair: it.chair.unit.clone(),
        chair_name: it.chair.name.clone(),
        members: members(&it.members),
        since_time: Some(timestamp(since)),
        until_time: it.until.map(timestamp),
        cases: it.cases.iter().map(ToString::to_string).collect(),
    }
}

pub fn members(units: &[Named]) -> Vec<pb::GroupMember> {
    let member = |it: &Named| pb::GroupMember { unit: it.unit.clone(), unit_name: it.name.clone() };
    units.iter().map(member).collect()
}

fn kind(kind: GroupKind) -> pb::GroupKind {
    match kind {
        GroupKind::Response => pb::GroupKind::Response,
        GroupKind::TaskForce => pb::GroupKind::TaskForce,
    }
}

/// As the profile has it.
pub fn response_from(it: pb::ResponseGroup) -> ResponseGroup {
    let pb::ResponseGroup { code, name, class, chair, members } = it;
    ResponseGroup { code, name, class, chair, members }
}
