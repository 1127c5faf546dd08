//! The store on its own database.

use huying_casework::{
    domain::{DispatchState, State},
    store::{ALL, case::Cases, dispatch::Dispatches},
};
use huying_terms::Tier;
use sqlx::{AssertSqlSafe, Executor, PgPool, SqlSafeStr};
use uuid::Uuid;

async fn database() -> PgPool {
    let pool = huying_chassis::db::connect(&huying_testing::database().await, 4, "test").await.unwrap();
    huying_chassis::db::migrate(&pool, &huying_casework::MIGRATIONS).await.unwrap();
    pool
}

/// Every list that the filters can be put together to.
fn lists() -> Vec<(String, String)> {
    let mut lists = Vec::new();
    for bits in 0..128_u32 {
        let on = |bit: u32| bits & (1 << bit) != 0;
        for area in ["990101", "990101001", "990101001001", "990101001001001"] {
            let cases = Cases {
                district: "990101".into(),
                state: on(0).then_some(State::Working),
                tier: on(1).then_some(Tier::Grid),
                holder: on(2).then(|| "G-1".into()),
                area: on(3).then(|| area.into()),
                within: on(4).then(|| area.into()),
                category: on(5).then(|| "C1".into()),
                overdue: on(6),
            };
            let after = on(0).then(Uuid::now_v7);
            lists.push((format!("cases {bits:07b} {area}"), cases.filter(after).statement("case")));
            let dispatches = Dispatches {
                district: "990101".into(),
                unit: on(0).then(|| "DEP".into()),
                case: on(1).then(Uuid::now_v7),
                state: on(2).then_some(DispatchState::Sent),
                within: on(3).then(|| area.into()),
            };
            lists.push((
                format!("dispatches {bits:04b} {area}"),
                dispatches.filter(on(4).then(Uuid::now_v7)).statement("dispatch"),
            ));
        }
    }
    lists.sort_by(|one, other| one.1.cmp(&other.1));
    lists.dedup_by(|one, other| one.1 == other.1);
    lists
}

/// Every statement is one that PostgreSQL takes, and a list's clauses match its values.
#[tokio::test]
async fn every_statement_prepares() {
    let pool = database().await;
    let mut connection = pool.acquire().await.unwrap();
    let fixed = ALL.iter().map(|(name, statement)| ((*name).to_owned(), (*statement).to_owned()));
    for (name, statement) in fixed.chain(lists()) {
        if let Err(error) = connection.prepare(AssertSqlSafe(statement.clone()).into_sql_str()).await {
            panic!("{name}: {error}\n{statement}");
        }
    }
}

/// The lists that people keep open are read off an index in its order: no sort, no scan, however many cases there are.
#[tokio::test]
async fn common_lists_need_no_sort() {
    let pool = database().await;
    let common = [
        ("district = '990101'", "case_district"),
        ("district = '990101' and state = 'working'", "case_district_state"),
        ("district = '990101' and category = 'C1'", "case_district_category"),
        ("district = '990101' and holder = 'G-1'", "case_holder"),
        ("district = '990101' and holder = 'G-1' and state = 'working'", "case_holder"),
        ("district = '990101' and street = '990101001'", "case_street"),
        ("district = '990101' and community = '990101001001'", "case_community"),
        ("district = '990101' and overdue", "case_overdue"),
    ];
    let mut tx = pool.begin().await.unwrap();
    tx.execute(
        "set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off",
    )
    .await
    .unwrap();
    for (clauses, index) in common {
        let sql = format!(
            "explain (costs off) select id, version, body from \"case\" where {clauses} order by id desc limit 50"
        );
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_all(&mut *tx).await.unwrap();
        let plan = plan.join("\n");
        assert!(
            !plan.contains("Sort") && !plan.contains("Seq Scan") && plan.contains("Index"),
            "{clauses}:\n{plan}"
        );
        // On an empty table the planner may prefer another index of the same order; one that fits must exist.
        let exists: bool = sqlx::query_scalar("select exists (select from pg_indexes where indexname = $1)")
            .bind(index)
            .fetch_one(&mut *tx)
            .await
            .unwrap();
        assert!(exists, "{index}");
    }
}

/// Two processes that migrate a new database at once both come up.
#[tokio::test]
async fn migrations_may_race() {
    let url = huying_testing::database().await;
    let up = async || {
        let pool = huying_chassis::db::connect(&url, 2, "test").await.unwrap();
        huying_chassis::db::migrate(&pool, &huying_casework::MIGRATIONS).await.unwrap();
        pool.close().await;
    };
    futures::join!(up(), up(), up());
}

const CASE: &str = r#"insert into "case" (id, version, body) values (gen_random_uuid(), 1, jsonb_build_object('number', 'n', 'opened_on', $1::text,
    'district', '990101', 'area', '990101', 'category', 'C1', 'state', 'assigned', 'holder', '{"unit": "G", "tier": "grid"}'::jsonb, 'overdue', false))"#;
const PRELUDE: &str =
    "insert into prelude (id, version, body) values ($1::uuid, 1, jsonb_build_object('district', '990101'))";

/// A case and what came before it cannot both be committed by those who did not see each other; the second is told to decide anew.
#[tokio::test]
async fn a_case_and_an_untaken_prelude_exclude_each_other() {
    let pool = database().await;
    for (first, second) in [(CASE, PRELUDE), (PRELUDE, CASE)] {
        let request = Uuid::now_v7().to_string();
        let (mut one, mut other) = (pool.begin().await.unwrap(), pool.begin().await.unwrap());
        sqlx::query(first).bind(&request).execute(&mut *one).await.unwrap();
        sqlx::query(second).bind(&request).execute(&mut *other).await.unwrap();
        one.commit().await.unwrap();
        let refused = other.commit().await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "40001");
    }
    // Taken over in one transaction, whichever is written first.
    let request = Uuid::now_v7().to_string();
    sqlx::query(PRELUDE).bind(&request).execute(&pool).await.unwrap();
    let mut tx = pool.begin().await.unwrap();
    sqlx::query(CASE).bind(&request).execute(&mut *tx).await.unwrap();
    let take = "update prelude set version = 2, body = body || jsonb_build_object('taken_by', gen_random_uuid()) where id = $1::uuid";
    sqlx::query(take).bind(&request).execute(&mut *tx).await.unwrap();
    tx.commit().await.unwrap();
}
