//! How streams end: with their token, with whoever is denied, and with the server; never as if nothing more were to come.

use std::fs;
use std::time::Duration;

use chrono::TimeDelta;
use huying_chassis::auth::{Authenticator, Claims, Pace, Role};
use huying_chassis::clock::system_now;
use huying_chassis::config::AuthConfig;
use huying_chassis::status::reason;
use tonic::{Code, Request, Status, Streaming};
use tonic_types::StatusExt as _;

use crate::probe::{Running, limits, start, start_with, stream};

async fn opened(server: &Running, method: &str, token: &str) -> Streaming<String> {
    let mut request = Request::new(String::new());
    request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
    let mut open = stream(server.channel().await, method, request).await.unwrap();
    assert_eq!(open.message().await.unwrap().unwrap(), "first");
    open
}

async fn end(open: &mut Streaming<String>) -> (Code, String, Status) {
    let status = open.message().await.expect_err("it ended as if nothing more were to come");
    (status.code(), reason(&status).unwrap(), status)
}

fn until(server: &Running, end: TimeDelta) -> String {
    let now = system_now();
    let claims = Claims::new("someone", [Role::Desk]);
    server.issuer.mint_between(&claims, now - TimeDelta::minutes(5), now + end).unwrap()
}

#[tokio::test]
async fn attack_57_a_stream_ends_with_its_token() {
    let server = start(limits()).await;
    let mut short = opened(&server, "WatchDesk", &until(&server, TimeDelta::seconds(2))).await;
    let mut export = opened(&server, "Export", &until(&server, TimeDelta::seconds(2))).await;
    // Opened in the leeway: it lasts as long as that does.
    let mut late = opened(&server, "WatchDesk", &until(&server, TimeDelta::seconds(-29))).await;
    let mut long = opened(&server, "WatchDesk", &server.token(Role::Desk)).await;
    for open in [&mut short, &mut export, &mut late] {
        let (code, reason, _) = end(open).await;
        assert_eq!((code, reason.as_str()), (Code::Unauthenticated, "TOKEN_EXPIRED"));
    }
    assert!(futures::poll!(Box::pin(long.message())).is_pending(), "another's goes on");
}

#[tokio::test]
async fn attack_18_a_stream_ends_when_its_bearer_is_denied() {
    let list = tempfile::NamedTempFile::new().unwrap();
    let pace = Pace { look: Duration::from_millis(20), ..Pace::default() };
    let server = start_with(limits(), |auth| {
        let auth = AuthConfig { deny_file: Some(list.path().to_owned()), ..auth };
        Authenticator::paced(&auth, pace).unwrap()
    })
    .await;
    let mut open = opened(&server, "WatchDesk", &server.token(Role::Desk)).await;
    fs::write(list.path(), "sub someone\n").unwrap();
    let (code, reason, _) = end(&mut open).await;
    assert_eq!((code, reason.as_str()), (Code::Unauthenticated, "TOKEN_REVOKED"));
}

#[tokio::test]
async fn a_watch_ends_unavailable_when_the_server_stops() {
    let server = start(limits()).await;
    let mut staff = opened(&server, "WatchDesk", &server.token(Role::Desk)).await;
    let mut open = opened(&server, "Watch", "none").await;
    server.shutdown.begin();
    for open in [&mut staff, &mut open] {
        let (code, reason, status) = end(open).await;
        assert_eq!((code, reason.as_str()), (Code::Unavailable, "STOPPING"));
        assert!(status.get_details_retry_info().unwrap().retry_delay.unwrap() > Duration::ZERO);
    }
    server.serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_has_an_end_may_come_to_it_in_the_drain_and_is_told_when_it_does_not() {
    let server = start(limits()).await;
    let mut export = opened(&server, "Export", &server.token(Role::Desk)).await;
    server.shutdown.begin();
    server.release.notify_one();
    assert_eq!(export.message().await.unwrap().as_deref(), Some("last"));
    assert_eq!(export.message().await.unwrap(), None);
    server.serving.await.unwrap().unwrap();

    let mut quick = limits();
    quick.drain_ms = 500;
    let server = start(quick).await;
    let mut export = opened(&server, "Export", &server.token(Role::Desk)).await;
    server.shutdown.begin();
    let (code, reason, _) = end(&mut export).await;
    assert_eq!((code, reason.as_str()), (Code::Unavailable, "STOPPING"));
    server.serving.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_stream_that_has_told_all_ends_well() {
    let server = start(limits()).await;
    let mut open = opened(&server, "Ended", "none").await;
    assert_eq!(open.message().await.unwrap(), None);
}
