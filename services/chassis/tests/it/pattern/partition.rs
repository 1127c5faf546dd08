//! No key spans months: the log, the marks and the tables of aggregates can be partitioned by ranges of the aggregate's id, which begins
//! with its time, while everything runs.

use chrono::{Datelike, Months, NaiveTime};
use huying_chassis::db;
use huying_chassis::log::read::{self, entries_of};
use huying_chassis::log::verify::Kind;
use huying_chassis::log::{Aggregate, Draft, Position, Versioned};
use huying_testing::{Bench, database, eventually};
use sqlx::{AssertSqlSafe, Connection, PgConnection, PgPool};
use uuid::{NoContext, Timestamp, Uuid};

use super::bench::{
    OFTEN, Store, all_heard, bus, count, follower, healthy, lose, owner, published, published_all,
};
use super::echo::{Echo, heard};
use super::tally::{SOMEWHERE, Tally, add, now, open, open_as};

/// The recipe of `services/README.md`, a statement or a transaction each.
const STEPS: [&str; 3] = [
    "alter table TABLE add constraint TABLE_month check (KEY < 'BOUNDARY') not valid",
    "alter table TABLE validate constraint TABLE_month",
    "begin;
     alter table TABLE rename to TABLE_before;
     create table TABLE (like TABLE_before including all) partition by range (KEY);
     alter table TABLE drop constraint TABLE_month;
     alter table TABLE attach partition TABLE_before for values from (minvalue) to ('BOUNDARY');
     alter table TABLE_before drop constraint TABLE_month;
     create table TABLE_after partition of TABLE for values from ('BOUNDARY') to (maxvalue);
     commit",
];
/// For the log besides: its numbers go on when its oldest part is dropped.
const SEQUENCE: &str = "alter sequence log_seq owned by log.seq";

/// The last part up to the next boundary, and another after it.
const AGAIN: &str = "begin;
     alter table TABLE detach partition TABLE_after;
     alter table TABLE attach partition TABLE_after for values from ('BOUNDARY') to ('NEXT');
     create table TABLE_last partition of TABLE for values from ('NEXT') to (maxvalue);
     commit";

/// Milliseconds at which a month begins, so many after this one.
fn month(after: u32) -> u64 {
    let first = now().date_naive().with_day(1).unwrap() + Months::new(after);
    first.and_time(NaiveTime::MIN).and_utc().timestamp_millis().cast_unsigned()
}

/// The least id of those made from then on: 48 bits of milliseconds, and nothing.
fn boundary(millis: u64) -> Uuid {
    Uuid::from_u128(u128::from(millis) << 80)
}

/// A tally of an id made then.
fn open_at(millis: u64) -> (Draft, Versioned<Tally>) {
    let id = Uuid::new_v7(Timestamp::from_unix(NoContext, millis / 1000, (millis % 1000) as u32 * 1_000_000));
    open_as(id, &id.to_string(), SOMEWHERE)
}

