//! Rotation of keys where somebody has changed what is kept of them, or the file meanwhile: it leaves no key in use that has leaked, and says
//! of nothing that it is done which is not.

use std::{fs, path::PathBuf, time::Duration};

use huying_chassis::id;
use huying_chassis::seal::{KeyFile, Place, RotatePlace, Rotated, SealError, Sealed, Seals, add_key};
use huying_chassis::status::Problem;
use huying_testing::database;
use sqlx::{AssertSqlSafe, PgPool};
use tempfile::TempDir;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;
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

    /// Step by step to the end; what all of them came to.
    async fn pass(&self, mut after: Option<RotatePlace>, at_most: i64) -> Rotated {
        let (mut rewrapped, mut unopened) = (0, 0);
        for _ in 0..20 {
            let done = self.seals.rotate(after, at_most).await.unwrap();
            (rewrapped, unopened) = (rewrapped + done.rewrapped, unopened + done.unopened);
            if done.next.is_none() {
                assert_eq!(done.left, [""; 0], "all were looked at");
                return Rotated { rewrapped, unopened, ..done };
            }
            after = done.next;
        }
        panic!("it does not end");
    }

    async fn opens(&self, (aggregate, sealed): &(Uuid, Sealed)) -> bool {
        let place = Place { kind: "it", id: *aggregate, field: "name" };
        self.seals.open_one::<String>(place, sealed).await.is_ok()
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
    keys.change(kept[3].0, "kek = '0-nobody-has-it', wrapped = '\\x00'").await;
    let newest = add_key(&keys.file).unwrap();

    let done = keys.pass(None, 1).await;
    assert_eq!((done.newest, done.rewrapped, done.unopened), (newest, 4, 2));
    assert_eq!(done.missing, ["0-nobody-has-it"]);
    for (n, kept) in kept.iter().enumerate() {
        assert_eq!(keys.opens(kept).await, n != 0 && n != 3, "{n}");
    }
    keys.pool.close().await;
}

/// Whoever writes to the table can put any name beside what a leaked key has wrapped: nothing of it is lost when that key goes.
#[tokio::test]
async fn what_names_another_key_than_its_own_is_wrapped_by_the_newest_too() {
    let keys = Keys::new().await;
    let old = keys.seals.names().await.unwrap().0;
    let middle = add_key(&keys.file).unwrap();
    let newest = add_key(&keys.file).unwrap();
    let file = fs::read_to_string(&keys.file).unwrap();
    let without = |gone: &[&String]| {
        let is_gone = |line: &str| gone.iter().any(|name| line.split(' ').next() == Some(name.as_str()));
        file.lines().filter(|line| !is_gone(line)).map(|line| format!("{line}\n")).collect::<String>()
    };
    fs::write(&keys.file, without(&[&middle, &newest])).unwrap();
    let mut kept = Vec::new();
    for _ in 0..4 {
        kept.push(keys.keep().await);
    }
    fs::write(&keys.file, &file).unwrap();
    let names = [&newest, &middle, &"nobody-has-it".to_owned()].map(|name| format!("kek = '{name}'"));
    for (name, (aggregate, _)) in names.iter().zip(&kept) {
        keys.change(*aggregate, name).await;
    }

    let done = keys.pass(None, 3).await;
    assert_eq!((&done.newest, done.rewrapped, done.unopened), (&newest, 4, 0));
    assert_eq!(done.missing, [""; 0]);
    assert_eq!(keys.pass(None, 3).await.rewrapped, 0, "nothing is left to do");
    fs::write(&keys.file, without(&[&middle, &old[0]])).unwrap();
    assert_eq!(keys.seals.names().await.unwrap(), (vec![newest.clone()], vec![newest]));
    for kept in &kept {
        assert!(keys.opens(kept).await);
    }
    keys.pool.close().await;
}

/// Else what was wrapped until then would hang on the key in the middle, and the rotation would say that all is done.
#[tokio::test]
async fn a_newer_key_meanwhile_begins_it_anew() {
    let keys = Keys::new().await;
    for _ in 0..6 {
        keys.keep().await;
    }
    let old = keys.seals.names().await.unwrap().0;
    let middle = add_key(&keys.file).unwrap();
    let half = keys.seals.rotate(None, 3).await.unwrap();
    assert_eq!((&half.newest, half.rewrapped, &half.left), (&middle, 3, &old));

    let newest = add_key(&keys.file).unwrap();
    let anew = keys.seals.rotate(half.next, 2).await.unwrap();
    assert_eq!((&anew.newest, anew.rewrapped), (&newest, 2));
    assert_eq!(anew.left, [middle, old[0].clone()]);
    assert_eq!(keys.pass(anew.next, 2).await.rewrapped, 4);
    assert_eq!(keys.seals.names().await.unwrap().1, [newest], "the others wrap nothing");
    keys.pool.close().await;
}

/// A replica that has not read the newer file yet would say that nothing is left to do.
#[tokio::test]
async fn a_replica_without_the_newest_key_does_not_end_it() {
    let keys = Keys::new().await;
    for _ in 0..2 {
        keys.keep().await;
    }
    let before = keys.file.with_extension("before");
    fs::copy(&keys.file, &before).unwrap();
    let stale = Seals::new(keys.pool.clone(), KeyFile::open(&before).unwrap());
    let newest = add_key(&keys.file).unwrap();
    let next = keys.seals.rotate(None, 1).await.unwrap().next;

    let refused = stale.rotate(next.clone(), 1).await.unwrap_err();
    assert!(matches!(&refused, SealError::NoSuchKey(name) if *name == newest), "{refused:?}");
    let refused = Status::from(Problem::from(refused));
    let comes_again = refused.get_details_retry_info().and_then(|it| it.retry_delay);
    assert_eq!((refused.code(), comes_again), (Code::Unavailable, Some(Duration::from_secs(5))));
    assert_eq!(keys.pass(next, 1).await.rewrapped, 1, "the others go on from there");
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
