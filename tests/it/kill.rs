//! An acknowledged call survives SIGKILL of any service and of PostgreSQL.

use std::sync::Arc;

use futures::future::join_all;
use huying_testing::eventually;
use huying_tests::{Options, People, World, reckon};

use crate::processes;

const CALLS: usize = 24;

/// Submits a number of calls, and kills when about half of them are acknowledged; all are seen through to their end.
async fn calls_through(world: &Arc<World>, kill: impl AsyncFnOnce()) {
    let people = world.people();
    let journeys = join_all((0..CALLS).map(|_| {
        let people = people.clone();
        async move {
            let receipt = people.submit_until_taken(People::blocked_way()).await;
            people.see_through(&receipt.request.unwrap().number).await;
        }
    }));
    let disaster = async {
        let pool = world.pool("intake").await;
        eventually("half of the calls are taken", async || {
            let taken: i64 =
                sqlx::query_scalar("select count(*) from request").fetch_one(&pool).await.ok()?;
            (taken as usize >= CALLS / 2).then_some(())
        })
        .await;
        pool.close().await;
        kill().await;
    };
    futures::join!(journeys, disaster);
    reckon::all_is_well(world, CALLS as i64).await;
}

async fn service_killed(service: &'static str) {
    let world = World::open(processes()).await;
    calls_through(&world, async || {
        world.kill(service);
        world.start(service).await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn intake_is_killed() {
    service_killed("intake").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn routing_is_killed() {
    service_killed("routing").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn casework_is_killed() {
    service_killed("casework").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn evaluation_is_killed() {
    service_killed("evaluation").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_killed() {
    let world = World::open(Options { own_postgres: true, ..Options::default() }).await;
    calls_through(&world, async || {
        let postgres = world.postgres.as_ref().unwrap();
        postgres.kill().unwrap();
        postgres.restart().await.unwrap();
    })
    .await;
}
