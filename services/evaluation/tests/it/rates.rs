//! Rates, end to end: from casework's events and verdicts to what a leader is told.

use std::collections::BTreeMap;

use chrono::Duration;
use futures::future::{Either, select};
use huying_chassis::auth::{CITY, Role};
use huying_proto::{
    casework::v1::Outcome,
    common::v1 as common,
    evaluation::v1::{
        self as pb,
        Satisfaction::{self, Basically, Satisfied, VerySatisfied, VeryUnsatisfied},
    },
};
use huying_testing::{eventually, reason};

use crate::support::{Case, DISTRICT, HOLDER, World, applying, judging, monday, profile};

fn month() -> pb::GetRatesRequest {
    pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-01".into(),
        to_date: "2026-12-01".into(),
        ..Default::default()
    }
}

pub fn count(standing: &pb::Standing, measure: &str) -> i64 {
    standing.counts.iter().find(|it| it.measure == measure).map_or(0, |it| it.number)
}

pub fn rate(standing: &pb::Standing, code: &str) -> Option<f64> {
    standing.rates.iter().find(|it| it.code == code).unwrap().value
}

/// A rate now, in the time before, and a year before.
fn beside(standing: &pb::Standing, code: &str) -> [Option<f64>; 3] {
    let rate = standing.rates.iter().find(|it| it.code == code).unwrap();
    [rate.value, rate.before, rate.last_year]
}

