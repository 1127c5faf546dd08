//! Who called, was visited, lives somewhere or came: masked, as every answer has it, and in full, as only `PersonService` tells it.

use huying_chassis::log_service::timestamp;
use huying_proto::intake::v1 as pb;
use huying_wire::priority_kind;
use huying_words::{masked_name, masked_phone};

use super::{forum::participant_kind, reporter_kind};
use crate::domain::{
    forum::Participant,
    read::{Read, ReadKind},
    submission::Reporter,
    visit::Visited,
};

pub fn reporter_in_full(reporter: &Reporter) -> pb::Reporter {
    pb::Reporter {
        kind: reporter_kind(reporter.kind).into(),
        name: reporter.name.clone(),
        phone: reporter.phone.clone(),
        second_phone: reporter.second_phone.clone(),
        on_behalf_of: reporter.on_behalf_of.clone(),
        address: reporter.address.clone(),
    }
}

pub fn reporter(reporter: &Reporter) -> pb::Reporter {
    let whole = reporter_in_full(reporter);
    pb::Reporter {
        name: masked_name(&whole.name),
        phone: masked_phone(&whole.phone),
        second_phone: masked_phone(&whole.second_phone),
        on_behalf_of: masked_name(&whole.on_behalf_of),
        ..whole
    }
}

pub fn visited_in_full(it: &Visited) -> pb::Visited {
    let Visited { name, address, contact, code, priority: kinds } = it.clone();
    let priority = kinds.into_iter().map(|kind| priority_kind::write(kind).into()).collect();
    pb::Visited { name, address, contact, code, priority }
}

pub fn visited(it: &Visited) -> pb::Visited {
    let whole = visited_in_full(it);
    pb::Visited { name: masked_name(&whole.name), contact: masked_phone(&whole.contact), ..whole }
}

pub fn participant_in_full(it: &Participant) -> pb::Participant {
    let phones = [it.phone.as_str(), it.second_phone.as_str()];
    let phones: Vec<&str> = phones.into_iter().filter(|phone| !phone.is_empty()).collect();
    pb::Participant {
        kind: participant_kind(it.kind).into(),
        name: it.name.clone(),
        unit: it.unit.clone(),
        phone: phones.join(" / "),
    }
}

pub fn participant(it: &Participant) -> pb::Participant {
    let whole = participant_in_full(it);
    pb::Participant { name: masked_name(&whole.name), phone: masked_phone(&whole.phone), ..whole }
}

/// A record, as those are told who look after it.
pub fn read(it: &Read) -> pb::Read {
    let kind = match it.of.kind {
        ReadKind::Request => pb::ReadKind::Request,
        ReadKind::Visit => pb::ReadKind::Visit,
        ReadKind::Archive => pb::ReadKind::Archive,
        ReadKind::Forum => pb::ReadKind::Forum,
        ReadKind::Offer => pb::ReadKind::Offer,
    };
    pb::Read {
        id: it.id.to_string(),
        read_time: Some(timestamp(it.at)),
        issuer: it.by.issuer.clone(),
        subject: it.by.subject.clone(),
        roles: it.by.roles.clone(),
        unit: it.by.unit.clone().unwrap_or_default(),
        kind: kind.into(),
        whose: it.of.id.to_string(),
        rpc: it.rpc.clone(),
        name: it.shown.name,
        phone: it.shown.phone,
        other: it.shown.other,
    }
}
