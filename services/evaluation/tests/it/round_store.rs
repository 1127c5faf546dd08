//! The tables of rounds: a draw reads its period by an index, and lists stand on theirs. The largest round is one commit.

use chrono::Duration;
use huying_chassis::{
    auth::TokenSource,
    clock::Clock,
    config::TlsConfig,
    log::{Bounds, Committer, Log, Meta},
    peers::Peers,
    profile::Profiles,
    shutdown::Shutdown,
};
use huying_evaluation::{
    NAME,
    app::{App, round::HandingOut},
    domain::{
        interview::{InterviewState, Interviewer},
        round::{MOST, Plan, Population, StrataBy},
        wanted::{InterviewScope, Interviews},
    },
    intake::Intake,
    store::{ALL, Store},
};
use sqlx::PgPool;
use uuid::Uuid;

use crate::{
    store::{fill, migrated, plan},
    support::{DISTRICT, monday},
};

const ROUND: &str = "'00000000-0000-0000-0000-000000000003'";

fn statement(name: &str) -> &'static str {
    ALL.iter().find(|(known, _)| *known == name).unwrap().1
}

/// Forty rounds with 100 interviews each, four in ten in reserve.
async fn fill_interviews(pool: &PgPool) {
    sqlx::query(
        "insert into interview (id, version, shape, hash, body)
         select gen_random_uuid(), 1, 1, sha256(''), jsonb_build_object('round', lpad(to_hex(n / 100), 32, '0')::uuid, 'district', $1::text, 'area', $1 || '003005',
                'case', gen_random_uuid(), 'callback', gen_random_uuid(), 'number', n::text, 'attempt', 1, 'unit', 'u', 'worked', '[]'::jsonb,
                'stratum', 's' || n % 4, 'place', n % 100 / 4, 'state', case when n % 100 < 60 then 'waiting' else 'reserve' end,
                'interviewer', jsonb_build_object('unit', 'u' || n % 50, 'subject', ''))
           from generate_series(0, 3999) as n",
    )
    .bind(DISTRICT)
    .execute(pool)
    .await
    .unwrap();
    sqlx::query("vacuum analyze interview").execute(pool).await.unwrap();
}

#[tokio::test]
async fn a_draw_reads_its_period_and_no_more() {
    let pool = migrated().await;
    fill(&pool, 30_000).await;
    let at = |minutes| format!("'{}'", (monday() + Duration::minutes(minutes)).to_rfc3339());
    let (from, until) = (at(10_000), at(11_000));
    let period = ["'420102'", &*from, &until, "''", "''", "''", "'unit'"];
    let units: Vec<String> = (0..40).map(|n| format!("'unit-{n}'")).collect();
    let keys = format!("array[{}]", units.join(","));
    let most = format!("array[{}]", ["5"; 40].join(","));
    for (name, further) in [("sizes_of_strata", vec!["2001"]), ("draw", vec![&*keys, &*most, "'seed'"])] {
        let values = [&period[..], &further[..]].concat();
        let plan = plan(&pool, statement(name), &values).await;
        assert!(plan.contains("callback_resolved") && plan.contains("callback_case"), "{name}\n{plan}");
        assert!(!plan.contains("Seq Scan") && !plan.contains("Rows Removed by Filter"), "{name}\n{plan}");
    }
}

#[tokio::test]
async fn lists_of_interviews_read_their_index_and_little_else() {
    let pool = migrated().await;
    fill_interviews(&pool).await;
    let waiting = "array['waiting']";
    for (name, values, index) in [
        ("interviews_of_round", vec![ROUND, waiting, "''", "'s1'", "5", "50"], "interview_round"),
        (
            "interviews_of_interviewer",
            vec!["'420102'", waiting, "'u7/'", "''", "'00000000-0000-0000-0000-000000000000'", "50"],
            "interview_interviewer",
        ),
        ("interviews_asked_in", vec![ROUND], "interview_round"),
        ("next_in_reserve", vec![ROUND, "'s1'"], "interview_reserve"),
    ] {
        let plan = plan(&pool, statement(name), &values).await;
        assert!(plan.contains(index) && !plan.contains("Seq Scan"), "{name}\n{plan}");
    }
    let store = Store::new(pool);
    let round = Uuid::from_u128(3);
    assert_eq!(store.asked_in(round).await.unwrap().len(), 60);
    let next = store.next_in_reserve(round, "s2").await.unwrap().unwrap();
    assert_eq!((next.it.drawn.place, next.it.state), (15, InterviewState::Reserve));
    let one = Interviewer { unit: "u7".into(), subject: String::new() };
    let of = |scope| Interviews { scope, district: DISTRICT.into(), area: String::new(), state: None };
    let both = [
        (InterviewScope::Interviewer(one.clone()), 80),
        (InterviewScope::Round(round, Some(one)), 2),
        (InterviewScope::Round(round, None), 100),
    ];
    for (scope, count) in both {
        assert_eq!(store.interviews(&of(scope), None, 200).await.unwrap().len(), count);
    }
}

/// Intake, which a round never asks.
fn nobody() -> Intake {
    let tls = TlsConfig::default();
    let urls = [("intake".to_owned(), "http://127.0.0.1:1".to_owned())].into();
    Intake::new(Peers::new(&urls, &tls, TokenSource::none()).unwrap().channel("intake").unwrap())
}

/// 2,000 to be asked and as many in reserve, out of 5,000; of all that is drawn nothing is drawn twice.
#[tokio::test]
async fn the_largest_round_is_one_commit() {
    let pool = migrated().await;
    fill(&pool, 5_000).await;
    let (committer, _committing) = Committer::start(pool.clone(), Bounds::default());
    let log = Log::new(pool.clone(), committer, Clock::manual(monday()));
    let stop = Shutdown::new();
    let app = App::new(log.clone(), Profiles::start(log, stop.clone()), nobody(), 100);
    let day = |text: &str| text.parse().unwrap();
    let population = Population {
        from: day("2026-11-23"),
        to: day("2026-11-30"),
        from_at: monday(),
        until_at: monday(),
        area: DISTRICT.into(),
        unit: String::new(),
        category: String::new(),
    };
    let plan = Plan {
        district: DISTRICT.into(),
        name: "all".into(),
        population,
        sample: MOST,
        seed: "s".into(),
        strata_by: StrataBy::Unit,
        due: day("2026-11-30"),
    };
    let round = app.begin_round(plan, &Meta::of_service(NAME)).await.unwrap();
    let strata = &round.it.strata;
    assert_eq!((strata.len(), strata.iter().map(|it| it.sample).sum::<i64>()), (40, MOST));
    assert!(strata.iter().all(|it| (it.population, it.sample, it.reserve) == (125, 50, 50)), "{strata:?}");
    let kept: (i64, i64, i64, i64) = sqlx::query_as(
        "select count(*), count(distinct body ->> 'case'), count(*) filter (where state = 'waiting'), count(distinct xid) from interview join log on aggregate = interview.id",
    )
    .fetch_one(&pool)
    .await
    .unwrap();
    assert_eq!(kept, (4_000, 4_000, 2_000, 1));
    let of = |unit: &str| Interviewer { unit: unit.into(), subject: String::new() };
    let handing = HandingOut { round: round.id, to: ["a", "b", "unit-0"].map(of).into(), chosen: Vec::new() };
    let (waiting, left) = app.hand_out(&handing, &Meta::of_service(NAME)).await.unwrap();
    assert_eq!((waiting, left), (vec![667, 667, 666], 0));
    stop.begin();
}
