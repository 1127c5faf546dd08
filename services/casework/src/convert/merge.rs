//! Merged cases and the requests that came with them.

use huying_chassis::log_service::timestamp;
use huying_proto::casework::v1 as pb;

use crate::domain::case::{CaseName, CaseRequest, MergedInto};

pub fn request(it: &CaseRequest) -> pb::CaseRequest {
    let (id, answered) = (it.id.to_string(), it.answered);
    pb::CaseRequest { id, answered, from: it.from.as_ref().map(name) }
}

pub fn merged(it: &MergedInto) -> pb::MergedInto {
    pb::MergedInto { into: Some(name(&it.into)), time: Some(timestamp(it.at)) }
}

pub fn name(it: &CaseName) -> pb::CaseName {
    pb::CaseName { id: it.case.to_string(), number: it.number.clone() }
}
