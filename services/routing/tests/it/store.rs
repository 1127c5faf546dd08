//! Every statement against a real database.

use huying_routing::{MIGRATIONS, store};
use sqlx::{AssertSqlSafe, PgPool};

#[tokio::test]
async fn every_statement_prepares() {
    let pool = PgPool::connect(&huying_testing::database().await).await.unwrap();
    huying_chassis::db::migrate(&pool, &MIGRATIONS).await.unwrap();
    for (at, (name, statement)) in store::ALL.iter().enumerate() {
        let prepared = sqlx::raw_sql(AssertSqlSafe(format!("prepare statement_{at} as {statement}")))
            .execute(&pool)
            .await;
        prepared.unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    pool.close().await;
}

/// The queue's index serves it in order, so that page 1,000 costs what page 1 does, and the filters look at a bounded number of rows.
#[tokio::test]
async fn the_queue_is_read_from_its_index() {
    let pool = many().await;
    for (name, arguments) in [
        ("route::TRIAGE", "'420102', 0, $0, '420102', '420102003', '', 0, true, 'area', true, 50, 1000"),
        ("route::LOOKED", "'420102', 0, $0, 1000"),
        ("route::COUNT", "'420102', '420102', 0, '', 10000"),
    ] {
        let none = arguments.replace("$0", "'00000000-0000-0000-0000-000000000000'::uuid");
        let plan = plan(&pool, name, &none.split(", ").collect::<Vec<_>>()).await;
        let rows = number(&plan, "route_order", "actual rows=");
        assert!(rows <= 10_000.0, "{name} looked at {rows} rows: {plan:#?}");
        // What is counted is grouped, so sorted; a page comes in the order of the index.
        assert!(name == "route::COUNT" || !plan.iter().any(|line| line.contains("Sort")), "{plan:#?}");
    }
    pool.close().await;
}

/// A page of a district's requests is read from the index of its span, however many there are before and after.
#[tokio::test]
async fn a_span_is_read_from_its_index() {
    let pool = many().await;
    let since = ["'420102'", "1700000000020000", "'00000000-0000-0000-0000-000000000000'::uuid", "500"];
    let plan = plan(&pool, "route::SUBMITTED", &since).await;
    assert!(number(&plan, "route_submitted", "actual rows=") <= 500.0, "{plan:#?}");
    assert!(!plan.iter().any(|line| line.contains("Sort")), "{plan:#?}");
    pool.close().await;
}

/// Twins are looked for among the newest of each place, however many more lie there.
#[tokio::test]
async fn twins_are_read_from_the_index_of_their_places() {
    let pool = many().await;
    let places = "array['420102010002', '420102010', '420102003002']";
    let plan = plan(&pool, "route::NEAR", &[places, "'2023-01-01Z'", "'2024-01-01Z'", "300", "300"]).await;
    // The mean of the places, of which one has 40,000.
    let looked = number(&plan, "route_place", "actual rows=") * number(&plan, "route_place", "loops=");
    assert!(looked <= 310.0, "{plan:#?}");
    assert!(!plan.iter().any(|line| line.contains("Rows Removed")), "{plan:#?}");
    pool.close().await;
}

/// What is known of a road is read from its index, the newest first, however much there is of others.
#[tokio::test]
async fn a_road_is_read_from_its_index() {
    let pool = many().await;
    let road = ["'420102'", "'胜利街'", "'00000000-0000-0000-0000-000000000000'::uuid", "200"];
    let plan = plan(&pool, "route::ON_ROAD", &road).await;
    assert!(number(&plan, "route_road", "actual rows=") <= 200.0, "{plan:#?}");
    assert!(!plan.iter().any(|line| line.contains("Sort")), "{plan:#?}");
    pool.close().await;
}

/// A database with many rows.
async fn many() -> PgPool {
    let pool = PgPool::connect(&huying_testing::database().await).await.unwrap();
    huying_chassis::db::migrate(&pool, &MIGRATIONS).await.unwrap();
    sqlx::raw_sql(MANY).execute(&pool).await.unwrap();
    pool
}

/// How a statement was carried out, where there is an index.
async fn plan(pool: &PgPool, name: &str, arguments: &[&str]) -> Vec<String> {
    let (_, statement) = store::ALL.iter().find(|(it, _)| *it == name).unwrap();
    let mut tx = pool.begin().await.unwrap();
    sqlx::raw_sql("set local enable_seqscan = off").execute(&mut *tx).await.unwrap();
    let explain = format!("explain (analyze, timing off) {}", with(statement, arguments));
    sqlx::query_scalar(AssertSqlSafe(explain)).fetch_all(&mut *tx).await.unwrap()
}

/// The number after some words in the line of an index.
fn number(plan: &[String], index: &str, after: &str) -> f64 {
    let line = plan.iter().find(|line| line.contains(index)).unwrap_or_else(|| panic!("{plan:#?}"));
    line.split(after).nth(1).and_then(|it| it.split([' ', ')']).next()).unwrap().parse().unwrap()
}

/// The arguments in their places, the last first: $1 begins $12.
fn with(statement: &str, arguments: &[&str]) -> String {
    let places = arguments.iter().enumerate().rev();
    places.fold(statement.to_owned(), |sql, (at, value)| sql.replace(&format!("${}", at + 1), value))
}

/// 20,000 that wait and as many that were decided, none of which is asked for.
const MANY: &str = r#"
    insert into route (id, version, shape, hash, body)
    select gen_random_uuid(), 1, 2, '', jsonb_build_object(
               'district', '420102', 'number', 'JA-' || n, 'submitted_at', 1700000000000000 + n,
               'state', case when n % 2 = 0 then 'queued' else 'decided' end, 'undecided', jsonb_build_array('category'),
               'decision', case when n % 2 = 1 then jsonb_build_object('house', jsonb_build_object('road', '路' || n % 50)) end,
               'partial', jsonb_build_object('area', '420102010'),
               'wait', jsonb_build_object('priority', 'normal', 'clock', jsonb_build_object('due_at', 1800000000000000 + n)))
      from generate_series(1, 40000) as n;
    analyze route"#;
