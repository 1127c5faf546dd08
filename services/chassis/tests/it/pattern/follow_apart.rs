//! The owner is away while its follower needs it.

use huying_chassis::follow::Pace;
use huying_testing::{Bench, database, eventually};

use super::bench::{NEVER, OFTEN, bus, entries, follower, healthy, lose, owner, published_all, say};
use super::echo::heard;
use super::tally::{add, open};

#[tokio::test]
async fn a_heal_waits_for_the_owner_and_holds_up_nobody() {
    let bench = Bench::new().await;
    let owners = database().await;
    let first = owner(&bench, &owners, None).await;
    let (bus, address, followers) = (bus(&bench).await, first.running.grpc, database().await);
    // Whoever has never heard of the owner waits for it: what epoch its log is in only the owner can say.
    let begun = follower(&bench, address, &followers, NEVER, &healthy()).await;
    let (draft, known) = open();
    first.append(draft).await;
    eventually("the first is heard", async || (heard(&begun.log, known.id).await == [1]).then_some(())).await;
    begun.end().await;

    let (draft, gapped) = open();
    first.append(draft).await;
    first.append(add(&gapped, 1).0).await;
    let (draft, whole) = open();
    first.append(draft).await;
    published_all(&bus, 4).await;
    lose(&bus).await;
    let (gap, next) = (entries(&first.log, gapped.id).await, entries(&first.log, whole.id).await);
    first.end().await;

    say(&bus, &gap[1]).await;
    say(&bus, &next[0]).await;
    // One lane: what is stuck stands before what is not.
    let pace = Pace { lanes: 1, ..NEVER };
    let follower = follower(&bench, address, &followers, pace, &healthy()).await;
    eventually("the other is heard", async || (heard(&follower.log, whole.id).await == [1]).then_some(()))
        .await;
    assert!(heard(&follower.log, gapped.id).await.is_empty());

    let again = owner(&bench, &owners, Some(address)).await;
    eventually("the gap heals", async || (heard(&follower.log, gapped.id).await == [1, 2]).then_some(()))
        .await;
    follower.end().await;
    again.end().await;
}

#[tokio::test]
async fn reconciliation_waits_for_the_owner() {
    let bench = Bench::new().await;
    let owners = database().await;
    let first = owner(&bench, &owners, None).await;
    let bus = bus(&bench).await;
    let (draft, tally) = open();
    first.append(draft).await;
    published_all(&bus, 1).await;
    lose(&bus).await;
    let address = first.running.grpc;
    first.end().await;

    let follower = follower(&bench, address, &database().await, OFTEN, &healthy()).await;
    let again = owner(&bench, &owners, Some(address)).await;
    eventually("it is found", async || (heard(&follower.log, tally.id).await == [1]).then_some(())).await;
    follower.end().await;
    again.end().await;
}
