//! The store on its own database.

use huying_casework::{
    domain::{
        Absence, Absences, ApprovalState, Approvals, Case, Cases, Change, Clocks, Dispatch, DispatchState,
        Dispatches, Meeting, MeetingState, Meetings, Order, Outcome, Place, Prelude, Ruled as _, Span, State,
        case::step::Opened, prelude::PreludeChange,
    },
    store::{
        ALL, account,
        filter::{Filter, Value},
        path,
    },
};
use huying_chassis::{
    clock::Clock,
    log::{AppendError, Bounds, Committer, Draft, Log, Meta},
};
use huying_terms::{Lamp, Tier};
use sqlx::{AssertSqlSafe, Executor, PgPool, SqlSafeStr};
use std::collections::BTreeSet;
use uuid::Uuid;

use super::fixture as f;

pub async fn database() -> PgPool {
    let pool = huying_chassis::db::connect(&huying_testing::database().await, 4, "test").await.unwrap();
    huying_chassis::db::migrate(&pool, &huying_casework::MIGRATIONS).await.unwrap();
    pool
}

const ORDERS: [Order; 5] = [Order::Newest, Order::Due, Order::Updated, Order::Opened, Order::Resolved];

fn absences(of_one: bool, beyond: bool) -> Absences {
    Absences {
        district: "990101".into(),
        unit: "U-1".into(),
        subject: of_one.then(|| "jia".into()),
        beyond: beyond.then(f::morning),
    }
}

/// Lists that the filters can be put together to, each with a name.
fn lists() -> Vec<(String, Filter)> {
    let mut lists = Vec::new();
    for bits in 0..512_u32 {
        let on = |bit: u32| bits & (1 << bit) != 0;
        for (n, area) in ["990101", "990101001", "990101001001", "990101001001001"].into_iter().enumerate() {
            let order = ORDERS[(bits as usize + n) % ORDERS.len()];
            let place = |order| on(0).then(|| Place { order, key: 1, id: Uuid::now_v7() });
            let by_instants = !matches!(order, Order::Newest | Order::Due);
            let cases = Cases {
                district: "990101".into(),
                state: on(0).then_some(State::Working),
                open: on(8),
                outcome: (on(3) && !on(4)).then_some(Outcome::Declined),
                tier: on(1).then_some(Tier::Grid),
                holder: on(2).then(|| "G-1".into()),
                arbiter: on(7).then(|| "S-1".into()),
                verifier: (on(0) && on(8)).then(|| "S-1".into()),
                officer: on(6).then(|| "wxy".into()),
                area: on(3).then(|| area.into()),
                within: on(4).then(|| area.into()),
                category: on(5).then(|| "C1".into()),
                overdue: on(6),
                supervised: on(8) && on(6),
                leader: (on(8) && on(5)).then(|| "甲".into()),
                hard: on(1) && on(6),
                led: on(1) && on(5),
                whole: on(2) && on(6),
                lamp: on(7).then_some(Lamp::Amber),
                order,
                span: Span { from: (by_instants && on(5)).then(f::morning), before: None },
            };
            lists.push((format!("cases {order:?} {bits:09b} {area}"), cases.filter(place(order))));
            let approvals = Approvals {
                district: "990101".into(),
                granter: on(0).then(|| "S-1".into()),
                asked_by: on(1).then(|| "G-1".into()),
                case: on(2).then(Uuid::now_v7),
                state: on(3).then_some(ApprovalState::Asked),
                within: on(4).then(|| area.into()),
            };
            lists.push((format!("approvals {bits:05b} {area}"), approvals.filter(place(Order::Newest))));
            let meetings = Meetings {
                district: "990101".into(),
                area: on(1).then(|| area.into()),
                state: on(2).then_some(MeetingState::Held),
                within: on(3).then(|| area.into()),
            };
            lists.push((format!("meetings {bits:04b} {area}"), meetings.filter(place(Order::Newest))));
            let absences = absences(on(1), on(2));
            lists.push((format!("absences {bits:03b}"), absences.filter(place(Order::Newest))));
            let order = if on(0) && on(6) { Order::Due } else { Order::Newest };
            let dispatches = Dispatches {
                district: "990101".into(),
                unit: on(0).then(|| "DEP".into()),
                case: on(1).then(Uuid::now_v7),
                state: on(2).then_some(DispatchState::Sent),
                silent: on(5),
                officer: on(4).then(|| "wxy".into()),
                within: on(3).then(|| area.into()),
                order,
            };
            lists.push((format!("dispatches {order:?} {bits:06b} {area}"), dispatches.filter(place(order))));
        }
    }
    lists
}

/// The statements of all lists, once each: of a page, and of where it ends.
fn list_statements() -> Vec<(String, String)> {
    let both = |(name, filter): (String, Filter)| {
        let path = filter.path().unwrap_or_else(|| panic!("{name} has no path"));
        let name = format!("{name} by {}", path.index);
        [(name.clone(), filter.statement(path, 50).0), (name, filter.last_looked(path, path::LOOK).0)]
    };
    let mut statements: Vec<_> = lists().into_iter().flat_map(both).collect();
    statements.sort_by(|one, other| one.1.cmp(&other.1));
    statements.dedup_by(|one, other| one.1 == other.1);
    statements
}

