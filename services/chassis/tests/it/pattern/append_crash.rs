//! PostgreSQL is killed under load: what was acknowledged is there, nothing is there twice, and work goes on.

use std::convert::Infallible;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use huying_chassis::clock::Clock;
use huying_chassis::db;
use huying_chassis::id;
use huying_chassis::log::{AppendError, Bounds, Decided, Log, Meta, Versioned};
use huying_chassis::run::{RunError, Runner, Seen, on};
use huying_embedded::Postgres;
use huying_testing::{command, eventually};
use uuid::Uuid;

use super::bench::Store;
use super::tally::{Change, Tally, meta, open};

/// Steps one after another, each repeated under its request id until it is acknowledged. Gives how many were.
async fn work(log: Log, tally: Uuid, done: Arc<AtomicU64>, enough: Arc<AtomicBool>) -> i64 {
    let runner = Runner::new(log, Arc::new(()));
    let add = on(tally, |_: &Versioned<Tally>, _: &Seen<(), Infallible>| Ok(Decided::one(Change::Added(1))));
    let mut acknowledged = 0;
    while !enough.load(Ordering::SeqCst) {
        let once = Meta { command: command("test", id::new(), ""), ..meta() };
        loop {
            match runner.run(&add, &once).await {
                Ok(_) => break,
                Err(RunError::Append(AppendError::Unavailable(_)) | RunError::Unanswered(_)) => {}
                Err(other) => panic!("{other}"),
            }
        }
        acknowledged += 1;
        done.fetch_add(1, Ordering::SeqCst);
    }
    acknowledged
}

async fn more(done: &AtomicU64, by: u64) {
    let from = done.load(Ordering::SeqCst);
    eventually("work goes on", async || (done.load(Ordering::SeqCst) >= from + by).then_some(())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_a_kill_and_nothing_is_doubled() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let postgres = Postgres::start(dir.path()).await.unwrap();
    postgres.ensure_database("crash").await.unwrap();
    let store = Store::at(&postgres.url("crash"), Bounds::default(), Clock::system()).await;
    let (done, enough) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
    let mut workers = Vec::new();
    for _ in 0..8 {
        let (draft, tally) = open();
        store.log.append(draft.into()).await.unwrap();
        let worker = work(store.log.clone(), tally.id, done.clone(), enough.clone());
        workers.push((tally.id, tokio::spawn(worker)));
    }

    for _ in 0..2 {
        more(&done, 200).await;
        postgres.kill().unwrap();
        postgres.restart().await.unwrap();
    }
    more(&done, 200).await;
    enough.store(true, Ordering::SeqCst);

    for (tally, worker) in workers {
        let acknowledged = worker.await.unwrap();
        let now = store.log.load::<Tally>(tally).await.unwrap().unwrap();
        assert_eq!(now.it.total, acknowledged, "each acknowledged step once");
        assert_eq!(now.version, acknowledged + 1);
    }
    let faults = huying_chassis::log::verify::Kind::of::<Tally>()
        .verify(&store.pool, Uuid::nil(), 100)
        .await
        .unwrap()
        .faults;
    assert!(faults.is_empty(), "{faults:?}");
}

/// A process that was stopped for a while loses its session. What it was at is tried again, not parked.
#[tokio::test]
async fn a_session_ended_in_mid_transaction_is_nobodys_mistake() {
    let store = Store::new().await;
    let mut connection = store.pool.acquire().await.unwrap();
    let idle = "set idle_in_transaction_session_timeout = 1; begin";
    sqlx::raw_sql(idle).execute(&mut *connection).await.unwrap();
    let error = eventually("the session is ended", async || {
        sqlx::query("select 1").execute(&mut *connection).await.err()
    })
    .await;
    assert!(db::is_away(&error), "{error:?}");
}
