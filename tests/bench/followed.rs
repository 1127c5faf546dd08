//! Durable submissions a second: callers that each wait for the answer before they call again.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use futures::future::join_all;
use huying_tests::{People, World, reckon};

/// Connections that the callers share, as a platform's would.
const CONNECTIONS: usize = 4;

pub async fn measure(world: &Arc<World>, callers: usize, span: Duration) -> f64 {
    let people = world.people();
    let platforms: Vec<_> = (0..CONNECTIONS.min(callers)).map(|_| people.platform()).collect();
    let started = Instant::now();
    let calls = join_all((0..callers).map(|n| {
        let mut platform = platforms[n % platforms.len()].clone();
        tokio::spawn(async move {
            let mut calls = 0u64;
            while started.elapsed() < span {
                platform.submit_request(People::blocked_way()).await.unwrap();
                calls += 1;
            }
            calls
        })
    }))
    .await;
    let calls: u64 = calls.into_iter().map(Result::unwrap).sum();
    calls as f64 / started.elapsed().as_secs_f64()
}

/// Waits until the services behind intake have worked off what was submitted.
pub async fn settle(world: &Arc<World>) {
    for (follower, source, kinds) in [
        ("routing", "intake", ["request"]),
        ("casework", "routing", ["route"]),
        ("intake", "casework", ["case"]),
    ] {
        reckon::caught_up(world, follower, source, &kinds).await;
    }
}