async fn said(
    world: &World,
    callback: &pb::Callback,
    contacted: bool,
    solved: bool,
    satisfaction: Satisfaction,
) {
    let verdict = pb::Verdict { contacted, solved, satisfaction: satisfaction.into(), ..Default::default() };
    world.staff().record_verdict(judging(callback, verdict)).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_are_told_for_the_whole_and_one_by_one() {
    let world = World::new().await;
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    let mut told = world.rates(Role::Callback, None, Some(DISTRICT));
    let nothing = told.get_rates(month()).await.unwrap().into_inner();
    assert!(nothing.standings.is_empty());
    assert_eq!(rate(&nothing.total.unwrap(), "satisfaction"), None);

    for (unit, area, contacted, solved, satisfaction) in [
        (HOLDER, "420102003005", true, true, Satisfied),
        (HOLDER, "420102003005", true, true, Basically),
        (HOLDER, "420102003005", false, false, VeryUnsatisfied),
        // Very satisfied is satisfied, very unsatisfied is not.
        (HOLDER, "420102003005", true, true, VerySatisfied),
        ("community-101", "420102004001", true, true, Satisfied),
    ] {
        let callback = world.resolved(&Case::new().held_by(unit, area)).await;
        said(&world, &callback, contacted, solved, satisfaction).await;
    }
    // One that is still asked about does not count, and one that is judged after midnight is the next day's.
    world.resolved(&Case::new()).await;
    world.clock.set("2026-11-30T08:00:00Z".parse().unwrap());
    let late = world.resolved(&Case::new()).await;
    world.clock.set("2026-11-30T16:30:00Z".parse().unwrap());
    said(&world, &late, true, true, Satisfied).await;

    let rates = told.get_rates(month()).await.unwrap().into_inner();
    let total = rates.total.unwrap();
    let counts =
        ["valid", "contacted", "solved", "very_satisfied", "satisfied", "basically", "very_unsatisfied"]
            .map(|it| count(&total, it));
    assert_eq!(counts, [5, 4, 4, 1, 2, 1, 1]);
    assert_eq!(
        ["response", "resolution", "satisfaction"].map(|it| rate(&total, it)),
        [Some(0.8), Some(0.8), Some(0.7)]
    );
    assert!((total.score.unwrap() - (0.2 * 0.8 + 0.5 * 0.8 + 0.3 * 0.7)).abs() < 1e-12);
    let units: Vec<(&str, i64, Option<f64>, u32)> = rates
        .standings
        .iter()
        .map(|it| (it.key.as_str(), count(it, "valid"), rate(it, "satisfaction"), it.rank))
        .collect();
    assert_eq!(units, [("community-101", 1, Some(1.0), 1), (HOLDER, 4, Some(0.625), 2)]);
    assert_eq!(
        rates.definitions.iter().map(|it| it.code.as_str()).collect::<Vec<_>>(),
        ["response", "resolution", "satisfaction"]
    );

    let december =
        pb::GetRatesRequest { from_date: "2026-12-01".into(), to_date: "2027-01-01".into(), ..month() };
    let december = told.get_rates(december).await.unwrap().into_inner().total.unwrap();
    assert_eq!(count(&december, "valid"), 1);
    let of = |rate: &str| december.rates.iter().find(|it| it.code == rate).unwrap().before;
    assert_eq!(of("satisfaction"), Some(0.7));
    let one =
        told.get_rates(pb::GetRatesRequest { unit: HOLDER.into(), ..month() }).await.unwrap().into_inner();
    assert_eq!((one.standings.len(), count(&one.total.unwrap(), "valid")), (1, 4));
    let mut street = world.rates(Role::Leader, None, Some("420102004"));
    assert_eq!(count(&street.get_rates(month()).await.unwrap().into_inner().total.unwrap(), "valid"), 1);
    let by_area = pb::GetRatesRequest { by: pb::RatesBy::Area.into(), ..month() };
    let by_area = told.get_rates(by_area).await.unwrap().into_inner().standings;
    assert_eq!(by_area.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["420102004", "420102003"]);
    world.stop().await;
}

/// Cases of two categories are told each under its own, in the district and in a street.
#[tokio::test(flavor = "multi_thread")]
async fn each_category_is_counted_for_itself() {
    let world = World::new().await;
    for (category, area, satisfaction) in [
        ("0101", "420102003005", Satisfied),
        ("0302", "420102003005", VeryUnsatisfied),
        ("0302", "420102004001", Satisfied),
    ] {
        let case = Case { category: category.into(), ..Case::new().held_by(HOLDER, area) };
        let callback = world.resolved(&case).await;
        said(&world, &callback, true, true, satisfaction).await;
    }
    let told = async |area: &str| {
        let mut leader = world.rates(Role::Leader, None, Some(DISTRICT));
        let by = pb::RatesBy::Category.into();
        let request = pb::GetRatesRequest { by, area: area.into(), ..month() };
        let rates = leader.get_rates(request).await.unwrap().into_inner();
        let each = rates.standings.into_iter().map(|it| {
            let counts = ["opened", "resolved", "valid", "satisfied", "very_unsatisfied"];
            (it.key.clone(), counts.map(|measure| count(&it, measure)))
        });
        (count(&rates.total.unwrap(), "valid"), each.collect::<BTreeMap<_, _>>())
    };
    let of = |category: &str, counts: [i64; 5]| (category.to_owned(), counts);
    let (parking, other) = (of("0101", [1, 1, 1, 1, 0]), of("0302", [2, 2, 2, 1, 1]));
    assert_eq!(told(DISTRICT).await, (3, BTreeMap::from([parking.clone(), other])));
    let of_street = of("0302", [1, 1, 1, 0, 1]);
    assert_eq!(told("420102003").await, (2, BTreeMap::from([parking, of_street])));
    assert_eq!(told("420102004").await, (1, BTreeMap::from([of("0302", [1, 1, 1, 1, 0])])));
    world.stop().await;
}

/// Each tier is told with what was counted for whoever held a case there.
#[tokio::test(flavor = "multi_thread")]
async fn each_tier_has_its_rates() {
    let world = World::new().await;
    let street = Case { tier: common::Tier::Street, ..Case::new().held_by("street-003", "420102003005") };
    for (case, satisfaction) in
        [(Case::new(), Satisfied), (Case::new(), VeryUnsatisfied), (street, Satisfied)]
    {
        let callback = world.resolved(&case).await;
        said(&world, &callback, true, true, satisfaction).await;
    }
    let request = pb::GetRatesRequest { by: pb::RatesBy::Tier.into(), ..month() };
    let mut leader = world.rates(Role::Leader, None, Some(DISTRICT));
    let told = leader.get_rates(request).await.unwrap().into_inner();
    let tiers = told.standings.iter().map(|it| {
        (
            it.key.as_str(),
            count(it, "opened"),
            count(it, "valid"),
            rate(it, "satisfaction"),
            rate(it, "rework"),
        )
    });
    let expected = [("street", 1, 1, Some(1.0), Some(0.0)), ("community", 2, 2, Some(0.5), Some(0.0))];
    assert_eq!(tiers.collect::<Vec<_>>(), expected);
    assert_eq!(rate(&told.total.unwrap(), "satisfaction"), Some(2.0 / 3.0));
    world.stop().await;
}

/// Judged, reopened, and of another category and street since: what was said of it stands where its resolution and its rework do.
#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_stands_where_its_case_does() {
    let world = World::new().await;
    let case = Case::new();
    let callback = world.resolved(&case).await;
    said(&world, &callback, true, false, VeryUnsatisfied).await;
    let leader = world.rates(Role::Leader, None, Some(DISTRICT));
    let told = async |area: &str| {
        let by = pb::RatesBy::Category.into();
        let request = pb::GetRatesRequest { by, area: area.into(), ..month() };
        let standings = leader.clone().get_rates(request).await.unwrap().into_inner().standings;
        let counts = ["resolved", "reopened", "valid", "very_unsatisfied"];
        let each =
            standings.into_iter().map(|it| (it.key.clone(), counts.map(|measure| count(&it, measure))));
        each.collect::<BTreeMap<_, _>>()
    };
    let of = |category: &str, counts: [i64; 4]| BTreeMap::from([(category.to_owned(), counts)]);
    assert_eq!(told("420102003").await, of("0101", [1, 0, 1, 1]));
    world.send(DISTRICT, case.id, 3, &case.reopened()).await;
    let moved = Case { category: "0302".into(), area: "420102004001".into(), attempt: 2, ..case };
    world.send(DISTRICT, moved.id, 4, &moved.recategorised()).await;
    eventually("it is counted where it is", async || {
        (told("420102004").await == of("0302", [1, 1, 1, 1])).then_some(())
    })
    .await;
    assert_eq!(told(DISTRICT).await, of("0302", [1, 1, 1, 1]));
    assert_eq!(told("420102003").await, BTreeMap::new());
    assert_eq!(recount(&world, true).await.different, 0);
    world.stop().await;
}

