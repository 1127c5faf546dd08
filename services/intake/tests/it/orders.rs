//! An order is known by its door's own number: by district, channel, source and number. The same one again gets the first answer,
//! another under the same number is refused, and a recalled one is taken anew.

use huying_chassis::auth::{Claims, Role};
use huying_proto::intake::v1::{self as pb, request_service_client::RequestServiceClient};
use huying_testing::{Bearer, reason, wire};
use tonic::Code;
use uuid::Uuid;

use super::support::{DISTRICT, Town, call};

fn order(source: &str, content: &str) -> pb::SubmitRequestRequest {
    pb::SubmitRequestRequest {
        channel: pb::Channel::FromAbove.into(),
        source: source.into(),
        external_id: "1001".into(),
        content: content.into(),
        ..call()
    }
}

#[tokio::test]
async fn two_sources_may_use_the_same_number() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let one =
        officer.submit_request(order("市长热线", "路灯不亮")).await.unwrap().into_inner().request.unwrap();
    let other =
        officer.submit_request(order("数字城管", "井盖丢失")).await.unwrap().into_inner().request.unwrap();
    assert_ne!(one.number, other.number);
    assert_eq!(other.content, "井盖丢失");
    assert_eq!(town.written().await, (2, 2));
}

#[tokio::test]
async fn the_same_number_with_other_content_is_refused_and_names_the_first() {
    use tonic_types::StatusExt as _;

    let town = Town::open().await;
    let mut officer = town.officer();
    let first = officer.submit_request(order("市长热线", "路灯不亮")).await.unwrap().into_inner();
    let again = officer.submit_request(order("市长热线", "路灯不亮")).await.unwrap().into_inner();
    assert_eq!(again, first, "another command, the same order");
    let refused = officer.submit_request(order("市长热线", "燃气泄漏，有人受伤")).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::AlreadyExists, "ORDER_CHANGED"));
    let info = refused.get_details_error_info().unwrap();
    assert_eq!(info.metadata["number"], first.request.unwrap().number);
    assert_eq!(town.written().await, (1, 1));
}

/// Whoever tries who could have made an order is told the same of everybody.
#[tokio::test]
async fn attack_33_an_order_sent_again_does_not_say_who_made_it() {
    let town = Town::open().await;
    town.officer().submit_request(order("市长热线", "路灯不亮")).await.unwrap();
    let bearer = town.bench.bearer_of("officer-9", Role::Officer, Some("G-9"), Some("990101001001001"));
    let mut other = RequestServiceClient::new(wire(town.address, bearer));
    for phone in ["13800138000", "13900139000"] {
        let reporter = pb::Reporter { phone: phone.into(), ..call().reporter.unwrap() };
        let tried =
            pb::SubmitRequestRequest { reporter: Some(reporter), ..order("市长热线", "路灯不亮") };
        assert_eq!(reason(&other.submit_request(tried).await.unwrap_err()), "ORDER_CHANGED", "{phone}");
    }
}

/// Who sent an order named its reporter themselves, also where they may not speak to them: sent again, it has its first answer.
#[tokio::test]
async fn an_order_sent_again_by_who_sent_it_has_its_first_answer() {
    let town = Town::open().await;
    let desk = |subject: &str| {
        let bearer = town.bench.bearer_of(subject, Role::Desk, None, Some(DISTRICT));
        RequestServiceClient::new(wire(town.address, bearer))
    };
    let hides = Some(pb::Order { confidential: true, ..Default::default() });
    let hidden =
        || pb::SubmitRequestRequest { order: hides.clone(), ..order("市长热线", "路灯不亮") };
    let first = desk("desk-1").submit_request(hidden()).await.unwrap().into_inner();
    assert_eq!(desk("desk-1").submit_request(hidden()).await.unwrap().into_inner(), first);
    let reporter = pb::Reporter { phone: "13900139000".into(), ..call().reporter.unwrap() };
    let changed = pb::SubmitRequestRequest { reporter: Some(reporter), ..hidden() };
    for (subject, sent) in [("desk-1", changed), ("desk-2", hidden())] {
        let refused = desk(subject).submit_request(sent).await.unwrap_err();
        assert_eq!(reason(&refused), "ORDER_CHANGED", "{subject}");
    }
    assert_eq!(town.written().await, (1, 1));
}