async fn partition(database: &str, steps: &[&str], tables: &[(&str, &str)]) {
    let [boundary, next] = [1, 2].map(|after| boundary(month(after)).to_string());
    let mut connection = PgConnection::connect(database).await.unwrap();
    for (table, key) in tables {
        for step in steps {
            let sql = step.replace("TABLE", table).replace("KEY", key);
            let sql = sql.replace("BOUNDARY", &boundary).replace("NEXT", &next);
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
        }
    }
    sqlx::raw_sql(SEQUENCE).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// What new connections of a service do.
async fn reconnect(database: &str) {
    db::connect(database, 1, "new").await.unwrap().close().await;
}

async fn sound<A: Aggregate>(pool: &PgPool, expected: (usize, usize)) {
    let found = Kind::of::<A>().verify(pool, Uuid::nil(), 100).await.unwrap();
    assert_eq!(found.faults, []);
    assert_eq!((found.checked, found.replayed), expected);
}

#[tokio::test]
async fn log_marks_and_rows_can_be_parted_by_month() {
    let bench = Bench::new().await;
    let (owners, followers) = (database().await, database().await);
    let owner = owner(&bench, &owners, None).await;
    let follower = follower(&bench, owner.running.grpc, &followers, OFTEN, &healthy()).await;
    let (draft, before) = open();
    owner.append(draft).await;
    eventually("it is heard", async || (heard(&follower.log, before.id).await == [1]).then_some(())).await;

    partition(&owners, &STEPS, &[("log", "aggregate"), ("tally", "id")]).await;
    partition(&followers, &STEPS, &[("log", "aggregate"), ("followed", "aggregate"), ("echo", "id")]).await;

    // The services' connections, as they were.
    let ((first, early), (second, late)) = (open(), open_at(month(1)));
    let ((third, early), (fourth, late)) = (add(&early, 1), add(&late, 2));
    for draft in [first, second, third, fourth, add(&before, 3).0] {
        owner.append(draft).await;
    }
    let bus = bus(&bench).await;
    published_all(&bus, 6).await;
    all_heard(&bus).await;
    for tally in [before.id, early.id, late.id] {
        assert_eq!(heard(&follower.log, tally).await, [1, 2]);
        assert_eq!(entries_of(owner.log.pool(), tally, 1, 9).await.unwrap().len(), 2);
    }
    let (log, marks) = (owner.log.pool(), follower.log.pool());
    for (pool, table, parts) in [(log, "log", (4, 2)), (log, "tally", (2, 1)), (marks, "followed", (2, 1))] {
        let part = async |part| count(pool, &format!("{table}_{part}")).await;
        assert_eq!((part("before").await, part("after").await), parts, "{table}");
    }

    // New ones: the log is another table, so an epoch begins, once.
    for database in [&owners, &followers, &owners] {
        reconnect(database).await;
    }
    assert_eq!((count(log, "epoch").await, count(marks, "epoch").await), (2, 2));
    lose(&bus).await;
    for (draft, _) in [add(&early, 4), add(&late, 5), open_at(month(1) + 1)] {
        owner.append(draft).await;
    }
    for tally in [early.id, late.id] {
        eventually("it is heard", async || (heard(&follower.log, tally).await == [1, 2, 3]).then_some(()))
            .await;
    }
    published_all(&bus, 3).await;
    all_heard(&bus).await;
    let epoch = read::epoch(log).await.unwrap();
    eventually("the marks were checked in the new epoch", async || {
        let audited: i64 =
            sqlx::query_scalar("select audited from reconciled").fetch_one(marks).await.unwrap();
        (audited == epoch).then_some(())
    })
    .await;
    assert_eq!(count(marks, "dead_letter").await, 0);

    let mut connection = log.acquire().await.unwrap();
    let tail = read::tail(&mut connection, Position::default(), 100).await.unwrap();
    drop(connection);
    assert_eq!(tail.entries.len(), 9);
    assert!(tail.entries.is_sorted_by_key(|entry| entry.position));
    let said: Vec<Uuid> = published(&bus).await.iter().map(|event| event.id).collect();
    assert_eq!(said, tail.entries[6..].iter().map(|entry| entry.head.id).collect::<Vec<_>>());
    sound::<Tally>(log, (4, 9)).await;
    sound::<Echo>(marks, (4, 9)).await;
    follower.end().await;
    owner.end().await;
}

#[tokio::test]
async fn the_last_part_can_be_parted_again() {
    const TABLES: [(&str, &str); 2] = [("log", "aggregate"), ("tally", "id")];
    let store = Store::new().await;
    partition(&store.url, &STEPS, &TABLES).await;
    reconnect(&store.url).await;
    for millis in [month(0), month(1)] {
        store.log.append(open_at(millis).0.into()).await.unwrap();
    }
    partition(&store.url, &[AGAIN], &TABLES).await;
    reconnect(&store.url).await;
    let (draft, newest) = open_at(month(2));
    for draft in [draft, add(&newest, 1).0, open_at(month(1)).0] {
        store.log.append(draft.into()).await.unwrap();
    }
    sound::<Tally>(&store.pool, (4, 5)).await;
    for (part, entries) in [("log_before", 1), ("log_after", 2), ("log_last", 2)] {
        assert_eq!(store.count(part).await, entries, "{part}");
    }
    assert_eq!(store.count("epoch").await, 2, "the log is the same table");
}
