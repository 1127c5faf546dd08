//! Whoever did the work neither judges it nor takes it out of the rates: every command there is, by everybody who had part in a case, under the unit
//! for which they had it and under another. A command without a row in [`table`] fails.

mod table;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};

use chrono::TimeDelta;
use huying_chassis::{auth::Role, clock::system_now};
use huying_proto::{
    DESCRIPTORS,
    casework::v1 as casework,
    common::v1::Priority,
    evaluation::v1 as evaluation,
    intake::v1 as intake,
    routing::v1::{CorrectRouteRequest, GetRouteRequest, Route, route_service_client::RouteServiceClient},
};
use huying_testing::{Wire, eventually, reason};
use huying_tests::{
    People, World,
    people::{DISTRICT, GRID},
    world::{key, root},
};
use prost::Message;
use prost_types::FileDescriptorSet;
use tonic::{Code, Status};

use super::reach::{Callers, Ids, UNIT, life_and_round};
use table::{CASEWORK, EVALUATION, INTAKE, Own, ROUTING, Test};

/// Who asks: in which unit, and the subject of their token.
#[derive(Clone)]
struct Actor {
    who: &'static str,
    unit: Option<String>,
    subject: String,
}

/// Everybody who had part in the life's case: its grid and its community passed it on, its street called a department and resolved it. Each as somebody
/// of the unit, and as the very person who acted for it, by now elsewhere or of no unit.
fn had_part() -> Vec<Actor> {
    let units = [
        ("present holder", format!("S-{}", &GRID[..9])),
        ("past holder", format!("C-{}", &GRID[..12])),
        ("first holder", format!("G-{GRID}")),
        ("dispatched department", UNIT.to_owned()),
    ];
    let mut all = Vec::new();
    for (who, unit) in units {
        let person = format!("test-{unit}");
        all.push(Actor { who, unit: Some(unit), subject: "somebody".to_owned() });
        all.push(Actor { who, unit: Some("callbacks".to_owned()), subject: person.clone() });
        all.push(Actor { who, unit: None, subject: person });
    }
    all
}

/// Who had none: somebody above, and a desk of no unit.
fn others() -> [Actor; 2] {
    [
        Actor { who: "superior", unit: Some(superior()), subject: "superior".to_owned() },
        Actor { who: "desk", unit: None, subject: "desk".to_owned() },
    ]
}

fn superior() -> String {
    format!("D-{DISTRICT}")
}

/// What is tried: the rpc, the role that asks, and the message.
struct Try {
    service: &'static str,
    rpc: &'static str,
    role: Role,
    message: Vec<u8>,
}

impl Try {
    fn path(&self) -> String {
        format!("/huying.{}.v1.{}", self.service, self.rpc)
    }
}

fn of<M: Message>(service: &'static str, rpc: &'static str, role: Role, message: &M) -> Try {
    Try { service, rpc, role, message: message.encode_to_vec() }
}

/// What is asked of callbacks, by its newest version.
async fn of_callback(people: &People, id: &str) -> Vec<Try> {
    let get = evaluation::GetCallbackRequest { id: id.to_owned() };
    let version = people.callback().get_callback(get).await.unwrap().into_inner().version;
    let (id, at) = (|| id.to_owned(), "evaluation");
    let attempt = evaluation::RecordAttemptRequest {
        request_id: key(),
        id: id(),
        version,
        note: "无人接听".into(),
        ..Default::default()
    };
    let link = evaluation::IssueVerdictLinkRequest { request_id: key(), id: id(), version };
    let verdict = evaluation::RecordVerdictRequest {
        request_id: key(),
        id: id(),
        version,
        verdict: Some(evaluation::Verdict {
            contacted: true,
            satisfaction: evaluation::Satisfaction::Unsatisfied.into(),
            ..Default::default()
        }),
    };
    vec![
        of(at, "CallbackService/RecordAttempt", Role::Leader, &attempt),
        of(at, "CallbackService/IssueVerdictLink", Role::Leader, &link),
        of(at, "CallbackService/RecordVerdict", Role::Leader, &verdict),
    ]
}

