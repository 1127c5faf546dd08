//! The store on its own database.

use huying_casework::{
    domain::{
        ApprovalState, Approvals, Case, Cases, Change, Clocks, Dispatch, DispatchState, Dispatches, Prelude,
        Ruled as _, State, case::step::Opened, prelude::PreludeChange,
    },
    store::{ALL, account},
};
use huying_chassis::{
    clock::Clock,
    log::{AppendError, Bounds, Committer, Draft, Log, Meta},
};
use huying_terms::Tier;
use sqlx::{AssertSqlSafe, Executor, PgPool, SqlSafeStr};
use uuid::Uuid;

use super::fixture as f;

async fn database() -> PgPool {
    let pool = huying_chassis::db::connect(&huying_testing::database().await, 4, "test").await.unwrap();
    huying_chassis::db::migrate(&pool, &huying_casework::MIGRATIONS).await.unwrap();
    pool
}

/// Every list that the filters can be put together to.
fn lists() -> Vec<(String, String)> {
    let mut lists = Vec::new();
    for bits in 0..256_u32 {
        let on = |bit: u32| bits & (1 << bit) != 0;
        for area in ["990101", "990101001", "990101001001", "990101001001001"] {
            let cases = Cases {
                district: "990101".into(),
                state: on(0).then_some(State::Working),
                tier: on(1).then_some(Tier::Grid),
                holder: on(2).then(|| "G-1".into()),
                arbiter: on(7).then(|| "S-1".into()),
                area: on(3).then(|| area.into()),
                within: on(4).then(|| area.into()),
                category: on(5).then(|| "C1".into()),
                overdue: on(6),
                supervised: on(5),
            };
            let after = on(0).then(Uuid::now_v7);
            let approvals = Approvals {
                district: "990101".into(),
                granter: on(0).then(|| "S-1".into()),
                asked_by: on(1).then(|| "G-1".into()),
                case: on(2).then(Uuid::now_v7),
                state: on(3).then_some(ApprovalState::Asked),
                within: on(4).then(|| area.into()),
            };
            let after_it = on(5).then(Uuid::now_v7);
            lists.push((
                format!("approvals {bits:06b} {area}"),
                approvals.filter(after_it).statement("approval"),
            ));
            lists.push((format!("cases {bits:08b} {area}"), cases.filter(after).statement("case")));
            let dispatches = Dispatches {
                district: "990101".into(),
                unit: on(0).then(|| "DEP".into()),
                case: on(1).then(Uuid::now_v7),
                state: on(2).then_some(DispatchState::Sent),
                silent: on(5),
                within: on(3).then(|| area.into()),
            };
            lists.push((
                format!("dispatches {bits:07b} {area}"),
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
    let accounts = account::statements().into_iter().map(|(name, sql)| (name.to_owned(), sql.to_owned()));
    for (name, statement) in fixed.chain(accounts).chain(lists()) {
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
        ("case", "district = '990101'", "case_district"),
        ("case", "district = '990101' and state = 'working'", "case_district_state"),
        ("case", "district = '990101' and category = 'C1'", "case_district_category"),
        ("case", "district = '990101' and holder = 'G-1'", "case_holder"),
        ("case", "district = '990101' and holder = 'G-1' and state = 'working'", "case_holder"),
        ("case", "district = '990101' and street = '990101001'", "case_street"),
        ("case", "district = '990101' and community = '990101001001'", "case_community"),
        ("case", "district = '990101' and overdue", "case_overdue"),
        ("case", "district = '990101' and body -> 'arbiter' ->> 'unit' = 'S-1'", "case_arbiter"),
        ("case", "district = '990101' and instant(body -> 'supervised_at') is not null", "case_supervised"),
        ("dispatch", "district = '990101' and (body ->> 'silent')::boolean", "dispatch_silent"),
        ("dispatch", "district = '990101' and unit = 'DEP'", "dispatch_unit"),
    ];
    let mut tx = pool.begin().await.unwrap();
    tx.execute(
        "set local enable_seqscan = off; set local enable_bitmapscan = off; set local enable_sort = off",
    )
    .await
    .unwrap();
    for (table, clauses, index) in common {
        let sql = format!(
            "explain (costs off) select id, version, body from \"{table}\" where {clauses} order by id desc limit 50"
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
/// A state that the domain knows and the table refuses would be found by the first step into it.
#[tokio::test]
async fn the_tables_take_every_state() {
    let pool = database().await;
    let of_cases = Case::STATES.iter().map(|state| ("case_state", state.name()));
    let of_dispatches = Dispatch::STATES.iter().map(|state| ("dispatch_state", state.name()));
    for (check, state) in of_cases.chain(of_dispatches) {
        let sql = "select pg_get_constraintdef(oid) from pg_constraint where conname = $1";
        let taken: String = sqlx::query_scalar(sql).bind(check).fetch_one(&pool).await.unwrap();
        assert!(taken.contains(&format!("'{state}'")), "{check} refuses {state}: {taken}");
    }
}

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

/// A case and what came before it cannot both be there: whoever decided without seeing the other is told to decide anew, and the case
/// takes over the prelude's claim on the request.
#[tokio::test]
async fn a_case_and_an_untaken_prelude_exclude_each_other() {
    let pool = database().await;
    let (committer, _committing) = Committer::start(pool.clone(), Bounds::default());
    let log = Log::new(pool, committer, Clock::system());
    let (meta, now) = (Meta::of_service("casework"), f::morning());
    let draft = |request: Uuid| {
        let clocks = Clocks::start(f::limits(), &f::profile(), now);
        let opening = Box::new(f::opening(request, &f::grid()));
        let opened = Change::from(Opened { opening, clocks, idle_percent: None });
        let added =
            PreludeChange::Added { number: "n".into(), district: f::DISTRICT.into(), text: "x".into() };
        let case = Draft::new::<Case>(Uuid::now_v7(), &[opened], &meta, now).unwrap().unwrap();
        let prelude = Draft::new::<Prelude>(request, &[added], &meta, now).unwrap().unwrap();
        (case.0, prelude)
    };
    for case_first in [true, false] {
        let (case, (prelude, _)) = draft(Uuid::now_v7());
        let (first, second) = if case_first { (case, prelude) } else { (prelude, case) };
        log.append(first.into()).await.unwrap();
        assert_eq!(log.append(second.into()).await, Err(AppendError::Duplicate));
    }
    let (request, taker) = (Uuid::now_v7(), Uuid::now_v7());
    let (case, (prelude, before)) = draft(request);
    log.append(prelude.into()).await.unwrap();
    let taken = Draft::on(&before, &before.it.take(taker).changes(), &meta, now).unwrap().unwrap().0;
    log.append(vec![taken, case.claiming_from(request)].into()).await.unwrap();
    let (another, _) = draft(request);
    assert_eq!(log.append(another.into()).await, Err(AppendError::Duplicate), "the claim is the case's now");
}

/// A year's supervised items are counted in their own index, whatever else the district has.
#[tokio::test]
async fn supervised_items_are_counted_by_their_index() {
    let pool = database().await;
    let (_, sql) = ALL.iter().find(|(name, _)| *name == "case::SUPERVISED_BETWEEN").unwrap();
    let mut tx = pool.begin().await.unwrap();
    tx.execute("set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan")
        .await
        .unwrap();
    let prepare = format!("prepare counted (text, timestamptz, timestamptz, text) as {sql}");
    tx.execute(AssertSqlSafe(prepare).into_sql_str()).await.unwrap();
    let explain = "explain execute counted ('990101', now(), now(), '990101')";
    let plan: Vec<String> = sqlx::query_scalar(explain).fetch_all(&mut *tx).await.unwrap();
    assert!(plan.join("\n").contains("case_supervised_at"), "{plan:?}");
}
