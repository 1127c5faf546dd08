//! Jiang'an's published cases, through the real services to their answers. The player checks each step: that A never leaves the grid,
//! that B climbs to its street and its departments report in, that C is the response group's.

use std::collections::BTreeMap;

use huying::{
    story::{Voice, play},
    up::{self, Options, Stores, say::Say},
};
use huying_chassis::shutdown::Shutdown;
use huying_testing::{Bench, database};
use huying_tests::{SERVICES, world::root};

async fn told(story: &str) {
    let bench = Bench::new().await;
    let mut databases = BTreeMap::new();
    for service in SERVICES {
        databases.insert(service.to_owned(), database().await);
    }
    let options = Options {
        profiles: vec![root().join("deploy/profiles/jiangan")],
        stores: Some(Stores { databases, nats_url: bench.nats.url() }),
        ..Options::at(&bench.dir.path().join("data"))
    };
    let say = Say::nothing();
    let running = Box::pin(up::start(options, &say, Shutdown::new())).await.unwrap();
    Box::pin(play(&running.client("test:story"), story, Voice::Silent)).await.unwrap();
    running.begin_stop();
    Box::pin(running.serve(&say)).await.unwrap();
}

/// A car blocks the way: settled in the grid.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn story_a() {
    told("a").await;
}

/// A leaning tree: grid, community, street, two departments.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn story_b() {
    told("b").await;
}

/// A policy briefing: the response group and its departments.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn story_c() {
    told("c").await;
}
