//! 回访 by whoever took the request, across services: evaluation asks intake who that was, and only then.

use huying_chassis::auth::{CITY, Claims, Role};
use huying_proto::{
    casework::v1 as casework,
    evaluation::v1::{
        self as evaluation, CallbackBy, CallbackState, appeal_service_client::AppealServiceClient,
        callback_service_client::CallbackServiceClient, profile_service_client::ProfileServiceClient,
    },
    intake::v1 as intake,
};
use huying_testing::{Bearer, Wire, eventually, reason, wire};
use huying_tests::{
    People, World,
    people::{DISTRICT, GRID},
    world::key,
};
use tonic::{Code, Status};

type Callbacks = CallbackServiceClient<Wire>;

/// A callback client by whoever these claims are.
fn by(world: &World, claims: Claims) -> Callbacks {
    Callbacks::new(wire(world.address("evaluation"), Bearer(Some(world.bench.token(&claims)))))
}

/// Somebody of a unit.
fn officer(world: &World, unit: &str) -> Callbacks {
    let area = huying_tests::people::area_of(unit);
    by(world, Claims::new("officer", [Role::Officer]).unit(unit).area(area))
}

/// Resolved by the grid that holds it.
async fn resolved(people: &People, number: &str) -> casework::Case {
    let case = people.case_of(number).await;
    let (id, version) = (case.id.clone(), case.version);
    let mut grid = people.staff(&case.holder);
    let accept = casework::AcceptCaseRequest { request_id: key(), id, version };
    let case = grid.accept_case(accept).await.unwrap().into_inner();
    let resolve = casework::ResolveCaseRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        answer: "已联系车主，车辆已挪开".into(),
        handling: None,
    };
    grid.resolve_case(resolve).await.unwrap().into_inner()
}

async fn callback_of(people: &People, case: &casework::Case) -> evaluation::Callback {
    let list = evaluation::ListCallbacksRequest {
        district: DISTRICT.into(),
        case: case.id.clone(),
        ..Default::default()
    };
    eventually("the callback is open", async || {
        people.callback().list_callbacks(list.clone()).await.ok()?.into_inner().callbacks.pop()
    })
    .await
}

fn of_request(request: &str) -> evaluation::ListCallbacksRequest {
    let (district, request) = (DISTRICT.to_owned(), request.to_owned());
    evaluation::ListCallbacksRequest { district, request, ..Default::default() }
}

fn judging(it: &evaluation::Callback, solved: bool) -> evaluation::RecordVerdictRequest {
    let verdict = evaluation::Verdict {
        contacted: true,
        solved,
        satisfaction: evaluation::Satisfaction::Satisfied.into(),
        ..Default::default()
    };
    let (request_id, id, version) = (key(), it.id.clone(), it.version);
    evaluation::RecordVerdictRequest { request_id, id, version, verdict: Some(verdict) }
}

fn told<T: std::fmt::Debug>(answer: Result<T, Status>) -> (Code, String) {
    let status = answer.unwrap_err();
    (status.code(), reason(&status))
}

/// A platform calls its own callers back, and says so; what others sent is not there for it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_39_a_platform_records_what_its_own_callers_say() {
    let world = World::inside().await;
    let people = world.people();
    let sent = people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    let case = resolved(&people, &sent.number).await;
    let callback = callback_of(&people, &case).await;
    assert_eq!(callback.request, sent.id);
    let platform = |subject: &str| Claims::new(subject, [Role::Platform]).area(DISTRICT);
    let absent = (Code::NotFound, "NOT_FOUND".to_owned());

    let get = || evaluation::GetCallbackRequest { id: callback.id.clone() };
    // Another platform of the same district; and the same one where it may send nothing.
    for claims in
        [platform("another-platform"), Claims::new("test-platform", [Role::Platform]).area("420103")]
    {
        let mut foreign = by(&world, claims);
        assert_eq!(told(foreign.get_callback(get()).await), absent);
        assert_eq!(told(foreign.record_verdict(judging(&callback, true)).await), absent);
    }
    let mut foreign = by(&world, platform("another-platform"));
    assert_eq!(told(foreign.list_callbacks(of_request(&sent.id)).await), absent);
    let nowhere = key();
    assert_eq!(told(foreign.list_callbacks(of_request(&nowhere)).await), absent, "as of none at all");

    let mut own = by(&world, platform("test-platform"));
    let listed = own.list_callbacks(of_request(&sent.id)).await.unwrap().into_inner().callbacks;
    assert_eq!(listed, std::slice::from_ref(&callback));
    assert_eq!(own.get_callback(get()).await.unwrap().into_inner(), callback);
    let again = evaluation::RecordAttemptRequest {
        request_id: key(),
        id: callback.id.clone(),
        version: callback.version,
        ..Default::default()
    };
    let tried = own.record_attempt(again).await.unwrap().into_inner();
    let judged = own.record_verdict(judging(&tried, true)).await.unwrap().into_inner();
    assert_eq!((judged.state(), judged.verdict.unwrap().by()), (CallbackState::Passed, CallbackBy::Platform));
    people.case_when(&case.id, "is struck off", |it| it.state() == casework::CaseState::Closed).await;
}