/// Every statement is one that PostgreSQL takes, and a list's clauses match its values.
#[tokio::test]
async fn every_statement_prepares() {
    let pool = database().await;
    let mut connection = pool.acquire().await.unwrap();
    let fixed = ALL.iter().map(|(name, statement)| ((*name).to_owned(), (*statement).to_owned()));
    let accounts = account::statements().into_iter().map(|(name, sql)| (name.to_owned(), sql.to_owned()));
    for (name, statement) in fixed.chain(accounts).chain(list_statements()) {
        if let Err(error) = connection.prepare(AssertSqlSafe(statement.clone()).into_sql_str()).await {
            panic!("{name}: {error}\n{statement}");
        }
    }
}

/// A statement with its values in it, which are a test's own.
pub fn filled_in(sql: &str, values: &[Value]) -> String {
    let all = values.iter().enumerate().rev();
    all.fold(sql.to_owned(), |sql, (n, value)| {
        let text = match value {
            Value::Text(text) => format!("'{text}'"),
            Value::Id(id) => format!("'{id}'::uuid"),
            Value::Number(number) => number.to_string(),
        };
        sql.replace(&format!("${}", n + 1), &text)
    })
}

/// However many rows there are: each list is read off the index of its path, in its order, without a sort; and what is asked besides is looked
/// at in a bounded number of rows.
#[tokio::test]
async fn every_list_is_read_off_its_index() {
    let pool = database().await;
    let mut connection = pool.acquire().await.unwrap();
    sqlx::raw_sql(include_str!("boards/many.sql")).execute(&mut *connection).await.unwrap();
    // Where there are few, PostgreSQL would rather gather them all and sort: here it is to do what it does where there are many.
    connection.execute("set enable_bitmapscan = off").await.unwrap();
    let (mut paths, mut wrong) = (BTreeSet::new(), Vec::new());
    for (name, filter) in lists() {
        let path = filter.path().unwrap();
        let (sql, values) = filter.statement(path, 50);
        if !paths.insert((path.index, sql.clone())) {
            continue;
        }
        assert_eq!(filter.beside(path).is_empty(), !sql.contains("looked"), "{name}: {sql}");
        let explain = AssertSqlSafe(format!("explain (costs off) {}", filled_in(&sql, &values)));
        let plan: Vec<String> = sqlx::query_scalar(explain).fetch_all(&mut *connection).await.unwrap();
        let plan = plan.join("\n");
        if !plan.contains(&format!(" using {} on", path.index)) || plan.contains("Sort") {
            wrong.push(format!("{name} by {}:\n{sql}\n{plan}", path.index));
        }
    }
    assert!(wrong.is_empty(), "{} lists are not:\n{}", wrong.len(), wrong.join("\n"));
    let all = [path::CASE, path::DISPATCH, path::APPROVAL, path::MEETING, path::ABSENCE].concat();
    let unused: Vec<_> = all
        .iter()
        .map(|path| path.index)
        .filter(|index| !paths.iter().any(|(one, _)| one == index))
        .collect();
    assert!(unused.is_empty(), "no list goes by {unused:?}");
}

/// What hardly any row fits is looked for a bounded number of rows at a time: pages without anything, until the last.
#[tokio::test]
async fn a_page_looks_at_a_bounded_number_of_rows() {
    let pool = database().await;
    sqlx::raw_sql(include_str!("boards/many.sql")).execute(&pool).await.unwrap();
    let cases = Cases { district: "990101".into(), tier: Some(Tier::Grid), ..Default::default() };
    let (mut pages, mut after) = (0, None);
    loop {
        let page = cases.filter(after).page::<Case>(50, &pool).await.unwrap();
        assert!(page.items.is_empty(), "all are of the street tier");
        (pages, after) = (pages + 1, page.next);
        if after.is_none() {
            break;
        }
    }
    assert_eq!(pages, 20_000 / path::LOOK + 1);
}

/// Two processes that migrate a new database at once both come up.
/// A state that the domain knows and the table refuses would be found by the first step into it.
#[tokio::test]
async fn the_tables_take_every_state() {
    let pool = database().await;
    let of_cases = Case::STATES.iter().map(|state| ("case_state", state.name()));
    let of_dispatches = Dispatch::STATES.iter().map(|state| ("dispatch_state", state.name()));
    let of_meetings = Meeting::STATES.iter().map(|state| ("meeting_state", state.name()));
    let of_absences = Absence::STATES.iter().map(|state| ("absence_state", state.name()));
    for (check, state) in of_cases.chain(of_dispatches).chain(of_meetings).chain(of_absences) {
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

/// What a unit's officers have in hand is read off indexes of officers, whatever else there is.
#[tokio::test]
async fn loads_are_read_off_their_indexes() {
    let pool = database().await;
    sqlx::raw_sql(include_str!("boards/many.sql")).execute(&pool).await.unwrap();
    let (_, sql) = ALL.iter().find(|(name, _)| *name == "load::OF_UNIT").unwrap();
    let mut tx = pool.begin().await.unwrap();
    tx.execute("set local enable_seqscan = off; set local plan_cache_mode = force_generic_plan")
        .await
        .unwrap();
    let prepare = format!("prepare loads (text, text, text[], int8) as {sql}");
    tx.execute(AssertSqlSafe(prepare).into_sql_str()).await.unwrap();
    let explain = "explain execute loads ('990101', 'U-1', array['jia'], 0)";
    let plan: Vec<String> = sqlx::query_scalar(explain).fetch_all(&mut *tx).await.unwrap();
    let plan = plan.join("\n");
    for index in ["case_officer_open", "case_officer_last", "absence_until"] {
        assert!(plan.contains(index), "not by {index}:\n{plan}");
    }
    assert!(!plan.contains("Sort"), "{plan}");
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
