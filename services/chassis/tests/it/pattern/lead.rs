//! The lead is a lease: who is silent loses it, who speaks keeps it, however long the work.

use std::time::Duration;

use huying_chassis::leader::{LEASE, Lead};
use huying_chassis::shutdown::Shutdown;
use huying_testing::eventually;
use tokio::time::timeout;

use super::bench::Store;

/// The lease, and time for another to ask.
const TAKEOVER: Duration = Duration::from_secs(8);

async fn won(store: &Store) -> Lead {
    let stop = Shutdown::new();
    timeout(TAKEOVER, Lead::win(&store.pool, "job", &stop)).await.expect("another leads in time").unwrap()
}

#[tokio::test]
async fn a_leader_that_falls_silent_is_followed_by_another() {
    let store = Store::new().await;
    let mut silent = won(&store).await;
    let mut next = won(&store).await;
    assert!(next.holds().await);
    assert!(!silent.holds().await, "it finds out when it speaks again");
}

/// Work that ends when the lead was held for longer than a lease.
async fn long_work(store: &Store, session: i32) {
    let old = "select backend_start + make_interval(secs => $2) < clock_timestamp() from pg_stat_activity where pid = $1";
    eventually("the session is older than a lease", async || {
        let old: Option<bool> = sqlx::query_scalar(old)
            .bind(session)
            .bind((LEASE + LEASE / 5).as_secs_f64())
            .fetch_optional(&store.pool)
            .await
            .unwrap();
        // Gone: the lead was lost, which the work does not know.
        old?.then_some(())
    })
    .await;
}

#[tokio::test]
async fn work_longer_than_a_lease_keeps_the_lead_and_ends_with_it() {
    let store = Store::new().await;
    let mut lead = won(&store).await;
    let session = sqlx::query_scalar("select pg_backend_pid()");
    let session: i32 = lead.ask(async |connection| session.fetch_one(connection).await).await.unwrap();
    lead.keep(long_work(&store, session)).await.expect("it leads still");
    assert!(lead.holds().await);

    sqlx::query("select pg_terminate_backend($1)").bind(session).execute(&store.pool).await.unwrap();
    assert!(lead.keep(std::future::pending::<()>()).await.is_none());
}
