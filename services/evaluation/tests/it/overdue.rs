//! How old what is overdue is, end to end: from casework's events to what a leader is told.

use chrono::{DateTime, Duration, Utc};
use huying_chassis::auth::{CITY, Role};
use huying_evaluation::store::ALL;
use huying_proto::{
    casework::v1::Outcome,
    common::v1::{self as common, LimitKind},
    evaluation::v1::{self as pb, overdue_service_client::OverdueServiceClient},
};
use huying_testing::{Wire, eventually, reason};

use crate::{
    rates::{count, rate},
    store::{migrated, plan},
    support::{Case, DISTRICT, HOLDER, World, applying, monday, profile, time},
};

const OTHER: &str = "community-101";

fn client(world: &World, role: Role, unit: Option<&str>, area: &str) -> OverdueServiceClient<Wire> {
    OverdueServiceClient::new(world.wire(world.bench.bearer(role, unit, Some(area))))
}

fn asking(area: &str, to_date: &str) -> pb::CountOverdueRequest {
    pb::CountOverdueRequest {
        district: DISTRICT.into(),
        area: area.into(),
        to_date: to_date.into(),
        ..Default::default()
    }
}

async fn told(world: &World, asked: pb::CountOverdueRequest) -> Vec<i64> {
    let told = client(world, Role::Leader, None, DISTRICT).count_overdue(asked).await.unwrap().into_inner();
    told.ages.iter().map(|it| it.number).collect()
}

async fn open(world: &World, due_at: DateTime<Utc>, (unit, area): (&str, &str)) -> Case {
    let case = Case { due_at: Some(due_at), ..Case::new().held_by(unit, area) };
    world.send(DISTRICT, case.id, 1, &case.opened()).await;
    case
}

/// What the figures say of a period that ends so.
async fn overdue_open(world: &World, to_date: &str) -> i64 {
    let asked = pb::GetRatesRequest { to_date: to_date.into(), ..november() };
    let told = world.rates(Role::Leader, None, Some(DISTRICT)).get_rates(asked).await.unwrap().into_inner();
    count(&told.total.unwrap(), "overdue_open")
}

/// What a trial of another window says of a year that is not over: as it is, and as it would have been, for which every case is looked at.
async fn tried(world: &World) -> [i64; 2] {
    let asked = pb::SimulateRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-01".into(),
        to_date: "2027-11-01".into(),
        callback: Some(common::Limit { kind: LimitKind::UrgentHour.into(), amount: 1 }),
        ..Default::default()
    };
    let mut rates = world.rates(Role::Leader, None, Some(DISTRICT));
    let mut answers = rates.simulate_rates(asked).await.unwrap().into_inner();
    let mut last = pb::SimulateRatesResponse::default();
    while let Some(answer) = answers.message().await.unwrap() {
        last = answer;
    }
    assert_eq!(last.looked_at, 5);
    [last.now, last.would_be].map(|board| count(&board.unwrap().total.unwrap(), "overdue_open"))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_overdue_is_told_by_its_age_now_and_then() {
    let world = World::new().await;
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    let due = |days| monday() + Duration::days(days);
    let old = open(&world, due(1), (HOLDER, "420102003005")).await;
    open(&world, due(1), (OTHER, "420102004101")).await;
    open(&world, due(9), (OTHER, "420102004101")).await;
    open(&world, due(90), (HOLDER, "420102003005")).await;
    open(&world, due(11) + Duration::hours(6), (HOLDER, "420102003005")).await;
    // Eleven days on: two are overdue for ten days, one for two.
    world.clock.set(due(11));
    let all = eventually("they are known", async || {
        let all = told(&world, asking("", "")).await;
        (all.iter().sum::<i64>() == 3).then_some(all)
    })
    .await;
    assert_eq!(all, [0, 1, 0, 2, 0, 0]);
    assert_eq!(told(&world, asking("420102004", "")).await, [0, 1, 0, 1, 0, 0], "of a street");
    assert_eq!(told(&world, asking("420102005", "")).await, [0; 6], "where there is none");
    let of_unit = pb::CountOverdueRequest { unit: HOLDER.into(), ..asking("", "") };
    assert_eq!(told(&world, of_unit).await, [0, 0, 0, 1, 0, 0], "in one unit's hands");
    // When Thursday began, half a day short of two days after they were due; as many as its figures say.
    assert_eq!(told(&world, asking("", "2026-11-26")).await, [0, 2, 0, 0, 0, 0]);
    assert_eq!(overdue_open(&world, "2026-11-26").await, 2);
    assert_eq!(told(&world, asking("", "2026-11-24")).await, [0; 6], "not yet");
    // Of a day, a month or a year that is not over it is what is overdue by now, in the figures and on trial: not what falls due this afternoon.
    assert_eq!(told(&world, asking("", "2026-12-05")).await, [0, 1, 0, 2, 0, 0]);
    for to_date in ["2026-12-05", "2027-01-01", "2027-11-01"] {
        assert_eq!(overdue_open(&world, to_date).await, 3, "{to_date}");
    }
    assert_eq!(tried(&world).await, [3, 3]);
    let leader = client(&world, Role::Leader, None, DISTRICT);
    let later = leader.clone().count_overdue(asking("", "2027-11-01")).await.unwrap().into_inner();
    assert_eq!(later.at_time, time(due(11)));
    let bounds: Vec<_> = later.ages.iter().map(|it| (it.over_days, it.up_to_days)).collect();
    assert_eq!(bounds, [(0, 1), (1, 3), (3, 7), (7, 15), (15, 30), (30, 0)]);

    world.clock.set(due(11) + Duration::hours(7));
    assert_eq!(told(&world, asking("", "2026-12-05")).await, [1, 1, 0, 2, 0, 0], "in the evening");
    assert_eq!((overdue_open(&world, "2026-12-05").await, tried(&world).await), (4, [4, 4]));

    // Resolved late, it is overdue no longer, and was then.
    let done = Case { due_at: None, ..old };
    world.send(DISTRICT, done.id, 2, &done.resolved()).await;
    world.send(DISTRICT, done.id, 3, &done.closed(Outcome::StruckOff)).await;
    world.clock.set(due(11) + Duration::hours(8));
    eventually("it is known to be resolved", async || {
        (told(&world, asking("", "")).await == [1, 1, 0, 1, 0, 0]).then_some(())
    })
    .await;
    assert_eq!(told(&world, asking("", "2026-11-26")).await, [0, 2, 0, 0, 0, 0], "as it was then");
    world.stop().await;
}

