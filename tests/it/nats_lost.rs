//! NATS dies and its disk with it, in the middle of everything: the log is the truth, and everything converges.

use futures::future::join_all;
use huying_tests::{People, World, reckon};

/// Cases under way when it happens.
const CASES: usize = 200;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nats_loses_its_disk_in_the_middle_of_200_cases() {
    let world = World::inside().await;
    let people = world.people();
    let journeys = join_all((0..CASES).map(|_| journey(people.clone())));
    let disaster = async {
        // In the middle: some cases are closed, some are not yet open.
        let pool = world.pool("casework").await;
        huying_testing::eventually("some cases are under way", async || {
            let closed: i64 = sqlx::query_scalar("select count(*) from \"case\" where state <> 'assigned'")
                .fetch_one(&pool)
                .await
                .ok()?;
            (closed >= 20).then_some(())
        })
        .await;
        world.bench.nats.kill().unwrap();
        world.bench.nats.wipe().unwrap();
        world.bench.nats.restart().await.unwrap();
    };
    futures::join!(journeys, disaster);
    reckon::all_is_well(&world, CASES as i64).await;
}

async fn journey(people: People) {
    let receipt = people.submit_until_taken(People::blocked_way()).await;
    people.see_through(&receipt.request.unwrap().number).await;
}
