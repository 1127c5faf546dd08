//! An owner was restored from an older copy of its database: what took effect here and is no longer in its log is told, all of it and
//! nothing else; a person decides, and it goes on.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;

use huying_chassis::auth::{CITY, Role};
use huying_chassis::id;
use huying_chassis::log::Draft;
use huying_proto::log::v1::log_service_client::LogServiceClient;
use huying_proto::log::v1::{
    DeadLetterReason, DeadLetterVerdict, ListDeadLettersRequest, RetryDeadLetterRequest,
    SettleDeadLetterRequest,
};
use huying_testing::{Bench, Wire, database, eventually, postgres, reason, wire};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::bench::{
    Member, NEVER, OFTEN, all_heard, bus, count, entries, follower, follower_with, healthy, lose, owner,
    published_all, say,
};
use super::echo::heard;
use super::follow_state::{Careful, Gate};
use super::tally::{Change, Tally, add, meta, open};

/// An older copy of an owner's database: nobody is connected to it.
async fn copy(url: &str) -> String {
    let name = format!("t_{}", Uuid::now_v7().simple());
    let template = &huying_testing::database_name(url);
    let postgres = postgres().await;
    eventually("the database is copied", async || postgres.create_from_template(&name, template).await.ok())
        .await;
    postgres.url(&name)
}

/// Adds so many ones to a tally, in one go.
async fn more(owner: &Member, tally: Uuid, ones: usize) {
    let before = owner.log.load::<Tally>(tally).await.unwrap().unwrap();
    let changes = vec![Change::Added(1); ones];
    let (draft, _) = Draft::on(&before, &changes, &meta(), owner.log.now()).unwrap().unwrap();
    owner.append(draft).await;
}

async fn opened(owner: &Member) -> Uuid {
    let (draft, tally) = open();
    owner.append(draft).await;
    tally.id
}

/// Hands on a follower's dead letters.
pub struct Operator(LogServiceClient<Wire>);

impl Operator {
    pub fn of(bench: &Bench, follower: &Member) -> Self {
        Self(LogServiceClient::new(wire(
            follower.running.grpc,
            bench.bearer(Role::Operator, None, Some(CITY)),
        )))
    }

    /// What diverges, with the version that took effect. Nothing else may be parked.
    pub async fn diverged(&mut self) -> Vec<(Uuid, i64)> {
        let page = self.0.list_dead_letters(ListDeadLettersRequest::default()).await.unwrap().into_inner();
        let mut parked = Vec::new();
        for letter in page.dead_letters {
            assert_eq!(letter.reason(), DeadLetterReason::Diverged, "{}", letter.error);
            parked.push((letter.aggregate.parse().unwrap(), letter.version));
        }
        parked.sort();
        parked
    }

    /// The reason of the refusal, or how many entries were applied.
    async fn settle(&mut self, aggregate: Uuid, verdict: DeadLetterVerdict) -> Result<i64, String> {
        let request = SettleDeadLetterRequest {
            source: "tally".into(),
            aggregate: aggregate.to_string(),
            verdict: verdict.into(),
            note: "restored from yesterday".into(),
        };
        match self.0.settle_dead_letter(request).await {
            Ok(settled) => Ok(settled.into_inner().applied),
            Err(refused) => Err(reason(&refused)),
        }
    }
}

