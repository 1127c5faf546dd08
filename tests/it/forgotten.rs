//! After a whole life nobody who called, joined, was visited, came to a forum or is to be spoken with stands anywhere in the clear: in no
//! table of any service and in no stream of NATS; nor, which `said` holds, in what services write down of themselves or answer. Forgetting
//! them changes nothing else.

mod said;

use huying_chassis::auth::Role;
use huying_proto::{
    casework::v1 as casework,
    intake::v1::{
        self as intake, person_service_client::PersonServiceClient,
        privacy_service_client::PrivacyServiceClient,
    },
    log::v1::VerifyLogRequest,
    routing::v1 as routing,
};
use huying_testing::{eventually, everything, reason};
use huying_tests::{
    People, SERVICES, World,
    people::{DISTRICT, GRID},
    world::key,
};

use super::reach::UNIT;

/// Who calls; for whom; who joins; who is visited; who comes; whom to speak with; whom an order names.
const NAMES: [&str; 7] = ["赵钱孙李", "千里传音", "周吴郑王", "朱秦尤许", "何吕施张", "冯陈褚卫", "蒋沈韩杨"];
const PHONES: [&str; 6] =
    ["13812345678", "13812345679", "13987654321", "13787654322", "13687654323", "13587654324"];
const ADDRESSES: [&str; 3] = ["乾坤巷九十九号", "坎离弄八十八号", "震巽里七十七号"];
/// What is kept, and so is found.
const SAID: &str = "请联系车主挪车";

fn reporter() -> intake::Reporter {
    intake::Reporter {
        name: NAMES[0].into(),
        phone: PHONES[0].into(),
        second_phone: PHONES[1].into(),
        on_behalf_of: NAMES[1].into(),
        address: ADDRESSES[0].into(),
        ..Default::default()
    }
}

/// A platform's call, which somebody joins.
async fn called(people: &People) -> intake::Request {
    let extensions = [("联系人".to_owned(), NAMES[6].to_owned())].into();
    let order = Some(intake::Order { extensions, ..Default::default() });
    let call = intake::SubmitRequestRequest { reporter: Some(reporter()), order, ..People::blocked_way() };
    let request = people.submit_until_taken(call).await.request.unwrap();
    let joiner =
        intake::Reporter { name: NAMES[2].into(), phone: PHONES[2].into(), ..intake::Reporter::default() };
    let (request_id, id, content) = (key(), request.id.clone(), "我家也出不去".into());
    let join = intake::JoinRequestRequest { request_id, id, reporter: Some(joiner), content };
    people.platform().join_request(join).await.unwrap();
    request
}

/// Its case is resolved by whoever holds it, who says with whom they spoke; and its reporter is content.
async fn worked(people: &People, number: &str) -> String {
    let case = people.case_of(number).await;
    // Whoever joined is on it.
    let case = people.case_when(&case.id, "is joined", |case| case.version >= 2).await;
    let mut staff = people.staff(&case.holder);
    let accept = casework::AcceptCaseRequest { request_id: key(), id: case.id, version: case.version };
    let case = staff.accept_case(accept).await.unwrap().into_inner();
    let handling = casework::Handling {
        contacted: Some(true),
        contact_name: NAMES[0].into(),
        contact_phone: PHONES[0].into(),
        ..Default::default()
    };
    let resolve = casework::ResolveCaseRequest {
        request_id: key(),
        id: case.id.clone(),
        version: case.version,
        answer: "已挪开".into(),
        handling: Some(handling),
    };
    staff.resolve_case(resolve).await.unwrap();
    people.verdict(&case.id, true).await;
    case.id
}

/// What a visit found.
async fn visited(people: &People) -> String {
    let visited = intake::Visited {
        name: NAMES[3].into(),
        contact: PHONES[3].into(),
        address: ADDRESSES[1].into(),
        ..Default::default()
    };
    let found = intake::Finding {
        kind: intake::FindingKind::Request.into(),
        content: "楼道灯不亮".into(),
        ..Default::default()
    };
    let record = intake::RecordVisitRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: intake::VisitedKind::Household.into(),
        visited: Some(visited),
        team: vec!["网格员".into()],
        findings: vec![found],
        ..Default::default()
    };
    let mut team = people.visits(&format!("G-{GRID}"));
    let visit = team.record_visit(record).await.unwrap().into_inner().visit.unwrap();
    visit.found[0].id.clone()
}

