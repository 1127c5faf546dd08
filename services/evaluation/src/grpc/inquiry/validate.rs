//! One validator per message of inquiries: everything that is wrong with it is said at once.

use std::collections::BTreeSet;

use chrono::DateTime;
use huying_chassis::{
    page,
    status::Problem,
    validate::{Named, Violations},
};
use huying_proto::evaluation::v1 as pb;
use uuid::Uuid;

use crate::{
    convert::inquiry as convert,
    domain::inquiry::{Asked, CASES, InquiryState},
};

/// ListInquiries, checked.
pub struct List {
    pub district: String,
    pub unit: String,
    pub state: Option<InquiryState>,
    pub size: i64,
    pub after: Option<Uuid>,
}

/// The instant until which it is to be claimed is the domain's to say.
pub fn open(request: &pb::OpenInquiryRequest) -> Result<(Uuid, Asked), Problem> {
    let mut v = Violations::new();
    let request_id = v.uuid("request_id", &request.request_id);
    v.digits("district", &request.district, &[6, 9]);
    if !request.area.is_empty() {
        v.digits("area", &request.area, &[6, 9, 12]);
        v.require("area", request.area.starts_with(&request.district), "must be the district or lie in it");
    }
    v.token("unit", &request.unit, 1..=64);
    v.list_len("cases", request.cases.len(), 1..=CASES);
    let cases = request.cases.iter().take(CASES).enumerate();
    let cases: Vec<Uuid> = cases.map(|(n, id)| v.uuid(&format!("cases[{n}]"), id)).collect();
    let once = cases.iter().collect::<BTreeSet<_>>().len() == cases.len();
    v.require("cases", once, "must name each case once");
    let question = v.text("question", &request.question, 1..=1000);
    v.finish()?;
    let district = request.district.clone();
    let area = if request.area.is_empty() { district.clone() } else { request.area.clone() };
    let due_at = DateTime::UNIX_EPOCH;
    Ok((request_id, Asked { district, area, unit: request.unit.clone(), cases, question, due_at }))
}

pub fn claim(request: &pb::ClaimInquiryRequest) -> Result<(Named, String), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    let office = v.line("office", &request.office, 1..=64);
    v.finish()?;
    Ok((head, office))
}

pub fn answer(request: &pb::AnswerInquiryRequest) -> Result<(Named, String), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    let text = v.text("text", &request.text, 1..=2000);
    v.finish()?;
    Ok((head, text))
}

pub fn judge(request: &pb::JudgeInquiryRequest) -> Result<(Named, String), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    let note = v.text("note", &request.note, 1..=500);
    v.finish()?;
    Ok((head, note))
}

pub fn withdraw(request: &pb::WithdrawInquiryRequest) -> Result<(Named, String), Problem> {
    let mut v = Violations::new();
    let head = v.head(request);
    let note = v.text("note", &request.note, 1..=500);
    v.finish()?;
    Ok((head, note))
}

pub fn get(request: &pb::GetInquiryRequest) -> Result<Uuid, Problem> {
    let mut v = Violations::new();
    let id = v.uuid("id", &request.id);
    v.finish()?;
    Ok(id)
}

pub fn list(request: pb::ListInquiriesRequest) -> Result<List, Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    v.token("unit", &request.unit, 0..=64);
    let state = pb::InquiryState::try_from(request.state);
    v.require("state", state.is_ok(), "must be one of the named values, or unspecified for all");
    v.finish()?;
    Ok(List {
        district: request.district,
        unit: request.unit,
        state: state.ok().and_then(convert::state_asked),
        size: page::size(request.page_size)?,
        after: page::cursor(&request.page_token)?,
    })
}

pub fn count(request: &pb::CountInquiriesRequest) -> Result<(), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    v.token("unit", &request.unit, 0..=64);
    v.finish()
}

pub fn public(request: &pb::ListPublicInquiriesRequest) -> Result<(i64, Option<Uuid>), Problem> {
    let mut v = Violations::new();
    v.digits("district", &request.district, &[6, 9]);
    v.finish()?;
    Ok((page::size_within(request.page_size, 20, 50)?, page::cursor(&request.page_token)?))
}
