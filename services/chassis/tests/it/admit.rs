//! What one caller gets, and one kind of callers: more is ResourceExhausted with a time to come back, and the others go on.

use std::time::Duration;

use futures::future::join_all;
use huying_chassis::auth::{Claims, Role};
use huying_chassis::config::{Config, NoSettings, load};
use huying_chassis::status::reason;
use huying_testing::eventually;
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::{v1, v1alpha};
use tonic_types::StatusExt as _;

use crate::probe::{Running, limits, start, stream, unary};

/// Refused for that reason, with a time to come back.
fn enough(status: &Status) -> String {
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    let wait = status.get_details_retry_info().and_then(|info| info.retry_delay);
    assert!(wait.is_some_and(|wait| wait > Duration::ZERO), "{status:?}");
    reason(status).unwrap()
}

/// With a token, and as if it came through a proxy each time from somebody else.
fn asked(token: Option<&str>, n: usize) -> Request<String> {
    let mut request = Request::new(String::new());
    for header in ["x-forwarded-for", "x-real-ip", "forwarded"] {
        request.metadata_mut().insert(header, format!("192.0.2.{}", n % 250).parse().unwrap());
    }
    if let Some(token) = token {
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    }
    request
}

/// Calls until it is refused.
async fn refused(server: &Running, method: &str, token: Option<&str>) -> Status {
    let channel = server.channel().await;
    for n in 0..5000 {
        if let Err(status) = unary(channel.clone(), method, asked(token, n)).await {
            return status;
        }
    }
    panic!("{method} was never refused");
}

#[tokio::test]
async fn attack_56_a_caller_has_a_rate_whatever_its_headers_say() {
    let mut slow = limits();
    (slow.admission.staff.rate, slow.admission.staff.burst) = (1, 3);
    (slow.admission.anonymous.rate, slow.admission.anonymous.burst) = (1, 3);
    let server = start(slow).await;
    let (one, other) = (server.token(Role::Desk), server.token_of("another", Role::Desk));
    assert_eq!(enough(&refused(&server, "Who", Some(&one)).await), "CALLER_RATE");
    let answer = unary(server.channel().await, "Who", asked(Some(&other), 0)).await;
    assert_eq!(answer.unwrap(), "another", "has a rate of their own");
    let anew = server.token(Role::Desk);
    assert_eq!(
        enough(&refused(&server, "Who", Some(&anew)).await),
        "CALLER_RATE",
        "another token is no other subject"
    );
    assert_eq!(enough(&refused(&server, "Echo", None).await), "CALLER_RATE", "an address has one too");
}

/// Nothing is set: 50 a second, and 200 at once when it was quiet. How many pass is what one connection takes in turn, so no clock is asked.
#[tokio::test]
async fn attack_56_by_default_whoever_calls_without_a_pause_is_told_when_to_come_again() {
    let server = start(limits()).await;
    let (token, channel) = (server.token(Role::Desk), server.channel().await);
    let mut taken = 0;
    let status = loop {
        match unary(channel.clone(), "Who", asked(Some(&token), taken)).await {
            Ok(_) => taken += 1,
            Err(status) => break status,
        }
        assert!(taken < 5000, "never refused");
    };
    assert_eq!(enough(&status), "CALLER_RATE");
    assert!(taken >= 200, "the burst is theirs: refused after {taken}");
    let other = server.token_of("another", Role::Desk);
    let answer = unary(channel, "Who", asked(Some(&other), 0)).await;
    assert_eq!(answer.unwrap(), "another", "others go on, over the same connection too");
}