/// What was called for at a forum, where something was offered too.
async fn held(people: &People) -> intake::Forum {
    let came = intake::Participant {
        kind: intake::ParticipantKind::Resident.into(),
        name: NAMES[4].into(),
        unit: ADDRESSES[2].into(),
        phone: PHONES[4].into(),
    };
    let call = intake::ForumCall {
        participant: 1, content: "晚上没有地方停车".into(), ..Default::default()
    };
    let offer = intake::OfferContent {
        kind: intake::OfferKind::Service.into(),
        side: intake::OfferSide::ResidentUnit.into(),
        party: "某中学".into(),
        title: "开放操场".into(),
        contact: format!("{} {}", NAMES[5], PHONES[5]),
        ..Default::default()
    };
    let hold = intake::HoldForumRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID.into(),
        kind: intake::ForumKind::RoundTable.into(),
        place: "居民议事厅".into(),
        hold_time: Some(pbjson_types::Timestamp { seconds: 1_772_413_200, nanos: 0 }),
        host: UNIT.into(),
        participants: vec![came],
        calls: vec![call],
        offers: vec![offer],
        ..Default::default()
    };
    people.forums().hold_forum(hold).await.unwrap().into_inner()
}

/// What a life leaves.
struct Lived {
    request: intake::Request,
    case: String,
    /// What a visit found, by id.
    found: String,
    forum: intake::Forum,
}

/// All of them have to do with it, and it has come to every service.
async fn lived(people: &People) -> Lived {
    let request = called(people).await;
    let case = worked(people, &request.number).await;
    let (found, forum) = (visited(people).await, held(people).await);
    for request in [&found, &forum.requests[0].id] {
        let get = routing::GetRouteRequest { request: request.clone() };
        let leader = people.routing(Role::Leader);
        eventually("it is routed", async || leader.clone().get_route(get.clone()).await.ok()).await;
    }
    Lived { request, case, found, forum }
}

fn canaries() -> impl Iterator<Item = &'static str> {
    NAMES.into_iter().chain(PHONES).chain(ADDRESSES)
}

/// Nobody stands anywhere, and what was said does.
async fn stand_nowhere(world: &World, when: &str) {
    let mut kept = everything::files(&world.bench.dir.path().join("nats"));
    assert!(kept.contains(SAID), "{when}: the streams are read");
    for service in SERVICES {
        kept += &everything::rows(&world.pool(service).await).await;
    }
    for canary in canaries() {
        assert!(!kept.contains(canary), "{when}: {canary} is kept as it is");
    }
}

async fn verified(people: &People) {
    for (service, kinds) in [
        ("intake", &["request", "visit", "archive", "forum", "offer"][..]),
        ("routing", &["route"]),
        ("casework", &["case"]),
        ("evaluation", &["callback"]),
    ] {
        for kind in kinds {
            let verify = VerifyLogRequest { kind: (*kind).into(), ..Default::default() };
            let found = people.operator(service).verify_log(verify).await.unwrap().into_inner();
            assert!(found.checked > 0 && found.faults.is_empty(), "{kind}: {:?}", found.faults);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_72_whoever_has_to_do_with_a_life_stands_nowhere_in_the_clear_and_is_forgotten() {
    let world = World::inside().await;
    let people = world.people();
    let Lived { request, case, found, forum } = Box::pin(lived(&people)).await;
    stand_nowhere(&world, "before").await;

    let desk = || people.wire("intake", Role::Desk, None, Some(DISTRICT));
    for id in [&request.id, &found, &forum.requests[0].id] {
        let (request_id, reason) = (key(), "本人要求".into());
        let forget = intake::ForgetReporterRequest { request_id, id: id.clone(), reason };
        let done = PrivacyServiceClient::new(desk()).forget_reporter(forget).await.unwrap().into_inner();
        assert!(done.forget_time.is_some());
    }
    let mut persons = PersonServiceClient::new(desk());
    let of = intake::GetReporterRequest { id: request.id };
    assert_eq!(reason(&persons.get_reporter(of).await.unwrap_err()), "FORGOTTEN");
    let get = intake::GetParticipantsRequest { id: forum.id };
    let came = persons.get_participants(get).await.unwrap().into_inner().participants;
    let nobody = intake::Participant { kind: intake::ParticipantKind::Resident.into(), ..Default::default() };
    assert_eq!(came, [nobody]);
    let resolved = people.case(&case).await.unwrap();
    assert_eq!(resolved.handling.unwrap().contact_name, "赵**", "what was done goes on");
    stand_nowhere(&world, "after").await;
    verified(&people).await;
}
