//! What is in the log comes out, all of it, in the order of (transaction, sequence).

use futures::future::join_all;
use huying_chassis::clock::Clock;
use huying_chassis::id;
use huying_chassis::log::{Bounds, Position, read};
use huying_testing::{Bench, database};
use sqlx::{Connection as _, PgConnection, PgPool};
use uuid::Uuid;

use super::bench::{Store, bus, owner, published, published_all};
use super::tally::open;

const BY_HAND: &str = r#"
    insert into log (id, kind, aggregate, version, district, at, shape, entry, hash, epoch)
    values ($1, 'tally', $1, 1, '420102', now(), 1,
            '{"actor": {"subject": "hand"}, "change": {"Opened": {"district": "420102", "name": "late"}}}', sha256(''), (select max(number) from epoch))"#;

async fn log_order(pool: &PgPool) -> Vec<Uuid> {
    sqlx::query_scalar("select id from log order by xid, seq").fetch_all(pool).await.unwrap()
}

/// Rows of the log that a look at its end reads, where one is behind the horizon.
async fn read_by_a_look(connection: &mut PgConnection) -> i64 {
    let mut look = connection.begin().await.unwrap();
    sqlx::query("set local enable_seqscan = off").execute(&mut *look).await.unwrap();
    let read = "select coalesce(idx_tup_fetch, 0) + seq_tup_read from pg_stat_xact_user_tables where relname = 'log'";
    let before: i64 = sqlx::query_scalar(read).fetch_one(&mut *look).await.unwrap();
    read::tail(&mut look, Position::default(), 100).await.unwrap();
    sqlx::query_scalar::<_, i64>(read).fetch_one(&mut *look).await.unwrap() - before
}

#[tokio::test]
async fn an_entry_that_commits_late_is_not_missed() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let (pool, bus) = (owner.log.pool().clone(), bus(&bench).await);
    owner.append(open().0).await;
    published_all(&bus, 1).await;

    // The one has its sequence number before the others, the other its transaction only; both commit after them.
    let (mut low, mut lower) = (pool.begin().await.unwrap(), pool.begin().await.unwrap());
    sqlx::query("select pg_current_xact_id()::text").execute(&mut *lower).await.unwrap();
    sqlx::query(BY_HAND).bind(id::new()).execute(&mut *low).await.unwrap();
    for _ in 0..3 {
        owner.append(open().0).await;
    }
    let first = published(&bus).await.len();
    let mut connection = pool.acquire().await.unwrap();
    let seen = read::tail(&mut connection, Position::default(), 100).await.unwrap();
    assert_eq!((first, seen.entries.len(), seen.held_back), (1, 1, true), "what could be overtaken waits");
    let full = read::tail(&mut connection, Position::default(), 1).await.unwrap();
    assert_eq!((full.entries.len(), full.held_back), (1, false), "who has read a full page reads on at once");
    assert!(read_by_a_look(&mut connection).await <= 2, "one entry of what waits, however much it is");
    drop(connection);
    sqlx::query(BY_HAND).bind(id::new()).execute(&mut *lower).await.unwrap();
    lower.commit().await.unwrap();
    low.commit().await.unwrap();

    published_all(&bus, 6).await;
    let stream: Vec<Uuid> = published(&bus).await.iter().map(|event| event.id).collect();
    assert_eq!(stream, log_order(&pool).await);
    let by_sequence: Vec<Uuid> =
        sqlx::query_scalar("select id from log order by seq").fetch_all(&pool).await.unwrap();
    assert_ne!(stream, by_sequence, "the order of sequence numbers would have been another");
    owner.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_missed_under_eight_writers() {
    let bench = Bench::new().await;
    let owner = owner(&bench, &database().await, None).await;
    let url: String = {
        let name: String =
            sqlx::query_scalar("select current_database()::text").fetch_one(owner.log.pool()).await.unwrap();
        huying_testing::postgres().await.url(&name)
    };
    let stores =
        join_all((0..8).map(|_| Store::at(&url, Bounds { group: 4, ..Bounds::default() }, Clock::system())))
            .await;
    let writers = stores.into_iter().map(|store| {
        tokio::spawn(async move {
            for _ in 0..20 {
                let sets = (0..5).map(|_| open().0.into()).collect();
                assert!(store.together(sets).await.iter().all(Result::is_ok));
            }
        })
    });
    for writer in join_all(writers).await {
        writer.unwrap();
    }

    let bus = bus(&bench).await;
    published_all(&bus, 800).await;
    let stream: Vec<Uuid> = published(&bus).await.iter().map(|event| event.id).collect();
    assert_eq!(stream, log_order(owner.log.pool()).await, "each once, in order");
    owner.end().await;
}

#[tokio::test]
async fn an_orderly_stop_leaves_nothing_to_say_twice() {
    let (bench, url) = (Bench::new().await, database().await);
    let owner = owner(&bench, &url, None).await;
    for _ in 0..3 {
        owner.append(open().0).await;
    }
    published_all(&bus(&bench).await, 3).await;
    owner.end().await;

    let pool = PgPool::connect(&url).await.unwrap();
    let again: i64 =
        sqlx::query_scalar("select count(*) from log l, relay r where (l.xid, l.seq) > (r.xid, r.seq)")
            .fetch_one(&pool)
            .await
            .unwrap();
    assert_eq!(again, 0);
}
