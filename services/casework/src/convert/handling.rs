//! How a case was handled, in the contract's words.

use huying_chassis::log_service::timestamp;
use huying_proto::casework::v1 as pb;
use huying_wire::solved;

use crate::domain::{
    Handling,
    handling::{Contact, ContactMethod, HandlingField, RequiredHandling},
};

/// For a called department only the facts. Builds before kept in full with whom was spoken: that is masked here.
pub fn write(it: &Handling, whole: bool) -> pb::Handling {
    let contact = it.contact.clone().filter(|_| whole).map(Contact::masked);
    let contact = contact.as_ref();
    let words = |text: &str| if whole { text.to_owned() } else { String::new() };
    pb::Handling {
        claim_true: it.claim_true,
        beyond_duty: it.beyond_duty,
        contacted: it.contacted,
        contact_name: contact.map_or_else(String::new, |it| it.name.clone()),
        contact_phone: contact.map_or_else(String::new, |it| it.phone.clone()),
        contact_method: contact.map_or(pb::ContactMethod::Unspecified, |it| method(it.method)).into(),
        contact_time: contact.and_then(|it| it.at).map(timestamp),
        solved: it.solved.map(|it| solved::write(it).into()).unwrap_or_default(),
        unsolved_reason: words(&it.unsolved_reason),
        work_done: words(&it.work_done),
    }
}

fn method(method: Option<ContactMethod>) -> pb::ContactMethod {
    match method {
        None => pb::ContactMethod::Unspecified,
        Some(ContactMethod::Phone) => pb::ContactMethod::Phone,
        Some(ContactMethod::Visit) => pb::ContactMethod::Visit,
        Some(ContactMethod::Message) => pb::ContactMethod::Message,
        Some(ContactMethod::Other) => pb::ContactMethod::Other,
    }
}

pub fn method_from(method: pb::ContactMethod) -> Option<ContactMethod> {
    match method {
        pb::ContactMethod::Unspecified => None,
        pb::ContactMethod::Phone => Some(ContactMethod::Phone),
        pb::ContactMethod::Visit => Some(ContactMethod::Visit),
        pb::ContactMethod::Message => Some(ContactMethod::Message),
        pb::ContactMethod::Other => Some(ContactMethod::Other),
    }
}

/// What the profile demands; a field that is none of the named ones is none.
pub fn required(required: &[pb::RequiredHandling]) -> Vec<RequiredHandling> {
    let fields = |it: &pb::RequiredHandling| it.fields().filter_map(field_from).collect();
    required.iter().map(|it| RequiredHandling { category: it.category.clone(), fields: fields(it) }).collect()
}

pub fn fields(fields: &[HandlingField]) -> Vec<i32> {
    fields.iter().map(|it| field(*it).into()).collect()
}

fn field(field: HandlingField) -> pb::HandlingField {
    match field {
        HandlingField::ClaimTrue => pb::HandlingField::ClaimTrue,
        HandlingField::BeyondDuty => pb::HandlingField::BeyondDuty,
        HandlingField::Contacted => pb::HandlingField::Contacted,
        HandlingField::ContactName => pb::HandlingField::ContactName,
        HandlingField::ContactPhone => pb::HandlingField::ContactPhone,
        HandlingField::ContactMethod => pb::HandlingField::ContactMethod,
        HandlingField::ContactTime => pb::HandlingField::ContactTime,
        HandlingField::Solved => pb::HandlingField::Solved,
        HandlingField::UnsolvedReason => pb::HandlingField::UnsolvedReason,
        HandlingField::WorkDone => pb::HandlingField::WorkDone,
    }
}

fn field_from(field: pb::HandlingField) -> Option<HandlingField> {
    match field {
        pb::HandlingField::Unspecified => None,
        pb::HandlingField::ClaimTrue => Some(HandlingField::ClaimTrue),
        pb::HandlingField::BeyondDuty => Some(HandlingField::BeyondDuty),
        pb::HandlingField::Contacted => Some(HandlingField::Contacted),
        pb::HandlingField::ContactName => Some(HandlingField::ContactName),
        pb::HandlingField::ContactPhone => Some(HandlingField::ContactPhone),
        pb::HandlingField::ContactMethod => Some(HandlingField::ContactMethod),
        pb::HandlingField::ContactTime => Some(HandlingField::ContactTime),
        pb::HandlingField::Solved => Some(HandlingField::Solved),
        pb::HandlingField::UnsolvedReason => Some(HandlingField::UnsolvedReason),
        pb::HandlingField::WorkDone => Some(HandlingField::WorkDone),
    }
}
