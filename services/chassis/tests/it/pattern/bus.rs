//! How the bus finds NATS: user and password, several servers, and what the service says of it.

use std::fmt::Debug;
use std::net::SocketAddr;

use huying_chassis::bus::{Bus, NatsAddress};
use huying_embedded::{Nats, beside_streams};
use huying_testing::{Bench, database, eventually};
use serde_json::json;

use super::bench::{owner, published_all, started};
use super::tally::open;
use crate::admin::get;

/// Hard on addresses: every one of its signs means something in them.
const PASSWORD: &str = "p@ss:w/rd,%?#";
const ENCODED: &str = "p%40ss%3Aw%2Frd%2C%25%3F%23";

/// A port that nobody listens on.
fn nobody() -> SocketAddr {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn it_logs_in_where_one_of_two_servers_is_dead() {
    let (mut bench, dir) = (Bench::new().await, tempfile::tempdir().unwrap());
    let users = vec![json!({ "user": "huying", "password": PASSWORD })];
    bench.nats = Nats::start_for(dir.path(), beside_streams(users)).await.unwrap();
    let (dead, port) = (nobody(), bench.nats.port());
    let url = format!("nats://huying:{ENCODED}@{dead}, nats://127.0.0.1:{port}");

    let owner = started(&bench, &database().await, &url).await;
    owner.append(open().0).await;
    published_all(&Bus::connect(&url, "test").await.unwrap(), 1).await;
    owner.end().await;
    let refused = async_nats::connect(bench.nats.url()).await.unwrap_err();
    assert_eq!(refused.kind(), async_nats::ConnectErrorKind::AuthorizationViolation);
}

#[test]
fn nothing_printed_shows_the_password() {
    fn hides(shown: impl Debug) {
        let shown = format!("{shown:?}");
        assert!(!shown.contains("p%40ss") && !shown.contains("p@ss"), "{shown}");
    }
    let address = NatsAddress::parse(&format!("nats://huying:{ENCODED}@one:4222,two")).unwrap();
    hides(&address);
    hides(address.options());
    assert_eq!(address.to_string(), "nats://one:4222,nats://two");
    hides(NatsAddress::parse(&format!("nats://huying:{ENCODED}@one:no")).unwrap_err());
}

#[tokio::test]
async fn readiness_tells_whether_it_is_connected() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let says = async |connected: bool| {
        let told = format!(r#""connected":{{"nats":{connected}}}"#);
        eventually("readiness tells of NATS", async || {
            let answer = get(owner.running.admin, "/readyz").await;
            (answer.starts_with("HTTP/1.1 200") && answer.contains(&told)).then_some(())
        })
        .await;
    };
    says(true).await;
    bench.nats.kill().unwrap();
    says(false).await;
    bench.nats.restart().await.unwrap();
    says(true).await;
    owner.end().await;
}
