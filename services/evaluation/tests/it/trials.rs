//! A rule book on trial, end to end: from casework's events to what every unit's figures would have been. Nothing is changed by it.

use chrono::{DateTime, Duration, Utc};
use huying_chassis::{auth::Role, bus::Event};
use huying_proto::{
    casework::v1::{self as casework, Outcome},
    common::v1::{self as common, LimitKind, Priority},
    evaluation::v1::{self as pb, Satisfaction::Satisfied},
};
use huying_testing::{eventually, reason};

use crate::{
    rates::{count, rate},
    support::{Case, DISTRICT, HOLDER, Rates, World, judging, monday, time, verdict},
};

fn leader(world: &World) -> Rates {
    world.rates(Role::Leader, None, Some(DISTRICT))
}

/// Of November; nothing is tried.
fn asking() -> pb::SimulateRatesRequest {
    pb::SimulateRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-01".into(),
        to_date: "2026-12-01".into(),
        ..Default::default()
    }
}

fn limit(kind: LimitKind, amount: u32) -> Option<common::Limit> {
    Some(common::Limit { kind: kind.into(), amount })
}

fn grounds(codes: &[&str]) -> Option<pb::GroundsOnTrial> {
    Some(pb::GroundsOnTrial { codes: codes.iter().map(|it| (*it).to_owned()).collect() })
}

async fn simulated(world: &World, ask: pb::SimulateRatesRequest) -> pb::SimulateRatesResponse {
    let mut answers = leader(world).simulate_rates(ask).await.unwrap().into_inner();
    let mut last = pb::SimulateRatesResponse::default();
    while let Some(answer) = answers.message().await.unwrap() {
        last = answer;
    }
    assert!(last.done);
    last
}

/// How many there would have been of these, of the unit.
async fn would_be<const N: usize>(
    world: &World,
    ask: pb::SimulateRatesRequest,
    measures: [&str; N],
) -> [i64; N] {
    let told = simulated(world, ask).await.would_be.unwrap();
    let unit = told.standings.iter().find(|it| it.key == HOLDER).unwrap();
    measures.map(|it| count(unit, it))
}

async fn now(world: &World) -> pb::GetRatesResponse {
    asked(world).await.unwrap()
}

/// None while nothing is known of the district.
async fn asked(world: &World) -> Option<pb::GetRatesResponse> {
    let pb::SimulateRatesRequest { district, from_date, to_date, .. } = asking();
    let request = pb::GetRatesRequest { district, from_date, to_date, ..Default::default() };
    Some(leader(world).get_rates(request).await.ok()?.into_inner())
}

/// As soon as so many of a measure are counted.
async fn counted(world: &World, measure: &str, number: i64) -> pb::GetRatesResponse {
    eventually("it is counted", async || {
        let told = asked(world).await?;
        (count(told.total.as_ref().unwrap(), measure) == number).then_some(told)
    })
    .await
}

/// These events of a case, each so many hours after it was opened; the last is counted so.
async fn happened(
    world: &World,
    (since, case): (i64, &Case),
    events: &[(i64, Event)],
    (measure, number): (&str, i64),
) {
    for (version, (hour, event)) in (1..).zip(events) {
        world.clock.set(at(since + hour));
        world.send(DISTRICT, case.id, version, event).await;
    }
    counted(world, measure, number).await;
}

fn at(hour: i64) -> DateTime<Utc> {
    monday() + Duration::hours(hour)
}

/// An urgent case that may take ten days from Monday on.
fn opened(case: &Case) -> Event {
    let due = |hours| time(at(hours));
    let reference = casework::CaseRef { resolve_due_time: due(240), ..case.reference().unwrap() };
    let event = casework::CaseOpened {
        case: Some(reference),
        priority: Priority::Urgent.into(),
        respond_due_time: due(8),
        resolve_due_time: due(240),
    };
    Event::new("casework", &event).unwrap()
}

fn accepted(case: &Case) -> Event {
    let reference = casework::CaseRef { resolve_due_time: time(at(240)), ..case.reference().unwrap() };
    Event::new("casework", &casework::CaseAccepted { case: Some(reference), by: None }).unwrap()
}

fn extended(case: &Case, hours: u32) -> Event {
    let reference = casework::CaseRef { resolve_due_time: time(at(240)), ..case.reference().unwrap() };
    let more = limit(LimitKind::UrgentHour, hours);
    let event = casework::CaseExtended { case: Some(reference), more, resolve_due_time: time(at(240)) };
    Event::new("casework", &event).unwrap()
}

