//! Counting is exact whatever comes in whatever order: many lives at random, with one seed, some of it twice.

use std::collections::BTreeMap;

use chrono::{DateTime, Duration, Utc};
use chrono_tz::{Asia::Shanghai, Tz};
use futures::future::BoxFuture;
use huying_evaluation::{
    domain::figure::{
        Channel, Word,
        parts::Parts,
        received::Received,
        told::{Told, What},
    },
    store::{figure, recount},
};
use huying_terms::Tier;
use rand::{Rng as _, SeedableRng as _, rngs::StdRng, seq::SliceRandom as _};
use sqlx::PgPool;
use tokio::sync::watch;
use uuid::Uuid;

use crate::{
    store::migrated,
    support::{DISTRICT, monday},
};

const SEED: u64 = 20_261_128;
const LIVES: u128 = 150;

/// Words of what is heard: each of a case or a request, in their order.
type Heard = Vec<(Uuid, Word)>;

fn told(what: What, case: u128, at: DateTime<Utc>) -> Told {
    Told {
        what,
        at,
        number: case.to_string(),
        district: DISTRICT.into(),
        area: format!("4201020030{:02}", case % 7 + 1),
        category: format!("01{:02}", case % 5),
        tier: Tier::Community,
        holder: format!("unit-{}", case % 9),
        attempt: 1,
        opened_at: monday() + Duration::hours(i64::try_from(case).unwrap()),
        due_at: None,
        respond_by: None,
        to_be_verified: false,
        withdrawn: false,
        request: Some(Uuid::from_u128(case + 1_000_000)),
        priority: None,
        more: None,
        ground: String::new(),
        parts: Parts::default(),
    }
}

/// A life of up to twenty events, of all kinds, and its request.
fn life(case: u128, random: &mut StdRng) -> Heard {
    let mut at = monday() + Duration::hours(i64::try_from(case).unwrap());
    let (id, request) = (Uuid::from_u128(case), Uuid::from_u128(case + 1_000_000));
    let channel = [Some(Channel::Hotline), Some(Channel::Forum), None][random.random_range(0..3)];
    let (district, area) = (DISTRICT.into(), DISTRICT.into());
    let received = Received { district, area, channel, received_at: at, repeat: None };
    let mut all = vec![(request, Word::Request(received)), (id, Word::Case(told(What::Opened, case, at)))];
    for _ in 0..random.random_range(1..20) {
        at += Duration::hours(random.random_range(0..60));
        let what = <What as strum::VariantArray>::VARIANTS;
        let what = what[random.random_range(2..what.len())];
        let due_at = random.random_bool(0.6).then(|| at + Duration::hours(random.random_range(-20..60)));
        let holder = format!("unit-{}", random.random_range(0..9));
        let (to_be_verified, withdrawn) = (random.random_bool(0.3), random.random_bool(0.2));
        let category = format!("01{:02}", random.random_range(0..5));
        let event = Told { due_at, holder, to_be_verified, withdrawn, category, ..told(what, case, at) };
        all.push((id, Word::Case(event)));
    }
    all
}

fn lives() -> Vec<Heard> {
    let mut random = StdRng::seed_from_u64(SEED);
    (1..=LIVES).map(|case| life(case, &mut random)).collect()
}

/// Hears it in this order, and counts it a little at a time.
async fn counted(pool: &PgPool, heard: &[(Uuid, Word)]) {
    for (aggregate, word) in heard {
        sqlx::query(
            "insert into heard (id, aggregate, version, at, body) values ($1, $2, 1, now(), $3::jsonb)",
        )
        .bind(Uuid::now_v7())
        .bind(aggregate)
        .bind(serde_json::to_string(word).unwrap())
        .execute(pool)
        .await
        .unwrap();
    }
    let zone = |_| Box::pin(std::future::ready(Shanghai)) as BoxFuture<'static, Tz>;
    while figure::count(pool, 97, &zone).await.unwrap() != Some(figure::Step::default()) {}
}

