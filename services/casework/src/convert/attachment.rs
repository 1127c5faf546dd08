//! Files on cases, in the contract's words.

use huying_chassis::log_service::timestamp;
use huying_proto::casework::v1 as pb;
use huying_wire::actor;

use crate::domain::{Attachment, AttachmentKind};

pub fn write(attachment: &Attachment) -> pb::Attachment {
    let Attachment { file, by, at, attempt } = attachment;
    pb::Attachment {
        id: file.id.to_string(),
        kind: kind(file.kind).into(),
        name: file.name.clone(),
        media_type: file.media_type.clone(),
        size: i64::try_from(file.size).unwrap_or(i64::MAX),
        sha256: file.sha256.clone(),
        actor: Some(actor::write(by.clone())),
        time: Some(timestamp(*at)),
        attempt: *attempt,
    }
}

pub(super) fn kinds(kinds: &[AttachmentKind]) -> Vec<i32> {
    kinds.iter().map(|it| kind(*it).into()).collect()
}

pub fn kind(kind: AttachmentKind) -> pb::AttachmentKind {
    match kind {
        AttachmentKind::BeforePhoto => pb::AttachmentKind::BeforePhoto,
        AttachmentKind::AfterPhoto => pb::AttachmentKind::AfterPhoto,
        AttachmentKind::Recording => pb::AttachmentKind::Recording,
        AttachmentKind::Document => pb::AttachmentKind::Document,
    }
}

pub fn kind_from(kind: pb::AttachmentKind) -> Option<AttachmentKind> {
    match kind {
        pb::AttachmentKind::Unspecified => None,
        pb::AttachmentKind::BeforePhoto => Some(AttachmentKind::BeforePhoto),
        pb::AttachmentKind::AfterPhoto => Some(AttachmentKind::AfterPhoto),
        pb::AttachmentKind::Recording => Some(AttachmentKind::Recording),
        pb::AttachmentKind::Document => Some(AttachmentKind::Document),
    }
}
