//! PostgreSQL's disk is lost: a base backup, the archive and the last WAL give every acknowledged call back (`deploy/backup`).

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::{Command, Output},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use futures::future::join_all;
use huying_embedded::{Postgres, postgres_programs};
use huying_testing::eventually;
use huying_tests::{Options, People, World, reckon, world::root};
use sqlx::PgPool;

/// Who calls at the same time, each one call after the other.
const CALLERS: usize = 6;
/// Calls acknowledged between two events of the drill.
const SOME: usize = 12;

fn run(args: &[&str]) -> Output {
    let bin = postgres_programs().unwrap().postgres.parent().unwrap().to_owned();
    Command::new(root().join("deploy/backup")).args(args).env("PG_BIN", bin).output().unwrap()
}

/// What `deploy/backup` prints; it must succeed.
fn backup(args: &[&str]) -> String {
    let said = run(args);
    assert!(said.status.success(), "{args:?}: {}", String::from_utf8_lossy(&said.stderr));
    String::from_utf8(said.stdout).unwrap().trim().to_owned()
}

/// A server's directory and the two that its backups go to.
#[derive(Clone)]
struct Place {
    postgres: PathBuf,
    wal: PathBuf,
    bases: PathBuf,
}

impl Place {
    /// From now on the server in `dir/postgres` archives.
    async fn archiving(dir: &Path, postgres: &Postgres) -> Self {
        let place = Self { postgres: dir.join("postgres"), wal: dir.join("wal"), bases: dir.join("bases") };
        let owner = place.data().metadata().unwrap();
        fs::create_dir(&place.wal).unwrap();
        chown(&place.wal, Some(owner.uid()), Some(owner.gid())).unwrap();
        let settings = place.data().join("postgresql.conf");
        let lines = backup(&["archive-settings", place.wal.to_str().unwrap()]);
        fs::write(&settings, fs::read_to_string(&settings).unwrap() + &lines).unwrap();
        postgres.restart().await.unwrap();
        place
    }

    fn data(&self) -> PathBuf {
        self.postgres.join("data")
    }

    /// Takes a base backup beside whatever else goes on.
    async fn base(&self, postgres: &Postgres) -> String {
        let (url, bases) = (postgres.url("postgres"), self.bases.clone());
        tokio::task::spawn_blocking(move || backup(&["base", &url, bases.to_str().unwrap()])).await.unwrap()
    }

    /// Has the WAL written so far archived; which piece was the last.
    async fn archive(&self, pool: &PgPool) -> String {
        let piece: String =
            sqlx::query_scalar("select pg_walfile_name(pg_switch_wal())").fetch_one(pool).await.unwrap();
        eventually(&format!("{piece} is archived"), async || self.wal.join(&piece).exists().then_some(()))
            .await;
        piece
    }

    /// The data is gone; of `pg_wal` only what was never archived can still be read.
    fn lose_data(&self) -> PathBuf {
        let last = self.postgres.join("last");
        fs::rename(self.data().join("pg_wal"), &last).unwrap();
        fs::remove_dir_all(self.data()).unwrap();
        for archived in fs::read_dir(&self.wal).unwrap().flatten() {
            let _ = fs::remove_file(last.join(archived.file_name()));
        }
        last
    }

    fn restore(&self, base: &str, last: Option<&Path>) -> Output {
        let data = self.data();
        let args = ["restore", base, self.wal.to_str().unwrap(), data.to_str().unwrap()];
        let last = last.map(|last| last.to_str().unwrap());
        run(&args.into_iter().chain(last).collect::<Vec<_>>())
    }
}

/// Calls, and sees each call through, until it is over.
async fn call(people: People, numbers: &Mutex<Vec<String>>, over: &AtomicBool) {
    while !over.load(Ordering::Relaxed) {
        let receipt = people.submit_until_taken(People::blocked_way()).await;
        let number = receipt.request.unwrap().number;
        numbers.lock().unwrap().push(number.clone());
        people.see_through(&number).await;
    }
}