fn declined(case: &Case, ground: &str) -> Event {
    let ground = Some(casework::DeclineGround { code: ground.into(), name: ground.into() });
    let event = casework::CaseDeclined { case: case.reference(), ground, answer: String::new() };
    Event::new("casework", &event).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn other_weights_are_the_same_counts_weighed_anew() {
    let world = World::new().await;
    let case = Case::new();
    let callback = world.resolved(&case).await;
    world.clock.advance(std::time::Duration::from_secs(7200));
    let said = pb::Verdict { solved: false, ..verdict(true, Satisfied) };
    world.staff().record_verdict(judging(&callback, said)).await.unwrap();
    world.send(DISTRICT, case.id, 3, &case.closed(Outcome::StruckOff)).await;
    let told = counted(&world, "on_time", 1).await;
    let mut rates = told.definitions.clone();
    for rate in &mut rates {
        rate.weight = if rate.code == "satisfaction" { 1.0 } else { 0.0 };
    }
    let weighed = simulated(&world, pb::SimulateRatesRequest { rates, ..asking() }).await;
    let score = |board: &Option<pb::GetRatesResponse>| board.as_ref().unwrap().standings[0].score.unwrap();
    assert_eq!((weighed.looked_at, score(&weighed.would_be)), (0, 1.0));
    assert!(score(&weighed.now) < 0.9, "the usual weights count that it is not solved: {weighed:?}");
    assert_eq!(weighed.now.unwrap().standings, told.standings);
    assert_eq!(now(&world).await.standings, told.standings, "nothing is changed");

    // The reporter was reached after two hours; what holds already is not looked for.
    let window = async |kind, amount| {
        simulated(&world, pb::SimulateRatesRequest { callback: limit(kind, amount), ..asking() }).await
    };
    assert_eq!(window(LimitKind::NaturalDay, 5).await.looked_at, 0);
    for (kind, all) in [(LimitKind::NaturalDay, [1, 0, 1]), (LimitKind::UrgentHour, [0, 1, 0])] {
        let told = window(kind, 1).await;
        let total = told.would_be.unwrap().total.unwrap();
        assert_eq!(
            (told.looked_at, ["valid", "unreached", "satisfied"].map(|it| count(&total, it))),
            (2, all)
        );
    }
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn other_times_are_looked_up_case_by_case() {
    let world = World::new().await;
    let case = Case::new();
    let life = [
        (0, opened(&case)),
        (2, accepted(&case)),
        (5, case.unverified()),
        (30, case.verified()),
        (31, case.closed(Outcome::StruckOff)),
    ];
    happened(&world, (0, &case), &life, ("on_time", 1)).await;
    let measures = ["resolved", "resolved_late", "on_time", "accepted", "accepted_on_time"];
    let tried = async |it: pb::TimesOnTrial| {
        would_be(&world, pb::SimulateRatesRequest { limits: vec![it], ..asking() }, measures).await
    };
    let hours = |amount| limit(LimitKind::UrgentHour, amount);
    let resolve =
        |amount| pb::TimesOnTrial { category: "01".into(), resolve: hours(amount), ..Default::default() };
    // It was resolved after five hours, and looked at after thirty.
    assert_eq!(tried(resolve(5)).await, [1, 0, 1, 1, 1]);
    assert_eq!(tried(resolve(4)).await, [1, 1, 0, 1, 1]);
    let urgent = |priority: Priority| pb::TimesOnTrial {
        respond: hours(1),
        priority: priority.into(),
        ..Default::default()
    };
    assert_eq!(tried(urgent(Priority::Urgent)).await, [1, 0, 1, 1, 0]);
    assert_eq!(tried(urgent(Priority::High)).await, [1, 0, 1, 1, 1], "it is more pressing");
    assert_eq!(tried(pb::TimesOnTrial { held: true, ..resolve(4) }).await, [1, 0, 1, 1, 1], "as it is");

    // Four working hours from nine on, by which it was late at two: by other days it had until Tuesday, whether the time holds or not.
    let working = |held| pb::TimesOnTrial { resolve: limit(LimitKind::WorkHour, 4), held, ..resolve(1) };
    let span = common::WorkSpan { from: "08:30".into(), to: "12:00".into() };
    let mornings = common::Calendar { zone: "Asia/Shanghai".into(), hours: vec![span], ..Default::default() };
    let nights = common::WorkSpan { from: "00:00".into(), to: "24:00".into() };
    let always = common::Calendar { hours: vec![nights], ..mornings.clone() };
    for (calendar, late) in [(mornings, 0), (always, 1)] {
        for held in [false, true] {
            let (limits, calendar) = (vec![working(held)], Some(calendar.clone()));
            let ask = pb::SimulateRatesRequest { limits, calendar, ..asking() };
            assert_eq!(would_be(&world, ask, ["resolved_late", "opened"]).await, [late, 1]);
        }
    }

    // What another was extended by is given again.
    let more = Case::new();
    let life = [
        (0, opened(&more)),
        (1, extended(&more, 3)),
        (5, more.resolved()),
        (6, more.closed(Outcome::StruckOff)),
    ];
    happened(&world, (50, &more), &life, ("on_time", 2)).await;
    assert_eq!(tried(resolve(2)).await, [2, 1, 1, 1, 1]);
    assert_eq!(count(now(&world).await.total.as_ref().unwrap(), "on_time"), 2, "nothing is changed");
    world.stop().await;
}

/// A ground that the new rule book does not list counts against the unit; and a rate that counts what is declined lets none of it out.
#[tokio::test(flavor = "multi_thread")]
async fn other_exclusions_are_tried() {
    let world = World::new().await;
    let settled = Case::new();
    let life = [(0, opened(&settled)), (1, settled.resolved()), (2, settled.closed(Outcome::StruckOff))];
    happened(&world, (0, &settled), &life, ("on_time", 1)).await;
    for (ground, all) in [("repeat", 1), ("beyond_duty", 2)] {
        let since = all * 10;
        let case = Case::new();
        let life = [(0, opened(&case)), (1, declined(&case, ground))];
        happened(&world, (since, &case), &life, ("declined", all)).await;
    }
    let measures = ["declined", "settled", "on_time", "first_time"];
    let tried = async |codes: &[&str]| {
        would_be(&world, pb::SimulateRatesRequest { grounds: grounds(codes), ..asking() }, measures).await
    };
    assert_eq!(tried(&["repeat", "beyond_duty"]).await, [2, 1, 1, 1]);
    assert_eq!(tried(&["repeat"]).await, [1, 2, 1, 1]);
    assert_eq!(tried(&[]).await, [0, 3, 1, 1]);

    let mut rates = now(&world).await.definitions;
    rates.retain(|it| it.code == "on_time");
    rates[0].weight = 1.0;
    let on_time = async |rates: &[pb::RateDefinition], codes: &[&str]| {
        let ask = pb::SimulateRatesRequest { rates: rates.to_vec(), grounds: grounds(codes), ..asking() };
        rate(&simulated(&world, ask).await.would_be.unwrap().standings[0], "on_time")
    };
    assert_eq!(on_time(&rates, &["repeat", "beyond_duty"]).await, Some(1.0));
    assert_eq!(on_time(&rates, &["repeat"]).await, Some(0.5));
    rates[0].denominator.push(pb::Term { measure: "declined".into(), worth: 1.0 });
    assert_eq!(on_time(&rates, &["repeat", "beyond_duty"]).await, Some(1.0 / 3.0));
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_tried_is_refused() {
    let world = World::new().await;
    let refused = async |mut caller: Rates, ask: pb::SimulateRatesRequest| {
        let status = caller.simulate_rates(ask).await.unwrap_err();
        reason(&status)
    };
    let times = pb::TimesOnTrial { resolve: limit(LimitKind::UrgentHour, 1), ..Default::default() };
    let limits = |it: &[pb::TimesOnTrial]| pb::SimulateRatesRequest { limits: it.to_vec(), ..asking() };
    let urgent = pb::TimesOnTrial { priority: Priority::Urgent.into(), ..times.clone() };
    for (what, wrong) in [
        ("twice", limits(&[times.clone(), times.clone()])),
        ("twice of a priority", limits(&[urgent.clone(), urgent])),
        ("no time", limits(&[pb::TimesOnTrial::default()])),
        ("no amount", limits(&[pb::TimesOnTrial { respond: limit(LimitKind::WorkDay, 0), ..times.clone() }])),
        ("no priority", limits(&[pb::TimesOnTrial { priority: 9, ..times.clone() }])),
        ("too many", limits(&vec![times; 10_001])),
        ("a hundred grounds", pb::SimulateRatesRequest { grounds: grounds(&["x"; 101]), ..asking() }),
        ("no ground", pb::SimulateRatesRequest { grounds: grounds(&[""]), ..asking() }),
        ("no days", pb::SimulateRatesRequest { calendar: Some(common::Calendar::default()), ..asking() }),
        ("no window", pb::SimulateRatesRequest { callback: limit(LimitKind::WorkDay, 0), ..asking() }),
    ] {
        assert_eq!(refused(leader(&world), wrong).await, "BAD_FIELD", "{what}");
    }
    for area in ["420102003", "420103"] {
        let outside = world.rates(Role::Leader, None, Some(area));
        assert_eq!(refused(outside, asking()).await, "OUTSIDE_AREA", "{area}");
    }
    world.stop().await;
}
