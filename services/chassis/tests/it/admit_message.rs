//! Messages on their way: bounded each and all, in time too, and none holds a place before it is whole.

use std::time::Duration;

use futures::stream::pending;
use huying_chassis::auth::{Claims, Role};
use huying_chassis::status::reason;
use huying_testing::eventually;
use huying_testing::raw::{DATA, GOAWAY, HEADERS, RST_STREAM, Raw, call, give_up};
use tonic::client::Grpc;
use tonic::codegen::http::uri::PathAndQuery;
use tonic::{Code, Request, Status};
use tonic_prost::ProstCodec;
use tonic_types::StatusExt as _;

use crate::probe::{limits, start, unary};

const ECHO: &str = "/test.v1.Probe/Echo";
const WHO: &str = "/test.v1.Probe/Who";
const WINDOW: u32 = 65_535;
const END_STREAM: u8 = 1;
/// Most bytes of a frame.
const FRAME: usize = 16 * 1024;

/// The beginning of a message that says it has so many bytes.
fn beginning(length: u32, bytes: usize) -> Vec<u8> {
    [&[0][..], &length.to_be_bytes(), &vec![b'x'; bytes][..]].concat()
}

/// Begins a call whose message says that it has so many bytes, of which some come.
async fn begin(raw: &mut Raw, stream: u32, path: &str, more: &[(&str, &str)], length: u32, bytes: usize) {
    raw.write(&call(stream, path, more)).await;
    for piece in beginning(length, bytes).chunks(FRAME) {
        raw.send(DATA, 0, stream, piece).await;
    }
}

fn told(status: &Status) -> (Code, String) {
    (status.code(), reason(status).unwrap())
}

#[tokio::test]
async fn an_rpc_takes_what_its_contract_says() {
    let mut server = limits();
    server.max_message_bytes = 500_000;
    let server = start(server).await;
    let too_large = (Code::ResourceExhausted, "MESSAGE_TOO_LARGE".to_owned());
    assert_eq!(told(&server.call("Echo", &"x".repeat(70_000)).await.unwrap_err()), too_large);
    assert_eq!(server.call("Import", &"x".repeat(70_000)).await.unwrap().len(), 70_000);
    let over = server.call("Import", &"x".repeat(600_000)).await.unwrap_err();
    assert_eq!(told(&over), too_large, "the server's own bound");
}

#[tokio::test]
async fn attack_42_a_length_that_is_only_announced_is_refused_before_it_comes() {
    let mut patient = limits();
    patient.admission.body_ms = 600_000;
    patient.default_deadline_ms = 60_000;
    let server = start(patient).await;
    let mut raw = Raw::greeted(server.address, WINDOW).await;
    raw.write(&call(1, ECHO, &[])).await;
    raw.send(DATA, 0, 1, &beginning(u32::MAX, 1)).await;
    let answered = tokio::time::timeout(Duration::from_secs(30), raw.until(HEADERS));
    assert_eq!(answered.await.expect("it is not waited for").unwrap().stream, 1);
}

#[tokio::test]
async fn a_message_that_is_not_whole_holds_no_place() {
    let mut one = limits();
    one.max_in_flight = 1;
    one.admission.body_ms = 600_000;
    let server = start(one).await;
    let mut raw = Raw::greeted(server.address, WINDOW).await;
    for n in 0..8 {
        raw.write(&call(2 * n + 1, ECHO, &[])).await;
        raw.send(DATA, 0, 2 * n + 1, &beginning(1000, 10)).await;
    }
    assert!(raw.is_read().await);
    assert_eq!(server.call("Echo", "goes on").await.unwrap(), "goes on");
}

#[tokio::test]
async fn messages_that_are_not_whole_have_so_much_room_together() {
    let mut small = limits();
    small.admission.body_ms = 600_000;
    small.admission.body_bytes = 100;
    let server = start(small).await;
    let mut raw = Raw::greeted(server.address, WINDOW).await;
    // There is room for one message in any case, which may have 64 KiB.
    begin(&mut raw, 1, ECHO, &[], 60_000, 40_000).await;
    assert!(raw.is_read().await);
    begin(&mut raw, 3, ECHO, &[], 60_000, 40_000).await;
    assert_eq!(raw.until(HEADERS).await.unwrap().stream, 3, "refused");
    // What is given up gives its room back.
    raw.write(&give_up(1)).await;
    let mut stream = 5;
    loop {
        begin(&mut raw, stream, ECHO, &[], 40_000, 40_000).await;
        raw.send(DATA, END_STREAM, stream, &[]).await;
        if raw.until(HEADERS).await.unwrap().flags & END_STREAM == 0 {
            break;
        }
        stream += 2;
    }
}

