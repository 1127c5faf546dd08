//! The second port: alive, ready or not and why, and the numbers.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use huying_chassis::server::Door;
use huying_chassis::server::admin::{Readiness, serve};
use huying_chassis::shutdown::Shutdown;
use huying_chassis::telemetry::meter;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::time::timeout;

pub async fn get(address: SocketAddr, path: &str) -> String {
    ask(TcpStream::connect(address).await.unwrap(), path).await
}

async fn ask(mut stream: TcpStream, path: &str) -> String {
    // Not `connection: close`: it is closed all the same.
    let ask = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

/// One that serves until its `ended` begins.
async fn open() -> (SocketAddr, Shutdown) {
    let door = Door::new(TcpListener::bind("127.0.0.1:0").await.unwrap(), None).unwrap();
    let (address, ended) = (door.address(), Shutdown::new());
    tokio::spawn(serve(door, Readiness::new(), None, Shutdown::new(), ended.clone()));
    (address, ended)
}

/// From an address of this machine's own.
async fn from(host: u8, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind((Ipv4Addr::new(127, 0, 0, host), 0).into()).unwrap();
    socket.connect(to).await.unwrap()
}

/// The other side has gone, and without being waited for.
async fn is_gone(stream: &mut TcpStream) -> bool {
    matches!(timeout(Duration::from_secs(3), stream.read(&mut [0; 64])).await, Ok(Ok(0) | Err(_)))
}

#[tokio::test]
async fn it_has_so_many_connections_and_from_one_address_too() {
    let (address, ended) = open().await;
    let mut silent = Vec::new();
    for host in [1, 2] {
        for _ in 0..32 {
            silent.push(from(host, address).await);
        }
        assert!(is_gone(&mut from(host, address).await).await, "more of one address are sent away at once");
        if host == 1 {
            let answer = ask(from(2, address).await, "/livez").await;
            assert!(answer.starts_with("HTTP/1.1 200"), "another address is answered: {answer}");
        }
    }
    assert!(is_gone(&mut from(3, address).await).await, "no more in all either");
    silent.truncate(1);
    huying_testing::eventually("a seat is free again", async || {
        let mut stream = from(3, address).await;
        stream.write_all(b"GET /livez HTTP/1.1\r\nhost: x\r\n\r\n").await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok().filter(|bytes| *bytes > 0)
    })
    .await;
    ended.begin();
}

#[tokio::test]
async fn who_does_not_come_to_the_end_of_a_question_is_cut() {
    let (address, ended) = open().await;
    let mut all = Vec::new();
    for begun in ["", "GET /livez HTTP/1.1\r\nhost: x\r\n"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(begun.as_bytes()).await.unwrap();
        all.push(stream);
    }
    // Who comes later has been answered, so those before are known.
    assert!(get(address, "/livez").await.starts_with("HTTP/1.1 200"));
    tokio::time::pause();
    tokio::time::advance(Duration::from_secs(16)).await;
    tokio::time::resume();
    for mut stream in all {
        assert!(is_gone(&mut stream).await);
    }
    ended.begin();
}

#[tokio::test]
async fn it_says_what_is_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let door = Door::new(listener, None).unwrap();
    let (readiness, shutdown, ended) = (Readiness::new(), Shutdown::new(), Shutdown::new());
    let serving = tokio::spawn(serve(door, readiness.clone(), None, shutdown.clone(), ended.clone()));
    readiness.set("database", true);
    readiness.set("nats", false);
    assert!(get(address, "/livez").await.starts_with("HTTP/1.1 200"));
    let answer = get(address, "/readyz").await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains(r#""missing":["nats"]"#), "{answer}");
    readiness.set("nats", true);
    readiness.ready().await;
    readiness.tell("weather", false);
    let answer = get(address, "/readyz").await;
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains(r#""connected":{"weather":false}"#),
        "{answer}"
    );
    meter().u64_counter("test.things").with_description("Counted by a test").build().add(3, &[]);
    let answer = get(address, "/metrics").await;
    assert!(answer.contains("test_things_total"), "{answer}");

    shutdown.begin();
    let answer = get(address, "/readyz").await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains(r#""draining":true"#), "{answer}");
    ended.begin();
    serving.await.unwrap();
}
