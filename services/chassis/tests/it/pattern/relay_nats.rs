//! NATS may be away and may lose everything: the log fills it again.

use std::time::Duration;

use async_nats::jetstream::stream;
use futures::StreamExt;
use huying_chassis::bus::Bus;
use huying_testing::{Bench, database};
use uuid::Uuid;

use super::bench::{bus, owner, published, published_all};
use super::tally::open;

#[tokio::test]
async fn what_is_written_while_nats_is_away_is_published_later() {
    let bench = Bench::new().await;
    bench.nats.stop().await.unwrap();
    let owner = owner(&bench, &database().await, None).await;
    owner.append(open().0).await;
    owner.append(open().0).await;
    bench.nats.restart().await.unwrap();
    let bus = bus(&bench).await;
    published_all(&bus, 2).await;

    bench.nats.kill().unwrap();
    owner.append(open().0).await;
    bench.nats.restart().await.unwrap();
    published_all(&bus, 3).await;
    owner.end().await;
}

#[tokio::test]
async fn a_stream_that_was_deleted_is_filled_again() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let bus = bus(&bench).await;
    for _ in 0..5 {
        owner.append(open().0).await;
    }
    published_all(&bus, 5).await;

    bus.jetstream().delete_stream(Bus::stream_name("tally")).await.unwrap();
    published_all(&bus, 5).await;
    owner.append(open().0).await;
    published_all(&bus, 6).await;
    assert_eq!(published(&bus).await.len(), 6);
    owner.end().await;
}

#[tokio::test]
async fn a_nats_that_lost_its_disk_is_filled_again() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let bus = bus(&bench).await;
    for _ in 0..5 {
        owner.append(open().0).await;
    }
    published_all(&bus, 5).await;
    let before: Vec<Uuid> = published(&bus).await.iter().map(|event| event.id).collect();

    bench.nats.kill().unwrap();
    bench.nats.wipe().unwrap();
    owner.append(open().0).await;
    bench.nats.restart().await.unwrap();

    published_all(&bus, 6).await;
    let after: Vec<Uuid> = published(&bus).await.iter().map(|event| event.id).collect();
    assert_eq!(after[..5], before, "in the same order");
    owner.end().await;
}

/// Sent is not stored: the relay goes on only from what JetStream has acknowledged.
#[tokio::test]
async fn what_the_stream_refused_is_published_when_it_takes_it() {
    let bench = Bench::new().await;
    let jetstream = bus(&bench).await.jetstream().clone();
    let full = stream::Config {
        name: Bus::stream_name("tally"),
        subjects: vec!["huying.tally.v1.>".into()],
        max_messages: 1,
        discard: stream::DiscardPolicy::New,
        ..stream::Config::default()
    };
    jetstream.create_stream(full.clone()).await.unwrap();
    let hearer = bench.client().await;
    let mut sent = hearer.subscribe("huying.tally.v1.>").await.unwrap();
    hearer.flush().await.unwrap();

    let owner = owner(&bench, &database().await, None).await;
    owner.append(open().0).await;
    sent.next().await.unwrap();
    owner.append(open().0).await;
    // Sent again and again: the first refusal has been heard by then.
    for _ in 0..3 {
        let again = tokio::time::timeout(Duration::from_secs(60), sent.next()).await;
        again.expect("what was refused is sent again").unwrap();
    }
    jetstream.update_stream(stream::Config { max_messages: -1, ..full }).await.unwrap();

    published_all(&bus(&bench).await, 2).await;
    owner.end().await;
}

/// Somebody had the service's key when NATS had lost its disk, and made the stream first: that is told, and nothing is written there.
#[tokio::test]
async fn attack_63_a_stream_that_says_on_elsewhere_is_not_used() {
    let bench = Bench::new().await;
    let bus = bus(&bench).await;
    let everywhere = stream::Republish {
        source: "huying.tally.v1.>".into(),
        destination: "mine.>".into(),
        headers_only: false,
    };
    let theirs = stream::Config {
        name: Bus::stream_name("tally"),
        subjects: vec!["huying.tally.v1.>".into()],
        republish: Some(everywhere),
        ..stream::Config::default()
    };
    let mut theirs = bus.jetstream().create_stream(theirs).await.unwrap();
    let told = bus.ensure_stream("tally").await.unwrap_err().to_string();
    assert!(told.contains("HUYING_TALLY says on elsewhere"), "{told}");

    let owner = owner(&bench, &database().await, None).await;
    owner.append(open().0).await;
    assert_eq!(theirs.info().await.unwrap().state.messages, 0);
    bus.jetstream().delete_stream(Bus::stream_name("tally")).await.unwrap();
    published_all(&bus, 1).await;
    let ours = bus.ensure_stream("tally").await.unwrap();
    assert_eq!(ours.cached_info().config.republish, None);
    owner.end().await;
}
