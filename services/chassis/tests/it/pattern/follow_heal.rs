//! What the stream has lost is read from the owner's log.

use huying_testing::{Bench, database, eventually};
use uuid::Uuid;

use super::bench::{
    Member, NEVER, OFTEN, all_heard, bus, entries, follower, healthy, lose, owner, published_all, say,
};
use super::echo::heard;
use super::tally::{add, open};

/// A tally of three versions that the stream has had and lost.
async fn lost(bench: &Bench, owner: &Member) -> Uuid {
    let bus = bus(bench).await;
    let (first, v1) = open();
    let (second, v2) = add(&v1, 1);
    let (third, _) = add(&v2, 2);
    for draft in [first, second, third] {
        owner.append(draft).await;
    }
    published_all(&bus, 3).await;
    lose(&bus).await;
    v1.id
}

#[tokio::test]
async fn a_gap_heals_at_once() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let tally = lost(&bench, &owner).await;
    let bus = bus(&bench).await;
    say(&bus, &entries(&owner.log, tally).await[2]).await;

    let follower = follower(&bench, owner.running.grpc, &database().await, NEVER, &healthy()).await;
    all_heard(&bus).await;
    assert_eq!(heard(&follower.log, tally).await, [1, 2, 3]);
    follower.end().await;
    owner.end().await;
}

#[tokio::test]
async fn a_lost_last_event_is_found() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let tally = lost(&bench, &owner).await;

    let follower = follower(&bench, owner.running.grpc, &database().await, OFTEN, &healthy()).await;
    eventually("it is found", async || (heard(&follower.log, tally).await == [1, 2, 3]).then_some(())).await;
    // And what comes later, once the walk has begun.
    let late = lost(&bench, &owner).await;
    eventually("it is found", async || (heard(&follower.log, late).await == [1, 2, 3]).then_some(())).await;
    follower.end().await;
    owner.end().await;
}

#[tokio::test]
async fn a_nats_that_lost_its_disk_costs_nothing() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let follower = follower(&bench, owner.running.grpc, &database().await, OFTEN, &healthy()).await;
    let (first, v1) = open();
    owner.append(first).await;
    eventually("it is heard", async || (heard(&follower.log, v1.id).await == [1]).then_some(())).await;

    bench.nats.kill().unwrap();
    bench.nats.wipe().unwrap();
    let (second, v2) = add(&v1, 1);
    owner.append(second).await;
    bench.nats.restart().await.unwrap();
    owner.append(add(&v2, 2).0).await;

    eventually("all is heard", async || (heard(&follower.log, v1.id).await.len() == 3).then_some(())).await;
    published_all(&bus(&bench).await, 3).await;
    all_heard(&bus(&bench).await).await;
    assert_eq!(heard(&follower.log, v1.id).await, [1, 2, 3]);
    follower.end().await;
    owner.end().await;
}
