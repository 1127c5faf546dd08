//! Who calls is sealed wherever it is kept, and can be forgotten: everything else goes on.

use huying_chassis::{
    auth::{CITY, Role},
    seal::add_key,
};
use huying_proto::{
    intake::v1::{self as pb, privacy_service_client::PrivacyServiceClient},
    log::v1::{VerifyLogRequest, log_service_client::LogServiceClient},
};
use huying_testing::{Wire, eventually, reason, wire};
use tonic::Code;
use uuid::Uuid;

use super::support::{DISTRICT, Town, call};

/// What stands nowhere: as given, and in normal form.
const CANARIES: [&str; 6] =
    ["赵钱孙李", "13812345678", "周吴郑王", "13987654321", "乾坤巷九十九号", "千里传音"];

fn told() -> pb::SubmitRequestRequest {
    let reporter = pb::Reporter {
        name: CANARIES[0].into(),
        phone: CANARIES[1].into(),
        on_behalf_of: CANARIES[5].into(),
        address: CANARIES[4].into(),
        ..Default::default()
    };
    pb::SubmitRequestRequest { reporter: Some(reporter), ..call() }
}

pub fn privacy(town: &Town, role: Role, area: &str) -> PrivacyServiceClient<Wire> {
    PrivacyServiceClient::new(wire(town.address, town.bench.bearer(role, None, Some(area))))
}

pub fn forgetting(id: &str) -> pb::ForgetReporterRequest {
    pb::ForgetReporterRequest {
        request_id: Uuid::now_v7().to_string(),
        id: id.into(),
        reason: "本人要求".into(),
    }
}

async fn submit(town: &Town, request: pb::SubmitRequestRequest) -> (pb::Request, String) {
    let taken = town.officer().submit_request(request).await.unwrap().into_inner();
    (taken.request.unwrap(), taken.tracking_token)
}

async fn join(town: &Town, id: &str) -> pb::JoinRequestResponse {
    let reporter = pb::Reporter { name: CANARIES[2].into(), phone: CANARIES[3].into(), ..Default::default() };
    let request_id = Uuid::now_v7().to_string();
    let join = pb::JoinRequestRequest {
        request_id,
        id: id.into(),
        reporter: Some(reporter),
        content: String::new(),
    };
    town.officer().join_request(join).await.unwrap().into_inner()
}

/// Every row of every table of the database, as text.
pub async fn everything(town: &Town) -> String {
    huying_testing::everything::rows(&town.pool().await).await
}

/// Each kind's log is chained as it was, and gives its rows.
pub async fn verified(town: &Town, kinds: &[&str]) {
    for kind in kinds {
        let operator = wire(town.address, town.bench.bearer(Role::Operator, None, Some(CITY)));
        let verify = VerifyLogRequest { kind: (*kind).into(), ..Default::default() };
        let found = LogServiceClient::new(operator).verify_log(verify).await.unwrap().into_inner();
        assert!(found.checked > 0 && found.faults.is_empty(), "{kind}: {:?}", found.faults);
    }
}

async fn get(town: &Town, id: &str) -> Result<pb::Request, tonic::Status> {
    let get = pb::GetRequestRequest { id: id.into() };
    Ok(town.officer().get_request(get).await?.into_inner())
}

#[tokio::test]
async fn attack_72_who_calls_and_their_secrets_stand_nowhere_in_the_clear() {
    let town = Town::open().await;
    let (request, token) = submit(&town, told()).await;
    let joined = join(&town, &request.id).await;
    let kept = everything(&town).await;
    for canary in CANARIES.into_iter().chain([token.as_str(), joined.tracking_token.as_str()]) {
        assert!(!kept.contains(canary), "{canary} is kept as it is");
    }
    let metrics = huying_chassis::telemetry::metrics_text();
    assert!(!CANARIES.iter().any(|canary| metrics.contains(canary)));

    let seen = town.reporter(&request.id).await;
    let phone = format!("+86{}", CANARIES[1]);
    assert_eq!((seen.name.as_str(), seen.phone), (CANARIES[0], phone));
    assert!(!everything(&town).await.contains(CANARIES[0]), "nor is what was read");
    let list = pb::ListRequestsRequest { district: DISTRICT.into(), ..Default::default() };
    let listed = town.officer().list_requests(list).await.unwrap().into_inner().requests;
    let listed = listed[0].reporter.as_ref().unwrap();
    assert_eq!((listed.address.as_str(), listed.name.as_str()), (CANARIES[4], "赵**"));
    verified(&town, &["request"]).await;
}