/// How many are overdue, and how many are settled in time: in all, of a unit, of its street, of a category and of a tier.
async fn in_time(world: &World) -> Vec<(i64, Option<f64>)> {
    let mut rates = world.rates(Role::Leader, None, Some(DISTRICT));
    let mut all = Vec::new();
    for (by, key) in [
        (pb::RatesBy::Unit, ""),
        (pb::RatesBy::Unit, OTHER),
        (pb::RatesBy::Area, "420102004"),
        (pb::RatesBy::Category, "0101"),
        (pb::RatesBy::Tier, "community"),
    ] {
        let told = rates.get_rates(pb::GetRatesRequest { by: by.into(), ..november() }).await;
        let pb::GetRatesResponse { total, standings, .. } = told.unwrap().into_inner();
        let of_key = standings.into_iter().find(|it| it.key == key);
        let standing = if key.is_empty() { total } else { of_key }.unwrap();
        all.push((count(&standing, "overdue_open"), rate(&standing, "on_time")));
    }
    all
}

fn november() -> pb::GetRatesRequest {
    pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-01".into(),
        to_date: "2026-12-01".into(),
        ..Default::default()
    }
}

/// Five are settled in time, and one that another unit has is due at 17:00 of the month's last day: nowhere is it late before that. Whoever watches is
/// told when it is, though nothing has happened.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_due_this_afternoon_is_not_late_in_the_morning() {
    let world = World::new().await;
    let morning = monday() + Duration::days(7);
    let due = morning + Duration::hours(8);
    world.clock.set(morning);
    for _ in 0..5 {
        let done = Case { due_at: None, ..open(&world, due, (HOLDER, "420102003005")).await };
        world.send(DISTRICT, done.id, 2, &done.resolved()).await;
        world.send(DISTRICT, done.id, 3, &done.closed(Outcome::StruckOff)).await;
    }
    open(&world, due, (OTHER, "420102004101")).await;
    open(&world, due + Duration::days(1), (OTHER, "420102004101")).await;
    let mut rates = world.rates(Role::Leader, None, Some(DISTRICT));
    eventually("all is counted", async || {
        let told = rates.get_rates(november()).await.ok()?.into_inner().total?;
        ((count(&told, "settled"), count(&told, "open")) == (5, 2)).then_some(())
    })
    .await;
    let watching = pb::WatchRatesRequest { rates: Some(november()) };
    let mut screen = rates.watch_rates(watching).await.unwrap().into_inner();
    let overdue = |told: pb::GetRatesResponse| count(&told.total.unwrap(), "overdue_open");
    assert_eq!(overdue(screen.message().await.unwrap().unwrap()), 0);

    let none_late = [(0, Some(1.0)), (0, None), (0, None), (0, Some(1.0)), (0, Some(1.0))];
    for at in [morning, due] {
        world.clock.set(at);
        assert_eq!(in_time(&world).await, none_late, "{at}");
        assert_eq!(told(&world, asking("", "2026-12-01")).await, [0; 6], "{at}");
    }
    world.clock.set(due + Duration::seconds(1));
    let of_six = Some(5.0 / 6.0);
    let one_late = [(1, of_six), (1, Some(0.0)), (1, Some(0.0)), (1, of_six), (1, of_six)];
    assert_eq!(in_time(&world).await, one_late);
    assert_eq!(told(&world, asking("", "2026-12-01")).await, [1, 0, 0, 0, 0, 0]);
    while overdue(screen.message().await.unwrap().unwrap()) == 0 {}
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_is_told_what_is_within_reach() {
    let world = World::new().await;
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    open(&world, monday() + Duration::days(1), (HOLDER, "420102003005")).await;
    open(&world, monday() + Duration::days(1), (OTHER, "420102004101")).await;
    world.clock.set(monday() + Duration::days(3));
    eventually("they are known", async || {
        let told = client(&world, Role::Leader, None, DISTRICT).count_overdue(asking("", "")).await.ok()?;
        (told.into_inner().ages[1].number == 2).then_some(())
    })
    .await;
    for (role, unit, area, number) in [
        (Role::Leader, None, "420102004", 1),
        (Role::Leader, None, "420102005", 0),
        (Role::Department, Some(OTHER), DISTRICT, 1),
        (Role::Officer, Some("parks"), DISTRICT, 0),
    ] {
        let told = client(&world, role, unit, area).count_overdue(asking("", "")).await.unwrap().into_inner();
        assert_eq!(told.ages[1].number, number, "{role:?} {unit:?} {area}");
    }
    let outside = [
        (Role::Leader, None, "420103", asking("", "")),
        (Role::Leader, None, "420102004", asking("420102003", "")),
        (
            Role::Officer,
            Some(HOLDER),
            DISTRICT,
            pb::CountOverdueRequest { unit: OTHER.into(), ..asking("", "") },
        ),
    ];
    for (role, unit, area, asked) in outside {
        let refused = client(&world, role, unit, area).count_overdue(asked).await.unwrap_err();
        assert!(["OUTSIDE_AREA", "OUTSIDE_UNIT"].contains(&reason(&refused).as_str()), "{refused:?}");
    }
    for asked in [asking("420103001", ""), asking("", "2026-13-01"), asking("4201", "")] {
        let refused = client(&world, Role::Leader, None, DISTRICT).count_overdue(asked).await.unwrap_err();
        assert_eq!(reason(&refused), "BAD_FIELD");
    }
    let unknown = pb::CountOverdueRequest { district: "420199".into(), ..Default::default() };
    let refused = client(&world, Role::Leader, None, "420199").count_overdue(unknown).await.unwrap_err();
    assert_eq!(reason(&refused), "UNKNOWN_DISTRICT");
    world.stop().await;
}

