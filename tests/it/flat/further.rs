//! What a service is asked besides a message for each RPC: its log from the middle on, its lists by what they may be narrowed to, and the
//! rates of just now.

use chrono::{DateTime, TimeDelta, Utc};
use huying::services;
use huying_chassis::page;
use huying_proto::{
    casework::v1::{
        CaseOrder, CaseState, DispatchState, ListCasesRequest as Cases, ListDispatchesRequest as Dispatches,
    },
    evaluation::v1::{
        CallbackState, GetRatesRequest, InquiryState, InterviewState, Interviewer,
        ListCallbacksRequest as Callbacks, ListInquiriesRequest as Inquiries,
        ListInspectionsRequest as Inspections, ListInterviewsRequest as Interviews,
        ListTopicsRequest as Topics, TopicState,
    },
    intake::v1::{
        ListArchivesRequest as Archives, ListRequestsRequest as Requests, ListRisksRequest as Risks,
        ListVisitsRequest as Visits, RequestState,
    },
    log::v1 as log,
};
use huying_tests::{
    people::{DISTRICT, GRID},
    world::key,
};
use prost::Message;

use crate::reach::{Ids, UNIT};

/// The path of an RPC, and a message for it.
pub type Ask = (&'static str, Vec<u8>);

pub fn asks(service: &str, ids: &Ids, began: DateTime<Utc>) -> Vec<Ask> {
    let own = match service {
        "intake" => of_intake(),
        "casework" => of_casework(ids),
        "evaluation" => of_evaluation(ids, began),
        _ => Vec::new(),
    };
    of_log(service, ids).into_iter().chain(own).collect()
}

fn of_intake() -> Vec<Ask> {
    let list = || Requests { district: DISTRICT.into(), ..Default::default() };
    let lists = [
        Requests { state: RequestState::Handling.into(), ..list() },
        Requests { owing_unit: format!("G-{GRID}"), ..list() },
        Requests { external_id: "none".into(), ..list() },
    ];
    let (district, area, unit) = (|| DISTRICT.to_owned(), || GRID[..12].to_owned(), || format!("G-{GRID}"));
    let visits = [
        Visits { district: district(), area: area(), ..Default::default() },
        Visits { district: district(), unit: unit(), ..Default::default() },
    ];
    let archives = [Archives { district: district(), area: area(), ..Default::default() }];
    let risks = [
        Risks { district: district(), area: area(), ..Default::default() },
        Risks { district: district(), unit: unit(), ..Default::default() },
    ];
    let mut asks = each("/huying.intake.v1.RequestService/ListRequests", &lists);
    asks.extend(each("/huying.intake.v1.VisitService/ListVisits", &visits));
    asks.extend(each("/huying.intake.v1.ArchiveService/ListArchives", &archives));
    asks.extend(each("/huying.intake.v1.RiskService/ListRisks", &risks));
    asks
}

fn of_casework(ids: &Ids) -> Vec<Ask> {
    let list = || Cases { district: DISTRICT.into(), ..Default::default() };
    let cases = [
        Cases { state: CaseState::Working.into(), ..list() },
        Cases { holder: "G-420102003002001".into(), ..list() },
        Cases { category: "none".into(), ..list() },
        Cases { overdue: true, ..list() },
        Cases { order: CaseOrder::DueFirst.into(), ..list() },
        Cases { order: CaseOrder::DueFirst.into(), holder: "G-420102003002001".into(), ..list() },
        Cases { order: CaseOrder::Updated.into(), ..list() },
    ];
    let list = || Dispatches { district: DISTRICT.into(), ..Default::default() };
    let dispatches = [
        Dispatches { case: ids.case.clone(), ..list() },
        Dispatches { state: DispatchState::Sent.into(), ..list() },
        Dispatches { unit: "DEP-yuanlin".into(), ..list() },
    ];
    let cases = each("/huying.casework.v1.CaseService/ListCases", &cases);
    let dispatches = each("/huying.casework.v1.DispatchService/ListDispatches", &dispatches);
    cases.into_iter().chain(dispatches).collect()
}

fn of_evaluation(ids: &Ids, began: DateTime<Utc>) -> Vec<Ask> {
    let list = || Callbacks { district: DISTRICT.into(), ..Default::default() };
    let lists = [
        Callbacks { case: ids.case.clone(), ..list() },
        Callbacks { state: CallbackState::Pending.into(), ..list() },
        Callbacks { unit: "S-420102003".into(), ..list() },
        Callbacks { request: ids.request.clone(), ..list() },
    ];
    let rates = GetRatesRequest {
        district: DISTRICT.into(),
        from_date: (began - TimeDelta::days(40)).date_naive().to_string(),
        to_date: (began + TimeDelta::days(2)).date_naive().to_string(),
        ..Default::default()
    };
    let mut asks = each("/huying.evaluation.v1.CallbackService/ListCallbacks", &lists);
    asks.extend(each("/huying.evaluation.v1.RateService/GetRates", &[rates]));
    asks.extend(each("/huying.evaluation.v1.RoundService/ListInterviews", &of_rounds(ids)));
    let list = || Topics { district: DISTRICT.into(), ..Default::default() };
    let topics = [
        Topics { state: TopicState::Open.into(), ..list() },
        Topics { area: GRID[..9].into(), ..list() },
        Topics { owner: "DEP-jiaoguan".into(), ..list() },
    ];
    asks.extend(each("/huying.evaluation.v1.TopicService/ListTopics", &topics));
    let list = || Inquiries { district: DISTRICT.into(), ..Default::default() };
    let inquiries =
        [Inquiries { state: InquiryState::Open.into(), ..list() }, Inquiries { unit: UNIT.into(), ..list() }];
    asks.extend(each("/huying.evaluation.v1.InquiryService/ListInquiries", &inquiries));
    let of_case = Inspections { district: DISTRICT.into(), case: ids.case.clone(), ..Default::default() };
    asks.extend(each("/huying.evaluation.v1.DelegateService/ListInspections", &[of_case]));
    asks
}

fn of_rounds(ids: &Ids) -> [Interviews; 2] {
    let list = || Interviews { district: DISTRICT.into(), ..Default::default() };
    let callbacks = Interviewer { unit: "callbacks".into(), subject: String::new() };
    let state = InterviewState::Waiting.into();
    [
        Interviews { round: ids.round.clone(), ..list() },
        Interviews { interviewer: Some(callbacks), state, ..list() },
    ]
}

/// What followers and operators ask.
fn of_log(service: &str, ids: &Ids) -> Vec<Ask> {
    let aggregate = match service {
        "casework" => &ids.case,
        "evaluation" => &ids.callback,
        _ => &ids.request,
    };
    let (aggregate, page_size) = (|| aggregate.clone(), 5);
    let service = services::named(service).unwrap();
    let (source, page_token) = (service.follows[0].service, page::token(Some(aggregate())));
    let marks = [1, 99].map(|version| log::Mark { aggregate: aggregate(), version, entry: key() }).to_vec();
    let read = log::ReadAggregateRequest { aggregate: aggregate(), from_version: 2, page_size };
    let verify = log::VerifyLogRequest { kind: service.kinds[0].name.into(), page_size, page_token };
    let letter = log::GetDeadLetterRequest { source: source.into(), aggregate: key() };
    let retry = log::RetryDeadLetterRequest { source: source.into(), aggregate: key() };
    [
        each("/huying.log.v1.LogService/ReadAggregate", &[read]),
        each(
            "/huying.log.v1.LogService/ListWatermarks",
            &[log::ListWatermarksRequest { page_size, ..Default::default() }],
        ),
        each("/huying.log.v1.LogService/CheckMarks", &[log::CheckMarksRequest { marks }]),
        each("/huying.log.v1.LogService/VerifyLog", &[verify]),
        each(
            "/huying.log.v1.LogService/ListAnchors",
            &[log::ListAnchorsRequest { page_size, ..Default::default() }],
        ),
        each(
            "/huying.log.v1.LogService/VerifyAnchors",
            &[log::VerifyAnchorsRequest { page_size, ..Default::default() }],
        ),
        each(
            "/huying.log.v1.LogService/ListDeadLetters",
            &[log::ListDeadLettersRequest { page_size, ..Default::default() }],
        ),
        each("/huying.log.v1.LogService/GetDeadLetter", &[letter]),
        each("/huying.log.v1.LogService/RetryDeadLetter", &[retry]),
    ]
    .concat()
}

fn each(path: &'static str, messages: &[impl Message]) -> Vec<Ask> {
    messages.iter().map(|message| (path, message.encode_to_vec())).collect()
}