#[tokio::test]
async fn a_reporter_is_forgotten_and_all_else_goes_on() {
    let town = Town::open().await;
    let hotline = pb::SubmitRequestRequest {
        channel: pb::Channel::Hotline.into(),
        external_id: "12345-9".into(),
        ..told()
    };
    let (request, token) = submit(&town, hotline.clone()).await;
    join(&town, &request.id).await;
    let mut desk = privacy(&town, Role::Desk, DISTRICT);
    let forget = forgetting(&request.id);
    let done = desk.forget_reporter(forget.clone()).await.unwrap().into_inner();
    assert_eq!(desk.forget_reporter(forget).await.unwrap().into_inner(), done, "the same command again");
    let again = privacy(&town, Role::Operator, CITY).forget_reporter(forgetting(&request.id)).await.unwrap();
    assert_eq!(again.into_inner(), done, "twice is the same as once");

    let seen = get(&town, &request.id).await.unwrap();
    assert_eq!(seen.forget_time, done.forget_time);
    assert_eq!(seen.reporter.unwrap(), pb::Reporter { kind: 1, ..Default::default() });
    let mut persons = town.persons(Role::Officer, Some("G-1"), Some("990101001001001"));
    let refused = persons.get_reporter(pb::GetReporterRequest { id: request.id.clone() }).await;
    assert_eq!(reason(&refused.unwrap_err()), "FORGOTTEN");
    let (keys,): (i64,) =
        sqlx::query_as("select count(*) from data_key").fetch_one(&town.pool().await).await.unwrap();
    assert_eq!(keys, 0, "keys and hashes are gone");
    verified(&town, &["request"]).await;

    // It is tracked, answered and sent again as before.
    let track = pb::TrackRequestRequest { number: request.number.clone(), tracking_token: token.clone() };
    town.stranger().track_request(track).await.unwrap();
    let same = pb::SubmitRequestRequest { request_id: Uuid::now_v7().to_string(), ..hotline };
    let (taken, same_token) = submit(&town, same).await;
    assert_eq!((taken.id, same_token), (request.id.clone(), token));
    // The phone calls again as one that nobody knows, and whoever joins leaves nothing.
    let (other, _) = submit(&town, told()).await;
    assert_eq!(other.repeats, 0);
    assert_eq!(join(&town, &request.id).await.joined, 2);
    let (keys,): (i64,) = sqlx::query_as("select count(*) from data_key where aggregate = $1")
        .bind(request.id.parse::<Uuid>().unwrap())
        .fetch_one(&town.pool().await)
        .await
        .unwrap();
    assert_eq!(keys, 0, "nothing is kept of who joins later");
}

#[tokio::test]
async fn only_who_governs_the_district_forgets_and_only_the_city_rotates() {
    let town = Town::open().await;
    let (request, _) = submit(&town, told()).await;
    for area in ["990102", "990101001"] {
        let refused = privacy(&town, Role::Desk, area).forget_reporter(forgetting(&request.id)).await;
        assert_eq!(reason(&refused.unwrap_err()), "NOT_FOUND", "{area}");
    }
    let officer = privacy(&town, Role::Officer, DISTRICT).forget_reporter(forgetting(&request.id)).await;
    assert_eq!(officer.unwrap_err().code(), Code::PermissionDenied);
    let rotate = privacy(&town, Role::Operator, DISTRICT).rotate_keys(pb::RotateKeysRequest::default()).await;
    assert_eq!(reason(&rotate.unwrap_err()), "OUTSIDE_AREA");
    let empty = pb::ForgetReporterRequest { reason: String::new(), ..forgetting(&request.id) };
    let refused = privacy(&town, Role::Desk, DISTRICT).forget_reporter(empty).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    assert!(get(&town, &request.id).await.unwrap().reporter.is_some_and(|it| !it.name.is_empty()));
}

