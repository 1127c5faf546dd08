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

/// The queue's index serves it in order, so that page 1,000 costs what page 1 does, and the filters look at a bounded number of rows.
#[tokio::test]
async fn the_queue_is_read_from_its_index() {
    let pool = sqlx::PgPool::connect(&huying_testing::database().await).await.unwrap();
    huying_chassis::db::migrate(&pool, &MIGRATIONS).await.unwrap();
    sqlx::raw_sql(MANY).execute(&pool).await.unwrap();
    for (name, arguments) in [
        ("route::TRIAGE", "'420102', 0, $0, '420102', '420102003', '', 0, true, 'area', true, 50, 1000"),
        ("route::LOOKED", "'420102', 0, $0, 1000"),
        ("route::COUNT", "'420102', '420102', 0, '', 10000"),
    ] {
        let (_, statement) = store::ALL.iter().find(|(it, _)| *it == name).unwrap();
        let none = arguments.replace("$0", "'00000000-0000-0000-0000-000000000000'::uuid");
        let concrete = with(statement, &none.split(", ").collect::<Vec<_>>());
        let mut tx = pool.begin().await.unwrap();
        sqlx::raw_sql("set local enable_seqscan = off").execute(&mut *tx).await.unwrap();
        let plan: Vec<String> =
            sqlx::query_scalar(AssertSqlSafe(format!("explain (analyze, timing off) {concrete}")))
                .fetch_all(&mut *tx)
                .await
                .unwrap();
        let looked =
            plan.iter().find(|line| line.contains("route_order")).unwrap_or_else(|| panic!("{plan:#?}"));
        let rows: f64 =
            looked.split("actual rows=").nth(1).and_then(|it| it.split(' ').next()).unwrap().parse().unwrap();
        assert!(rows <= 10_000.0, "{name} looked at {rows} rows: {plan:#?}");
        // What is counted is grouped, so sorted; a page comes in the order of the index.
        assert!(name == "route::COUNT" || !plan.iter().any(|line| line.contains("Sort")), "{plan:#?}");
    }
    pool.close().await;
}

/// A page of a district's requests is read from the index of its span, however many there are before and after.
#[tokio::test]
async fn a_span_is_read_from_its_index() {
    let pool = sqlx::PgPool::connect(&huying_testing::database().await).await.unwrap();
    huying_chassis::db::migrate(&pool, &MIGRATIONS).await.unwrap();
    sqlx::raw_sql(MANY).execute(&pool).await.unwrap();
    let (_, statement) = store::ALL.iter().find(|(it, _)| *it == "route::SUBMITTED").unwrap();
    let since = ["'420102'", "1700000000020000", "'00000000-0000-0000-0000-000000000000'::uuid", "500"];
    let concrete = with(statement, &since);
    let plan: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(format!("explain {concrete}"))).fetch_all(&pool).await.unwrap();
    assert!(plan.iter().any(|line| line.contains("route_submitted")), "{plan:#?}");
    assert!(!plan.iter().any(|line| line.contains("Sort")), "{plan:#?}");
    pool.close().await;
}

/// Twins are looked for among the newest of each place, however many more lie there.
#[tokio::test]
async fn twins_are_read_from_the_index_of_their_places() {
    let pool = sqlx::PgPool::connect(&huying_testing::database().await).await.unwrap();
    huying_chassis::db::migrate(&pool, &MIGRATIONS).await.unwrap();
    sqlx::raw_sql(MANY).execute(&pool).await.unwrap();
    let (_, statement) = store::ALL.iter().find(|(it, _)| *it == "route::NEAR").unwrap();
    let places = "array['420102010002', '420102010', '420102003002']";
    let span = ["'2023-01-01Z'", "'2024-01-01Z'"];
    let concrete = with(statement, &[places, span[0], span[1], "300", "300"]);
    let mut tx = pool.begin().await.unwrap();
    sqlx::raw_sql("set local enable_seqscan = off").execute(&mut *tx).await.unwrap();
    let plan: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(format!("explain (analyze, timing off) {concrete}")))
            .fetch_all(&mut *tx)
            .await
            .unwrap();
    let looked = plan.iter().find(|line| line.contains("route_place")).unwrap_or_else(|| panic!("{plan:#?}"));
    let number = |after: &str| -> f64 {
        let text = looked.split(after).nth(1).unwrap();
        text.split([' ', ')']).next().unwrap().parse().unwrap()
    };
    // The mean of the places, of which one has 40,000.
    assert!(number("actual rows=") * number("loops=") <= 310.0, "{plan:#?}");
    assert!(!plan.iter().any(|line| line.contains("Rows Removed")), "{plan:#?}");
    tx.rollback().await.unwrap();
    pool.close().await;
}

/// What is known of a road is read from its index, the newest first, however much there is of others.
#[tokio::test]
async fn a_road_is_read_from_its_index() {
    let pool = sqlx::PgPool::connect(&huying_testing::database().await).await.unwrap();
    huying_chassis::db::migrate(&pool, &MIGRATIONS).await.unwrap();
    sqlx::raw_sql(MANY).execute(&pool).await.unwrap();
    let (_, statement) = store::ALL.iter().find(|(it, _)| *it == "route::ON_ROAD").unwrap();
    let road = ["'420102'", "'胜利街'", "'00000000-0000-0000-0000-000000000000'::uuid", "200"];
    let concrete = with(statement, &road);
    let plan: Vec<String> =
        sqlx::query_scalar(AssertSqlSafe(format!("explain {concrete}"))).fetch_all(&pool).await.unwrap();
    assert!(plan.iter().any(|line| line.contains("route_road")), "{plan:#?}");
    assert!(!plan.iter().any(|line| line.contains("Sort")), "{plan:#?}");
    pool.close().await;
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