#[tokio::test]
async fn only_what_was_overdue_is_read() {
    let pool = migrated().await;
    // Of 30,000 cases 50 are overdue, 50 more were, and 10,000 have time, a hundred of them until the end of the day.
    let fill = "insert into course (id, body, counted)
         select gen_random_uuid(), jsonb_build_object('district', '420102', 'area', '420102003005', 'held_at', 0)
             || case when n <= 50 then jsonb_build_object('due_at', n)
                     when n <= 100 then jsonb_build_object('overdue', jsonb_build_array(jsonb_build_object('from', 1, 'to', 900)))
                     when n <= 10000 then jsonb_build_object('due_at', 100000 + n)
                     when n <= 20000 then jsonb_build_object('overdue', jsonb_build_array(jsonb_build_object('from', 1, 'to', 2)))
                     else '{}' end, '[]'
           from generate_series(1, 30000) as n";
    sqlx::raw_sql(fill).execute(&pool).await.unwrap();
    sqlx::raw_sql("vacuum analyze course").execute(&pool).await.unwrap();
    let statement = |name| ALL.iter().find(|(known, _)| *known == name).unwrap().1;
    let late = plan(&pool, statement("overdue_late"), &["'420102'", "500", "'420102003'"]).await;
    assert!(late.contains("course_due") && late.contains("course_overdue"), "{late}");
    let values = ["'420102'", "105001", "105101", "'420102003'"];
    let later = plan(&pool, statement("overdue_later"), &values).await;
    assert!(later.contains("course_due"), "{later}");
    for plan in [late, later] {
        assert!(!plan.contains("Seq Scan") && !plan.contains("Rows Removed"), "{plan}");
    }
}
