//! Connections: so many, that speak, listen and behave; the others are cut, and nobody else notices.

use futures::future::join;
use huying_chassis::config::Limits;
use huying_chassis::status::reason;
use huying_testing::eventually;
use huying_testing::raw::{DATA, GOAWAY, HEADERS, PING, Raw, call, give_up};

use crate::probe::{Running, limits, start};

const WINDOW: u32 = 65_535;
const END_STREAM: u8 = 1;
const WATCH: &str = "/test.v1.Probe/Watch";

/// Asks for all that a watch has to tell.
async fn watch(raw: &mut Raw) {
    raw.write(&call(1, WATCH, &[])).await;
    raw.send(DATA, END_STREAM, 1, &[0; 5]).await;
    assert_eq!(raw.until(HEADERS).await.unwrap().stream, 1);
}

/// Asks for an answer of some frames.
async fn ask_for_much(raw: &mut Raw) {
    // The text is field 1, of 40,000 bytes, in a message of four more, behind a flag and the message's length.
    let head = [&[0][..], &40_004_u32.to_be_bytes(), &[0x0a, 0xc0, 0xb8, 0x02]].concat();
    let message = [head, vec![b'a'; 40_000]].concat();
    raw.write(&call(1, "/test.v1.Probe/Echo", &[])).await;
    let (first, last) = message.split_at(32_000);
    for half in first.chunks(16_000) {
        raw.send(DATA, 0, 1, half).await;
    }
    raw.send(DATA, END_STREAM, 1, last).await;
    assert_eq!(raw.until(HEADERS).await.unwrap().stream, 1);
}

/// Waits until it is cut.
async fn cut(mut raw: Raw) {
    while raw.next().await.is_some() {}
}

/// Silence is looked into twice a second or so.
async fn quick(change: impl FnOnce(&mut Limits)) -> Running {
    let mut limits = limits();
    limits.admission.keepalive_ms = 900;
    change(&mut limits);
    start(limits).await
}

#[tokio::test]
async fn there_are_so_many_connections_and_from_one_address_too() {
    for (all, each) in [(2, 100), (100, 2)] {
        let mut few = limits();
        (few.admission.connections, few.admission.address_connections) = (all, each);
        let server = start(few).await;
        let mut first = Raw::greeted(server.address, WINDOW).await;
        let mut second = Raw::greeted(server.address, WINDOW).await;
        assert!(first.is_read().await && second.is_read().await);
        cut(Raw::greeted(server.address, WINDOW).await).await;
        drop(first);
        eventually("a seat is free again", async || {
            Raw::greeted(server.address, WINDOW).await.is_read().await.then_some(())
        })
        .await;
        assert!(second.is_read().await, "goes on");
    }
}

#[tokio::test]
async fn who_does_not_begin_to_speak_is_cut() {
    let server = quick(|limits| limits.admission.preface_ms = 100).await;
    cut(Raw::open(server.address).await).await;
    let mut half = Raw::open(server.address).await;
    half.write(b"PRI * HTTP/2.0\r\n").await;
    cut(half).await;
    let mut whole = Raw::greeted(server.address, WINDOW).await;
    assert!(whole.until(PING).await.is_some(), "who speaks stays");
    assert!(whole.is_read().await);
}

#[tokio::test]
async fn attack_51_who_does_not_take_the_answer_is_cut() {
    let server = &quick(|_| {}).await;
    let mut reader = Raw::greeted(server.address, WINDOW).await;
    watch(&mut reader).await;
    // All of them answer every ping; these only take nothing.
    let reading = tokio::spawn(cut(reader));
    let stalled = async {
        let mut stalled = Raw::greeted(server.address, 0).await;
        watch(&mut stalled).await;
        cut(stalled).await;
    };
    let begun = async {
        let mut begun = Raw::greeted(server.address, 1).await;
        ask_for_much(&mut begun).await;
        cut(begun).await;
    };
    join(stalled, begun).await;
    assert!(!reading.is_finished(), "a watch that has nothing to tell stays open");
}

#[tokio::test]
async fn attack_51_answers_that_nobody_takes_are_calls_of_their_caller() {
    let mut few = limits();
    few.admission.anonymous.caller_calls = 2;
    let server = start(few).await;
    let mut deaf = Vec::new();
    for _ in 0..2 {
        let mut raw = Raw::greeted(server.address, 0).await;
        ask_for_much(&mut raw).await;
        deaf.push(raw);
    }
    let refused = server.call("Echo", "").await.unwrap_err();
    assert_eq!(reason(&refused).as_deref(), Some("CALLER_CALLS"));
    drop(deaf);
    eventually("their caller has room again", async || server.call("Echo", "").await.ok()).await;
}

#[tokio::test]
async fn attack_51_who_does_not_even_listen_is_cut() {
    let server = quick(|_| {}).await;
    let mut deaf = Raw::greeted(server.address, WINDOW).await;
    while deaf.unanswered().await.is_some() {}
}

/// What honest callers notice meanwhile is a matter of time, which no test asks: `huying-bench --only abuse` tells the p99 of 64 of them beside
/// rapid resets, and its ratio to that without.
#[tokio::test]
async fn attack_50_calls_given_up_by_the_hundred_end_the_connection() {
    let mut free = limits();
    (free.admission.anonymous.rate, free.admission.anonymous.caller_streams) = (0, 0);
    let server = start(free).await;
    let mut flood = Raw::greeted(server.address, WINDOW).await;
    assert!(flood.is_read().await);
    let pair = |n: u32| [call(2 * n + 1, WATCH, &[]), give_up(2 * n + 1)].concat();
    flood.write(&(0..60).flat_map(pair).collect::<Vec<u8>>()).await;
    assert!(flood.until(GOAWAY).await.is_some(), "at once: it is told to go");
    assert_eq!(server.call("Echo", "goes on").await.unwrap(), "goes on");

    // One by one, so that each is begun before it is given up.
    let mut drip = Raw::greeted(server.address, WINDOW).await;
    let mut given_up = 0;
    while given_up < 10_000 {
        drip.write(&call(2 * given_up + 1, WATCH, &[])).await;
        let begun = drip.is_read().await;
        drip.write(&give_up(2 * given_up + 1)).await;
        if !begun {
            break;
        }
        given_up += 1;
    }
    assert!((100..5_000).contains(&given_up), "cut after {given_up}");
    assert_eq!(server.call("Echo", "goes on").await.unwrap(), "goes on");
}