/// 环比 and 同比: beside the month before and beside the same month a year before, to its last second, in all and for each.
#[tokio::test(flavor = "multi_thread")]
async fn a_month_stands_beside_the_one_before_and_last_years() {
    let world = World::new().await;
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    for (at, unit, satisfaction) in [
        ("2026-11-23T04:00:00Z", HOLDER, Satisfied),
        ("2026-11-30T15:59:59Z", HOLDER, VeryUnsatisfied),
        // This is December in Wuhan.
        ("2026-11-30T16:00:00Z", HOLDER, VeryUnsatisfied),
        ("2027-10-18T04:00:00Z", HOLDER, Basically),
        ("2027-10-18T04:00:00Z", HOLDER, VeryUnsatisfied),
        ("2027-11-22T04:00:00Z", HOLDER, Satisfied),
        ("2027-11-22T04:00:00Z", "community-101", Basically),
    ] {
        world.clock.set(at.parse().unwrap());
        let callback = world.resolved(&Case::new().held_by(unit, "420102003005")).await;
        said(&world, &callback, true, true, satisfaction).await;
    }
    let mut leader = world.rates(Role::Leader, None, Some(DISTRICT));
    let mut told = async |from: &str, to: &str| {
        let request = pb::GetRatesRequest { from_date: from.into(), to_date: to.into(), ..month() };
        leader.get_rates(request).await.unwrap().into_inner()
    };
    let november = told("2027-11-01", "2027-12-01").await;
    assert_eq!(beside(&november.total.unwrap(), "satisfaction"), [Some(0.75), Some(0.25), Some(0.5)]);
    let units = november.standings.iter().map(|it| (it.key.as_str(), beside(it, "satisfaction")));
    // Of what was not there then nothing is said, which is not 0.
    let expected = [(HOLDER, [Some(1.0), Some(0.25), Some(0.5)]), ("community-101", [Some(0.5), None, None])];
    assert_eq!(units.collect::<Vec<_>>(), expected);
    let last = told("2026-11-01", "2026-12-01").await.total.unwrap();
    assert_eq!(beside(&last, "satisfaction"), [Some(0.5), None, None]);
    let october = told("2027-10-01", "2027-11-01").await.total.unwrap();
    assert_eq!(beside(&october, "satisfaction"), [Some(0.25), None, None]);
    world.stop().await;
}

