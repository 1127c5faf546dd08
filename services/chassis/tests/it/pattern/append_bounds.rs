//! The committer's bounds: a full queue sheds, and a stop loses nothing that was accepted.

use huying_chassis::clock::Clock;
use huying_chassis::log::{AppendError, Bounds};
use huying_testing::{database, eventually};
use sqlx::{Postgres, Transaction};
use tokio::task::{JoinHandle, yield_now};

use super::bench::Store;
use super::tally::open;

/// Holds the table, so that the committer has to wait.
async fn hold(store: &Store) -> Transaction<'static, Postgres> {
    let mut held = store.pool.begin().await.unwrap();
    sqlx::query("lock table tally in exclusive mode").execute(&mut *held).await.unwrap();
    held
}

fn append(store: &Store) -> JoinHandle<Result<(), AppendError>> {
    let log = store.log.clone();
    tokio::spawn(async move { log.append(open().0.into()).await })
}

async fn committer_waits(store: &Store) {
    eventually("the committer waits for the lock", async || {
        let waiting: bool = sqlx::query_scalar(
            "select exists (select from pg_locks where not granted and relation = 'tally'::regclass and database = (select oid from pg_database where datname = current_database()))",
        )
        .fetch_one(&store.pool)
        .await
        .unwrap();
        waiting.then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_full_queue_sheds() {
    let store = Store::at(&database().await, Bounds { queue: 2, group: 1 }, Clock::system()).await;
    let held = hold(&store).await;
    let working = append(&store);
    committer_waits(&store).await;
    let waiting = [append(&store), append(&store)];
    yield_now().await;

    assert_eq!(
        store.log.append(open().0.into()).await,
        Err(AppendError::Overloaded),
        "at once, not after a wait"
    );

    held.rollback().await.unwrap();
    working.await.unwrap().unwrap();
    for accepted in waiting {
        accepted.await.unwrap().unwrap();
    }
    assert_eq!(store.count("tally").await, 3);
}

#[tokio::test]
async fn a_stop_commits_what_was_accepted() {
    let store = Store::at(&database().await, Bounds { queue: 100, group: 8 }, Clock::system()).await;
    let held = hold(&store).await;
    let callers: Vec<_> = (0..50).map(|_| append(&store)).collect();
    committer_waits(&store).await;
    // The callers go away with their handles; what they asked for was accepted.
    for caller in callers {
        caller.abort();
        let _ = caller.await;
    }
    held.rollback().await.unwrap();

    let Store { pool, log, committing, .. } = store;
    drop(log);
    committing.await.unwrap();

    assert_eq!(super::bench::count(&pool, "tally").await, 50);
    assert_eq!(super::bench::count(&pool, "log").await, 50);
}