#[tokio::test]
async fn attack_68_a_ciphertext_moved_to_another_row_is_lost_data() {
    let town = Town::open().await;
    let (victim, _) = submit(&town, told()).await;
    let (own, _) = submit(&town, call()).await;
    let pool = town.pool().await;
    let id = |request: &pb::Request| request.id.parse::<Uuid>().unwrap();
    let moved = "update request set body = jsonb_set(body, '{reporter}', (select body -> 'reporter' from request where id = $1)) where id = $2";
    sqlx::query(moved).bind(id(&victim)).bind(id(&own)).execute(&pool).await.unwrap();
    let refused = get(&town, &own.id).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::DataLoss, "SEAL_BROKEN"));

    // With its key beside it, too.
    let key = "insert into data_key select $2, id, kek, wrapped, null from data_key where aggregate = $1";
    sqlx::query(key).bind(id(&victim)).bind(id(&own)).execute(&pool).await.unwrap();
    let refused = get(&town, &own.id).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::DataLoss, "SEAL_BROKEN"));
    assert!(!refused.message().contains(CANARIES[0]));
    let metrics = huying_chassis::telemetry::metrics_text();
    let counted = metrics.lines().find(|line| line.starts_with("huying_seal_refused_total"));
    assert!(counted.is_some_and(|line| !line.ends_with(" 0")), "{metrics}");

    // Others are listed, and it without who called.
    let list = pb::ListRequestsRequest { district: DISTRICT.into(), ..Default::default() };
    let listed = town.officer().list_requests(list).await.unwrap().into_inner().requests;
    let of = |wanted: &pb::Request| listed.iter().find(|it| it.id == wanted.id).unwrap().reporter.is_some();
    assert!(of(&victim) && !of(&own));
}

#[tokio::test]
async fn keys_rotate_and_an_old_one_can_go() {
    let town = Town::open().await;
    let mut requests = Vec::new();
    for _ in 0..5 {
        requests.push(submit(&town, told()).await.0);
    }
    let mut operator = privacy(&town, Role::Operator, CITY);
    let before = operator.list_keys(pb::ListKeysRequest {}).await.unwrap().into_inner();
    assert_eq!((before.names.len(), &before.used), (1, &before.names));
    let newest = add_key(&town.bench.keys()).unwrap();
    eventually("the file is read again", async || {
        let names = operator.clone().list_keys(pb::ListKeysRequest {}).await.unwrap().into_inner().names;
        (names.first() == Some(&newest)).then_some(())
    })
    .await;
    let step = |page_token| pb::RotateKeysRequest { at_most: 3, page_token };
    let first = operator.rotate_keys(step(String::new())).await.unwrap().into_inner();
    assert_eq!((first.rewrapped, &first.left, &first.newest), (3, &before.names, &newest));
    let second = operator.rotate_keys(step(first.next_page_token)).await.unwrap().into_inner();
    assert_eq!((second.rewrapped, second.left.len()), (2, 0), "it goes on where it was");
    assert_eq!((second.next_page_token.as_str(), second.unopened, second.missing.len()), ("", 0, 0));
    let after = operator.list_keys(pb::ListKeysRequest {}).await.unwrap().into_inner();
    assert_eq!(after.used, [newest], "the old one wraps nothing");
    for request in &requests {
        assert_eq!(town.reporter(&request.id).await.name, CANARIES[0]);
    }
}

/// What builds before kept in the clear is read on, tracked by its token, and not said to be forgotten.
#[tokio::test]
async fn what_was_kept_in_the_clear_is_read_on() {
    let town = Town::open().await;
    let (request, _) = submit(&town, told()).await;
    let clear = serde_json::json!({ "kind": "resident", "name": CANARIES[0], "phone": format!("+86{}", CANARIES[1]) });
    sqlx::query("update request set body = body || jsonb_build_object('reporter', $2::jsonb, 'tracking_token', 'c2VjcmV0') where id = $1")
        .bind(request.id.parse::<Uuid>().unwrap())
        .bind(clear)
        .execute(&town.pool().await)
        .await
        .unwrap();
    assert_eq!(town.reporter(&request.id).await.name, CANARIES[0]);
    let track = pb::TrackRequestRequest { number: request.number, tracking_token: "c2VjcmV0".into() };
    town.stranger().track_request(track).await.unwrap();
    let (again, _) = submit(&town, told()).await;
    assert_eq!(again.repeats, 1, "its phone is known");
    let refused = privacy(&town, Role::Desk, DISTRICT).forget_reporter(forgetting(&request.id)).await;
    assert_eq!(reason(&refused.unwrap_err()), "KEPT_IN_CLEAR");
}