/// What is asked of rounds.
async fn of_round(people: &People, ids: &Ids) -> Vec<Try> {
    let get = evaluation::GetRoundRequest { id: ids.round.clone() };
    let version = people.rounds().get_round(get).await.unwrap().into_inner().version;
    let list = evaluation::ListInterviewsRequest {
        district: DISTRICT.into(),
        round: ids.round.clone(),
        ..Default::default()
    };
    let interviews = people.rounds().list_interviews(list).await.unwrap().into_inner().interviews;
    let interview = interviews.into_iter().find(|it| it.id == ids.interview).unwrap();
    let day = |days| (system_now() + TimeDelta::days(days)).format("%Y-%m-%d").to_string();
    let at = "evaluation";
    let hand_out = evaluation::HandOutRequest {
        request_id: key(),
        id: ids.round.clone(),
        version,
        interviewers: vec![evaluation::Interviewer { unit: superior(), subject: String::new() }],
        interviews: vec![ids.interview.clone()],
    };
    let record = evaluation::RecordInterviewRequest {
        request_id: key(),
        id: interview.id,
        version: interview.version,
        outcome: evaluation::InterviewOutcome::Unreachable.into(),
        ..Default::default()
    };
    let close = evaluation::CloseRoundRequest { request_id: key(), id: ids.round.clone(), version };
    let begin = super::reach::beginning(&day(-1), &day(1));
    vec![
        of(at, "RoundService/BeginRound", Role::Leader, &begin),
        of(at, "RoundService/HandOut", Role::Leader, &hand_out),
        of(at, "RoundService/RecordInterview", Role::Leader, &record),
        of(at, "RoundService/CloseRound", Role::Leader, &close),
    ]
}

/// What is asked of the request.
fn of_request(request: &str) -> [Try; 2] {
    let (id, reason) = (|| request.to_owned(), || "已自行解决".to_owned());
    let withdraw = intake::WithdrawRequestRequest { request_id: key(), id: id(), reason: reason() };
    let forget = intake::ForgetReporterRequest { request_id: key(), id: id(), reason: reason() };
    [
        of("intake", "PrivacyService/ForgetReporter", Role::Desk, &forget),
        of("intake", "RequestService/WithdrawRequest", Role::Desk, &withdraw),
    ]
}

/// What is asked of the request and the case, which has no version.
fn of_request_and_case(ids: &Ids) -> Vec<Try> {
    let inspect = evaluation::RecordInspectionRequest {
        request_id: key(),
        case: ids.case.clone(),
        good: true,
        text: "办得很好".into(),
    };
    let open = evaluation::OpenInquiryRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID[..9].into(),
        unit: UNIT.into(),
        cases: vec![ids.case.clone()],
        question: "为何又堵上".into(),
    };
    let of_case = [
        of("evaluation", "DelegateService/RecordInspection", Role::Delegate, &inspect),
        of("evaluation", "InquiryService/OpenInquiry", Role::Delegate, &open),
    ];
    of_case.into_iter().chain(of_request(&ids.request)).collect()
}

/// Intake too has heard who had part in it.
async fn resolution_is_heard(people: &People, request: &str) {
    let get = intake::GetRequestRequest { id: request.to_owned() };
    let resolved = [intake::RequestState::Answering, intake::RequestState::Answered];
    eventually("the answer is owed or told", async || {
        let request = people.platform().get_request(get.clone()).await.ok()?.into_inner();
        resolved.contains(&request.state()).then_some(())
    })
    .await;
}

/// Before it is resolved too: somebody of the holder's who has only written a note, by another unit's token.
async fn refused_before_it_is_resolved(world: &World, people: &People, callers: &Callers) {
    let request = people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    let case = people.case_of(&request.number).await;
    let (request_id, id, version) = (key(), case.id.clone(), case.version);
    let accept = casework::AcceptCaseRequest { request_id, id, version };
    let case = people.staff(&case.holder).accept_case(accept).await.unwrap().into_inner();
    let note = casework::AddNoteRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        text: "已到现场".into(),
        public: true,
    };
    let noter = |unit: &str| Actor { who: "noter", unit: Some(unit.to_owned()), subject: "noter".into() };
    let note = of("casework", "CaseService/AddNote", Role::Officer, &note);
    ask(world, callers, &noter(&case.holder), &note).await.unwrap();
    let get = intake::GetRequestRequest { id: request.id.clone() };
    eventually("the note is heard", async || {
        let request = people.platform().get_request(get.clone()).await.ok()?.into_inner();
        request.progress.iter().any(|it| it.text == "已到现场").then_some(())
    })
    .await;
    for what in of_request(&request.id) {
        let refused = ask(world, callers, &noter("callbacks"), &what).await.expect_err(what.rpc);
        assert_eq!(reason(&refused), "OWN_WORK", "{}", what.rpc);
    }
}

