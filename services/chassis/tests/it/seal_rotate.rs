//! Rotation of keys where somebody has changed what is kept of them: they keep no key in use that has leaked.

use std::{path::PathBuf, time::Duration};

use huying_chassis::id;
use huying_chassis::seal::{KeyFile, Place, Sealed, Seals, add_key};
use huying_testing::database;
use sqlx::{AssertSqlSafe, PgPool};
use tempfile::TempDir;
use uuid::Uuid;

/// As a service that seals has it.
const TABLE: &str = "
    create table data_key (
        aggregate uuid not null, id uuid not null, kek text not null, wrapped bytea not null, found_by bytea,
        constraint data_key_pkey primary key (aggregate, id));
    create index data_key_kek on data_key (kek)";

struct Keys {
    _dir: TempDir,
    file: PathBuf,
    pool: PgPool,
    seals: Seals,
}

impl Keys {
    async fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let file = dir.path().join("seal.keys");
        add_key(&file).unwrap();
        let pool = PgPool::connect(&database().await).await.unwrap();
        sqlx::raw_sql(TABLE).execute(&pool).await.unwrap();
        let seals = Seals::new(pool.clone(), KeyFile::looking_every(&file, Duration::ZERO).unwrap());
        Self { _dir: dir, file, pool, seals }
    }

    /// Something sealed, by its aggregate.
    async fn keep(&self) -> (Uuid, Sealed) {
        let aggregate = id::new();
        let fresh = self.seals.fresh(aggregate).await.unwrap();
        let row = fresh.row(None);
        sqlx::query("insert into data_key (aggregate, id, kek, wrapped) values ($1, $2, $3, $4)")
            .bind(aggregate)
            .bind(row.id)
            .bind(row.wrapped.by)
            .bind(row.wrapped.bytes)
            .execute(&self.pool)
            .await
            .unwrap();
        (aggregate, fresh.seal("it", "name", &"what is kept").unwrap())
    }

    async fn change(&self, of: Uuid, what: &str) {
        let sql = format!("update data_key set {what} where aggregate = '{of}'");
        sqlx::raw_sql(AssertSqlSafe(sql)).execute(&self.pool).await.unwrap();
    }
}

#[tokio::test]
async fn what_does_not_unwrap_is_passed_over_and_told_of() {
    let keys = Keys::new().await;
    let mut kept = Vec::new();
    for _ in 0..6 {
        kept.push(keys.keep().await);
    }
    // The first in the order of rotation, and one among the others.
    keys.change(kept[0].0, "wrapped = '\\x00'").await;
    keys.change(kept[3].0, "kek = '0-nobody-has-it'").await;
    let newest = add_key(&keys.file).unwrap();

    let (mut after, mut rewrapped, mut unopened) = (None, 0, 0);
    for _ in 0..10 {
        let done = keys.seals.rotate(after, 1).await.unwrap();
        assert_eq!((&done.newest, done.missing), (&newest, vec!["0-nobody-has-it".to_owned()]));
        assert_eq!(done.next.is_none(), done.left.is_empty());
        (after, rewrapped, unopened) = (done.next, rewrapped + done.rewrapped, unopened + done.unopened);
        if after.is_none() {
            break;
        }
    }

    assert_eq!((after, rewrapped, unopened), (None, 4, 1));
    for (n, (aggregate, sealed)) in kept.iter().enumerate() {
        let place = Place { kind: "it", id: *aggregate, field: "name" };
        let opened = keys.seals.open_one::<String>(place, sealed).await;
        assert_eq!(opened.is_ok(), n != 0 && n != 3, "{opened:?}");
    }
    keys.pool.close().await;
}

/// Whoever writes to the table can name any number of keys: those of the file are looked for among them all the same.
#[tokio::test]
async fn keys_of_the_file_are_found_among_any_number_of_others() {
    let keys = Keys::new().await;
    keys.keep().await;
    let many = "insert into data_key (aggregate, id, kek, wrapped)
                select gen_random_uuid(), gen_random_uuid(), '!' || n || repeat('x', 100), '' from generate_series(1, 200) n";
    sqlx::query(many).execute(&keys.pool).await.unwrap();
    let (names, used) = keys.seals.names().await.unwrap();
    assert!(used.contains(&names[0]));
    assert_eq!(used.len(), 1 + 50);
    assert!(used.iter().all(|name| name.chars().count() <= 40), "{used:?}");
    keys.pool.close().await;
}