#[tokio::test]
async fn attack_56_refusals_have_a_rate_too_though_each_comes_over_a_connection_of_its_own() {
    for (method, token, role) in [
        ("Who", None, None),
        ("Who", Some("nonsense"), None),
        ("Who", None, Some(Role::Officer)),
        ("Nothing", None, None),
        ("Nothing", None, Some(Role::Desk)),
    ] {
        let mut slow = limits();
        (slow.admission.anonymous.rate, slow.admission.anonymous.burst) = (1, 3);
        let server = start(slow).await;
        let token = token.map(str::to_owned).or(role.map(|role| server.token(role)));
        let mut refusals = Vec::new();
        while refusals.last().is_none_or(|last: &Status| last.code() != Code::ResourceExhausted) {
            assert!(refusals.len() < 100, "{method} {token:?} is refused without an end: {refusals:?}");
            let call = unary(server.channel().await, method, asked(token.as_deref(), refusals.len()));
            refusals.push(call.await.unwrap_err());
        }
        assert!(refusals.len() > 3, "at first each is told why: {refusals:?}");
        assert_eq!(enough(refusals.last().unwrap()), "CALLER_RATE");
        let desk = server.token(Role::Desk);
        let honest = unary(server.channel().await, "Who", asked(Some(&desk), 0)).await;
        assert_eq!(honest.unwrap(), "someone", "whoever has a good token goes on at the same address");
        server.call("Echo", "").await.expect("and who asks without one where none is needed");
    }
}

#[tokio::test]
async fn attack_56_who_does_not_listen_to_refusals_is_cut() {
    let server = start(limits()).await;
    let token = server.token(Role::Officer);
    let channel = server.channel().await;
    let mut told = 0;
    loop {
        let status = unary(channel.clone(), "Who", asked(Some(&token), 0)).await.unwrap_err();
        if ![Code::PermissionDenied, Code::ResourceExhausted].contains(&status.code()) {
            break;
        }
        told += 1;
        assert!(told < 20_000, "never cut");
    }
    assert!(told > 512, "cut after {told}");
}

#[tokio::test]
async fn a_caller_has_so_many_calls_at_once() {
    let mut one = limits();
    one.admission.anonymous.caller_calls = 1;
    let mut server = start(one).await;
    let held = tokio::spawn(unary(server.channel().await, "Hold", asked(None, 1)));
    server.entered.recv().await.unwrap();
    assert_eq!(
        enough(&unary(server.channel().await, "Echo", asked(None, 2)).await.unwrap_err()),
        "CALLER_CALLS"
    );
    let token = server.token(Role::Desk);
    unary(server.channel().await, "Who", asked(Some(&token), 0)).await.unwrap();
    server.release.notify_one();
    assert_eq!(held.await.unwrap().unwrap(), "held");
    // An answer is its caller's until the server knows that it was taken.
    eventually("they may call again", async || server.call("Echo", "again").await.ok()).await;
}

#[tokio::test]
async fn callers_of_one_kind_take_no_place_of_another() {
    let mut one = limits();
    (one.max_in_flight, one.max_streams) = (1, 1);
    let mut server = start(one).await;
    let held = tokio::spawn(unary(server.channel().await, "Hold", asked(None, 1)));
    server.entered.recv().await.unwrap();
    let status = server.call("Echo", "").await.unwrap_err();
    assert_eq!(enough(&status), "OVERLOADED");
    assert_eq!(status.get_details_error_info().unwrap().metadata["of"], "callers without a token");
    let token = server.token(Role::Desk);
    unary(server.channel().await, "Who", asked(Some(&token), 0)).await.unwrap();
    let watching = stream(server.channel().await, "Watch", Request::new(String::new())).await.unwrap();
    assert_eq!(enough(&server.watch("Watch", None).await.unwrap_err()), "OVERLOADED");
    let staff = server.watch("WatchDesk", Some(&token)).await.unwrap();
    drop((watching, staff, held));
}

#[tokio::test]
async fn services_have_places_of_their_own_and_no_rate() {
    let mut one = limits();
    one.max_in_flight = 1;
    let mut server = start(one).await;
    let held = tokio::spawn(unary(server.channel().await, "Hold", asked(None, 1)));
    server.entered.recv().await.unwrap();
    let claims = Claims::service("casework");
    let (token, channel) =
        (server.issuer.mint(&claims, Duration::from_secs(60)).unwrap(), server.channel().await);
    for n in 0..500 {
        unary(channel.clone(), "Ask", asked(Some(&token), n)).await.expect("a service is not slowed down");
    }
    drop(held);
}

