//! The log on another cluster: its transaction numbers begin anew, and everything flows all the same.

use huying_chassis::clock::Clock;
use huying_chassis::log::{Bounds, Position, epoch, read};
use huying_testing::{Bench, database};
use sqlx::PgPool;

use super::bench::{Store, bus, owner, published, published_all};
use super::tally::{add, open};

async fn epochs(pool: &PgPool) -> Vec<(i64, bool)> {
    sqlx::query_as("select number, raised_at is not null from epoch order by number")
        .fetch_all(pool)
        .await
        .unwrap()
}

async fn look(pool: &PgPool) {
    epoch::ensure(&mut pool.acquire().await.unwrap()).await.unwrap();
}

#[tokio::test]
async fn another_cluster_begins_another_epoch() {
    let store = Store::new().await;
    store.log.append(open().0.into()).await.unwrap();
    look(&store.pool).await;
    let first = epochs(&store.pool).await;
    assert!(matches!(first[..], [(_, false)]), "{first:?}: nothing was before it");

    sqlx::query("update epoch set cluster = 'elsewhere'").execute(&store.pool).await.unwrap();
    look(&store.pool).await;
    look(&store.pool).await;
    let second = epochs(&store.pool).await;
    assert!(second.len() == 2 && second[1].1 && second[1].0 > first[0].0, "{second:?}");

    // The same cluster by name, but its numbers are yet to come: a copy of its files.
    sqlx::query("update log set xid = '4000000000', epoch = (select max(number) from epoch)")
        .execute(&store.pool)
        .await
        .unwrap();
    look(&store.pool).await;
    assert_eq!(epochs(&store.pool).await.len(), 3);
}

/// As a dump leaves it: entries that no relay has published yet, with numbers far above what the new cluster gives.
#[tokio::test]
async fn what_a_dump_brings_along_is_published_before_what_comes_after() {
    let bench = Bench::new().await;
    let url = database().await;
    let store = Store::at(&url, Bounds::default(), Clock::system()).await;
    let (opened, mut tally) = open();
    store.log.append(opened.into()).await.unwrap();
    for n in 1..4 {
        let (draft, next) = add(&tally, n);
        store.log.append(draft.into()).await.unwrap();
        tally = next;
    }
    for before in
        ["update log set xid = (4000000000 + version)::text::xid8", "update epoch set cluster = 'elsewhere'"]
    {
        sqlx::query(before).execute(&store.pool).await.unwrap();
    }
    let bus = bus(&bench).await;
    let owner = owner(&bench, &url, None).await;
    owner.append(add(&tally, 4).0).await;
    published_all(&bus, 5).await;
    let versions: Vec<i64> = published(&bus).await.iter().map(|event| event.sequence).collect();
    assert_eq!(versions, [1, 2, 3, 4, 5]);

    let mut connection = owner.log.pool().acquire().await.unwrap();
    let seen = read::tail(&mut connection, Position::default(), 10).await.unwrap().entries;
    assert!(seen.is_sorted_by_key(|entry| entry.position) && seen[4].position.xid < seen[0].position.xid);
    drop(connection);
    owner.end().await;
}
