//! The stack, layer by layer, over real connections on free ports.

use std::sync::Arc;
use std::time::Duration;

use huying_chassis::auth::Role;
use huying_chassis::server::admin::Readiness;
use huying_chassis::server::{ServeOptions, serve};
use huying_chassis::service::Served;
use huying_chassis::shutdown::Shutdown;
use huying_chassis::status::reason;
use huying_chassis::telemetry::metrics_text;
use huying_proto::access::Access;
use tonic::{Code, Request, Status};
use tonic_health::pb::health_client::HealthClient;
use tonic_health::pb::{HealthCheckRequest, health_check_response::ServingStatus};
use tonic_reflection::pb::{v1, v1alpha};
use tonic_types::StatusExt;

use crate::probe::{self, DESCRIPTOR, limits, start, stream, unary};

fn reason_of(status: &Status) -> String {
    reason(status).expect("every error has a reason")
}

fn with_timeout(text: &str, timeout: &str) -> Request<String> {
    let mut request = Request::new(text.to_owned());
    request.metadata_mut().insert("grpc-timeout", timeout.parse().unwrap());
    request
}

#[tokio::test]
async fn attack_52_an_expired_deadline_is_deadline_exceeded_though_nobody_named_one() {
    let mut short = limits();
    short.default_deadline_ms = 20;
    let server = start(short).await;
    let status = server.call("Never", "").await.unwrap_err();
    assert_eq!((status.code(), reason_of(&status).as_str()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
}

#[tokio::test]
async fn no_call_gets_more_than_the_most() {
    let mut short = limits();
    short.max_deadline_ms = 500;
    short.default_deadline_ms = 400;
    let server = start(short).await;
    let left = |text: String| text.parse::<u64>().unwrap();
    assert!(left(unary(server.channel().await, "Remaining", with_timeout("", "1H")).await.unwrap()) <= 500);
    assert!(left(server.call("Remaining", "").await.unwrap()) <= 400);
    let status = unary(server.channel().await, "Remaining", with_timeout("", "soon")).await.unwrap_err();
    assert_eq!((status.code(), reason_of(&status).as_str()), (Code::InvalidArgument, "BAD_TIMEOUT"));
}

#[tokio::test]
async fn a_stream_is_cut_by_its_own_timeout_only() {
    let mut short = limits();
    short.default_deadline_ms = 1;
    let server = start(short).await;
    let mut open = stream(server.channel().await, "Watch", Request::new(String::new())).await.unwrap();
    assert_eq!(open.message().await.unwrap().unwrap(), "first");
    let mut cut = stream(server.channel().await, "Watch", with_timeout("", "300m")).await.unwrap();
    assert_eq!(cut.message().await.unwrap().unwrap(), "first");
    let status = cut.message().await.unwrap_err();
    assert_eq!((status.code(), reason_of(&status).as_str()), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED"));
}

#[tokio::test]
async fn too_much_at_once_is_told_to_come_back() {
    let mut one = limits();
    (one.max_in_flight, one.max_streams) = (1, 1);
    let mut server = start(one).await;
    let held = tokio::spawn(unary(server.channel().await, "Hold", Request::new(String::new())));
    server.entered.recv().await.unwrap();
    let status = server.call("Echo", "").await.unwrap_err();
    assert_eq!((status.code(), reason_of(&status).as_str()), (Code::ResourceExhausted, "OVERLOADED"));
    assert!(status.get_details_retry_info().unwrap().retry_delay.unwrap() > Duration::ZERO);
    // Health still answers, streams have places of their own.
    HealthClient::new(server.channel().await).check(HealthCheckRequest::default()).await.unwrap();
    let open = stream(server.channel().await, "Watch", Request::new(String::new())).await.unwrap();
    let status = stream(server.channel().await, "Watch", Request::new(String::new())).await.unwrap_err();
    assert_eq!(reason_of(&status), "OVERLOADED");
    drop(open);
    server.release.notify_one();
    assert_eq!(held.await.unwrap().unwrap(), "held");
    assert_eq!(server.call("Echo", "again").await.unwrap(), "again");
}

#[tokio::test]
async fn attack_59_a_panic_costs_one_call_and_tells_nothing() {
    let server = start(limits()).await;
    let status = server.call("Panic", "").await.unwrap_err();
    assert_eq!((status.code(), reason_of(&status).as_str()), (Code::Internal, "INTERNAL"));
    assert!(!format!("{status:?}").contains("inner text"), "{status:?}");
    let id = status.get_details_request_info().unwrap().request_id;
    assert!(status.message().contains(&id));

    let mut broken = stream(server.channel().await, "Break", Request::new(String::new())).await.unwrap();
    let status = broken.message().await.unwrap_err();
    assert_eq!(status.code(), Code::Internal);
    assert!(!format!("{status:?}").contains("inner text"), "{status:?}");
    assert_eq!(server.call("Echo", "alive").await.unwrap(), "alive");
}

#[tokio::test]
async fn attack_42_a_message_that_is_too_large_is_resource_exhausted() {
    let mut small = limits();
    small.max_message_bytes = 1024;
    let server = start(small).await;
    let status = server.call("Echo", &"x".repeat(2000)).await.unwrap_err();
    assert_eq!((status.code(), reason_of(&status).as_str()), (Code::ResourceExhausted, "MESSAGE_TOO_LARGE"));
    assert_eq!(server.call("Echo", &"x".repeat(1000)).await.unwrap().len(), 1000);

    let mut large = limits();
    large.max_message_bytes = 16 * 1024 * 1024;
    let server = start(large).await;
    let status = server.call("Echo", &"x".repeat(5 * 1024 * 1024)).await.unwrap_err();
    assert_eq!(status.code(), Code::ResourceExhausted, "the rpc's own bound, whatever the server's is");
}

#[tokio::test]
async fn attack_01_31_who_may_not_call_is_told_why() {
    let server = start(limits()).await;
    let with_token = |token: &str| {
        let mut request = Request::new(String::new());
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        request
    };
    let who = async |request| unary(server.channel().await, "Who", request).await;

    let status = who(Request::new(String::new())).await.unwrap_err();
    assert_eq!((status.code(), reason_of(&status).as_str()), (Code::Unauthenticated, "TOKEN_MISSING"));
    let status = who(with_token("nonsense")).await.unwrap_err();
    assert_eq!((status.code(), reason_of(&status).as_str()), (Code::Unauthenticated, "TOKEN_INVALID"));
    let status = who(with_token(&server.token(Role::Officer))).await.unwrap_err();
    assert_eq!((status.code(), reason_of(&status).as_str()), (Code::PermissionDenied, "ROLE_NOT_ALLOWED"));
    assert_eq!(status.get_details_error_info().unwrap().metadata["roles"], "desk");
    assert_eq!(who(with_token(&server.token(Role::Desk))).await.unwrap(), "someone");
}

#[tokio::test]
async fn attack_54_an_unknown_rpc_is_unimplemented_with_a_reason() {
    let server = start(limits()).await;
    let status = server.call("Nothing", "").await.unwrap_err();
    assert_eq!((status.code(), reason_of(&status).as_str()), (Code::Unimplemented, "UNKNOWN_METHOD"));
}

#[tokio::test]
async fn attack_61_it_does_not_start_with_a_hole_in_the_table() {
    let (server, listener) =
        (start(limits()).await, tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap());
    drop(server);
    let folder = tempfile::tempdir().unwrap();
    let auth = huying_chassis::config::AuthConfig {
        key_file: Some(folder.path().join("issuer.pem")),
        ..huying_chassis::config::AuthConfig::default()
    };
    let refused = serve(ServeOptions {
        name: "probe",
        listener,
        tls: None,
        served: Served::default(),
        access: vec![Access::anyone("/test.v1.Probe/Echo")],
        descriptor: DESCRIPTOR.as_slice(),
        limits: limits(),
        auth: Arc::new(huying_chassis::auth::Authenticator::new(&auth).unwrap()),
        readiness: Readiness::new(),
        shutdown: Shutdown::new(),
    })
    .await;
    assert!(refused.unwrap_err().to_string().contains("/test.v1.Probe/Who has no entry"));
}

#[tokio::test]
async fn a_drain_is_bounded_though_a_watch_is_open() {
    let mut quick = limits();
    quick.drain_ms = 500;
    let server = start(quick).await;
    let mut health = HealthClient::new(server.channel().await);
    let mut watch = health.watch(HealthCheckRequest::default()).await.unwrap().into_inner();
    let mut said = async || watch.message().await.map(|answer| answer.map(|answer| answer.status()));
    assert_eq!(said().await.unwrap(), Some(ServingStatus::Serving));
    server.shutdown.begin();
    assert_eq!(said().await.unwrap(), Some(ServingStatus::NotServing), "said before the connection is cut");
    server.serving.await.unwrap().unwrap();
    assert!(said().await.is_err(), "cut");
}

#[tokio::test]
async fn a_call_that_runs_ends_in_the_drain() {
    let mut server = start(limits()).await;
    let held = tokio::spawn(unary(server.channel().await, "Hold", Request::new(String::new())));
    server.entered.recv().await.unwrap();
    server.shutdown.begin();
    server.release.notify_one();
    assert_eq!(held.await.unwrap().unwrap(), "held");
    server.serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn health_follows_readiness() {
    let server = start(limits()).await;
    let mut health = HealthClient::new(server.channel().await);
    let ask = HealthCheckRequest { service: probe::NAME.to_owned() };
    let mut watch = health.watch(ask).await.unwrap().into_inner();
    let mut said = async || watch.message().await.unwrap().unwrap().status();
    assert_eq!(said().await, ServingStatus::Serving);
    server.readiness.set("database", false);
    assert_eq!(said().await, ServingStatus::NotServing);
    server.readiness.set("database", true);
    assert_eq!(said().await, ServingStatus::Serving);
}

#[tokio::test]
async fn reflection_speaks_both_versions() {
    let mut telling = limits();
    telling.admission.reflection = true;
    let server = start(telling).await;
    let ask = v1::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(v1::server_reflection_request::MessageRequest::ListServices(String::new())),
    };
    let mut client = v1::server_reflection_client::ServerReflectionClient::new(server.channel().await);
    let answer = client.server_reflection_info(futures::stream::iter([ask])).await.unwrap();
    let text = format!("{:?}", answer.into_inner().message().await.unwrap());
    assert!(text.contains(probe::NAME) && text.contains("grpc.health.v1.Health"), "{text}");

    let ask = v1alpha::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(v1alpha::server_reflection_request::MessageRequest::FileContainingSymbol(
            probe::NAME.to_owned(),
        )),
    };
    let mut client = v1alpha::server_reflection_client::ServerReflectionClient::new(server.channel().await);
    let answer = client.server_reflection_info(futures::stream::iter([ask])).await.unwrap();
    let text = format!("{:?}", answer.into_inner().message().await.unwrap());
    assert!(text.contains("FileDescriptorResponse"), "{text}");
}

#[tokio::test]
async fn calls_are_counted_by_how_they_ended() {
    let server = start(limits()).await;
    server.call("Echo", "").await.unwrap();
    server.call("Panic", "").await.unwrap_err();
    let text = metrics_text();
    for method in ["Echo", "Panic"] {
        let line = text
            .lines()
            .find(|line| line.starts_with("rpc_server_call_duration_seconds_count") && line.contains(method));
        assert!(line.is_some_and(|line| line.contains("service=\"probe\"")), "{method} in {text}");
    }
}