/// What a unit says against a verdict stays inside: whoever sent the request does not read it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appeal_is_not_told_to_a_platform() {
    let world = World::inside().await;
    let people = world.people();
    let sent = people.submit_until_taken(People::blocked_way()).await.request.unwrap();
    let case = resolved(&people, &sent.number).await;
    let callback = callback_of(&people, &case).await;
    let mut own = by(&world, Claims::new("test-platform", [Role::Platform]).area(DISTRICT));
    let failed = own.record_verdict(judging(&callback, false)).await.unwrap().into_inner();
    let holder = Claims::new("officer", [Role::Officer]).unit(&*case.holder);
    let holder = holder.area(huying_tests::people::area_of(&case.holder));
    let bearer = Bearer(Some(world.bench.token(&holder)));
    let mut appeals = AppealServiceClient::new(wire(world.address("evaluation"), bearer));
    let lodge = evaluation::LodgeAppealRequest {
        request_id: key(),
        id: failed.id.clone(),
        version: failed.version,
        ground: evaluation::AppealGround::Facts.into(),
        text: "当天已到场，有照片".into(),
    };
    let lodged = appeals.lodge_appeal(lodge).await.unwrap().into_inner();
    assert_eq!(lodged.appeal.unwrap().text, "当天已到场，有照片");
    let get = evaluation::GetCallbackRequest { id: failed.id.clone() };
    let told = own.get_callback(get.clone()).await.unwrap().into_inner();
    let listed = own.list_callbacks(of_request(&sent.id)).await.unwrap().into_inner().callbacks;
    assert_eq!((told.version, told.appeal.as_ref(), listed), (lodged.version, None, vec![told.clone()]));
    let inside = people.callback().get_callback(get).await.unwrap().into_inner();
    assert!(inside.appeal.is_some());
}

/// Who took the call asks how it went, where the place lets it, and never about its own work.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_first_contact_asks_where_the_place_lets_it() {
    let world = World::inside().await;
    let people = world.people();
    let community = format!("C-{}", &GRID[..12]);
    let visited =
        intake::SubmitRequestRequest { channel: intake::Channel::HomeVisit.into(), ..People::blocked_way() };
    let taken = async || {
        let request = intake::SubmitRequestRequest { request_id: key(), ..visited.clone() };
        let mut first = people.intake(Role::Officer, &community);
        first.submit_request(request).await.unwrap().into_inner().request.unwrap()
    };
    // The centre asks here.
    let request = taken().await;
    let case = resolved(&people, &request.number).await;
    let callback = callback_of(&people, &case).await;
    let mut first = officer(&world, &community);
    let refused = told(first.record_verdict(judging(&callback, true)).await);
    assert_eq!(refused, (Code::PermissionDenied, "NOT_ASKING".to_owned()));
    let listed = first.list_callbacks(of_request(&request.id)).await.unwrap().into_inner().callbacks;
    assert_eq!(listed, [callback], "and sees how its caller is asked");

    let rules = world.profile.evaluation.callbacks.clone().unwrap();
    let by_first = CallbackBy::FirstContact.into();
    let profile = evaluation::EvaluationProfile {
        callbacks: Some(evaluation::CallbackRules { by: by_first, ..rules }),
        ..world.profile.evaluation.clone()
    };
    let apply = evaluation::ApplyProfileRequest { request_id: key(), profile: Some(profile), dry_run: false };
    let operator = world.bench.bearer(Role::Operator, None, Some(CITY));
    ProfileServiceClient::new(wire(world.address("evaluation"), operator))
        .apply_profile(apply)
        .await
        .unwrap();

    let request = taken().await;
    let case = resolved(&people, &request.number).await;
    let callback = callback_of(&people, &case).await;
    assert_eq!(callback.by(), CallbackBy::FirstContact);
    let mut holder = officer(&world, &case.holder);
    let own = told(holder.record_verdict(judging(&callback, true)).await);
    assert_eq!(own, (Code::PermissionDenied, "OWN_WORK".to_owned()));
    let mut other = officer(&world, "C-420102003005");
    let absent = told(other.record_verdict(judging(&callback, true)).await);
    assert_eq!(absent, (Code::NotFound, "NOT_FOUND".to_owned()));
    let judged = first.record_verdict(judging(&callback, false)).await.unwrap().into_inner();
    let said = judged.verdict.clone().unwrap();
    assert_eq!((judged.state(), said.by()), (CallbackState::Failed, CallbackBy::FirstContact));
    people.case_when(&case.id, "is worked on again", |it| it.attempt == 2).await;
}
