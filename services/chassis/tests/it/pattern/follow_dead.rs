//! A poisonous event parks its aggregate and no other; one command brings it back.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use huying_chassis::auth::{CITY, Role};
use huying_proto::log::v1::log_service_client::LogServiceClient;
use huying_proto::log::v1::{
    DeadLetter, GetDeadLetterRequest, ListDeadLettersRequest, RetryDeadLetterRequest,
};
use huying_testing::{Bench, Wire, database, eventually, reason, wire};
use uuid::Uuid;

use super::bench::{Member, NEVER, OFTEN, all_heard, bus, follower, healthy, owner, published_all};
use super::echo::{AGAIN, heard};
use super::tally::{UNTELLABLE, add, open};

const POISON: i64 = 13;

fn letters(bench: &Bench, follower: &Member) -> LogServiceClient<Wire> {
    LogServiceClient::new(wire(follower.running.grpc, bench.bearer(Role::Operator, None, Some(CITY))))
}

async fn list(client: &mut LogServiceClient<Wire>) -> Vec<DeadLetter> {
    client.list_dead_letters(ListDeadLettersRequest::default()).await.unwrap().into_inner().dead_letters
}

fn retry(tally: Uuid) -> RetryDeadLetterRequest {
    RetryDeadLetterRequest { source: "tally".into(), aggregate: tally.to_string() }
}

/// Opens a tally and adds numbers; gives its id.
async fn adding(owner: &Member, numbers: &[i64]) -> Uuid {
    let (draft, mut tally) = open();
    owner.append(draft).await;
    for n in numbers {
        let (draft, next) = add(&tally, *n);
        owner.append(draft).await;
        tally = next;
    }
    tally.id
}

#[tokio::test]
async fn a_poisonous_event_parks_its_aggregate_until_it_is_retried() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let bus = bus(&bench).await;
    let chokes_on = Arc::new(AtomicI64::new(POISON));
    // Reconciling all the time must not touch what is parked.
    let follower = follower(&bench, owner.running.grpc, &database().await, OFTEN, &chokes_on).await;
    let sick = adding(&owner, &[1, POISON, 3, 4]).await;
    let well = adding(&owner, &[1, 2]).await;
    published_all(&bus, 8).await;
    all_heard(&bus).await;
    assert_eq!(heard(&follower.log, sick).await, [1, 2], "stopped before the poison");
    assert_eq!(heard(&follower.log, well).await, [1, 2, 3], "the others go on");

    let mut client = letters(&bench, &follower);
    let parked = list(&mut client).await;
    assert_eq!(parked.len(), 1);
    assert_eq!((parked[0].aggregate.as_str(), parked[0].version), (sick.to_string().as_str(), 3));
    assert_eq!(parked[0].error, "chokes on 13");
    let request = GetDeadLetterRequest { source: "tally".into(), aggregate: sick.to_string() };
    let letter = client.get_dead_letter(request).await.unwrap().into_inner();
    assert!(letter.event.contains("test.tally.v1.Added"), "{}", letter.event);

    let in_vain = client.retry_dead_letter(retry(sick)).await.unwrap().into_inner();
    assert_eq!((in_vain.applied, in_vain.dead_letter.unwrap().attempts), (0, parked[0].attempts + 1));

    chokes_on.store(0, Ordering::SeqCst);
    let cured = client.retry_dead_letter(retry(sick)).await.unwrap().into_inner();
    assert_eq!((cured.applied, cured.dead_letter), (3, None));
    assert_eq!(heard(&follower.log, sick).await, [1, 2, 3, 4, 5], "all it missed, in order");
    assert!(list(&mut client).await.is_empty());
    let nothing = client.retry_dead_letter(retry(sick)).await.unwrap_err();
    assert_eq!(reason(&nothing), "NOT_FOUND");
    follower.end().await;
    owner.end().await;
}

#[tokio::test]
async fn a_cured_aggregate_goes_on() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let chokes_on = Arc::new(AtomicI64::new(POISON));
    let follower = follower(&bench, owner.running.grpc, &database().await, NEVER, &chokes_on).await;
    let mut client = letters(&bench, &follower);
    let (draft, v1) = open();
    let (poison, v2) = add(&v1, POISON);
    owner.append(draft).await;
    owner.append(poison).await;
    eventually("it is parked", async || (list(&mut client).await.len() == 1).then_some(())).await;
    chokes_on.store(0, Ordering::SeqCst);
    client.retry_dead_letter(retry(v1.id)).await.unwrap();

    owner.append(add(&v2, 1).0).await;
    eventually("it goes on", async || (heard(&follower.log, v1.id).await == [1, 2, 3]).then_some(())).await;
    follower.end().await;
    owner.end().await;
}

/// An entry that its owner cannot tell, and one whose effect is refused each time, are as poisonous as any.
#[tokio::test]
async fn mistakes_on_either_side_are_parked_too() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let follower = follower(&bench, owner.running.grpc, &database().await, OFTEN, &healthy()).await;
    let untellable = adding(&owner, &[1, UNTELLABLE, 3]).await;
    let untellable_last = adding(&owner, &[UNTELLABLE]).await;
    let refused = adding(&owner, &[AGAIN, 3]).await;
    let well = adding(&owner, &[1]).await;

    let mut client = letters(&bench, &follower);
    eventually("three are parked", async || (list(&mut client).await.len() == 3).then_some(())).await;
    let mut parked: Vec<_> =
        list(&mut client).await.into_iter().map(|letter| (letter.aggregate, letter.version)).collect();
    parked.sort();
    assert_eq!(
        parked,
        [(untellable.to_string(), 3), (untellable_last.to_string(), 2), (refused.to_string(), 2)]
    );
    eventually("the others go on", async || (heard(&follower.log, well).await == [1, 2]).then_some(())).await;
    assert_eq!(heard(&follower.log, untellable).await, [1, 2]);
    assert_eq!(heard(&follower.log, refused).await, [1]);
    follower.end().await;
    owner.end().await;
}