/// The reporter of each case has given a verdict, and the case was somewhere else then.
async fn judged(pool: &PgPool) {
    let judged = "
        insert into callback (id, version, shape, hash, body)
        select gen_random_uuid(), 1, 1, sha256(''), jsonb_build_object('case', lpad(to_hex(n), 32, '0')::uuid, 'request', gen_random_uuid(),
               'attempt', 1, 'district', $2::text, 'category', '0900', 'number', n::text, 'area', $2::text, 'unit', 'unit-' || n % 9,
               'worked', '[]'::jsonb, 'requests', '[]'::jsonb, 'answer', 'done', 'tries', 0, 'resolve_at', $3::bigint, 'due_at', $3::bigint,
               'state', 'passed', 'end_at', $3::bigint + n * 3600000000,
               'verdict', '{\"contacted\": true, \"solved\": true, \"satisfaction\": \"satisfied\"}'::jsonb)
          from generate_series(1, $1::bigint) as n";
    let rows = i64::try_from(LIVES).unwrap();
    let judged = sqlx::query(judged).bind(rows).bind(DISTRICT).bind(monday().timestamp_micros());
    judged.execute(pool).await.unwrap();
}

/// How many rows were looked at and how many figures differ from what is counted anew.
async fn differing(pool: &PgPool) -> (i64, i64) {
    let told = watch::channel(0).0;
    let done = recount::recount(pool, (DISTRICT, Shanghai), true, &told).await.unwrap();
    assert!(done.figures > 1000, "{done:?}");
    (done.looked_at, done.different)
}

async fn figures(pool: &PgPool) -> BTreeMap<String, Vec<i64>> {
    // What is nothing after all, or was never counted, is the same.
    let all = "select concat_ws(' ', by, scope, span, day, key), counts from figure order by 1";
    let all: Vec<(String, Vec<i64>)> = sqlx::query_as(all).fetch_all(pool).await.unwrap();
    let trimmed = all.into_iter().map(|(cell, mut counts)| {
        while counts.last() == Some(&0) {
            counts.pop();
        }
        (cell, counts)
    });
    trimmed.filter(|(_, counts)| !counts.is_empty()).collect()
}

/// Whatever order the events of many lives come in, as long as each life's come in theirs, and whether verdicts are counted before their cases or after,
/// the figures are the same.
#[tokio::test(flavor = "multi_thread")]
async fn figures_do_not_depend_on_how_lives_mix() {
    let mut random = StdRng::seed_from_u64(SEED + 1);
    let (one_by_one, mixed) = (migrated().await, migrated().await);
    counted(&one_by_one, &lives().concat()).await;
    judged(&one_by_one).await;
    counted(&one_by_one, &[]).await;
    let mut left: Vec<_> =
        lives().into_iter().map(|life| life.into_iter().collect::<std::collections::VecDeque<_>>()).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let place = random.random_range(0..left.len());
        order.extend(left[place].pop_front());
        left.retain(|life| !life.is_empty());
    }
    judged(&mixed).await;
    counted(&mixed, &[]).await;
    counted(&mixed, &order).await;
    let rows = i64::try_from(LIVES * 3).unwrap();
    assert_eq!((differing(&one_by_one).await, differing(&mixed).await), ((rows, 0), (rows, 0)));
    assert_eq!(figures(&one_by_one).await, figures(&mixed).await);
}

/// In no order at all, and a third of it twice: what is counted is still what the rows add, to the one.
#[tokio::test(flavor = "multi_thread")]
async fn a_recount_is_exact_after_disorder_and_repetition() {
    let mut random = StdRng::seed_from_u64(SEED + 2);
    let pool = migrated().await;
    let mut all = lives().concat();
    let again: Vec<_> = all.iter().filter(|_| random.random_bool(0.33)).cloned().collect();
    all.extend(again);
    all.shuffle(&mut random);
    judged(&pool).await;
    counted(&pool, &all).await;
    assert_eq!(differing(&pool).await, (i64::try_from(LIVES * 3).unwrap(), 0));
}