/// A tally with an entry, an older copy of its owner, and its owner again, which has gone on.
async fn set_back(bench: &Bench) -> (Member, Uuid, String, SocketAddr) {
    let owners = database().await;
    let first = owner(bench, &owners, None).await;
    let tally = opened(&first).await;
    published_all(&bus(bench).await, 1).await;
    let address = first.running.grpc;
    first.end().await;
    let older = copy(&owners).await;
    (owner(bench, &owners, Some(address)).await, tally, older, address)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_lost_history_is_told_and_settled() {
    let bench = Bench::new().await;
    let bus = bus(&bench).await;
    let owners = database().await;
    let first = owner(&bench, &owners, None).await;
    let (whole, shorter, other) = (opened(&first).await, opened(&first).await, opened(&first).await);
    let address = first.running.grpc;
    published_all(&bus, 3).await;
    first.end().await;
    let older = copy(&owners).await;
    let first = owner(&bench, &owners, Some(address)).await;
    more(&first, shorter, 2).await;
    more(&first, other, 2).await;
    let gone = opened(&first).await;
    published_all(&bus, 8).await;
    let follower = follower(&bench, address, &database().await, OFTEN, &healthy()).await;
    all_heard(&bus).await;
    first.end().await;

    let again = owner(&bench, &older, Some(address)).await;
    more(&again, other, 3).await;
    let mut operator = Operator::of(&bench, &follower);
    let mut expected = vec![(shorter, 3), (other, 3), (gone, 1)];
    expected.sort();
    eventually("all of it is told", async || (operator.diverged().await == expected).then_some(())).await;
    more(&again, whole, 1).await;
    let new = opened(&again).await;
    for (tally, versions) in [(whole, vec![1, 2]), (new, vec![1])] {
        eventually("the others go on", async || {
            (heard(&follower.log, tally).await == versions).then_some(())
        })
        .await;
    }

    let request = RetryDeadLetterRequest { source: "tally".into(), aggregate: other.to_string() };
    let retried = operator.0.retry_dead_letter(request).await.unwrap().into_inner();
    assert_eq!((retried.applied, retried.dead_letter.unwrap().reason()), (0, DeadLetterReason::Diverged));
    assert_eq!(heard(&follower.log, other).await, [1, 2, 3], "nothing on top of a history that is no more");
    assert_eq!(operator.diverged().await, expected);

    use DeadLetterVerdict::{Adopted, Dismissed, Disowned};
    for (tally, unfit) in [(other, Dismissed), (other, Disowned), (gone, Adopted)] {
        assert_eq!(operator.settle(tally, unfit).await.unwrap_err(), "VERDICT_UNFIT");
    }
    for (tally, fit) in [(other, Adopted), (shorter, Adopted), (gone, Disowned)] {
        assert_eq!(operator.settle(tally, fit).await, Ok(0));
    }
    more(&again, other, 1).await;
    more(&again, shorter, 1).await;
    for (tally, versions) in [(other, vec![1, 2, 3, 5]), (shorter, vec![1, 2, 3, 2])] {
        eventually("it goes on", async || (heard(&follower.log, tally).await == versions).then_some(()))
            .await;
    }
    assert_eq!(operator.diverged().await, []);
    follower.end().await;
    again.end().await;
}

/// What came by the stream is confirmed after all marks were held against the owner's log, and may be older than the mark.
#[tokio::test]
async fn an_earlier_event_does_not_hide_the_newest_that_diverges() {
    let bench = Bench::new().await;
    let bus = bus(&bench).await;
    let (first, tally, older, address) = set_back(&bench).await;
    more(&first, tally, 3).await;
    published_all(&bus, 4).await;
    lose(&bus).await;
    let said = entries(&first.log, tally).await;
    let followers = database().await;
    let before = follower(&bench, address, &followers, NEVER, &healthy()).await;
    // The first two come by the stream; the others are read from the owner's log, and those need no confirming.
    for version in [1, 2, 4] {
        say(&bus, &said[version - 1]).await;
    }
    all_heard(&bus).await;
    assert_eq!(heard(&before.log, tally).await, [1, 2, 3, 4]);
    before.end().await;
    first.end().await;

    let again = owner(&bench, &older, Some(address)).await;
    let follower = follower(&bench, address, &followers, OFTEN, &healthy()).await;
    eventually("all is confirmed", async || {
        (count(follower.log.pool(), "unconfirmed").await == 0).then_some(())
    })
    .await;
    assert_eq!(Operator::of(&bench, &follower).diverged().await, [(tally, 4)]);
    follower.end().await;
    again.end().await;
}

/// The first that comes of the new history may fit right behind the mark of the lost one.
#[tokio::test]
async fn nothing_of_a_new_history_takes_effect_on_a_lost_one() {
    let bench = Bench::new().await;
    let bus = bus(&bench).await;
    let (first, tally, older, address) = set_back(&bench).await;
    more(&first, tally, 2).await;
    published_all(&bus, 3).await;
    // Never reconciles: what comes must show it by itself.
    let followers = database().await;
    let before = follower(&bench, address, &followers, NEVER, &healthy()).await;
    eventually("the lost history is heard", async || {
        (heard(&before.log, tally).await == [1, 2, 3]).then_some(())
    })
    .await;
    before.end().await;
    first.end().await;

    let again = owner(&bench, &older, Some(address)).await;
    more(&again, tally, 3).await;
    published_all(&bus, 6).await;
    lose(&bus).await;
    say(&bus, &entries(&again.log, tally).await[3]).await;
    let follower = follower(&bench, address, &followers, NEVER, &healthy()).await;
    all_heard(&bus).await;
    assert_eq!(heard(&follower.log, tally).await, [1, 2, 3]);
    assert_eq!(Operator::of(&bench, &follower).diverged().await, [(tally, 3)]);
    follower.end().await;
    again.end().await;
}

/// The stream keeps for a week what the owner's log has lost.
#[tokio::test]
async fn what_only_the_stream_has_takes_no_effect() {
    let bench = Bench::new().await;
    let bus = bus(&bench).await;
    let (first, tally, older, address) = set_back(&bench).await;
    more(&first, tally, 1).await;
    let gone = opened(&first).await;
    let lost = [entries(&first.log, tally).await.remove(1), entries(&first.log, gone).await.remove(0)];
    published_all(&bus, 3).await;
    lose(&bus).await;
    first.end().await;

    let again = owner(&bench, &older, Some(address)).await;
    let follower = follower(&bench, address, &database().await, NEVER, &healthy()).await;
    let new = opened(&again).await;
    eventually("the new epoch is known", async || (heard(&follower.log, new).await == [1]).then_some(()))
        .await;
    for entry in &lost {
        say(&bus, entry).await;
    }
    all_heard(&bus).await;
    assert_eq!(heard(&follower.log, tally).await, [1], "as far as its owner has it");
    assert!(heard(&follower.log, gone).await.is_empty());
    assert_eq!(count(follower.log.pool(), "dead_letter").await, 0);
    follower.end().await;
    again.end().await;
}

/// What was being applied when the owner's epoch became known is checked as well.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_takes_effect_beside_the_check_is_told() {
    let bench = Bench::new().await;
    let bus = bus(&bench).await;
    let (first, _, older, address) = set_back(&bench).await;
    lose(&bus).await;
    let gone = opened(&first).await;
    published_all(&bus, 1).await;
    // The one event that may not be looked at yet is of the history to be lost.
    let (gate, followers) = (Gate::with(0), database().await);
    let shut = gate.clone();
    let follower = follower_with(&bench, address, &followers, NEVER, |log| Careful { log, gate: shut }).await;
    eventually("it is being applied", async || (gate.come.load(Ordering::SeqCst) == 1).then_some(())).await;
    first.end().await;

    let again = owner(&bench, &older, Some(address)).await;
    // On all the lanes.
    for _ in 0..16 {
        opened(&again).await;
    }
    eventually("the new epoch is known", async || {
        let stream = bus.jetstream().get_stream("HUYING_TALLY").await.ok()?;
        let held_back = stream.consumer_info("echo").await.ok()?.num_redelivered > 0;
        (held_back || gate.come.load(Ordering::SeqCst) > 1).then_some(())
    })
    .await;
    gate.open.add_permits(Semaphore::MAX_PERMITS);
    let mut operator = Operator::of(&bench, &follower);
    eventually("it is told", async || (operator.diverged().await == [(gone, 1)]).then_some(())).await;
    all_heard(&bus).await;
    assert_eq!(heard(&follower.log, gone).await, [1]);
    follower.end().await;
    again.end().await;
}

