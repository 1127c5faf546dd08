//! What is out of reach is looked for no longer than what is not there: by as many look-ups.

use std::{net::SocketAddr, sync::atomic::AtomicUsize};

use huying_chassis::auth::Role;
use huying_proto::routing::v1::{
    self as pb, route_service_client::RouteServiceClient, rule_service_client::RuleServiceClient,
    twin_service_client::TwinServiceClient,
};
use huying_testing::{looks, wire};

use crate::{
    bench::{Town, fresh},
    place::{self, LITTER},
};

const GRID: &str = "420102003002001";

async fn of_a_route(
    town: &Town,
    (address, looked): (SocketAddr, &AtomicUsize),
    request: &str,
    number: &str,
) -> Vec<(&'static str, usize)> {
    let wire = || wire(address, town.bench.bearer(Role::Desk, Some("S-2"), Some("420102010")));
    let mut by = RouteServiceClient::new(wire());
    let (mut rules, mut twins) = (RuleServiceClient::new(wire()), TwinServiceClient::new(wire()));
    let request = || request.to_owned();
    let get = |request: String| pb::GetRouteRequest { request };
    let claim = pb::ClaimTriageRequest { request_id: fresh(), request: request() };
    let release = pb::ReleaseTriageRequest { request_id: fresh(), request: request() };
    let decide = pb::DecideTriageRequest {
        request_id: fresh(),
        request: request(),
        version: 1,
        area: "420102010".into(),
        category: LITTER.into(),
        ..Default::default()
    };
    let correct = pb::CorrectRouteRequest {
        request_id: fresh(),
        request: request(),
        version: 1,
        reason: "不是".into(),
        category: LITTER.into(),
        ..Default::default()
    };
    let list = pb::ListTwinsRequest { request: request(), ..Default::default() };
    vec![
        looks("by its request", looked, by.get_route(get(request()))).await,
        looks("by its number", looked, by.get_route(get(number.to_owned()))).await,
        looks("claiming", looked, by.claim_triage(claim)).await,
        looks("releasing", looked, by.release_triage(release)).await,
        looks("deciding", looked, by.decide_triage(decide)).await,
        looks("correcting", looked, by.correct_route(correct)).await,
        looks("explaining", looked, rules.explain_route(pb::ExplainRouteRequest { request: request() }))
            .await,
        looks("its twins", looked, twins.list_twins(list)).await,
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_25_a_route_out_of_reach_is_looked_for_as_one_that_is_not_there() {
    let (town, _clock) = Town::at(place::now()).await;
    let there = town.submitted("楼道里堆满杂物，没人清理", GRID).await;
    let (address, looked) = town.counting().await;
    let at = (address, &*looked);
    let found = of_a_route(&town, at, &there.request, &there.number).await;
    assert_eq!(found, of_a_route(&town, at, &fresh(), "JA-20261121-999999").await);
    assert!(found.iter().all(|(_, looks)| *looks > 0), "{found:?}");
    town.end().await;
}
