//! What the trade sends with a request.

use std::collections::BTreeMap;

use huying_chassis::log_service::timestamp;
use huying_proto::intake::v1 as pb;

use crate::domain::order::{AttachmentReference, Order, RequestType};

pub fn kind(kind: RequestType) -> pb::RequestType {
    match kind {
        RequestType::Consultation => pb::RequestType::Consultation,
        RequestType::Help => pb::RequestType::Help,
        RequestType::Complaint => pb::RequestType::Complaint,
        RequestType::Report => pb::RequestType::Report,
        RequestType::Suggestion => pb::RequestType::Suggestion,
        RequestType::Praise => pb::RequestType::Praise,
    }
}

/// None: unspecified.
pub fn kind_from(kind: pb::RequestType) -> Option<RequestType> {
    match kind {
        pb::RequestType::Unspecified => None,
        pb::RequestType::Consultation => Some(RequestType::Consultation),
        pb::RequestType::Help => Some(RequestType::Help),
        pb::RequestType::Complaint => Some(RequestType::Complaint),
        pb::RequestType::Report => Some(RequestType::Report),
        pb::RequestType::Suggestion => Some(RequestType::Suggestion),
        pb::RequestType::Praise => Some(RequestType::Praise),
    }
}

/// As everybody is shown it: what else the door has may name the reporter, and is told with who that is.
pub fn write(order: &Order) -> pb::Order {
    pb::Order {
        r#type: order.kind.map_or(pb::RequestType::Unspecified, kind).into(),
        title: order.title.clone(),
        urgent: order.urgent,
        platform_due_time: order.platform_due_at.map(timestamp),
        complained_of: order.complained_of.clone(),
        related_number: order.related_number.clone(),
        repeated: order.repeated,
        call_time: order.call_at.map(timestamp),
        taker: order.taker.clone(),
        anonymous: order.anonymous,
        confidential: order.confidential,
        answer_wanted: order.answer_wanted,
        callback_wanted: order.callback_wanted,
        attachments: order.attachments.iter().map(attachment).collect(),
        extensions: BTreeMap::new(),
    }
}

fn attachment(it: &AttachmentReference) -> pb::AttachmentReference {
    pb::AttachmentReference {
        name: it.name.clone(),
        uri: it.uri.clone(),
        media_type: it.media_type.clone(),
        size: it.size,
    }
}
