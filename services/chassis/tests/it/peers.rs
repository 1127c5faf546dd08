//! Calls to peers: token, deadline and trace go along; only Unavailable is tried again.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use huying_chassis::auth::{Claims, Role, TokenSource};
use huying_chassis::config::TlsConfig;
use huying_chassis::peers::{Peer, Peers, retry};
use huying_chassis::server::Deadline;
use huying_chassis::status::{Problem, reason};
use tonic::{Code, Request, Status};

use crate::probe::{limits, start, unary};

fn ask() -> Request<String> {
    Request::new(String::new())
}

#[tokio::test]
async fn a_call_carries_the_token_and_what_remains() {
    let server = start(limits()).await;
    let peer = server.peer().await;
    let left = unary(peer.clone(), "Remaining", ask()).await.unwrap().parse::<u64>().unwrap();
    assert!((1..=5_000).contains(&left), "five seconds where no call runs: {left}");
    let left = Deadline::after(Duration::from_millis(800))
        .cover(unary(peer.clone(), "Remaining", ask()))
        .await
        .unwrap()
        .parse::<u64>()
        .unwrap();
    assert!((1..=800).contains(&left), "{left}");
    assert_eq!(reason(&unary(peer, "Who", ask()).await.unwrap_err()).unwrap(), "TOKEN_MISSING");

    let folder = tempfile::tempdir().unwrap();
    let other =
        huying_chassis::auth::Issuer::open_or_create(&folder.path().join("i.pem"), "huying", "huying")
            .unwrap();
    let token = TokenSource::minted(other, Claims::new("a stranger", [Role::Desk]));
    let peer = Peer::over(server.channel().await, token);
    assert_eq!(reason(&unary(peer, "Who", ask()).await.unwrap_err()).unwrap(), "TOKEN_INVALID");
    let peer = Peer::over(
        server.channel().await,
        TokenSource::minted(server.issuer, Claims::new("desk-1", [Role::Desk])),
    );
    assert_eq!(unary(peer, "Who", ask()).await.unwrap(), "desk-1");
}

#[tokio::test]
async fn a_peer_that_never_answers_is_deadline_exceeded() {
    let server = start(limits()).await;
    let peer = server.peer().await;
    let status =
        Deadline::after(Duration::from_millis(20)).cover(unary(peer, "Never", ask())).await.unwrap_err();
    assert_eq!(status.code(), Code::DeadlineExceeded);
}

#[tokio::test]
async fn the_trace_goes_through_a_service_that_sends_none() {
    let server = start(limits()).await;
    let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let mut request = ask();
    request.metadata_mut().insert("traceparent", trace.parse().unwrap());
    assert_eq!(unary(server.channel().await, "Trace", request).await.unwrap(), trace);
    let mut request = ask();
    request.metadata_mut().insert("traceparent", "nonsense".parse().unwrap());
    assert_eq!(unary(server.channel().await, "Trace", request).await.unwrap(), "");
}

#[tokio::test]
async fn an_unknown_peer_names_the_missing_key() {
    let tls = TlsConfig::default();
    let urls = BTreeMap::from([("routing".to_owned(), "http://127.0.0.1:1".to_owned())]);
    let peers = Peers::new(&urls, &tls, TokenSource::none()).unwrap();
    assert!(peers.channel("routing").is_ok());
    let Err(error) = peers.channel("casework") else { panic!("it was found") };
    assert!(error.to_string().contains("peers.casework must be set"), "{error}");
    let urls = BTreeMap::from([("routing".to_owned(), "not a url".to_owned())]);
    assert!(Peers::new(&urls, &tls, TokenSource::none()).is_err());
}

async fn tried(code: Code, successes_after: usize) -> (usize, Result<&'static str, Status>) {
    let tries = AtomicUsize::new(0);
    let answer = retry(|| async {
        if tries.fetch_add(1, Ordering::Relaxed) >= successes_after {
            return Ok("there");
        }
        Err(Status::from(Problem::new(code, "NOT_NOW", "not now")))
    })
    .await;
    (tries.into_inner(), answer)
}

#[tokio::test(start_paused = true)]
async fn only_unavailable_is_tried_again() {
    let (tries, answer) = tried(Code::Unavailable, 3).await;
    assert_eq!((tries, answer.unwrap()), (4, "there"));
    let (tries, answer) = tried(Code::Internal, 3).await;
    assert_eq!((tries, answer.unwrap_err().code()), (1, Code::Internal));
    let (tries, answer) = tried(Code::Unavailable, 100).await;
    assert_eq!(answer.unwrap_err().code(), Code::Unavailable);
    assert!((2..=6).contains(&tries), "{tries}");
}

#[tokio::test(start_paused = true)]
async fn trying_again_ends_with_the_deadline() {
    let begun = tokio::time::Instant::now();
    let (_, answer) = Deadline::after(Duration::from_millis(120)).cover(tried(Code::Unavailable, 100)).await;
    assert!(answer.is_err());
    assert!(begun.elapsed() <= Duration::from_millis(130));
}
