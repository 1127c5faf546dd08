//! The database: migrations run apart from the pool's limits, a question is not waited for endlessly, errors tell whose they are.

use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use huying_chassis::{db, status::Problem};
use huying_embedded::{Listen, Postgres};
use huying_testing::{database, eventually};
use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{AssertSqlSafe, PgPool};
use tokio::time::timeout;
use tonic::Code;

static SLOW: Migrator = sqlx::migrate!("tests/it/migrations/slow");

/// A pool whose statements may take a tenth of a second.
async fn hasty(url: &str) -> PgPool {
    let options: PgConnectOptions = url.parse().unwrap();
    let options = options.options([("statement_timeout", "100"), ("lock_timeout", "50")]);
    PgPoolOptions::new().max_connections(3).connect_with(options).await.unwrap()
}

/// Another, whose statements may take as long as a busy machine needs.
async fn patient(url: &str) -> PgPool {
    PgPoolOptions::new().max_connections(3).connect(url).await.unwrap()
}

async fn valid(pool: &PgPool) -> bool {
    let sql = "select indisvalid from pg_index where indexrelid = to_regclass('slow_name')";
    sqlx::query_scalar(sql).fetch_one(pool).await.unwrap()
}

/// As if the migration had not been run.
async fn forget(pool: &PgPool, version: i64) {
    sqlx::query("delete from _sqlx_migrations where version = $1").bind(version).execute(pool).await.unwrap();
}

#[tokio::test]
async fn migrations_take_the_time_they_take_and_replicas_may_race() {
    let url = database().await;
    let (one, two) = (hasty(&url).await, hasty(&url).await);
    let (first, second) = tokio::join!(db::migrate(&one, &SLOW), db::migrate(&two, &SLOW));
    first.unwrap();
    second.unwrap();
    assert!(valid(&patient(&url).await).await);
}

#[tokio::test]
async fn an_index_that_was_left_half_made_is_made_anew() {
    let url = database().await;
    let (migrates, pool) = (hasty(&url).await, patient(&url).await);
    db::migrate(&migrates, &SLOW).await.unwrap();
    forget(&pool, 101).await;
    let half = "update pg_index set indisvalid = false where indexrelid = 'slow_name'::regclass";
    sqlx::query(half).execute(&pool).await.unwrap();
    db::migrate(&migrates, &SLOW).await.unwrap();
    assert!(valid(&pool).await);
}

/// Behind a migration that waits for a table everybody waits: it lets them pass, and tries again.
#[tokio::test]
async fn a_migration_gives_way_while_its_table_is_in_use() {
    let url = database().await;
    let (migrates, pool) = (hasty(&url).await, patient(&url).await);
    db::migrate(&migrates, &SLOW).await.unwrap();
    forget(&pool, 102).await;
    let mut user = pool.begin().await.unwrap();
    sqlx::query("select from slow").execute(&mut *user).await.unwrap();
    let migrating = tokio::spawn(async move { db::migrate(&migrates, &SLOW).await });
    let waits = async |wanted: bool| {
        let sql = "select exists (select from pg_locks where relation = 'slow'::regclass and not granted)";
        eventually("the migration waits, or not", async || {
            let waits: bool = sqlx::query_scalar(sql).fetch_one(&pool).await.unwrap();
            (waits == wanted).then_some(())
        })
        .await;
    };
    waits(true).await;
    waits(false).await;
    assert!(!migrating.is_finished(), "it tries again");
    user.rollback().await.unwrap();
    migrating.await.unwrap().unwrap();
}

#[tokio::test]
async fn an_answer_is_not_waited_for_endlessly_and_the_pool_goes_on() {
    let pool = db::connect(&database().await, 1, "test").await.unwrap();
    let endless =
        db::ask(&pool, async |connection| sqlx::query("select pg_sleep(25)").execute(connection).await);
    let error = timeout(Duration::from_secs(15), endless).await.expect("it is bounded").unwrap_err();
    assert!(db::is_away(&error), "{error:?}");
    let next = db::ask(&pool, async |connection| {
        sqlx::query_scalar::<_, i32>("select 1").fetch_one(connection).await
    });
    assert_eq!(timeout(Duration::from_secs(3), next).await.expect("at once").unwrap(), 1);
}

/// The pool would wait for the answer before it took the connection back.
#[tokio::test]
async fn whoever_does_not_wait_for_an_answer_holds_up_nobody() {
    let pool = db::connect(&database().await, 1, "test").await.unwrap();
    let endless = sqlx::query("select pg_sleep(25)").execute(db::asked(&pool));
    timeout(Duration::from_millis(300), endless).await.unwrap_err();
    let next = sqlx::query_scalar::<_, i32>("select 1").fetch_one(db::asked(&pool));
    assert_eq!(timeout(Duration::from_secs(3), next).await.expect("at once").unwrap(), 1);
}

#[tokio::test]
async fn an_error_tells_whether_to_try_again() {
    let pool = db::connect(&database().await, 1, "test").await.unwrap();
    for (code, away) in [
        ("08006", true),
        ("25006", true),
        ("25P02", true),
        ("25P03", true),
        ("40001", false),
        ("40P01", false),
        ("23505", false),
        ("42P01", false),
        ("22012", false),
        ("53300", true),
        ("55P03", true),
        ("55006", false),
        ("57014", true),
        ("57P01", true),
        ("58030", true),
        ("XX000", true),
        ("XX001", false),
        ("ZZ999", false),
    ] {
        let raise = format!("do $$ begin raise exception sqlstate '{code}'; end $$");
        let error = sqlx::raw_sql(AssertSqlSafe(raise)).execute(&pool).await.unwrap_err();
        assert_eq!(error.as_database_error().and_then(|error| error.code()).as_deref(), Some(code));
        assert_eq!(db::is_away(&error), away, "{code}");
        let ours = ["22012", "23505", "42P01"].contains(&code);
        assert_eq!(db::is_ours(&error), ours, "{code}");
        let answer = if ours { Code::Internal } else { Code::Unavailable };
        assert_eq!(Problem::from(error).code(), answer, "{code}");
    }
    let ours = sqlx::query_scalar::<_, i32>("select 1 where false").fetch_one(&pool).await.unwrap_err();
    assert!(!db::is_away(&ours) && db::is_ours(&ours));
    pool.close().await;
    assert!(db::is_away(&sqlx::query("select 1").execute(&pool).await.unwrap_err()));
}

/// The limits that a vanished client, a forgotten transaction and a held lock meet.
#[tokio::test]
async fn every_session_has_its_limits() {
    // A socket has no keepalives.
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let postgres = Postgres::start_on(dir.path(), Listen::Loopback).await.unwrap();
    let pool = db::connect(&postgres.url("postgres"), 1, "test").await.unwrap();
    for (setting, value) in [
        ("statement_timeout", "30s"),
        ("lock_timeout", "5s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("tcp_keepalives_idle", "10"),
        ("tcp_keepalives_interval", "5"),
        ("tcp_keepalives_count", "3"),
        ("tcp_user_timeout", "15000"),
    ] {
        let set: String =
            sqlx::query_scalar("select current_setting($1)").bind(setting).fetch_one(&pool).await.unwrap();
        assert_eq!(set, value, "{setting}");
    }
}