async fn epochs(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from epoch").fetch_one(pool).await.unwrap()
}

async fn some_more(numbers: &Mutex<Vec<String>>) {
    let before = numbers.lock().unwrap().len();
    eventually("some more calls are acknowledged", async || {
        (numbers.lock().unwrap().len() >= before + SOME).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_acknowledged_call_is_restored() {
    let world = World::open(Options { own_postgres: true, ..Options::default() }).await;
    let postgres = world.postgres.as_ref().unwrap();
    let place = Place::archiving(world.bench.dir.path(), postgres).await;
    let (numbers, over) = (Mutex::default(), AtomicBool::new(false));
    let callers = join_all((0..CALLERS).map(|_| call(world.people(), &numbers, &over)));
    let disaster = async {
        some_more(&numbers).await;
        let base = place.base(postgres).await;
        some_more(&numbers).await;
        let pool = world.pool("intake").await;
        place.archive(&pool).await;
        some_more(&numbers).await;
        let before = epochs(&pool).await;
        pool.close().await;
        let acknowledged = numbers.lock().unwrap().clone();
        postgres.kill().unwrap();

        let last = place.lose_data();
        let said = place.restore(&base, Some(&last));
        assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
        postgres.restart().await.unwrap();
        let pool = world.pool("intake").await;
        let kept: i64 = sqlx::query_scalar("select count(*) from request where number = any($1)")
            .bind(&acknowledged)
            .fetch_one(&pool)
            .await
            .unwrap();
        assert_eq!(kept as usize, acknowledged.len(), "acknowledged calls that are there");
        some_more(&numbers).await;
        // By its timeline alone the cluster is another one: its identifier, the database and the table are as before, and no entry has a
        // transaction number that is yet to come.
        assert_eq!(epochs(&pool).await, before + 1, "a new epoch");
        let piece = place.archive(&pool).await;
        assert!(piece.starts_with("00000002"), "{piece} is of the timeline after the recovery");
        over.store(true, Ordering::Relaxed);
    };
    futures::join!(callers, disaster);
    let calls = numbers.lock().unwrap().len();
    reckon::all_is_well(&world, calls as i64).await;
}

#[tokio::test]
async fn prune_keeps_what_a_restore_needs_and_a_gap_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let postgres = Postgres::start(&dir.path().join("postgres")).await.unwrap();
    let place = Place::archiving(dir.path(), &postgres).await;
    let pool = PgPool::connect(&postgres.url("postgres")).await.unwrap();
    let insert = async || {
        sqlx::query("insert into t default values").execute(&pool).await.unwrap();
        place.archive(&pool).await
    };
    sqlx::query("create table t(id int generated always as identity)").execute(&pool).await.unwrap();
    let (old, unneeded) = (place.base(&postgres).await, insert().await);
    let (base, needed) = (place.base(&postgres).await, insert().await);
    insert().await;
    pool.close().await;
    postgres.kill().unwrap();

    backup(&["prune", place.bases.to_str().unwrap(), place.wal.to_str().unwrap(), "1"]);
    assert!(!Path::new(&old).exists() && !place.wal.join(unneeded).exists());
    let refused = place.restore(&base, None);
    assert!(!refused.status.success(), "restored over the data that was there");
    fs::remove_dir_all(place.data()).unwrap();
    let aside = dir.path().join("aside");
    fs::rename(place.wal.join(&needed), &aside).unwrap();
    let refused = String::from_utf8(place.restore(&base, None).stderr).unwrap();
    assert!(refused.contains("WAL is missing") && !place.data().exists(), "{refused}");
    fs::rename(&aside, place.wal.join(&needed)).unwrap();
    let said = place.restore(&base, None);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    postgres.restart().await.unwrap();
    let pool = PgPool::connect(&postgres.url("postgres")).await.unwrap();
    let rows: i64 = sqlx::query_scalar("select count(*) from t").fetch_one(&pool).await.unwrap();
    assert_eq!(rows, 3);
}
