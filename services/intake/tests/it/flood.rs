//! Who floods a door waits; all others get in, and nothing is half done.

use std::time::Duration;

use huying_chassis::auth::{Claims, Role};
use huying_proto::intake::v1::{self as pb, request_service_client::RequestServiceClient};
use huying_testing::{Bearer, Wire, reason, wire};
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
use uuid::Uuid;

use super::{
    card::{Cards, scan},
    support::{DISTRICT, Town, call, profile},
};

/// No hour that the test runs in ends before it does.
const RATE: pb::Rate = pb::Rate { minute: 3, hour: 3 };

fn platform(town: &Town, subject: &str) -> RequestServiceClient<Wire> {
    let claims = Claims::new(subject, [Role::Platform]).area(DISTRICT).doors(["online", "hotline"]);
    RequestServiceClient::new(wire(town.address, Bearer(Some(town.bench.token(&claims)))))
}

fn another() -> pb::SubmitRequestRequest {
    pb::SubmitRequestRequest { request_id: Uuid::now_v7().to_string(), ..call() }
}

fn is_told_when_to_come_again(refused: &Status) {
    assert_eq!((refused.code(), reason(refused).as_str()), (Code::ResourceExhausted, "TOO_MANY_REQUESTS"));
    let after = refused.get_details_retry_info().unwrap().retry_delay.unwrap();
    assert!(after > Duration::ZERO && after <= Duration::from_secs(3600), "{after:?}");
}

async fn numbers(town: &Town) -> i64 {
    sqlx::query_scalar("select coalesce(sum(next), 0)::int8 from number")
        .fetch_one(&town.pool().await)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flooding_platform_waits_and_all_others_get_in() {
    let town = Town::open().await;
    let mut rules = profile();
    rules.channels[0].rate = Some(RATE);
    town.apply(rules).await;
    let mut flooding = platform(&town, "flooding");
    let mut first = None;
    let mut refused = None;
    // More than twice what an hour takes: also where another hour begins meanwhile.
    for _ in 0..8 {
        let request = another();
        match flooding.submit_request(request.clone()).await {
            Ok(taken) => first = first.or(Some((request, taken.into_inner()))),
            Err(status) => refused = Some(status),
        }
    }
    is_told_when_to_come_again(&refused.unwrap());
    let (request, taken) = first.unwrap();
    let before = (town.written().await, numbers(&town).await);
    is_told_when_to_come_again(&flooding.submit_request(another()).await.unwrap_err());
    let again = flooding.submit_request(request).await.unwrap().into_inner();
    assert_eq!(again, taken, "what was taken before is answered");
    assert_eq!((town.written().await, numbers(&town).await), before, "nothing is half done");

    platform(&town, "another").submit_request(another()).await.unwrap();
    town.officer().submit_request(another()).await.unwrap();
    let by_hotline = pb::SubmitRequestRequest { channel: pb::Channel::Hotline.into(), ..another() };
    flooding.submit_request(by_hotline).await.expect("each door by itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_door_that_many_flood_waits_and_the_others_stay_open() {
    let town = Town::open().await;
    let mut rules = profile();
    rules.channels[0].door_rate = Some(RATE);
    town.apply(rules).await;
    let mut refused = None;
    for n in 0..8 {
        let mut sender = platform(&town, &format!("sender {n}"));
        refused = sender.submit_request(another()).await.err().or(refused);
    }
    is_told_when_to_come_again(&refused.unwrap());
    let before = (town.written().await, numbers(&town).await);
    let one_more = platform(&town, "one more").submit_request(another()).await.unwrap_err();
    is_told_when_to_come_again(&one_more);
    assert_eq!((town.written().await, numbers(&town).await), before, "nothing is half done");
    let by_hotline = pb::SubmitRequestRequest { channel: pb::Channel::Hotline.into(), ..another() };
    platform(&town, "one more").submit_request(by_hotline).await.expect("each door by itself");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flooded_card_and_a_flooding_phone_wait_alone() {
    let mut cards = Cards::open_with(|profile| pb::IntakeProfile { card_rate: Some(RATE), ..profile }).await;
    let (one, other, third) = (cards.issue().await, cards.issue().await, cards.issue().await);
    let from = |code: &str, phone: &str| pb::SubmitByCardRequest { phone: phone.into(), ..scan(code) };
    let mut refused = None;
    for n in 0..8 {
        let phone = format!("1380013800{n}");
        refused = cards.anyone.submit_by_card(from(&one.code, &phone)).await.err().or(refused);
    }
    is_told_when_to_come_again(&refused.unwrap());
    cards.anyone.submit_by_card(from(&other.code, "13900139000")).await.unwrap();

    let mut refused = None;
    for n in 0..8 {
        let code = if n % 2 == 0 { &other.code } else { &third.code };
        refused = cards.anyone.submit_by_card(from(code, "13700137000")).await.err().or(refused);
    }
    is_told_when_to_come_again(&refused.unwrap());
    cards.anyone.submit_by_card(from(&third.code, "")).await.expect("without that phone");

    // What cannot be read is no sender: people who say 无 do not keep each other out.
    for _ in 0..4 {
        let fresh = cards.issue().await;
        for _ in 0..2 {
            cards.anyone.submit_by_card(from(&fresh.code, "无")).await.expect("each card by itself");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rate_that_lets_nobody_in_is_no_profile() {
    let town = Town::open().await;
    let operator = town.bench.bearer(Role::Operator, None, Some(huying_chassis::auth::CITY));
    let mut operator = pb::profile_service_client::ProfileServiceClient::new(wire(town.address, operator));
    for rate in [pb::Rate { minute: 0, hour: 1 }, pb::Rate { minute: 2, hour: 1 }] {
        let profile = Some(pb::IntakeProfile { card_rate: Some(rate), ..profile() });
        let apply =
            pb::ApplyProfileRequest { request_id: Uuid::now_v7().to_string(), profile, dry_run: true };
        assert_eq!(reason(&operator.apply_profile(apply).await.unwrap_err()), "BAD_FIELD");
    }
}
