//! Whoever can write into a stream is not its owner: what its owner cannot have said there changes nothing, and what looks right in all is
//! found in the owner's log, where it is not.

use async_nats::HeaderMap;
use huying_chassis::bus::{Bus, CloudEvent};
use huying_chassis::id;
use huying_testing::{Bench, database, eventually};
use serde_json::{json, value::to_raw_value};
use uuid::Uuid;

use super::bench::{
    Member, NEVER, OFTEN, all_heard, bus, count, entries, follower, healthy, owner, published_all,
};
use super::echo::heard;
use super::follow_diverge::Operator;
use super::tally::{self, add, open};

/// A message as an attacker puts it into the stream.
#[derive(Clone)]
pub struct Forged {
    subject: String,
    headers: HeaderMap,
    event: CloudEvent,
}

impl Forged {
    /// Right in all: what the owner would say next of one of its tallies, but for the entry, which its log does not have.
    pub async fn next(owner: &Member, tally: Uuid) -> Self {
        let last = entries(&owner.log, tally).await.pop().unwrap();
        let said = tally::publish(&last).unwrap();
        let event = CloudEvent::of("tally", &last, said);
        let event = CloudEvent { id: id::new(), sequence: event.sequence + 1, ..event };
        Self { subject: event.on("tally"), headers: HeaderMap::new(), event }
    }

    /// The same of a tally that its owner does not have.
    pub fn of(mut self, tally: Uuid, version: i64) -> Self {
        self.event.subject = format!("tally/{tally}");
        self.event.partitionkey = tally;
        self.event.sequence = version;
        self.event.data = to_raw_value(&json!({ "tally": { "id": tally }, "n": 0 })).unwrap();
        self
    }

    pub async fn publish(self, bus: &Bus) {
        let payload = self.event.to_json().unwrap();
        let copied = self.headers.get("Nats-Stream-Source").is_some();
        let sent = bus.jetstream().publish_with_headers(self.subject, self.headers, payload.into()).await;
        if let Err(refused) = sent.unwrap().await {
            // NATS may refuse by itself what says that it was copied from another stream.
            assert!(copied, "{refused}");
        }
    }
}

/// Everything that can be wrong with it, one at a time.
fn each_wrong(right: &Forged) -> Vec<Forged> {
    let change = |change: &dyn Fn(&mut Forged)| {
        let mut forged = right.clone();
        change(&mut forged);
        forged
    };
    vec![
        change(&|it| it.event.source = "/huying/echo".into()),
        change(&|it| it.event.source = "/elsewhere/tally".into()),
        change(&|it| it.event.name = "test.echo.v1.Opened".into()),
        change(&|it| it.subject = "huying.tally.v1.rang.420102".into()),
        change(&|it| it.subject = "huying.tally.v1.opened.420103".into()),
        change(&|it| it.subject.push_str(".unit")),
        change(&|it| it.event.subject = format!("tally/{}", id::new())),
        change(&|it| it.event.partitionkey = id::new()),
        change(&|it| it.event.data = to_raw_value(&json!({ "n": 1 })).unwrap()),
        change(&|it| it.event.data = to_raw_value(&json!({ "tally": { "id": id::new() } })).unwrap()),
        change(&|it| it.event.sequence = 0),
        change(&|it| it.event.sequence = i64::MIN),
        change(&|it| it.event.epoch = -1),
        change(&|it| it.event.epoch = i64::MAX),
        change(&|it| it.headers.insert("Nats-Stream", "HUYING_ECHO")),
        change(&|it| it.headers.insert("Nats-Stream-Source", "HUYING_ECHO 1 > >")),
    ]
}