/// Marks that are ahead of an old page of the owner's log, more of them than can be asked about at once.
#[tokio::test]
async fn a_walk_behind_many_marks_goes_on() {
    const MANY: usize = 2000;
    let bench = Bench::new().await;
    let bus = bus(&bench).await;
    let owner = owner(&bench, &database().await, None).await;
    let mut tallies = Vec::new();
    for _ in 0..MANY / 100 {
        let (drafts, opened): (Vec<_>, Vec<_>) = (0..100).map(|_| open()).unzip();
        owner.append(drafts).await;
        tallies.extend(opened);
    }
    for hundred in tallies.chunks(100) {
        owner.append(hundred.iter().map(|tally| add(tally, 1).0).collect::<Vec<_>>()).await;
    }
    let followers = database().await;
    let quick = follower(&bench, owner.running.grpc, &followers, NEVER, &healthy()).await;
    published_all(&bus, 2 * MANY as u64).await;
    all_heard(&bus).await;
    quick.end().await;
    lose(&bus).await;
    let (draft, last) = super::tally::open_as(id::new(), "last", "420102");
    owner.append(draft).await;
    published_all(&bus, 1).await;
    lose(&bus).await;

    let walking = follower(&bench, owner.running.grpc, &followers, OFTEN, &healthy()).await;
    eventually("the last is found", async || (heard(&walking.log, last.id).await == [1]).then_some(())).await;
    walking.end().await;
    owner.end().await;
}
