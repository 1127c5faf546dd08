//! The rules of delegates and inquiries, beside the table of all.

use huying_chassis::auth::Role;
use huying_proto::evaluation::v1::{
    self as evaluation, delegate_service_client::DelegateServiceClient,
    inquiry_service_client::InquiryServiceClient,
};
use huying_tests::{
    People,
    people::{DISTRICT, GRID},
    world::key,
};

use super::{
    UNIT,
    table::{Ids, JUDGED, NEVER, Rows, Rule},
};

const INQUIRY: Rule = Rule::OneOfOwner;

/// An inquiry in the life's street about its case, of the called department; and the case was inspected.
pub async fn opened(people: &People, case: &str) -> String {
    let wire = || people.wire("evaluation", Role::Delegate, None, Some(DISTRICT));
    DelegateServiceClient::new(wire()).record_inspection(inspecting(case)).await.unwrap();
    InquiryServiceClient::new(wire()).open_inquiry(opening(case)).await.unwrap().into_inner().id
}

fn inspecting(case: &str) -> evaluation::RecordInspectionRequest {
    let (case, text) = (case.to_owned(), "又堵上了".to_owned());
    evaluation::RecordInspectionRequest { request_id: key(), case, good: false, text }
}

fn opening(case: &str) -> evaluation::OpenInquiryRequest {
    evaluation::OpenInquiryRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID[..9].into(),
        unit: UNIT.into(),
        cases: vec![case.to_owned()],
        question: "为何又堵上".into(),
    }
}

pub fn of_inquiries(rows: &mut Rows, ids: &Ids) {
    let (id, version) = (|| ids.inquiry.clone(), NEVER);
    rows.add("/huying.evaluation.v1.InquiryService/OpenInquiry", Rule::Area, opening(&ids.case));
    let office = "副区长".to_owned();
    let claim = evaluation::ClaimInquiryRequest { request_id: key(), id: id(), version, office };
    rows.add("/huying.evaluation.v1.InquiryService/ClaimInquiry", INQUIRY, claim);
    let text = "已整改".to_owned();
    let answer = evaluation::AnswerInquiryRequest { request_id: key(), id: id(), version, text };
    rows.add("/huying.evaluation.v1.InquiryService/AnswerInquiry", INQUIRY, answer);
    let note = || "看过".to_owned();
    let judge =
        evaluation::JudgeInquiryRequest { request_id: key(), id: id(), version, solved: true, note: note() };
    rows.add("/huying.evaluation.v1.InquiryService/JudgeInquiry", INQUIRY, judge);
    let withdraw = evaluation::WithdrawInquiryRequest { request_id: key(), id: id(), version, note: note() };
    rows.add("/huying.evaluation.v1.InquiryService/WithdrawInquiry", INQUIRY, withdraw);
    let get = evaluation::GetInquiryRequest { id: id() };
    rows.add("/huying.evaluation.v1.InquiryService/GetInquiry", INQUIRY, get);
    let list = evaluation::ListInquiriesRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.evaluation.v1.InquiryService/ListInquiries", Rule::List(JUDGED), list);
    let count = evaluation::CountInquiriesRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.evaluation.v1.InquiryService/CountInquiries", Rule::List(JUDGED), count);
    let board = evaluation::ListPublicInquiriesRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.evaluation.v1.InquiryService/ListPublicInquiries", Rule::Anyone, board);
    of_delegates(rows, ids);
}

fn of_delegates(rows: &mut Rows, ids: &Ids) {
    let district = || DISTRICT.to_owned();
    let pick = evaluation::ListInspectableCasesRequest { district: district(), ..Default::default() };
    rows.add("/huying.evaluation.v1.DelegateService/ListInspectableCases", Rule::District, pick);
    rows.add("/huying.evaluation.v1.DelegateService/RecordInspection", Rule::One(&[]), inspecting(&ids.case));
    let list = evaluation::ListInspectionsRequest { district: district(), ..Default::default() };
    rows.add("/huying.evaluation.v1.DelegateService/ListInspections", Rule::District, list);
}
