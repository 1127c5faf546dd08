//! Cost stays flat as tables grow: the same work is done twice, the second time with every table seven times as long, and reads no more.
//! Counted are rows and pages, by scans of whatever kind: connections run with `enable_seqscan = off`, so a statement that fits no index
//! reads no table whole, it walks some index from end to end.
//!
//! The work is lives from the call to the account struck off, and, about each of them, every RPC of every service, asked by whoever may.

mod further;

use std::{collections::BTreeMap, ops::RangeInclusive, sync::Arc, time::Instant};

use chrono::{DateTime, Utc};
use futures::future::join_all;
use huying_chassis::{
    auth::{CITY, Role},
    clock::system_now,
};
use huying_proto::{
    casework::v1::{CaseState, WatchDispatchesRequest},
    intake::v1::SubmitRequestRequest,
};
use huying_testing::eventually;
use huying_tests::{People, SERVICES, World, people::DISTRICT, world::key};
use sqlx::{PgPool, raw_sql};
use tonic::{Code, Status};

use super::{
    access::{bearer, roles, rpcs},
    reach::{Area, Callers, Ids, Outcome, UNIT, expected, life, round, rows},
};

const LIVES: usize = 6;
/// Lives about which everything is asked.
const ASKED: usize = 2;
/// Times that one order is sent.
const AGAIN: usize = 20;
/// Clones of each row: enough for lists to fill a page, then many times as many.
const FEW: RangeInclusive<i32> = 1..=50;
const MANY: RangeInclusive<i32> = 51..=350;
/// The least rows of each table that are cloned.
const ROWS: i32 = 4;
/// Rows or pages that may be read more, since a step was tried again or followers looked once more: a third of the shortest table.
const MORE: i64 = 400;
/// The same for each second that the services ran longer than for the work before: relays look ten times a second, at six pages each, and the test asks again
/// until a step is done.
const MORE_BY_SECOND: i64 = 150;

/// One row, or one for each district, day, source, stream or migration, or what is only passing through: they do not grow.
const SMALL: [&str; 17] = [
    "_sqlx_migrations",
    "account",
    "anchor",
    "counted",
    "epoch",
    "figure",
    "heard",
    "model",
    "number",
    "profile",
    "reconciled",
    "relay",
    "relay_stream",
    "sign_watch",
    "sweep",
    "unconfirmed",
    "unit_model",
];

/// They read what they count, weigh or hand out, each answer up to a bound of its own.
const COUNTING: [&str; 10] = [
    "/CountLedger",
    "/CountOverdue",
    "/ExportLedger",
    "/SearchGuides",
    "/CountVisits",
    "/GetCoverage",
    "/CountRisks",
    "/CountInquiries",
    "/Recount",
    "/RotateKeys",
];

/// What evaluation counts yet. A clone of it would be counted too: a row read for each, once.
const WAITING: &str = "
    select (select count(*) from heard)
         + (select count(*) from callback where version <> counted_version and end_at is not null)
         + (select count(*) from rating where version <> counted_version)";

/// By table, what was read of it since its database was made.
const READ: &str = "
    select t.relname::text,
           (t.seq_tup_read + coalesce((select sum(i.idx_tup_read) from pg_stat_user_indexes i where i.relid = t.relid), 0))::int8,
           (p.heap_blks_hit + p.heap_blks_read + coalesce(p.idx_blks_hit + p.idx_blks_read, 0))::int8
      from pg_stat_user_tables t join pg_statio_user_tables p using (relid)";