pub async fn opened(owner: &Member) -> (Uuid, huying_chassis::log::Versioned<tally::Tally>) {
    let (draft, tally) = open();
    owner.append(draft).await;
    (tally.id, tally)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_63_what_its_owner_cannot_have_said_changes_nothing() {
    let bench = Bench::new().await;
    let bus = bus(&bench).await;
    let owner = owner(&bench, &database().await, None).await;
    let follower = follower(&bench, owner.running.grpc, &database().await, NEVER, &healthy()).await;
    let (id, tally) = opened(&owner).await;
    published_all(&bus, 1).await;
    eventually("the first is heard", async || (heard(&follower.log, id).await == [1]).then_some(())).await;

    let first = Forged::next(&owner, id).await;
    for forged in each_wrong(&first) {
        forged.publish(&bus).await;
    }
    let gone: Vec<Uuid> = each_wrong(&first).iter().map(|_| id::new()).collect();
    for (place, tally) in gone.iter().enumerate() {
        each_wrong(&first.clone().of(*tally, 1)).swap_remove(place).publish(&bus).await;
    }
    bus.jetstream().publish(first.subject, "no event".into()).await.unwrap().await.unwrap();
    all_heard(&bus).await;
    assert_eq!(heard(&follower.log, id).await, [1]);
    for tally in gone {
        assert!(heard(&follower.log, tally).await.is_empty());
    }
    for table in ["dead_letter", "followed"] {
        let expected = i64::from(table == "followed");
        assert_eq!(count(follower.log.pool(), table).await, expected, "{table}: refused, and nothing parked");
    }

    owner.append(add(&tally, 1).0).await;
    eventually("the owner is heard", async || (heard(&follower.log, id).await == [1, 2]).then_some(())).await;
    follower.end().await;
    owner.end().await;
}

/// With the owner's own credential stolen NATS takes it, and so does the follower: until the owner is asked.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_63_what_only_the_stream_has_diverges_within_one_reconciliation() {
    let bench = Bench::new().await;
    let bus = bus(&bench).await;
    let owner = owner(&bench, &database().await, None).await;
    let follower = follower(&bench, owner.running.grpc, &database().await, OFTEN, &healthy()).await;
    let (id, _) = opened(&owner).await;
    let (other, tally) = opened(&owner).await;
    eventually("both are heard", async || (count(follower.log.pool(), "followed").await == 2).then_some(()))
        .await;

    let gone = id::new();
    Forged::next(&owner, id).await.of(gone, 1).publish(&bus).await;
    Forged::next(&owner, id).await.publish(&bus).await;
    let mut expected = vec![(id, 2), (gone, 1)];
    expected.sort();
    let mut operator = Operator::of(&bench, &follower);
    eventually("it is told", async || (operator.diverged().await == expected).then_some(())).await;

    owner.append(add(&tally, 1).0).await;
    eventually("the others go on", async || (heard(&follower.log, other).await == [1, 2]).then_some(()))
        .await;
    assert_eq!(operator.diverged().await, expected);
    follower.end().await;
    owner.end().await;
}

/// What the owner says next must not hide what somebody else said before it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_63_a_forgery_is_found_behind_what_its_owner_said_after_it() {
    let bench = Bench::new().await;
    let bus = bus(&bench).await;
    let owner = owner(&bench, &database().await, None).await;
    let followers = database().await;
    let (id, _) = opened(&owner).await;
    let slow = huying_chassis::follow::Pace { reconcile: std::time::Duration::from_secs(2), ..OFTEN };
    let follower = follower(&bench, owner.running.grpc, &followers, slow, &healthy()).await;
    eventually("it is heard", async || (heard(&follower.log, id).await == [1]).then_some(())).await;
    let second = Forged::next(&owner, id).await;
    let mut third = Forged::next(&owner, id).await;
    third.event.sequence = 3;
    second.publish(&bus).await;
    third.publish(&bus).await;
    let mut operator = Operator::of(&bench, &follower);
    eventually("it is told", async || (operator.diverged().await.len() == 1).then_some(())).await;
    assert_eq!(operator.diverged().await[0].0, id);
    follower.end().await;
    owner.end().await;
}
