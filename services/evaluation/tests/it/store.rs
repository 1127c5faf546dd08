//! The tables: every statement is understood, every column follows the body, every list stands on its index.

use chrono::{DateTime, Duration, Utc};
use chrono_tz::{Asia::Shanghai, Tz};
use futures::future::BoxFuture;
use huying_chassis::{
    clock::Clock,
    db,
    log::{AppendError, Bounds, Committer, Draft, Log, Meta},
};
use huying_evaluation::{
    MIGRATIONS, NAME,
    domain::{
        callback::Callback,
        change::{Change, Opened},
        figure::{By, Counts, Measure, period::Period},
        state::State,
        verdict,
        wanted::{Cursor, Filter, Scope},
    },
    store::{ALL, Store, figure},
};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::support::{DISTRICT, monday};

pub async fn migrated() -> PgPool {
    let pool = db::connect(&huying_testing::database().await, 4, "test").await.unwrap();
    db::migrate(&pool, &MIGRATIONS).await.unwrap();
    pool
}

/// Callbacks as the log would write them: one a minute, nine in ten judged an hour later, over 3 streets and 40 units.
pub async fn fill(pool: &PgPool, count: i64) {
    sqlx::query(
        "insert into callback (id, version, shape, hash, body)
         select gen_random_uuid(), 1, 1, sha256(''), jsonb_build_object('case', gen_random_uuid(), 'request', gen_random_uuid(), 'attempt', 1, 'district', $2::text, 'category', '0101', 'number', n::text,
                'area', $2 || '00' || (n % 3)::text || '005', 'unit', 'unit-' || n % 40, 'worked', '[]'::jsonb, 'requests', '[]'::jsonb, 'answer', 'done',
                'tries', 0, 'resolve_at', $3 + n * 60000000, 'due_at', $3 + n * 60000000)
             || case when n % 7 = 0 then jsonb_build_object('link', jsonb_build_object('hash', md5(n::text), 'at', $3)) else '{}' end
             || case when n % 10 = 0 then '{\"state\": \"pending\"}' else jsonb_build_object('state', 'passed', 'end_at', $3 + n * 60000000 + 3600000000,
                'verdict', jsonb_build_object('contacted', true, 'solved', n % 2 = 0, 'satisfaction', 'basically')) end
           from generate_series(1, $1::bigint) as n",
    )
    .bind(count)
    .bind(DISTRICT)
    .bind(monday().timestamp_micros())
    .execute(pool)
    .await
    .unwrap();
    sqlx::query("vacuum analyze callback").execute(pool).await.unwrap();
}

fn filter(scope: Scope, state: Option<State>) -> Filter {
    Filter { scope, district: DISTRICT.into(), area: String::new(), unit: String::new(), state }
}

