//! A place that takes no anchors is told of, and the others go on; when it takes them again, nothing is missing.

use std::{fs, net::SocketAddr};

use huying_chassis::auth::{CITY, Role};
use huying_proto::log::v1::{AnchorPlace, VerifyAnchorsRequest, log_service_client::LogServiceClient};
use huying_testing::{Bench, database, eventually, wire};
use sqlx::PgPool;

use super::bench::{owner_anchored, owner_anchored_inside};
use super::gauges::{says, value};
use super::tally::open;
use crate::admin::get;

/// For how long the oldest entry waits to be anchored in a place.
async fn waits(admin: SocketAddr, place: &str, wanted: impl Fn(f64) -> bool) {
    says(admin, &["huying_anchor_waiting_seconds{", &format!(r#"place="{place}""#)], wanted).await;
}

const PLACES: [&str; 3] = ["table", "file", "stream"];

#[tokio::test]
async fn a_file_that_cannot_be_written_is_told_by_what_waits_for_it() {
    let (bench, url) = (Bench::new().await, database().await);
    let file = bench.dir.path().join("anchors/tally.jsonl");
    let owner = owner_anchored(&bench, &url, &file).await;
    let admin = owner.running.admin;
    owner.append(open().0).await;
    for place in PLACES {
        says(admin, &["huying_anchor_age_seconds{", &format!(r#"place="{place}""#)], |age| age >= 0.0).await;
        waits(admin, place, |seconds| seconds == 0.0).await;
    }
    assert_eq!(value(&get(admin, "/metrics").await, &["huying_anchor_interval_seconds"]), Some(1.0));

    // Nobody can write to a directory; rights would not hold up whoever runs tests as root.
    let aside = file.with_extension("aside");
    fs::rename(&file, &aside).unwrap();
    fs::create_dir(&file).unwrap();
    owner.append(open().0).await;
    waits(admin, "file", |seconds| seconds > 3.0).await;
    for place in ["table", "stream"] {
        waits(admin, place, |seconds| seconds == 0.0).await;
    }
    let ready = get(admin, "/readyz").await;
    assert!(ready.starts_with("HTTP/1.1 200") && ready.contains(r#""interval_seconds":1"#), "{ready}");

    fs::remove_dir(&file).unwrap();
    fs::rename(&aside, &file).unwrap();
    waits(admin, "file", |seconds| seconds == 0.0).await;
    owner.end().await;
}

#[tokio::test]
async fn a_stream_that_is_away_is_told_by_what_waits_for_it() {
    let (bench, url) = (Bench::new().await, database().await);
    let file = bench.dir.path().join("anchors/tally.jsonl");
    let owner = owner_anchored(&bench, &url, &file).await;
    let admin = owner.running.admin;
    owner.append(open().0).await;
    for place in PLACES {
        waits(admin, place, |seconds| seconds == 0.0).await;
    }

    bench.nats.freeze();
    owner.append(open().0).await;
    waits(admin, "stream", |seconds| seconds > 3.0).await;
    for place in ["table", "file"] {
        waits(admin, place, |seconds| seconds == 0.0).await;
    }

    bench.nats.thaw();
    waits(admin, "stream", |seconds| seconds == 0.0).await;
    owner.end().await;
}

/// The table is read some rows at a time: a page has as many as were asked for all the same, and the next one goes on behind them.
#[tokio::test]
async fn a_page_of_the_table_is_whole() {
    let (bench, url) = (Bench::new().await, database().await);
    let owner = owner_anchored_inside(&bench, &url).await;
    let pool = PgPool::connect(&url).await.unwrap();
    let many = "insert into anchor (number, line) select n, '{}' from generate_series(1, 45) n";
    sqlx::query(many).execute(&pool).await.unwrap();
    let mut log =
        LogServiceClient::new(wire(owner.running.grpc, bench.bearer(Role::Operator, None, Some(CITY))));
    let mut request = VerifyAnchorsRequest { page_size: 30, page_token: String::new() };
    let first = log.verify_anchors(request.clone()).await.unwrap().into_inner();
    assert_eq!((first.place(), first.checked), (AnchorPlace::Table, 30));
    request.page_token = first.next_page_token;
    let second = log.verify_anchors(request).await.unwrap().into_inner();
    assert_eq!((second.checked, second.next_page_token.as_str()), (15, ""));
    pool.close().await;
    owner.end().await;
}

/// What could not be looked at since the start is not taken for well.
#[tokio::test]
async fn a_place_that_was_never_seen_is_told_too() {
    let (bench, url) = (Bench::new().await, database().await);
    let file = bench.dir.path().join("anchors/tally.jsonl");
    fs::create_dir_all(&file).unwrap();
    let owner = owner_anchored(&bench, &url, &file).await;
    owner.append(open().0).await;
    waits(owner.running.admin, "file", |seconds| seconds > 2.0).await;
    eventually("the others have it", async || {
        let text = get(owner.running.admin, "/metrics").await;
        let age = |place| value(&text, &["huying_anchor_age_seconds{", place]);
        (age("table").is_some() && age("stream").is_some() && age("file").is_none()).then_some(())
    })
    .await;
    owner.end().await;
}