#[tokio::test]
async fn attack_49_a_caller_has_so_many_streams_open_and_so_has_a_connection() {
    for (caller, connection) in [(4, 64), (0, 4)] {
        let mut few = limits();
        few.admission.staff.rate = 0;
        (few.admission.staff.caller_streams, few.admission.connection_streams) = (caller, connection);
        let server = start(few).await;
        let (token, channel) = (server.token(Role::Desk), server.channel().await);
        let opened = (0..1000).map(|n| stream(channel.clone(), "WatchDesk", asked(Some(&token), n)));
        let opened = join_all(opened).await;
        let (open, refused): (Vec<_>, Vec<_>) = opened.into_iter().partition(Result::is_ok);
        assert_eq!(open.len(), 4);
        assert!(refused.iter().all(|it| enough(it.as_ref().unwrap_err()) == "CALLER_STREAMS"));
        unary(channel.clone(), "Who", asked(Some(&token), 0)).await.expect("streams take no place of calls");
        drop(open);
        huying_testing::eventually("a place is free again", async || {
            server.watch("WatchDesk", Some(&token)).await.ok()
        })
        .await;
    }
}

#[tokio::test]
async fn a_caller_has_as_many_streams_of_an_rpc_as_its_contract_says() {
    let server = start(limits()).await;
    let one = server.watch("WatchOne", None).await.unwrap();
    assert_eq!(enough(&server.watch("WatchOne", None).await.unwrap_err()), "CALLER_STREAMS");
    let other = server.watch("Watch", None).await.unwrap();
    drop((one, other));
}

#[tokio::test]
async fn watching_health_is_bounded_by_itself() {
    let server = start(limits()).await;
    let mut health = HealthClient::new(server.channel().await);
    let mut open = Vec::new();
    let status = loop {
        match health.watch(HealthCheckRequest::default()).await {
            Ok(watch) => open.push(watch),
            Err(status) => break status,
        }
    };
    assert_eq!(enough(&status), "CALLER_STREAMS");
    let other = server.watch("Watch", None).await.expect("takes no place of others");
    health.check(HealthCheckRequest::default()).await.unwrap();
    drop((open, other));
}

#[tokio::test]
async fn health_checks_have_a_wide_rate_of_their_own() {
    let server = start(limits()).await;
    let health = HealthClient::new(server.channel().await);
    let mut told = 0;
    let status = loop {
        let asked = (0..8).map(|_| {
            let mut health = health.clone();
            async move { health.check(HealthCheckRequest::default()).await }
        });
        let (well, refused): (Vec<_>, Vec<_>) = join_all(asked).await.into_iter().partition(Result::is_ok);
        told += well.len();
        assert!(told < 20_000, "never refused");
        if let Some(refused) = refused.into_iter().next() {
            break refused.unwrap_err();
        }
    };
    assert_eq!(enough(&status), "CALLER_RATE");
    assert!(told >= 100, "refused after {told}");
    server.call("Echo", "").await.expect("what is asked else has a rate of its own");
}

#[tokio::test]
async fn attack_53_nobody_learns_the_contracts_where_it_is_not_said() {
    let server = start(limits()).await;
    let ask = v1::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(v1::server_reflection_request::MessageRequest::ListServices(String::new())),
    };
    let mut client = v1::server_reflection_client::ServerReflectionClient::new(server.channel().await);
    let status = client.server_reflection_info(futures::stream::iter([ask])).await.unwrap_err();
    assert_eq!((status.code(), reason(&status).unwrap().as_str()), (Code::Unimplemented, "UNKNOWN_METHOD"));
    let ask = v1alpha::ServerReflectionRequest { host: String::new(), message_request: None };
    let mut client = v1alpha::server_reflection_client::ServerReflectionClient::new(server.channel().await);
    let status = client.server_reflection_info(futures::stream::iter([ask])).await.unwrap_err();
    assert_eq!(status.code(), Code::Unimplemented);
}

#[test]
fn kinds_of_callers_share_what_there_is() {
    let share = ("HUYING_PROBE__LIMITS__ADMISSION__STAFF__PERCENT".to_owned(), "31".to_owned());
    let config: Config<NoSettings> = load("probe", "", None, [share]).unwrap();
    let wrong = config.check().unwrap_err().to_string();
    assert!(wrong.contains("the percent of all four together must be at most 100"), "{wrong}");
    let config: Config<NoSettings> = load("probe", "", None, []).unwrap();
    assert!(!config.check().unwrap_err().to_string().contains("limits"), "the defaults are right");
}
