//! What a holder says of how a case was handled, and what a verifier found.

use huying_chassis::validate::Violations;
use huying_proto::casework::v1 as pb;
use huying_terms::Solved;
use huying_wire::{instant, solved};
use huying_words::phone::{Phone, phones};

use super::validate::{REASON, WORDS, answer};
use crate::{
    convert::handling::method_from,
    domain::{
        Handling,
        case::step::{Resolve, Verify},
        handling::Contact,
        verification::VerificationDemand,
    },
};

/// Characters of the name of whoever was spoken with.
const NAME: usize = 64;
/// Characters of their phone, as given.
const PHONE: usize = 64;

pub fn resolve(request: &pb::ResolveCaseRequest, v: &mut Violations) -> Resolve {
    let handling = request.handling.as_ref().map(|it| read(it, v));
    Resolve { answer: answer(v, &request.answer), handling }
}

pub fn verify(request: &pb::VerifyCaseRequest, v: &mut Violations) -> Verify {
    Verify { passed: request.passed, finding: v.text("finding", &request.finding, 1..=REASON) }
}

/// Which categories are looked at, and by whom.
pub fn verification(demands: Vec<pb::VerificationDemand>) -> Vec<VerificationDemand> {
    let unit = |unit: String| Some(unit).filter(|unit| !unit.is_empty());
    let demand =
        |it: pb::VerificationDemand| VerificationDemand { category: it.category, unit: unit(it.unit) };
    demands.into_iter().map(demand).collect()
}

fn read(it: &pb::Handling, v: &mut Violations) -> Handling {
    let unsolved_reason = v.text("handling.unsolved_reason", &it.unsolved_reason, 0..=REASON);
    let work_done = v.text("handling.work_done", &it.work_done, 0..=WORDS);
    let known = pb::ContactMethod::try_from(it.contact_method).is_ok();
    v.require("handling.contact_method", known, "must be one of the named values");
    let solved = pb_solved(it, v);
    let why_not = !unsolved_reason.is_empty();
    match solved {
        Some(Solved::Partly | Solved::No) => {
            v.require("handling.unsolved_reason", why_not, "must say why, where it is not solved");
        }
        Some(Solved::Yes) | None => {
            v.require("handling.unsolved_reason", !why_not, "is said only of what is not solved");
        }
    }
    let contact = contact(it, v);
    v.require(
        "handling.contacted",
        contact.is_none() || it.contacted == Some(true),
        "must be true, where it is said who was contacted",
    );
    Handling {
        claim_true: it.claim_true,
        beyond_duty: it.beyond_duty,
        contacted: it.contacted,
        contact,
        solved,
        unsolved_reason,
        work_done,
    }
}

fn pb_solved(it: &pb::Handling, v: &mut Violations) -> Option<Solved> {
    let told = huying_proto::common::v1::Solved::try_from(it.solved);
    v.require("handling.solved", told.is_ok(), "must be one of the named values");
    told.ok().and_then(solved::read)
}

fn contact(it: &pb::Handling, v: &mut Violations) -> Option<Contact> {
    let name = v.line("handling.contact_name", &it.contact_name, 0..=NAME);
    let phone = v.line("handling.contact_phone", &it.contact_phone, 0..=PHONE);
    let at = it.contact_time.as_ref().map(instant::read);
    v.require("handling.contact_time", at != Some(None), "must be an instant of the years 1 to 9999");
    let contact = Contact {
        name,
        phone: phones(&phone).into_iter().map(Phone::text).collect::<Vec<_>>().join(" / "),
        method: method_from(it.contact_method()),
        at: at.flatten(),
    };
    let said = contact.method.is_some() || contact.at.is_some();
    (said || !contact.name.is_empty() || !contact.phone.is_empty()).then_some(contact.masked())
}
