//! Two builds side by side, as in every rollout: a replica of each of the owner and of the follower, on one database each, under load.

use std::convert::Infallible;
use std::sync::Arc;

use futures::future::join_all;
use huying_chassis::auth::CITY;
use huying_chassis::follow::DeadLetters;
use huying_chassis::id;
use huying_chassis::log::{Aggregate, Decided, Draft, Log, Meta, Versioned, verify::Kind};
use huying_chassis::run::{RunError, Runner, Seen, on};
use huying_chassis::status::Problem;
use huying_proto::log::v1::ReadAggregateRequest;
use huying_proto::log::v1::log_service_client::LogServiceClient;
use huying_testing::{Bench, command, database, eventually, reason, wire};
use tonic::{Code, Status};
use uuid::Uuid;

use super::bench::{
    Member, NEVER, OFTEN, all_heard, bus, count, follower, follower_with, healthy, owner, owner_next,
    published, published_all,
};
use super::echo::{Ear, heard};
use super::tally::{Change, Tally, meta, open};
use super::tally_next::{ChangeNext, TallyNext, painted};

/// Tallies that only the older build is asked about, and those that both are.
const OLD: usize = 4;
const BOTH: usize = 8;
const ROUNDS: i64 = 40;

/// One more of a tally, as a replica answers: a refusal as its callers see it.
async fn step<A: Aggregate>(log: &Log, tally: Uuid, change: A::Change, once: &Meta) -> Result<i64, Status> {
    let add = on(tally, |_: &Versioned<A>, _: &Seen<(), Infallible>| Ok(Decided::one(change.clone())));
    match Runner::new(log.clone(), Arc::new(())).run(&add, once).await {
        Ok(after) => Ok(after.version),
        Err(RunError::Refused(never)) => match never {},
        Err(RunError::Unanswered(problem)) => Err(problem.into()),
        Err(RunError::Append(error)) => Err(Problem::from(error).into()),
        Err(other) => panic!("{other}"),
    }
}

/// What callers did to one tally.
struct Done {
    tally: Uuid,
    total: i64,
    colour: Option<String>,
    steps: i64,
    /// How often the older build would not.
    refused: usize,
}

/// Asks the one replica or the other, as a balancer would, and the other one where the first would not.
async fn work(old: Log, new: Log, tally: Uuid, both: bool) -> Done {
    let mut done = Done { tally, total: 0, colour: None, steps: 0, refused: 0 };
    for round in 1..=ROUNDS {
        let once = Meta { command: command("test", id::new(), ""), ..meta() };
        if both && round % 5 == 3 {
            let colour = format!("colour {round}");
            step::<TallyNext>(&new, tally, painted(&colour), &once).await.unwrap();
            done.colour = Some(colour);
        } else {
            let add = Change::Added(round);
            let asked_old = if both && round % 2 == 0 {
                None
            } else {
                Some(step::<Tally>(&old, tally, add.clone(), &once).await)
            };
            if let Some(Err(status)) = &asked_old {
                assert_eq!((status.code(), reason(status).as_str()), (Code::Unavailable, "NEWER_SHAPE"));
                done.refused += 1;
            }
            if !matches!(asked_old, Some(Ok(_))) {
                step::<TallyNext>(&new, tally, ChangeNext::Known(add), &once).await.unwrap();
            }
            done.total += round;
        }
        done.steps += 1;
    }
    done
}

async fn opened(owner: &Member, number: usize) -> Vec<Uuid> {
    let mut tallies = Vec::new();
    for _ in 0..number {
        let (draft, tally) = open();
        owner.append(draft).await;
        tallies.push(tally.id);
    }
    tallies
}