/// Everything, as it stands now.
async fn tries(people: &People, ids: &Ids) -> Vec<Try> {
    let mut all = of_round(people, ids).await;
    all.extend(of_callback(people, &ids.callback).await);
    all.extend(of_request_and_case(ids));
    all
}

async fn ask(world: &World, callers: &Callers, by: &Actor, what: &Try) -> Result<(), Status> {
    let bearer = world.bench.bearer_of(&by.subject, what.role, by.unit.as_deref(), Some(DISTRICT));
    callers.call(what.service, &what.path(), &bearer, &what.message).await
}

/// A verdict of the life's callback that failed, and against which its unit appealed.
async fn appealed(people: &People, ids: &Ids) -> Try {
    let get = evaluation::GetCallbackRequest { id: ids.callback.clone() };
    let callback = people.callback().get_callback(get).await.unwrap().into_inner();
    let wire = people.wire("evaluation", Role::Desk, Some(&callback.unit), Some(&GRID[..9]));
    let lodge = evaluation::LodgeAppealRequest {
        request_id: key(),
        id: ids.callback.clone(),
        version: callback.version,
        ground: evaluation::AppealGround::Facts.into(),
        text: "当天已挪开".into(),
    };
    let mut appeals = evaluation::appeal_service_client::AppealServiceClient::new(wire);
    let version = appeals.lodge_appeal(lodge).await.unwrap().into_inner().version;
    let decide = evaluation::DecideAppealRequest {
        request_id: key(),
        id: ids.callback.clone(),
        version,
        upheld: true,
        decision: "属实".into(),
    };
    of("evaluation", "AppealService/DecideAppeal", Role::Leader, &decide)
}

async fn refused_to_all_who_had_part(world: &World, callers: &Callers, what: &Try) {
    for by in had_part() {
        let whose = format!("{} by the {}, {} of {:?}", what.rpc, by.who, by.subject, by.unit);
        let refused = ask(world, callers, &by, what).await.expect_err(&whose);
        let told = (refused.code(), reason(&refused));
        assert_eq!(told, (Code::PermissionDenied, "OWN_WORK".to_owned()), "{whose}");
    }
}

/// It is for a unit, says somebody by their own client; the route after it.
async fn correct(
    mut desk: RouteServiceClient<Wire>,
    request: &str,
    holder: &str,
    priority: Priority,
) -> Route {
    let get = GetRouteRequest { request: request.to_owned() };
    let correction = CorrectRouteRequest {
        request_id: key(),
        request: request.to_owned(),
        version: desk.get_route(get).await.unwrap().into_inner().version,
        reason: "该街道办".into(),
        holder: holder.to_owned(),
        priority: priority.into(),
        ..Default::default()
    };
    desk.correct_route(correction).await.unwrap().into_inner()
}