/// A case that was struck off and is reopened a month later is settled no more in the month in which it was, and is rework of that month.
#[tokio::test(flavor = "multi_thread")]
async fn what_comes_late_changes_the_month_it_is_about() {
    let world = World::new().await;
    let mut told = world.rates(Role::Leader, None, Some(DISTRICT));
    let case = Case::new();
    world.resolved(&case).await;
    world.send(DISTRICT, case.id, 3, &case.closed(Outcome::StruckOff)).await;
    let settled = async |told: &mut crate::support::Rates| {
        let total = told.get_rates(month()).await.unwrap().into_inner().total.unwrap();
        ["settled", "resolved", "reopened"].map(|measure| count(&total, measure))
    };
    eventually("it is settled", async || (settled(&mut told.clone()).await == [1, 1, 0]).then_some(())).await;
    world.clock.set(monday() + Duration::days(20));
    world.send(DISTRICT, case.id, 4, &case.reopened()).await;
    eventually("it is done again", async || (settled(&mut told.clone()).await == [0, 1, 1]).then_some(()))
        .await;
    let december =
        pb::GetRatesRequest { from_date: "2026-12-01".into(), to_date: "2027-01-01".into(), ..month() };
    let december = told.get_rates(december).await.unwrap().into_inner().total.unwrap();
    assert_eq!((count(&december, "reopened"), count(&december, "open")), (0, 1));
    world.stop().await;
}

/// The figures are what is counted anew; what was made wrong is found, told, and put right.
#[tokio::test(flavor = "multi_thread")]
async fn a_recount_finds_the_same_and_mends_what_differs() {
    let world = World::new().await;
    for place in 0..6 {
        let callback = world.resolved(&Case::new().held_by(HOLDER, "420102003005")).await;
        if place % 2 == 0 {
            said(&world, &callback, true, place == 0, Satisfied).await;
        }
    }
    let mut told = world.rates(Role::Leader, None, Some(DISTRICT));
    told.get_rates(month()).await.unwrap();
    let sound = recount(&world, true).await;
    assert_eq!((sound.looked_at, sound.different, sound.differences.len()), (12, 0, 0));
    assert!(sound.figures > 10, "{sound:?}");

    let pool = world.pool().await;
    let wrong = "update figure set counts[1] = counts[1] + 7 where by = 'unit' and span = 'month' and scope = '420102'";
    assert_eq!(sqlx::query(wrong).execute(&pool).await.unwrap().rows_affected(), 1);
    sqlx::query("update course set counted = '[]' where id = (select min(id::text)::uuid from course)")
        .execute(&pool)
        .await
        .unwrap();
    pool.close().await;
    let found = recount(&world, true).await;
    assert_eq!((found.different, found.differences.len()), (1, 1));
    assert!(
        found.differences[0]
            .starts_with(&format!("420102 unit {HOLDER} month 2026-11-01 opened: 13, counted anew 6")),
        "{found:?}"
    );
    assert_eq!(recount(&world, false).await.different, 1);
    assert_eq!(recount(&world, true).await.different, 0);
    // More figures than are read at a time, all of them of nothing.
    let pool = world.pool().await;
    let of_nothing = "
        insert into figure (district, by, scope, span, day, key, counts)
        select '420102', 'category', '420102', span, '2026-11-01', 'none-' || n, array[1]
          from generate_series(1, 6000) n, (values ('day'), ('month')) as spans (span)";
    assert_eq!(sqlx::query(of_nothing).execute(&pool).await.unwrap().rows_affected(), 12_000);
    pool.close().await;
    let found = recount(&world, true).await;
    assert_eq!((found.figures, found.different), (sound.figures + 12_000, 12_000));
    assert_eq!(recount(&world, false).await.different, 12_000);
    assert_eq!(recount(&world, true).await.different, 0);
    let total = told.get_rates(month()).await.unwrap().into_inner().standings;
    assert_eq!(count(&total[0], "opened"), 6);
    world.stop().await;
}