async fn assert_kept(new: &Log, done: &Done) {
    let tally = new.load::<TallyNext>(done.tally).await.unwrap().unwrap();
    assert_eq!(
        (tally.it.known.total, &tally.it.colour),
        (done.total, &done.colour),
        "nothing was written over"
    );
    assert_eq!(tally.version, done.steps + 1);
    let old = new.load::<Tally>(done.tally).await;
    assert_eq!(old.is_ok(), done.colour.is_none(), "the older build reads what it wrote, and nothing else");
    assert_eq!(done.refused > 0, done.colour.is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_builds_side_by_side_lose_nothing() {
    let (bench, owners, followers) = (Bench::new().await, database().await, database().await);
    let old = owner(&bench, &owners, None).await;
    let bus = bus(&bench).await;
    let (only_old, both) = (opened(&old, OLD).await, opened(&old, BOTH).await);
    published_all(&bus, (OLD + BOTH) as u64).await;
    // The older build's relay leads when the newer build comes.
    let new = owner_next(&bench, &owners).await;
    let old_ear = follower(&bench, old.running.grpc, &followers, OFTEN, &healthy()).await;
    let new_ear = follower_with(&bench, new.running.grpc, &followers, OFTEN, |log| Ear::<2> {
        log,
        chokes_on: healthy(),
    })
    .await;

    let caller = |tally: &Uuid, both| tokio::spawn(work(old.log.clone(), new.log.clone(), *tally, both));
    let callers: Vec<_> = only_old
        .iter()
        .map(|tally| caller(tally, false))
        .chain(both.iter().map(|tally| caller(tally, true)))
        .collect();
    let done: Vec<Done> = join_all(callers).await.into_iter().map(Result::unwrap).collect();

    for done in &done {
        assert_kept(&new.log, done).await;
    }
    let pool = new.log.pool();
    let entries = count(pool, "log").await;
    published_all(&bus, entries as u64).await;
    let stream: Vec<Uuid> = published(&bus).await.iter().map(|event| event.id).collect();
    let in_order: Vec<Uuid> =
        sqlx::query_scalar("select id from log order by epoch, xid, seq").fetch_all(pool).await.unwrap();
    assert_eq!(stream, in_order, "each entry once, in order, whichever build relayed it");
    all_heard(&bus).await;
    for done in &done {
        let versions: Vec<i64> = (1..=done.steps + 1).collect();
        assert_eq!(heard(&new_ear.log, done.tally).await, versions);
    }
    assert!(DeadLetters::new(new_ear.log.pool()).list(None, 10).await.unwrap().is_empty());
    let faults = Kind::of::<TallyNext>().verify(pool, Uuid::nil(), 1000).await.unwrap().faults;
    assert!(faults.is_empty(), "{faults:?}");
    for member in [old_ear, new_ear, old, new] {
        member.end().await;
    }
}

/// Where no newer build is there yet, what stands before its entries is said once, and the relay waits right before them.
#[tokio::test]
async fn an_older_relay_stands_before_what_it_cannot_say() {
    let bench = Bench::new().await;
    let old = owner(&bench, &database().await, None).await;
    let bus = bus(&bench).await;
    let (first, tally) = open();
    let new = Draft::new::<TallyNext>(
        id::new(),
        &[ChangeNext::Known(Change::Opened { district: tally.it.district, name: "new".to_owned() })],
        &meta(),
        old.log.now(),
    );
    // In one transaction, and so in one batch of the relay.
    old.append(vec![first, new.unwrap().unwrap().0]).await;
    published_all(&bus, 1).await;
    eventually("the relay has come so far", async || {
        let at: i64 = sqlx::query_scalar("select seq from relay").fetch_one(old.log.pool()).await.ok()?;
        (at == 1).then_some(())
    })
    .await;
    assert_eq!(published(&bus).await.len(), 1);
    old.end().await;
}

/// What only a newer build can tell is not missing: another replica is to be asked.
#[tokio::test]
async fn an_older_owner_sends_to_a_newer_one() {
    let (bench, owners) = (Bench::new().await, database().await);
    let (old, new) = (owner(&bench, &owners, None).await, owner_next(&bench, &owners).await);
    let tally = opened(&old, 1).await[0];
    step::<TallyNext>(&new.log, tally, painted("red"), &meta()).await.unwrap();
    let read = async |from_version, member: &Member| {
        let wire = wire(member.running.grpc, bench.service("echo", Some(CITY)));
        let request = ReadAggregateRequest { aggregate: tally.to_string(), from_version, page_size: 0 };
        LogServiceClient::new(wire)
            .read_aggregate(request)
            .await
            .map(|answer| answer.into_inner().entries.len())
    };
    assert_eq!(read(1, &old).await.unwrap(), 1, "as far as it can");
    let refused = read(2, &old).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (Code::Unavailable, "NEWER_SHAPE"));
    assert_eq!(read(1, &new).await.unwrap(), 2);
    for member in [old, new] {
        member.end().await;
    }
}

#[tokio::test]
async fn what_an_older_follower_does_not_know_waits_for_a_newer_one() {
    let (bench, followers) = (Bench::new().await, database().await);
    let new = owner_next(&bench, &database().await).await;
    let bus = bus(&bench).await;
    let old_ear = follower(&bench, new.running.grpc, &followers, OFTEN, &healthy()).await;
    let tally = opened(&new, 1).await[0];
    let once = meta();
    step::<TallyNext>(&new.log, tally, painted("red"), &once).await.unwrap();
    step::<TallyNext>(&new.log, tally, ChangeNext::Known(Change::Added(1)), &once).await.unwrap();
    eventually("what it does not know comes to it again", async || {
        let stream = bus.jetstream().get_stream("HUYING_TALLY").await.ok()?;
        (stream.consumer_info("echo").await.ok()?.num_redelivered > 1).then_some(())
    })
    .await;
    assert_eq!(heard(&old_ear.log, tally).await, [1]);
    let mark: i64 =
        sqlx::query_scalar("select version from followed").fetch_one(old_ear.log.pool()).await.unwrap();
    assert_eq!((mark, count(old_ear.log.pool(), "dead_letter").await), (1, 0));

    let new_ear = follower_with(&bench, new.running.grpc, &followers, NEVER, |log| Ear::<2> {
        log,
        chokes_on: healthy(),
    })
    .await;
    eventually("the newer one applies it", async || {
        (heard(&new_ear.log, tally).await == [1, 2, 3]).then_some(())
    })
    .await;
    for member in [old_ear, new_ear, new] {
        member.end().await;
    }
}
