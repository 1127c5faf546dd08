//! The store on its own database.

use huying_testing::{database, postgres};
use sqlx::{AssertSqlSafe, Executor};

/// Every statement is one that PostgreSQL takes.
#[tokio::test]
async fn every_statement_prepares() {
    let town = super::support::Town::open().await;
    let mut connection = town.pool().await.acquire().await.unwrap();
    for (name, statement) in huying_intake::store::ALL.iter().chain(huying_chassis::seal::table::ALL) {
        if let Err(error) =
            connection.prepare(sqlx::SqlSafeStr::into_sql_str(AssertSqlSafe(*statement))).await
        {
            panic!("{name}: {error}");
        }
    }
}

/// Two processes that migrate a new database at once both come up.
#[tokio::test]
async fn migrations_may_race() {
    postgres().await;
    let url = database().await;
    let up = async || {
        let pool = huying_chassis::db::connect(&url, 2, "test").await.unwrap();
        huying_chassis::db::migrate(&pool, &huying_intake::MIGRATIONS).await.unwrap();
        pool.close().await;
    };
    futures::join!(up(), up(), up());
}
