//! Every statement against a real database.

use huying_routing::{MIGRATIONS, store};
use sqlx::AssertSqlSafe;

#[tokio::test]
async fn every_statement_prepares() {
    let pool = sqlx::PgPool::connect(&huying_testing::database().await).await.unwrap();
    huying_chassis::db::migrate(&pool, &MIGRATIONS).await.unwrap();
    for (at, (name, statement)) in store::ALL.iter().enumerate() {
        let prepared = sqlx::raw_sql(AssertSqlSafe(format!("prepare statement_{at} as {statement}")))
            .execute(&pool)
            .await;
        prepared.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    pool.close().await;
}

/// The queue's index serves it in order, so that page 1,000 costs what page 1 does.
#[tokio::test]
async fn the_queue_is_read_from_its_index() {
    let pool = sqlx::PgPool::connect(&huying_testing::database().await).await.unwrap();
    huying_chassis::db::migrate(&pool, &MIGRATIONS).await.unwrap();
    let (_, statement) = store::ALL.iter().find(|(name, _)| *name == "route::TRIAGE").unwrap();
    let concrete = statement
        .replace("$1", "'420102'")
        .replace("$2", "'420102'")
        .replace("$3", "now()")
        .replace("$4", "'00000000-0000-0000-0000-000000000000'::uuid")
        .replace("$5", "50");
    let mut tx = pool.begin().await.unwrap();
    sqlx::raw_sql("set local enable_seqscan = off").execute(&mut *tx).await.unwrap();
    let plan: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(format!("explain {concrete}"))).fetch_all(&mut *tx).await.unwrap();
    let plan = plan.join("\n");
    assert!(plan.contains("route_triage") && !plan.contains("Sort"), "{plan}");
}
