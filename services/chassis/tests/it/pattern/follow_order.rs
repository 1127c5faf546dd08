//! In order and exactly once in effect, whatever the stream does.

use huying_testing::{Bench, database};
use rand::seq::SliceRandom;
use uuid::Uuid;

use super::bench::{
    Member, NEVER, all_heard, bus, entries, follower, healthy, lose, owner, published_all, say,
};
use super::echo::{Echo, heard};
use super::tally::{add, open};

/// Tallies of five versions each: the n-th change adds n.
async fn five_each(owner: &Member, tallies: usize) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for _ in 0..tallies {
        let (draft, mut tally) = open();
        owner.append(draft).await;
        for n in 1..=4 {
            let (draft, next) = add(&tally, n);
            owner.append(draft).await;
            tally = next;
        }
        ids.push(tally.id);
    }
    ids
}

async fn assert_once_each(follower: &Member, tallies: &[Uuid]) {
    for tally in tallies {
        assert_eq!(heard(&follower.log, *tally).await, [1, 2, 3, 4, 5]);
        assert_eq!(follower.log.load::<Echo>(*tally).await.unwrap().unwrap().it.total, 10);
    }
}

#[tokio::test]
async fn duplicates_and_disorder_do_not_show() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let bus = bus(&bench).await;
    let tallies = five_each(&owner, 6).await;
    published_all(&bus, 30).await;
    lose(&bus).await;
    let mut said = Vec::new();
    for tally in &tallies {
        said.extend(entries(&owner.log, *tally).await);
    }
    said.extend(said.clone());
    said.extend(said.clone());
    said.shuffle(&mut rand::rng());
    for entry in &said {
        say(&bus, entry).await;
    }

    let follower = follower(&bench, owner.running.grpc, &database().await, NEVER, &healthy()).await;
    all_heard(&bus).await;
    assert_once_each(&follower, &tallies).await;
    follower.end().await;
    owner.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_replicas_of_a_follower_have_no_double_effect() {
    let bench = Bench::new().await;
    let (owner, database) = (owner(&bench, &database().await, None).await, database().await);
    let bus = bus(&bench).await;
    let one = follower(&bench, owner.running.grpc, &database, NEVER, &healthy()).await;
    let two = follower(&bench, owner.running.grpc, &database, NEVER, &healthy()).await;
    let tallies = five_each(&owner, 20).await;
    published_all(&bus, 100).await;
    for tally in &tallies {
        for entry in entries(&owner.log, *tally).await.iter().rev() {
            say(&bus, entry).await;
        }
    }

    all_heard(&bus).await;
    assert_once_each(&one, &tallies).await;
    one.end().await;
    // What the one leaves behind the other takes.
    let later = five_each(&owner, 2).await;
    published_all(&bus, 210).await;
    all_heard(&bus).await;
    assert_once_each(&two, &later).await;
    two.end().await;
    owner.end().await;
}
