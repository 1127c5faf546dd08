//! One refused set does not cost its group: the rest commits as a group, and what is stale by construction is not even tried.

use huying_chassis::clock::Clock;
use huying_chassis::id;
use huying_chassis::log::{AppendError, Bounds, ChangeSet, Mark, Versioned};
use huying_testing::eventually;
use sqlx::{Connection, PgConnection};

use super::bench::Store;
use super::tally::{Tally, add, open};

fn marked(draft: huying_chassis::log::Draft, version: i64) -> ChangeSet {
    let mark = Mark { source: "elsewhere", aggregate: id::new(), version, id: id::new() };
    ChangeSet { drafts: vec![draft], mark: Some(mark), ..ChangeSet::default() }
}

#[tokio::test]
async fn the_rest_of_a_group_commits_as_a_group() {
    let store = Store::new().await;
    let (opened, v1) = open();
    store.log.append(opened.into()).await.unwrap();
    store.log.append(add(&v1, 1).0.into()).await.unwrap();

    // A follower's set whose aggregate has moved on: its mark is written before its row is refused.
    let mut sets = vec![marked(add(&v1, 2).0, 1)];
    let others: Vec<(_, Versioned<Tally>)> = (0..20).map(|_| open()).collect();
    let ids: Vec<_> = others.iter().map(|(_, tally)| tally.id).collect();
    sets.extend(others.into_iter().map(|(draft, _)| marked(draft, 1)));
    let results = store.together(sets).await;

    assert_eq!(results[0], Err(AppendError::Stale));
    assert!(results[1..].iter().all(Result::is_ok));
    let first = store.xid(ids[0], 1).await;
    for id in ids {
        assert_eq!(store.xid(id, 1).await, first, "one transaction for all that were accepted");
    }
    assert_eq!(store.count("followed").await, 20, "no mark of the refused one");
}

/// Two changes of one aggregate never share a group; the second was decided on what the first has changed by then.
#[tokio::test]
async fn what_waited_for_its_aggregate_is_refused_without_a_transaction() {
    let store = Store::new().await;
    let url = store.url.clone();
    let (opened, v1) = open();
    store.log.append(opened.into()).await.unwrap();
    let before = rolled_back(store).await;

    let store = Store::at(&url, Bounds::default(), Clock::system()).await;
    let results = store.together((0..5).map(|n| marked(add(&v1, n).0, 1)).collect()).await;

    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1);
    assert_eq!(results.iter().filter(|result| **result == Err(AppendError::Stale)).count(), 4);
    assert_eq!(store.count("log").await, 2);
    assert_eq!(rolled_back(store).await, before, "nothing was tried in vain");
}

/// Ends the store. A session says how often it rolled back when it ends, and before that only now and then.
async fn rolled_back(Store { url, pool, log, committing }: Store) -> i64 {
    drop(log);
    committing.await.unwrap();
    pool.close().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let others = "select count(*) from pg_stat_activity
                   where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()";
    eventually("all sessions have ended", async || {
        let others: i64 = sqlx::query_scalar(others).fetch_one(&mut connection).await.unwrap();
        (others == 0).then_some(())
    })
    .await;
    sqlx::query_scalar("select xact_rollback from pg_stat_database where datname = current_database()")
        .fetch_one(&mut connection)
        .await
        .unwrap()
}
