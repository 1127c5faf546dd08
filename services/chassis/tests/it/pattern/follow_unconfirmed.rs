//! What took effect from a stream and was not yet held against its owner's log outlives the process that applied it.

use huying_chassis::id;
use huying_testing::{Bench, database, eventually};
use sqlx::PgPool;

use super::bench::{Member, NEVER, OFTEN, bus, count, follower, healthy, owner};
use super::echo::heard;
use super::follow_believe::{Forged, opened};
use super::follow_diverge::Operator;

/// Rows of another source, which is away.
const MANY: i64 = 50_000;
/// Rows of the table that scans have returned.
const READ: &str = "
    select (t.seq_tup_read + i.idx_tup_read)::int8
      from pg_stat_user_tables t join pg_stat_user_indexes i using (relid) where t.relname = 'unconfirmed'";

/// Waits until nothing of the tallies is to be confirmed.
async fn all_confirmed(follower: &Member) {
    let waiting = "select count(*) from unconfirmed where source = 'tally'";
    eventually("all is confirmed", async || {
        let waiting: i64 = sqlx::query_scalar(waiting).fetch_one(follower.log.pool()).await.unwrap();
        (waiting == 0).then_some(())
    })
    .await;
}

/// The process that took the forgery ends before it could ask; the owner says nothing more, and stays in its epoch.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_63_what_a_process_could_not_confirm_is_found_by_the_next() {
    let bench = Bench::new().await;
    let bus = bus(&bench).await;
    let owner = owner(&bench, &database().await, None).await;
    let followers = database().await;
    let first = follower(&bench, owner.running.grpc, &followers, NEVER, &healthy()).await;
    let (id, _) = opened(&owner).await;
    eventually("the owner is heard", async || (heard(&first.log, id).await == [1]).then_some(())).await;
    let gone = id::new();
    Forged::next(&owner, id).await.of(gone, 1).publish(&bus).await;
    eventually("the forgery is too", async || (heard(&first.log, gone).await == [1]).then_some(())).await;
    first.end().await;

    let next = follower(&bench, owner.running.grpc, &followers, OFTEN, &healthy()).await;
    let mut operator = Operator::of(&bench, &next);
    eventually("it is told", async || (operator.diverged().await == [(gone, 1)]).then_some(())).await;
    all_confirmed(&next).await;
    assert_eq!(operator.diverged().await, [(gone, 1)], "and nothing else");
    next.end().await;
    owner.end().await;
}

/// One source that is away for long costs the others nothing.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_to_confirm_does_not_grow_with_what_waits() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let followers = database().await;
    follower(&bench, owner.running.grpc, &followers, NEVER, &healthy()).await.end().await;
    let pool = PgPool::connect(&followers).await.unwrap();
    let wait = "insert into unconfirmed (source, aggregates, versions, ids)
                select 'away', array[gen_random_uuid()], array[1], array[gen_random_uuid()] from generate_series(1, $1)";
    sqlx::query(wait).bind(MANY).execute(&pool).await.unwrap();

    let follower = follower(&bench, owner.running.grpc, &followers, OFTEN, &healthy()).await;
    for _ in 0..3 {
        let (id, _) = opened(&owner).await;
        eventually("it is heard", async || (heard(&follower.log, id).await == [1]).then_some(())).await;
        all_confirmed(&follower).await;
    }
    follower.end().await;
    // A session tells what it has read at its end.
    let sessions = "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'huying-echo'";
    eventually("the follower's sessions have ended", async || {
        let sessions: i64 = sqlx::query_scalar(sessions).fetch_one(&pool).await.unwrap();
        (sessions == 0).then_some(())
    })
    .await;
    let read: i64 = sqlx::query_scalar(READ).fetch_one(&pool).await.unwrap();
    assert!(read < MANY / 10, "{read} rows were read");
    assert_eq!(count(&pool, "unconfirmed").await, MANY);
    owner.end().await;
}
