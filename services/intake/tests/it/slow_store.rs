//! A database that is slow: whoever calls is told so in time, and of what they asked for nothing is there afterwards.

use std::time::{Duration, Instant};

use huying_chassis::{auth::Role, service::Seams};
use huying_intake::SERVICE;
use huying_proto::intake::v1::{self as pb, request_service_client::RequestServiceClient};
use huying_testing::{Wire, reason, wire};
use sqlx::{AssertSqlSafe, PgPool, Postgres, Transaction};
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

use super::support::{Town, call};

/// What a call has here that says nothing of its time.
const TIME: Duration = Duration::from_millis(500);
/// More than any of these may take on a busy machine, and less than forever, for which the tables are held.
const LONG: Duration = Duration::from_secs(60);

/// The grid team, at a replica where calls have little time.
async fn hasty(town: &Town) -> RequestServiceClient<Wire> {
    let mut settings = town.settings.clone();
    settings.limits.default_deadline_ms = TIME.as_millis().try_into().unwrap();
    let running = SERVICE.start(settings, Seams::default(), town.stop.clone()).await.unwrap();
    let bearer = town.bench.bearer(Role::Officer, Some("G-1"), Some("990101001001001"));
    RequestServiceClient::new(wire(running.grpc, bearer))
}

/// A table that somebody else holds until this is dropped.
async fn held(pool: &PgPool, table: &str, mode: &str) -> Transaction<'static, Postgres> {
    let mut holding = pool.begin().await.unwrap();
    let lock = format!("lock table {table} in {mode} mode");
    sqlx::query(AssertSqlSafe(lock)).execute(&mut *holding).await.unwrap();
    holding
}

fn told(refused: &Status) -> (Code, String) {
    (refused.code(), reason(refused))
}

async fn commands(pool: &PgPool) -> i64 {
    sqlx::query_scalar("select count(*) from command where method = 'huying.intake.v1.SubmitRequestRequest'")
        .fetch_one(pool)
        .await
        .unwrap()
}

/// The row is written and its entry is not: both are rolled back, and the same command may come again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_52_what_a_slow_store_does_not_take_is_told_in_time_and_rolled_back() {
    let town = Town::open().await;
    let (mut hasty, pool) = (hasty(&town).await, town.pool().await);
    let before = (town.written().await, commands(&pool).await);
    let holding = held(&pool, "log", "exclusive").await;
    let (began, first, second) = (Instant::now(), call(), call());
    let refused = hasty.submit_request(first.clone()).await.unwrap_err();
    assert_eq!(told(&refused), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()));
    // Who has more time is told when the store's own time is over; what came before it has been given up by then.
    let mut patient = Request::new(second.clone());
    patient.set_timeout(LONG);
    let refused = hasty.submit_request(patient).await.unwrap_err();
    assert_eq!(told(&refused), (Code::Unavailable, "STORE_UNAVAILABLE".into()));
    assert!(refused.get_details_retry_info().is_some(), "{refused:?}");
    assert!(began.elapsed() < LONG, "{:?}", began.elapsed());
    assert_eq!((town.written().await, commands(&pool).await), before, "nothing of either is there");

    holding.rollback().await.unwrap();
    assert_eq!((town.written().await, commands(&pool).await), before, "nor afterwards");
    for command in [first, second] {
        let taken = town.officer().submit_request(command.clone()).await.unwrap().into_inner();
        let again = town.officer().submit_request(command).await.unwrap().into_inner();
        assert_eq!(taken.request.unwrap().number, again.request.unwrap().number);
    }
    let ((requests, entries), commanded) = before;
    assert_eq!(
        (town.written().await, commands(&pool).await),
        ((requests + 2, entries + 2), commanded + 2),
        "each is taken once"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_52_who_reads_from_a_slow_store_is_told_in_time() {
    let town = Town::open().await;
    let (mut hasty, pool) = (hasty(&town).await, town.pool().await);
    let taken = town.officer().submit_request(call()).await.unwrap().into_inner().request.unwrap();
    let holding = held(&pool, "request", "access exclusive").await;
    let began = Instant::now();
    let get = pb::GetRequestRequest { id: taken.id };
    let refused = hasty.get_request(get.clone()).await.unwrap_err();
    assert_eq!(told(&refused), (Code::DeadlineExceeded, "DEADLINE_EXCEEDED".into()));
    assert!((TIME..LONG).contains(&began.elapsed()), "{:?}", began.elapsed());
    holding.rollback().await.unwrap();
    let mut patient = Request::new(get);
    patient.set_timeout(LONG);
    assert_eq!(hasty.get_request(patient).await.unwrap().into_inner().number, taken.number);
}
