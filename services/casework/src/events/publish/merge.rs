//! The events of merging, un-merging and withdrawing one of several requests.

use huying_chassis::bus::Event;
use huying_proto::casework::v1 as pb;
use uuid::Uuid;

use super::{
    ROOT,
    case::{Ref, Said},
};
use crate::{
    convert::merge::name,
    domain::case::step::{Joined, Merged, Parted, RequestWithdrawn, Unmerged},
};

pub(super) fn merged(case: Ref, it: Merged) -> Said {
    let (into, requests) = (Some(name(&it.into)), ids(&it.requests));
    Event::new(ROOT, &pb::CaseMerged { case, into, requests, reason: it.reason })
}

pub(super) fn joined(case: Ref, it: Joined) -> Said {
    let (from, requests) = (Some(name(&it.from)), ids(&it.requests));
    Event::new(ROOT, &pb::CaseJoined { case, from, requests, reason: it.reason })
}

pub(super) fn unmerged(case: Ref, it: Unmerged) -> Said {
    Event::new(ROOT, &pb::CaseUnmerged { case, from: Some(name(&it.from)), reason: it.reason })
}

pub(super) fn parted(case: Ref, it: Parted) -> Said {
    let (to, requests) = (Some(name(&it.to)), ids(&it.requests));
    Event::new(ROOT, &pb::CaseParted { case, to, requests, reason: it.reason })
}

pub(super) fn request_withdrawn(case: Ref, it: &RequestWithdrawn) -> Said {
    Event::new(ROOT, &pb::CaseRequestWithdrawn { case, request: it.request.to_string() })
}

fn ids(ids: &[Uuid]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
