//! Somebody holds a row, or the database stops answering: the others go on, and `/readyz` says how it is.

use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

use huying_chassis::log::AppendError;
use huying_embedded::Postgres;
use huying_testing::{Bench, database, eventually};
use sqlx::{Connection, PgConnection};
use tokio::time::timeout;

use super::bench::owner;
use super::tally::{add, open};
use crate::admin::get;

#[tokio::test]
async fn a_row_that_somebody_holds_holds_up_only_whoever_wants_it() {
    let bench = Bench::new().await;
    let url = database().await;
    let owner = owner(&bench, &url, None).await;
    let (draft, held) = open();
    owner.append(draft).await;
    let mut somebody = PgConnection::connect(&url).await.unwrap();
    let mut holding = somebody.begin().await.unwrap();
    sqlx::query("select from tally where id = $1 for update")
        .bind(held.id)
        .execute(&mut *holding)
        .await
        .unwrap();

    // On this thread both are there before the committer looks: they share a group.
    let (stuck, others) = tokio::join!(
        owner.log.append(add(&held, 1).0.into()),
        timeout(Duration::from_secs(3), owner.log.append(open().0.into())),
    );
    assert!(matches!(stuck, Err(AppendError::Unavailable(_))), "{stuck:?}");
    others.expect("others go on").unwrap();
    let ready = get(owner.running.admin, "/readyz").await;
    assert!(ready.starts_with("HTTP/1.1 200"), "{ready}");

    holding.rollback().await.unwrap();
    owner.append(add(&held, 1).0).await;
    owner.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_stops_answering_is_told_and_nobody_waits_for_ever() {
    let bench = Bench::new().await;
    let dir = tempfile::tempdir().unwrap();
    std::fs::set_permissions(dir.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let postgres = Postgres::start(dir.path()).await.unwrap();
    postgres.ensure_database("frozen").await.unwrap();
    let owner = owner(&bench, &postgres.url("frozen"), None).await;
    owner.append(open().0).await;
    let readyz = async || get(owner.running.admin, "/readyz").await;
    eventually("it is ready", async || readyz().await.starts_with("HTTP/1.1 200").then_some(())).await;

    postgres.freeze();
    let frozen = Instant::now();
    let log = owner.log.clone();
    let appending = tokio::spawn(async move { log.append(open().0.into()).await });
    eventually("the database is missing", async || {
        readyz().await.contains(r#""missing":["database"]"#).then_some(())
    })
    .await;
    assert!(frozen.elapsed() < Duration::from_secs(8), "{:?}", frozen.elapsed());
    eventually("the committer is stuck", async || {
        readyz().await.contains(r#""missing":["committer","database"]"#).then_some(())
    })
    .await;
    let answer = timeout(Duration::from_secs(17), appending).await.expect("it is answered").unwrap();
    assert!(matches!(answer, Err(AppendError::Unavailable(_))), "{answer:?}");
    assert!(frozen.elapsed() < Duration::from_secs(20), "{:?}", frozen.elapsed());

    postgres.thaw();
    eventually("it is ready again", async || readyz().await.starts_with("HTTP/1.1 200").then_some(())).await;
    owner.append(open().0).await;
    owner.end().await;
}
