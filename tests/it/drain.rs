//! A stop under load drains: what was acknowledged is there, what was not is refused, nothing hangs.

use std::{
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    time::{Duration, Instant},
};

use futures::future::join_all;
use huying_testing::eventually;
use huying_tests::{People, SERVICES, World, reckon};

use crate::processes;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_under_load_loses_nothing() {
    let world = World::open(processes()).await;
    let people = world.people();
    let (acknowledged, over) = (AtomicUsize::new(0), AtomicBool::new(false));
    let callers = join_all((0..16).map(|_| async {
        let mut numbers = Vec::new();
        while !over.load(Ordering::Relaxed) {
            if let Ok(receipt) = people.platform().submit_request(People::blocked_way()).await {
                numbers.push(receipt.into_inner().request.unwrap().number);
                acknowledged.fetch_add(1, Ordering::Relaxed);
            }
        }
        numbers
    }));
    let stop = async {
        eventually("the load is on", async || (acknowledged.load(Ordering::Relaxed) > 100).then_some(()))
            .await;
        world.stop("intake").await;
        over.store(true, Ordering::Relaxed);
    };
    let (numbers, ()) = futures::join!(callers, stop);
    let numbers: Vec<String> = numbers.into_iter().flatten().collect();
    let kept: i64 = sqlx::query_scalar("select count(*) from request where number = any($1)")
        .bind(&numbers)
        .fetch_one(&world.pool("intake").await)
        .await
        .unwrap();
    assert_eq!(kept as usize, numbers.len(), "acknowledged calls that are there");
    // The relay published before it went: routing learns of all without intake.
    reckon::caught_up(&world, "routing", "intake", &["request"]).await;
}

/// A committer ends when nobody holds a handle of it; one that is kept by mistake costs a stop ten seconds.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_waits_for_no_handle_of_the_committer() {
    let world = World::inside().await;
    for service in SERVICES {
        let begun = Instant::now();
        world.stop(service).await;
        assert!(begun.elapsed() < Duration::from_secs(9), "{service} took {:?}", begun.elapsed());
    }
}