#[tokio::test]
async fn every_statement_is_understood() {
    let pool = migrated().await;
    let mut connection = pool.acquire().await.unwrap();
    for (name, statement) in ALL {
        let prepare = format!("prepare {name} as {statement}");
        sqlx::raw_sql(AssertSqlSafe(prepare))
            .execute(&mut *connection)
            .await
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[tokio::test]
async fn columns_follow_the_body() {
    let pool = migrated().await;
    fill(&pool, 10).await;
    type Row = (
        String,
        String,
        String,
        Option<DateTime<Utc>>,
        DateTime<Utc>,
        Option<DateTime<Utc>>,
        Option<bool>,
        Option<bool>,
        Option<String>,
    );
    let row = async |number: &str| -> Row {
        let columns = "select street, community, state, due_at, lapse_at, end_at, contacted, solved, satisfaction from callback where body ->> 'number' = $1";
        sqlx::query_as(columns).bind(number).fetch_one(&pool).await.unwrap()
    };
    let at = |minutes| monday() + Duration::minutes(minutes);
    let (street, community) = ("420102001".to_owned(), "420102001005".to_owned());
    assert_eq!(
        row("10").await,
        (street.clone(), community.clone(), "pending".into(), Some(at(10)), at(10), None, None, None, None)
    );
    let judged = (
        street,
        community,
        "passed".into(),
        None,
        at(1),
        Some(at(61)),
        Some(true),
        Some(false),
        Some("basically".into()),
    );
    assert_eq!(row("1").await, judged);
}

#[tokio::test]
async fn an_attempt_has_one_callback() {
    let pool = migrated().await;
    let (committer, _committing) = Committer::start(pool.clone(), Bounds::default());
    let log = Log::new(pool, committer, Clock::system());
    let (case, meta) = (Uuid::now_v7(), Meta::of_service(NAME));
    let callback = |attempt| {
        let opened = Opened {
            case,
            number: "JA-20261123-000001".into(),
            district: DISTRICT.into(),
            area: DISTRICT.into(),
            category: "0101".into(),
            unit: "unit-1".into(),
            tier: None,
            worked: Vec::new(),
            parties: Vec::new(),
            requests: Vec::new(),
            request: None,
            among: None,
            by: verdict::By::Centre,
            attempt,
            answer: "done".into(),
            solved: None,
            resolve_at: monday(),
            due_at: monday(),
            limit: None,
            by_default: false,
        };
        let changes = [Change::Opened(Box::new(opened))];
        Draft::new::<Callback>(Uuid::now_v7(), &changes, &meta, monday()).unwrap().unwrap().0
    };
    log.append(callback(1).into()).await.unwrap();
    assert_eq!(log.append(callback(1).into()).await, Err(AppendError::Duplicate));
    log.append(callback(2).into()).await.unwrap();
}

#[tokio::test]
async fn a_list_from_any_index_is_the_same_list() {
    let pool = migrated().await;
    fill(&pool, 600).await;
    let store = Store::new(pool);
    let whole = store.list(&filter(Scope::District, None), None, 1000).await.unwrap();
    assert_eq!(whole.len(), 600);
    assert!(whole.is_sorted_by_key(|callback| (callback.it.opened.due_at, callback.id)));
    let expected = |holds: &dyn Fn(&str, &str, State) -> bool| -> Vec<Uuid> {
        let matching = whole.iter().filter(|c| holds(&c.it.opened.area, &c.it.opened.unit, c.it.state));
        matching.map(|callback| callback.id).collect()
    };
    let listed = async |filter: Filter| -> Vec<Uuid> {
        store.list(&filter, None, 1000).await.unwrap().into_iter().map(|callback| callback.id).collect()
    };
    let street = filter(Scope::Street("420102001".into()), Some(State::Pending));
    assert_eq!(
        listed(street).await,
        expected(&|area, _, state| area.starts_with("420102001") && state == State::Pending)
    );
    let community = filter(Scope::Community("420102002005".into()), None);
    assert_eq!(listed(community).await, expected(&|area, _, _| area == "420102002005"));
    let unit = Filter {
        area: "420102000".into(),
        unit: "unit-3".into(),
        ..filter(Scope::Unit("unit-3".into()), None)
    };
    assert_eq!(
        listed(unit).await,
        expected(&|area, unit, _| unit == "unit-3" && area.starts_with("420102000"))
    );

    let last = &whole[299];
    let after = Cursor { lapse_at: last.it.opened.due_at, id: last.id };
    let rest = store.list(&filter(Scope::District, None), Some(after), 1000).await.unwrap();
    assert_eq!(rest, whole[300..]);
}

/// The plan of a statement with its values written in.
pub async fn plan(pool: &PgPool, statement: &str, values: &[&str]) -> String {
    let written = values
        .iter()
        .enumerate()
        .rev()
        .fold(statement.to_owned(), |sql, (n, value)| sql.replace(&format!("${}", n + 1), value));
    let lines: Vec<String> = sqlx::query_scalar(AssertSqlSafe(format!(
        "explain (analyze, costs off, timing off, summary off) {written}"
    )))
    .fetch_all(pool)
    .await
    .unwrap();
    lines.join("\n")
}

#[tokio::test]
async fn lists_read_their_index_and_little_else() {
    let pool = migrated().await;
    fill(&pool, 30_000).await;
    let statement = |name: &str| ALL.iter().find(|(known, _)| *known == name).unwrap().1;
    let states = "array['pending', 'passed', 'failed', 'lapsed', 'cancelled', 'refused', 'spared']";
    let middle = format!("'{}'", (monday() + Duration::minutes(15_000)).to_rfc3339());
    for (name, key, index) in [
        ("list_by_district", "'420102'", "callback_district_list"),
        ("list_by_street", "'420102001'", "callback_street_list"),
        ("list_by_community", "'420102001005'", "callback_community_list"),
        ("list_by_unit", "'unit-7'", "callback_unit_list"),
    ] {
        let plan = plan(
            &pool,
            statement(name),
            &[key, states, "'420102'", "''", "''", &middle, "'00000000-0000-0000-0000-000000000000'", "50"],
        )
        .await;
        assert!(plan.contains(index) && !plan.contains("Seq Scan"), "{name}\n{plan}");
        assert!(!plan.contains("Rows Removed by Filter"), "{name} reads rows it does not want\n{plan}");
    }
}

/// Counting looks only at what is not counted, and reading only at the rows of a period.
#[tokio::test]
async fn figures_are_counted_and_read_by_their_indexes() {
    let pool = migrated().await;
    fill(&pool, 9_000).await;
    let zone = |_| Box::pin(std::future::ready(Shanghai)) as BoxFuture<'static, Tz>;
    for (most, ended) in [(4_000, 4_000), (4_000, 4_000), (4_000, 100), (4_000, 0)] {
        let step = figure::count(&pool, most, &zone).await.unwrap();
        assert_eq!(step, Some(figure::Step { heard: 0, ended }));
    }
    sqlx::query("vacuum analyze callback, figure").execute(&pool).await.unwrap();
    let statement = |name: &str| ALL.iter().find(|(known, _)| *known == name).unwrap().1;
    let after = ["'420102'", "'unit'", "'420102'", "'day'", "'2026-11-01'", "''", "5000"];
    for (name, values, index) in [
        ("figure_ended", &["4000"][..], "callback_uncounted"),
        ("recount_figures", &after[..], "figure_pkey"),
        ("figure_heard", &["4000"], "heard_seq"),
        ("figure_areas", &["'420102'", "'420102'"], "figure_pkey"),
        (
            "figure_read",
            &[
                "'420102'",
                "'unit'",
                "array['420102']",
                "'2026-11-01'",
                "'2026-11-30'",
                "'2026-11-01'",
                "'2026-11-01'",
                "''",
            ],
            "figure_pkey",
        ),
    ] {
        let plan = plan(&pool, statement(name), values).await;
        assert!(plan.contains(index) && !plan.contains("Seq Scan"), "{name}\n{plan}");
    }

    let day = |text: &str| text.parse().unwrap();
    let period = Period { from: day("2026-11-01"), to: day("2026-12-01") };
    let scopes = [DISTRICT.to_owned()];
    let wanted = figure::Wanted {
        district: DISTRICT,
        by: By::Unit,
        scopes: &scopes,
        key: "",
        rows: period.rows(),
        to: period.to,
    };
    let mut sum = Counts::default();
    for line in figure::read(&pool, &wanted).await.unwrap() {
        period.add(&mut sum, (line.span, line.day), &line.counts());
    }
    assert_eq!(
        (sum.get(Measure::Valid), sum.get(Measure::Basically), sum.get(Measure::Solved)),
        (8_100, 8_100, 3_600)
    );
    assert_eq!(
        figure::areas(&pool, DISTRICT, DISTRICT).await.unwrap(),
        ["420102000", "420102001", "420102002"]
    );
    assert_eq!(figure::areas(&pool, DISTRICT, "420102001").await.unwrap(), ["420102001005"]);
}

#[tokio::test]
async fn one_request_one_case_and_one_link_are_found_by_their_index() {
    let pool = migrated().await;
    fill(&pool, 30_000).await;
    let statement = |name: &str| ALL.iter().find(|(known, _)| *known == name).unwrap().1;
    let states = "array['pending', 'passed', 'failed', 'lapsed', 'cancelled', 'refused', 'spared']";
    let id: Uuid = sqlx::query_scalar("select id from callback where body ->> 'number' = '70'")
        .fetch_one(&pool)
        .await
        .unwrap();
    let row = "select case_id::text, body ->> 'request', body #>> '{link,hash}' from callback where id = $1";
    let (case, request, hash): (String, String, String) =
        sqlx::query_as(row).bind(id).fetch_one(&pool).await.unwrap();
    let [case, request, hash] = [case, request, hash].map(|text| format!("'{text}'"));
    let cases = format!("array[{case}::uuid]");
    let nil = "'00000000-0000-0000-0000-000000000000'";
    let long_ago = "'1970-01-01Z'";
    for (name, values, index) in [
        (
            "list_by_request",
            vec![&*request, states, "'420102'", "''", "''", long_ago, nil, "50"],
            "callback_request",
        ),
        ("of_link", vec![&*hash], "callback_link"),
        ("asked_about", vec![&*case, "1"], "callback_case"),
        ("has_attempt", vec![&*case, "1"], "callback_case"),
        ("pending_of_case", vec![&*case], "callback_case"),
        ("figure_moved", vec![&*cases], "callback_case"),
    ] {
        let plan = plan(&pool, statement(name), &values).await;
        assert!(plan.contains(index) && !plan.contains("Seq Scan"), "{name}\n{plan}");
    }
    let store = Store::new(pool);
    assert_eq!(store.of_link(hash.trim_matches('\'')).await.unwrap(), Some(id));
}
