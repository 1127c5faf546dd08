//! The second port: alive, ready or not and why, and the numbers.

use huying_chassis::server::admin::{Readiness, serve};
use huying_chassis::shutdown::Shutdown;
use huying_chassis::telemetry::meter;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub async fn get(address: std::net::SocketAddr, path: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let ask = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    stream.write_all(ask.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn it_says_what_is_not_there() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (readiness, shutdown, ended) = (Readiness::new(), Shutdown::new(), Shutdown::new());
    let serving = tokio::spawn(serve(listener, readiness.clone(), None, shutdown.clone(), ended.clone()));
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
    serving.await.unwrap().unwrap();
}