/// It comes to the database as a value, never as a part of a statement.
#[tokio::test]
async fn attack_46_what_means_something_to_a_database_is_kept_as_it_came() {
    const TEXT: &str =
        r#"'; drop table request; -- \'); select pg_sleep(60); %_$1 $$ E'\x00' "} || '{"a":"\u0041""#;
    const NUMBER: &str = r"1' or '1'='1'; -- \ %_$1";
    let town = Town::open().await;
    let mut officer = town.officer();
    let location = huying_proto::common::v1::Location { address: TEXT.into(), ..call().location.unwrap() };
    let submit = pb::SubmitRequestRequest {
        external_id: NUMBER.into(),
        location: Some(location),
        ..order("市长热线", TEXT)
    };
    let taken = officer.submit_request(submit).await.unwrap().into_inner().request.unwrap();
    officer.submit_request(order("市长热线", "路灯不亮")).await.unwrap();
    let read =
        officer.get_request(pb::GetRequestRequest { id: taken.id.clone() }).await.unwrap().into_inner();
    assert_eq!((read.content.as_str(), read.external_id.as_str()), (TEXT, NUMBER));
    assert_eq!(read.location.unwrap().address, TEXT);
    for (external_id, found) in [(NUMBER, 1), ("' or '1' = '1", 0), ("%", 0)] {
        let list = pb::ListRequestsRequest {
            district: DISTRICT.into(),
            external_id: external_id.into(),
            ..Default::default()
        };
        let listed = officer.list_requests(list).await.unwrap().into_inner().requests;
        assert_eq!(listed.len(), found, "{external_id}");
    }
    assert_eq!(town.written().await, (2, 2));
}

#[tokio::test]
async fn a_recalled_order_sent_again_is_a_new_request() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let first =
        officer.submit_request(order("市长热线", "路灯不亮")).await.unwrap().into_inner().request.unwrap();
    let withdraw = pb::WithdrawRequestRequest {
        request_id: Uuid::now_v7().to_string(),
        id: first.id.clone(),
        reason: "误派".into(),
    };
    officer.withdraw_request(withdraw).await.unwrap();
    let second =
        officer.submit_request(order("市长热线", "路灯不亮")).await.unwrap().into_inner().request.unwrap();
    assert_ne!(second.id, first.id);
    assert_eq!(second.state(), pb::RequestState::Submitted);
    // From now on it is the second that the number stands for.
    let again =
        officer.submit_request(order("市长热线", "路灯不亮")).await.unwrap().into_inner().request.unwrap();
    assert_eq!(again.id, second.id);
    let refused = officer.submit_request(order("市长热线", "井盖丢失")).await.unwrap_err();
    assert_eq!(reason(&refused), "ORDER_CHANGED");
}

/// A platform's numbers are its own: another platform's identical one is another order.
#[tokio::test]
async fn two_platforms_may_use_the_same_number() {
    let town = Town::open().await;
    let platform = |subject: &str| {
        let claims = Claims::new(subject, [Role::Platform]).area(DISTRICT).doors(["hotline"]);
        RequestServiceClient::new(wire(town.address, Bearer(Some(town.bench.token(&claims)))))
    };
    let hotline = |content: &str| pb::SubmitRequestRequest {
        channel: pb::Channel::Hotline.into(),
        external_id: "12345-7".into(),
        content: content.into(),
        ..call()
    };
    let mut numbers = Vec::new();
    for (subject, content) in [("platform-a", "路灯不亮"), ("platform-b", "井盖丢失")] {
        let receipt = platform(subject).submit_request(hotline(content)).await.unwrap().into_inner();
        numbers.push(receipt.request.unwrap().number);
    }
    assert_ne!(numbers[0], numbers[1]);
}

/// One request id is one command: other content under it is refused, and another caller may use the same id.
#[tokio::test]
async fn a_request_id_is_good_for_one_submission() {
    let town = Town::open().await;
    let once = call();
    let first = town.officer().submit_request(once.clone()).await.unwrap().into_inner().request.unwrap();
    let other = pb::SubmitRequestRequest { content: "燃气泄漏".into(), ..once.clone() };
    let refused = town.officer().submit_request(other.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "REQUEST_ID_REUSED");
    let mut desk = town.client(Role::Desk, Some("D-1"), Some(DISTRICT));
    let taken = desk.submit_request(other).await.unwrap().into_inner().request.unwrap();
    assert_ne!(taken.number, first.number);
    assert_eq!(town.written().await, (2, 2));
}

/// On a day that the log came to another cluster, numbers go on far above those that may have been given there.
#[tokio::test]
async fn numbers_leave_a_gap_where_the_log_came_to_another_cluster() {
    let town = Town::open().await;
    let mut officer = town.officer();
    let before = officer.submit_request(call()).await.unwrap().into_inner().request.unwrap().number;
    sqlx::query("update epoch set raised_at = clock_timestamp()").execute(&town.pool().await).await.unwrap();
    // A run of numbers that was taken before is used up first.
    let mut given = Vec::new();
    for _ in 0..3 {
        given.push(officer.submit_request(call()).await.unwrap().into_inner().request.unwrap().number);
    }
    let sequence = |number: &str| number.rsplit('-').next().unwrap().parse::<i64>().unwrap();
    let (last, seconds) = (sequence(given.last().unwrap()), seconds_of_the_day(&town).await);
    assert!(sequence(&before) == 1 && (10 * (seconds - 60)..=10 * seconds + 3).contains(&last), "{given:?}");
}

async fn seconds_of_the_day(town: &Town) -> i64 {
    sqlx::query_scalar(
        "select extract(epoch from (clock_timestamp() at time zone 'Asia/Shanghai')::time)::bigint",
    )
    .fetch_one(&town.pool().await)
    .await
    .unwrap()
}