#[tokio::test]
async fn who_begins_as_many_messages_as_they_may_leaves_room_for_others() {
    let mut patient = limits();
    (patient.default_deadline_ms, patient.admission.body_ms) = (60_000, 600_000);
    // A caller of a desk has a quarter of 30 %, so room for seven of these.
    patient.admission.body_bytes = 1_000_000;
    patient.admission.staff.rate = 0;
    let server = start(patient).await;
    let greedy = server.token(Role::Desk);
    let bearer = format!("Bearer {greedy}");
    let mut connections = Vec::new();
    for _ in 0..3 {
        let mut raw = Raw::greeted(server.address, WINDOW).await;
        // No more than a connection takes at once.
        for n in 0..6 {
            begin(&mut raw, 2 * n + 1, WHO, &[("authorization", &bearer)], 12_000, 10_000).await;
        }
        assert!(raw.is_read().await);
        connections.push(raw);
    }
    let large = async |method: &str, token: &str| {
        let mut request = Request::new("x".repeat(60_000));
        request.metadata_mut().insert("authorization", format!("Bearer {token}").parse().unwrap());
        unary(server.channel().await, method, request).await
    };
    let refused = eventually("they have all that they may", async || large("Who", &greedy).await.err()).await;
    assert_eq!(told(&refused), (Code::ResourceExhausted, "OVERLOADED".to_owned()));
    assert!(refused.get_details_retry_info().is_some(), "{refused:?}");
    let (other, casework) = (server.token_of("another", Role::Desk), Claims::service("casework"));
    assert_eq!(large("Who", &other).await.unwrap(), "another", "of the same kind");
    let service = server.issuer.mint(&casework, Duration::from_secs(60)).unwrap();
    large("Ask", &service).await.expect("a service has room of its own");
    drop(connections);
}

#[tokio::test]
async fn a_message_that_does_not_come_in_time_is_cut() {
    let mut hasty = limits();
    hasty.admission.body_ms = 50;
    let server = start(hasty).await;
    let mut grpc = Grpc::new(server.channel().await);
    grpc.ready().await.unwrap();
    let slow = grpc.client_streaming(
        Request::new(pending::<String>()),
        PathAndQuery::from_static(ECHO),
        ProstCodec::<String, String>::default(),
    );
    assert_eq!(told(&slow.await.unwrap_err()), (Code::DeadlineExceeded, "BODY_TOO_SLOW".to_owned()));
}

#[tokio::test]
async fn attack_43_nothing_compressed_is_ever_inflated() {
    let server = start(limits()).await;
    let mut request = Request::new("a bomb".to_owned());
    request.metadata_mut().insert("grpc-encoding", "gzip".parse().unwrap());
    let status = unary(server.channel().await, "Echo", request).await.unwrap_err();
    assert_eq!(told(&status), (Code::Unimplemented, "COMPRESSION_NOT_SUPPORTED".to_owned()));
    // The flag alone, without the header.
    let mut raw = Raw::greeted(server.address, WINDOW).await;
    raw.write(&call(1, ECHO, &[])).await;
    raw.send(DATA, END_STREAM, 1, &[1, 0, 0, 0, 1, 0]).await;
    let ended = raw.until(HEADERS).await.unwrap();
    assert_eq!((ended.stream, ended.flags & END_STREAM), (1, END_STREAM), "refused at once");
}

#[tokio::test]
async fn attack_48_headers_without_an_end_reach_nobody() {
    let mut server = start(limits()).await;
    let (long, short) = ("x".repeat(64 * 1024), "x".repeat(1000));
    let many: Vec<String> = (0..64).map(|n| format!("x-{n}")).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), short.as_str())).collect();
    for more in [&[("x-long", long.as_str())][..], &[("authorization", long.as_str())], &many] {
        let mut raw = Raw::greeted(server.address, WINDOW).await;
        raw.write(&call(1, "/test.v1.Probe/Hold", more)).await;
        raw.send(DATA, END_STREAM, 1, &[0; 5]).await;
        // An answer, the end of the call or of the connection: whoever is let in there is answered with nothing.
        let refused = async {
            while raw.next().await.is_some_and(|frame| ![HEADERS, RST_STREAM, GOAWAY].contains(&frame.kind)) {
            }
        };
        tokio::time::timeout(Duration::from_secs(30), refused).await.expect("it is refused");
        assert!(server.entered.try_recv().is_err(), "somebody handled it");
        assert_eq!(server.call("Echo", "goes on").await.unwrap(), "goes on");
    }
}

#[tokio::test]
async fn attack_55_what_is_for_operators_is_not_on_this_port() {
    let server = start(limits()).await;
    for path in ["/metrics", "/livez", "/readyz", "/huying.admin.v1.AdminService/Stop"] {
        let mut grpc = Grpc::new(server.channel().await);
        grpc.ready().await.unwrap();
        let (path, codec) = (PathAndQuery::from_static(path), ProstCodec::<String, String>::default());
        let status = grpc.unary(Request::new(String::new()), path, codec).await.unwrap_err();
        assert_eq!(told(&status), (Code::Unimplemented, "UNKNOWN_METHOD".to_owned()));
    }
}

#[tokio::test]
async fn attack_54_a_path_that_is_none_reaches_nobody() {
    let mut server = start(limits()).await;
    for path in ["test.v1.Probe/Hold", "", "*", "http://x/test.v1.Probe/Hold", "//test.v1.Probe/Hold"] {
        let mut raw = Raw::greeted(server.address, WINDOW).await;
        raw.write(&call(1, path, &[])).await;
        raw.send(DATA, END_STREAM, 1, &[0; 5]).await;
        let ended = loop {
            match raw.next().await {
                Some(frame) if [HEADERS, RST_STREAM].contains(&frame.kind) => break true,
                Some(_) => {}
                None => break false,
            }
        };
        assert!(ended || !raw.is_read().await, "{path:?} is refused");
    }
    assert!(server.entered.try_recv().is_err(), "somebody handled it");
    assert_eq!(server.call("Echo", "alive").await.unwrap(), "alive");
}
