//! Entered = working + settled, for every area, at every instant (life-of-a-case, 3): what the lists say, counted against each other.

use std::collections::BTreeSet;

use chrono::Duration;
use huying_casework::{
    MIGRATIONS,
    domain::{
        Case, Cases, Change, Clocks, Level, Ruled as _,
        case::step::{Accept, Opened, Opening, Reopen, Resolve, StrikeOff, Supervise},
        lamp::TurnLamps,
    },
    store::case::list,
};
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use sqlx::{PgPool, types::Json};
use uuid::Uuid;

use super::fixture::{self as f, holder};

/// Two of each below one another: streets, communities, grids.
fn grids() -> Vec<String> {
    let mut grids = Vec::new();
    for street in 1..=2 {
        for community in 1..=2 {
            grids.extend((1..=2).map(|grid| format!("{}{street:03}{community:03}{grid:03}", f::DISTRICT)));
        }
    }
    grids
}

/// Every area that has cases, each above the next.
fn areas() -> BTreeSet<String> {
    grids().iter().flat_map(|grid| [6, 9, 12, 15].map(|length| grid[..length].to_owned())).collect()
}

#[derive(Clone, Copy, Debug)]
enum Move {
    Accept,
    Resolve,
    StrikeOff,
    Reopen,
    /// Its clocks run out.
    Linger,
    Press,
}

fn moves() -> impl Strategy<Value = (usize, Move)> {
    let step = prop_oneof![
        3 => Just(Move::Accept),
        3 => Just(Move::Resolve),
        2 => Just(Move::StrikeOff),
        1 => Just(Move::Reopen),
        2 => Just(Move::Linger),
        1 => Just(Move::Press),
    ];
    (any::<prop::sample::Index>(), step).prop_map(|(which, step)| (which.index(FLEET), step))
}

const FLEET: usize = 24;

fn opened(area: &str, request: u128) -> Case {
    let opening = Opening { area: area.into(), ..f::opening(Uuid::from_u128(request), &f::district()) };
    let clocks = Clocks::start(f::limits(), &f::profile(), f::morning());
    let opened = Change::from(Opened { opening: Box::new(opening), clocks, idle_percent: None });
    huying_testing::after(None, &opened, &f::stamp(f::morning())).unwrap()
}

fn moved(case: &Case, step: Move) -> Case {
    let (by, leader, facts) = (holder(case), f::leader(f::DISTRICT), f::facts());
    let late = f::facts().at(f::morning() + Duration::days(30));
    let (decided, at) = match step {
        Move::Accept => (f::take(case, &by, &Accept, &facts), facts.now),
        Move::Resolve => {
            (f::take(case, &by, &Resolve { answer: "好了".into(), handling: None }, &facts), facts.now)
        }
        Move::StrikeOff => (f::take(case, &leader, &StrikeOff, &facts), facts.now),
        Move::Reopen => (f::take(case, &leader, &Reopen { reason: "再办".into() }, &facts), facts.now),
        Move::Press => {
            let press = Supervise { level: Level::Notice, reason: "督办".into() };
            (f::take(case, &leader, &press, &facts), facts.now)
        }
        Move::Linger => (Ok(f::caused(case, &TurnLamps, &late)), late.now),
    };
    f::after(case, decided.unwrap_or_default(), at)
}

async fn keep(pool: &PgPool, id: Uuid, case: &Case) {
    sqlx::query(
        "insert into \"case\" (id, version, shape, hash, body) values ($1, 1, 1, sha256(''), $2) on conflict (id) do update set version = \"case\".version + 1, body = excluded.body",
    )
    .bind(id)
    .bind(Json(case))
    .execute(pool)
    .await
    .unwrap();
}

async fn ids(pool: &PgPool, area: &str, wanted: Cases) -> BTreeSet<Uuid> {
    let wanted = Cases { district: f::DISTRICT.into(), area: Some(area.to_owned()), ..wanted };
    let found = list(pool, &wanted, None, 1000).await.unwrap();
    found.items.into_iter().map(|case| case.id).collect()
}

/// The accounts of each area: nothing is in two of them, nothing is in none.
async fn balance(pool: &PgPool) {
    for area in areas() {
        let entered = ids(pool, &area, Cases::default()).await;
        let mut counted = BTreeSet::new();
        let mut working = BTreeSet::new();
        for &state in Case::STATES {
            let account = ids(pool, &area, Cases { state: Some(state), ..Cases::default() }).await;
            assert!(counted.is_disjoint(&account), "{area}: one case in two accounts");
            counted.extend(&account);
            if state.is_open() {
                working.extend(account);
            }
        }
        assert_eq!(counted, entered, "{area}: entered = working + settled");
        let overdue = ids(pool, &area, Cases { overdue: true, ..Cases::default() }).await;
        assert!(overdue.is_subset(&working), "{area}: only what is worked on can be late");
        let supervised = ids(pool, &area, Cases { supervised: true, ..Cases::default() }).await;
        assert!(supervised.is_subset(&entered), "{area}: what is supervised has been entered");
        let below: BTreeSet<Uuid> = below(pool, &area).await;
        assert!(area.len() == 15 || below == entered, "{area}: the areas in it add up to it");
    }
}

async fn below(pool: &PgPool, area: &str) -> BTreeSet<Uuid> {
    let mut below = BTreeSet::new();
    for inner in areas().iter().filter(|inner| inner.len() == area.len() + 3 && inner.starts_with(area)) {
        below.extend(ids(pool, inner, Cases::default()).await);
    }
    below
}

#[test]
fn entered_is_working_and_settled_at_every_instant() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let pool = runtime.block_on(async {
        let pool = huying_chassis::db::connect(&huying_testing::database().await, 2, "test").await.unwrap();
        huying_chassis::db::migrate(&pool, &MIGRATIONS).await.unwrap();
        pool
    });
    let mut runner = TestRunner::new(Config { cases: 3, ..Config::default() });
    let fleet = vec(prop::sample::select(grids()), FLEET);
    let rounds = vec(vec(moves(), 10), 3);
    runner
        .run(&(fleet, rounds), |(fleet, rounds)| {
            runtime.block_on(async {
                sqlx::query("truncate \"case\"").execute(&pool).await.unwrap();
                let mut cases = Vec::new();
                for (n, area) in fleet.iter().enumerate() {
                    cases.push((Uuid::now_v7(), opened(area, n as u128)));
                }
                for (id, case) in &cases {
                    keep(&pool, *id, case).await;
                }
                balance(&pool).await;
                for round in rounds {
                    for (which, step) in round {
                        let (id, case) = &mut cases[which];
                        *case = moved(case, step);
                        keep(&pool, *id, case).await;
                    }
                    balance(&pool).await;
                }
            });
            Ok(())
        })
        .unwrap();
    runtime.block_on(pool.close());
}