/// Each holds a connection and a snapshot for as long as it takes.
#[tokio::test(flavor = "multi_thread")]
async fn all_of_a_district_is_looked_at_by_one_at_a_time() {
    let world = World::new().await;
    world.resolved(&Case::new()).await;
    let pool = world.pool().await;
    let mut held = pool.begin().await.unwrap();
    sqlx::query("lock table course in access exclusive mode").execute(&mut *held).await.unwrap();
    let mut operator = world.rates(Role::Operator, None, Some(DISTRICT));
    let request = pb::RecountRequest { district: DISTRICT.into(), check: true };
    let mut both = Vec::new();
    for _ in 0..2 {
        both.push(operator.recount(request.clone()).await.unwrap().into_inner());
    }
    // Whichever began first waits for the table.
    let (first, second) = both.split_at_mut(1);
    let (refused, waits) = match select(Box::pin(first[0].message()), Box::pin(second[0].message())).await {
        Either::Left((refused, waits)) | Either::Right((refused, waits)) => (refused, waits),
    };
    assert_eq!(reason(&refused.unwrap_err()), "OVERLOADED");
    held.rollback().await.unwrap();
    assert!(waits.await.unwrap().is_some(), "the other goes on");
    pool.close().await;
    world.stop().await;
}

pub async fn recount(world: &World, check: bool) -> pb::RecountResponse {
    let request = pb::RecountRequest { district: DISTRICT.into(), check };
    let mut operator = world.rates(Role::Operator, None, Some(DISTRICT));
    let mut answers = operator.recount(request).await.unwrap().into_inner();
    let mut last = pb::RecountResponse::default();
    while let Some(answer) = answers.message().await.unwrap() {
        assert!(!last.done && answer.looked_at >= last.looked_at);
        last = answer;
    }
    assert!(last.done);
    last
}

/// By declining whatever is hard a unit keeps its satisfaction, and how much it declined stands beside it.
#[tokio::test(flavor = "multi_thread")]
async fn a_unit_that_declines_what_is_hard_shows_it() {
    let world = World::new().await;
    for (unit, declined) in [(HOLDER, 3), ("community-101", 0)] {
        let callback = world.resolved(&Case::new().held_by(unit, "420102003005")).await;
        said(&world, &callback, true, true, Satisfied).await;
        for _ in 0..declined {
            let case = Case::new().held_by(unit, "420102003005");
            world.send(DISTRICT, case.id, 1, &case.opened()).await;
            world.send(DISTRICT, case.id, 2, &case.declined()).await;
        }
    }
    let told = world.rates(Role::Leader, None, Some(DISTRICT));
    let board = eventually("all are declined", async || {
        let told = told.clone().get_rates(month()).await.unwrap().into_inner();
        (count(told.total.as_ref().unwrap(), "declined") == 3).then_some(told)
    })
    .await;
    let shown =
        board.standings.iter().map(|it| (it.key.as_str(), rate(it, "satisfaction"), rate(it, "declined")));
    let shown: BTreeMap<_, _> =
        shown.map(|(unit, satisfied, declined)| (unit, (satisfied, declined))).collect();
    assert_eq!(shown[HOLDER], (Some(1.0), Some(0.75)));
    assert_eq!(shown["community-101"], (Some(1.0), Some(0.0)));
    world.stop().await;
}

/// A screen has the figures at once, and again when one of them has changed.
#[tokio::test(flavor = "multi_thread")]
async fn a_screen_is_told_what_changes() {
    let world = World::new().await;
    let callback = world.resolved(&Case::new()).await;
    let mut screen = world.rates(Role::Leader, None, Some(DISTRICT));
    let watching = || pb::WatchRatesRequest { rates: Some(month()) };
    let mut board = screen.watch_rates(watching()).await.unwrap().into_inner();
    let valid = |told: pb::GetRatesResponse| count(&told.total.unwrap(), "valid");
    assert_eq!(valid(board.message().await.unwrap().unwrap()), 0);
    said(&world, &callback, true, true, Satisfied).await;
    let mut told = 0;
    while told == 0 {
        told = valid(board.message().await.unwrap().unwrap());
    }
    assert_eq!(told, 1);
    let mut outside = world.rates(Role::Leader, None, Some("420111"));
    assert_eq!(reason(&outside.watch_rates(watching()).await.unwrap_err()), "OUTSIDE_AREA");
    world.stop().await;
    assert!(matches!(board.message().await, Ok(None) | Err(_)), "it ends with the service");
}