/// The holder's own desk names its street, and the case stays; so the street is what routing has decided. By the word of the district's desk it goes
/// there all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_its_holders_desk_gives_away_goes_by_somebody_elses_word() {
    let world = World::inside().await;
    let people = world.people();
    let request = people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    let case = people.case_of(&request.number).await;
    let street = format!("S-{}", &GRID[..9]);
    let own = RouteServiceClient::new(people.wire("routing", Role::Desk, Some(&case.holder), Some(GRID)));
    let corrected = correct(own.clone(), &request.id, &street, Priority::Urgent).await;
    assert_eq!(corrected.decision.as_ref().map(|it| it.holder.as_str()), Some(street.as_str()));
    let urgent = |case: &casework::Case| case.priority() == Priority::Urgent;
    assert!(!urgent(&case));
    let kept = people.case_when(&case.id, "is urgent", urgent).await;
    assert_eq!((kept.holder.as_str(), kept.state()), (case.holder.as_str(), casework::CaseState::Assigned));
    let again = correct(own, &request.id, &street, Priority::Unspecified).await;
    assert_eq!(again.version, corrected.version, "they have said so already");
    let told = correct(people.routing(Role::Desk), &request.id, &street, Priority::Unspecified).await;
    assert_eq!(told.decision.map(|it| it.holder), Some(street.clone()));
    people.case_when(&case.id, "is the street's", |case| case.holder == street).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_did_the_work_neither_judges_it_nor_takes_it_out_of_the_rates() {
    let world = World::inside().await;
    let (people, callers) = (world.people(), Callers::new(&world));
    let ids = Box::pin(life_and_round(&people)).await;
    refused_before_it_is_resolved(&world, &people, &callers).await;
    resolution_is_heard(&people, &ids.request).await;
    let all = tries(&people, &ids).await;
    let mut tried: BTreeSet<String> = all.iter().map(Try::path).collect();
    for what in &all {
        refused_to_all_who_had_part(&world, &callers, what).await;
    }
    // Nothing has changed by it, and whoever had no part does each of them, one after the other.
    let mut by = others().into_iter().cycle();
    for n in 0..all.len() {
        let now = tries(&people, &ids).await.swap_remove(n);
        let by = by.next().unwrap();
        let done = ask(&world, &callers, &by, &now).await;
        assert!(done.is_ok(), "{} {}: {done:?}", now.rpc, by.who);
    }
    let what = appealed(&people, &ids).await;
    refused_to_all_who_had_part(&world, &callers, &what).await;
    // Nor whoever took the verdict.
    let another = Actor { who: "another", unit: None, subject: "another".to_owned() };
    ask(&world, &callers, &another, &what).await.unwrap();
    tried.insert(what.path());
    let listed = commands().into_iter().filter(|(_, own)| *own == Own::Tried).map(|(path, _)| path);
    assert_eq!(tried, listed.collect::<BTreeSet<_>>(), "what is listed as tried here is tried here");
}

/// Every row, by its whole path.
fn commands() -> BTreeMap<String, Own> {
    let mut rows = BTreeMap::new();
    let all = [("intake", INTAKE), ("routing", ROUTING), ("casework", CASEWORK), ("evaluation", EVALUATION)];
    for (service, of) in all {
        for (rpc, own) in of {
            let path = format!("/huying.{service}.v1.{rpc}");
            assert!(rows.insert(path, *own).is_none(), "{rpc} has two rows");
        }
    }
    rows
}

/// Whether a message asks for something to be done: it names its request.
fn asks(set: &FileDescriptorSet, message: &str) -> bool {
    let of = |file: &prost_types::FileDescriptorProto| {
        let name = message.strip_prefix(&format!(".{}.", file.package()))?.to_owned();
        let found = file.message_type.iter().find(|it| it.name() == name)?;
        Some(found.field.iter().any(|field| field.name() == "request_id"))
    };
    set.file.iter().find_map(of).unwrap_or_default()
}

/// Whether a test stands in its file.
fn stands((file, test): Test) -> bool {
    let text = fs::read_to_string(root().join(file)).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines.windows(2).any(|two| {
        let is_test = two[0] == "#[test]" || two[0].starts_with("#[tokio::test");
        is_test && two[1].trim_start_matches("async ").starts_with(&format!("fn {test}()"))
    })
}

#[test]
fn every_command_says_what_holds_for_those_who_did_the_work() {
    let set = FileDescriptorSet::decode(DESCRIPTORS).unwrap();
    let mut there = BTreeSet::new();
    for file in &set.file {
        for service in &file.service {
            let commands = service.method.iter().filter(|method| asks(&set, method.input_type()));
            let path = |method: &str| format!("/{}.{}/{method}", file.package(), service.name());
            there.extend(commands.map(|method| path(method.name())));
        }
    }
    let rows = commands();
    let listed: BTreeSet<String> = rows.keys().cloned().collect();
    let missing: Vec<_> = there.difference(&listed).collect();
    assert!(
        missing.is_empty(),
        "who did the work must not look better by these: say so in own_work/table.rs: {missing:?}"
    );
    let idle: Vec<_> = listed.difference(&there).collect();
    assert!(idle.is_empty(), "rows for no command: {idle:?}");
    for (path, own) in rows {
        match own {
            Own::TriedIn(test) | Own::Holders(test) | Own::Kept(test) => {
                assert!(stands(test), "{path}: there is no such test: {test:?}");
            }
            Own::Harmless(why) => assert!(!why.is_empty(), "{path}"),
            Own::Tried => {}
        }
    }
}