/// What lives leave nothing of, or not in every service.
const RARE: [(&str, &str); 9] = [
    (
        "claim",
        "insert into claim select 'rare', gen_random_uuid()::text, gen_random_uuid() from generate_series(1, 4)",
    ),
    (
        "command",
        "insert into command select gen_random_uuid(), '', '', '', sha256(''), gen_random_uuid(), 1, now() from generate_series(1, 4)",
    ),
    (
        "data_key",
        "insert into data_key select gen_random_uuid(), gen_random_uuid(), 'rare', sha256(''), sha256('rare') from generate_series(1, 4)",
    ),
    (
        "dead_letter",
        "insert into dead_letter
         select source, gen_random_uuid(), 1, 'poison', '', '{}', 1, now(), now() from followed limit 4",
    ),
    (
        "settled_letter",
        "insert into settled_letter
         select source, gen_random_uuid(), 1, 'poison', '', 'dismissed', '', '', now() from followed limit 4",
    ),
    ("upload", "insert into upload select gen_random_uuid(), gen_random_uuid(), '', now() from generate_series(1, 4)"),
    (
        "sign",
        "insert into sign (id, version, shape, hash, body)
         select gen_random_uuid(), 1, 1, hash, jsonb_build_object('kind', 'surge', 'district', district, 'area', district, 'category', '0101',
                    'day', '2026-11-23', 'number', 9, 'state', 'raised', 'raised_at', 0) from log limit 4",
    ),
    (
        "rating",
        "insert into rating (id, version, shape, hash, counted_version, body)
         select gen_random_uuid(), 1, 1, hash, 1, jsonb_build_object('case', gen_random_uuid(), 'number', '', 'district', district, 'area', district,
                    'category', '0101', 'attempt', 1, 'rater', 'S-420102002', 'unit', 'DEP-jiaoguan', 'said', jsonb_build_object('aptness', true),
                    'state', 'given', 'rated_at', 0) from log limit 4",
    ),
    (
        "prelude",
        "insert into prelude (id, version, shape, hash, body)
         select gen_random_uuid(), 1, 1, hash, jsonb_build_object('request', gen_random_uuid(), 'number', '', 'district', district,
                    'additions', '[]'::jsonb, 'withdrawn', true) from log limit 4",
    ),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_read_does_not_grow_with_what_is_there() {
    let world = World::inside().await;
    let mut rounds = Vec::new();
    work(&world, &mut rounds).await;
    let start = Instant::now();
    grow(&world, FEW).await;
    work(&world, &mut rounds).await;
    let before = read(&world).await;
    let restart = Instant::now();
    join_all(SERVICES.map(|service| world.start(service))).await;
    grow(&world, MANY).await;
    work(&world, &mut rounds).await;
    let longer = restart.elapsed().saturating_sub(restart - start);
    let more = MORE + MORE_BY_SECOND * i64::try_from(longer.as_secs()).unwrap();
    let mut steep = Vec::new();
    for (table, after) in read(&world).await {
        for (what, before, after) in
            [("rows", before[&table].0, after.0), ("pages", before[&table].1, after.1)]
        {
            // Before, the work was done twice, if with less: that has room for one more start of the services.
            let then = after - before;
            if then > before + more {
                steep.push(format!("{table}: {before} {what} for the work twice, then {then} for it once"));
            }
        }
    }
    assert!(steep.is_empty(), "more is read, since there is more:\n{}", steep.join("\n"));
}

/// Rounds are drawn the first time: drawing reads whatever was resolved these days, and clones of that are, too.
async fn work(world: &Arc<World>, rounds: &mut Vec<(String, String)>) {
    let people = world.people();
    let began = system_now();
    let lived = join_all((0..LIVES).map(|_| async {
        let ids = Box::pin(life(&people)).await;
        people.satisfied(&ids.case).await;
        people.case_when(&ids.case, "is struck off", |case| case.state() == CaseState::Closed).await;
        ids
    }));
    let callers = Callers::new(world);
    let lived = lived.await;
    if rounds.is_empty() {
        for _ in &lived {
            rounds.push(round(&people).await);
        }
    }
    for (ids, (round, interview)) in lived.into_iter().zip(rounds.iter().cloned()).take(ASKED) {
        let ids = Ids { round, interview, ..ids };
        ask_by_roles(world, &callers, &ids).await;
        ask_further(world, &callers, &ids, began).await;
    }
    // The door looks for an order that it has already.
    let order = SubmitRequestRequest { external_id: key(), ..People::blocked_way() };
    for _ in 0..AGAIN {
        let again = SubmitRequestRequest { request_id: key(), ..order.clone() };
        people.submit_until_taken(again).await;
    }
    // The head of a stream says nothing of what is read for it.
    let watch = WatchDispatchesRequest { district: DISTRICT.into(), unit: UNIT.into(), ..Default::default() };
    let mut watched = people.called(UNIT).watch_dispatches(watch).await.unwrap().into_inner();
    watched.message().await.unwrap().unwrap();
}

/// Every RPC about a life but the log's, by each role that may, in areas for which lists have an index.
async fn ask_by_roles(world: &World, callers: &Callers, ids: &Ids) {
    let (rows, areas) = (rows(world, ids), [Area::District, Area::Street]);
    for (package, path) in rpcs() {
        let (row, service) = (&rows[path.as_str()], package.split('.').nth(1).unwrap());
        let counts = COUNTING.iter().any(|rpc| path.ends_with(rpc));
        if service == "log" || path.contains("/Watch") || counts {
            continue;
        }
        for (role, area) in roles(&path).into_iter().flat_map(|role| areas.map(|area| (role, area))) {
            let unit = (role == Role::Department).then_some(UNIT);
            let bearer = bearer(world, (service, &path), role, unit, area.code());
            let expected = expected(row, &path, role, area);
            let answer = callers.call(service, &path, &bearer, &row.message).await;
            assert_eq!(Outcome::of(&answer), expected, "{path} {role:?} {area:?}: {answer:?}");
        }
    }
}

async fn ask_further(world: &World, callers: &Callers, ids: &Ids, began: DateTime<Utc>) {
    // Who reaches all.
    let wide = |role: &Role| !matches!(role, Role::Department | Role::Officer | Role::Platform);
    for service in SERVICES {
        for (path, message) in further::asks(service, ids, began) {
            let role = roles(path).into_iter().find(wide).unwrap();
            let bearer = bearer(world, (service, path), role, None, Some(CITY));
            let answer = callers.call(service, path, &bearer, &message).await;
            let code = answer.as_ref().map_or_else(Status::code, |()| Code::Ok);
            assert!(matches!(code, Code::Ok | Code::NotFound), "{service} {path}: {answer:?}");
        }
    }
}

/// Adds clones to the tables of all services.
async fn grow(world: &World, clones: RangeInclusive<i32>) {
    let pool = world.pool("evaluation").await;
    eventually("all is counted", async || {
        let waiting: i64 = sqlx::query_scalar(WAITING).fetch_one(&pool).await.unwrap();
        (waiting == 0).then_some(())
    })
    .await;
    pool.close().await;
    let pool = world.pool("casework").await;
    // Counted when the log was still empty, the accounts stand before the clones.
    raw_sql("update counted set due_at = now() where seq = 0").execute(&pool).await.unwrap();
    eventually("the accounts stand behind what is cloned", async || {
        let before: i64 =
            sqlx::query_scalar("select count(*) from counted where seq = 0").fetch_one(&pool).await.unwrap();
        (before == 0).then_some(())
    })
    .await;
    pool.close().await;
    join_all(SERVICES.map(async |service| {
        let pool = world.pool(service).await;
        let mut connection = pool.acquire().await.unwrap();
        raw_sql(include_str!("flat/grow.sql")).execute(&mut *connection).await.unwrap();
        let tables: Vec<String> = sqlx::query_scalar(
            "select quote_ident(relname) from pg_stat_user_tables where schemaname = 'public' and relname <> all ($1)",
        )
        .bind(SMALL)
        .fetch_all(&mut *connection)
        .await
        .unwrap();
        for table in tables {
            if let Some((_, row)) = RARE.iter().find(|(rare, _)| *rare == table) {
                raw_sql(*row).execute(&mut *connection).await.unwrap();
            }
            let made: i64 = sqlx::query_scalar("select pg_temp.grow($1, $2, $3)")
                .bind(&table)
                .bind(clones.start())
                .bind(clones.end())
                .fetch_one(&mut *connection)
                .await
                .unwrap();
            let wanted = i64::from(ROWS * (clones.end() - clones.start() + 1));
            assert!(made >= wanted, "{service}'s {table} grew by {made} rows");
        }
        connection.close().await.unwrap();
        pool.close().await;
    }))
    .await;
}

/// Rows that scans returned and pages that were read, by table. Ends the services: a connection tells what it has read at its end.
async fn read(world: &World) -> BTreeMap<String, (i64, i64)> {
    join_all(SERVICES.map(|service| world.stop(service))).await;
    let mut read = BTreeMap::new();
    for service in SERVICES {
        let pool = world.pool(service).await;
        eventually("its connections have ended", async || ended(&pool).await.then_some(())).await;
        let tables: Vec<(String, i64, i64)> = sqlx::query_as(READ).fetch_all(&pool).await.unwrap();
        let named = |(table, rows, pages)| (format!("{service}'s {table}"), (rows, pages));
        read.extend(tables.into_iter().map(named));
        pool.close().await;
    }
    read
}

async fn ended(pool: &PgPool) -> bool {
    let others = "select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()";
    let others: i64 = sqlx::query_scalar(others).fetch_one(pool).await.unwrap();
    others == 0
}
