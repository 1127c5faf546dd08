//! The district's calendar under cases that are being worked.

use std::time::Duration;

use huying_chassis::auth::Reach;
use huying_chassis::sweep::Swept;
use huying_proto::{
    casework::v1 as pb,
    common::v1::{Limit as Amount, LimitKind},
};
use huying_terms::Limit;
use huying_testing::eventually;
use uuid::Uuid;

use super::{
    fixture::{self as f, DISTRICT, morning},
    support::{Town, accept, call, decided, meta, number, profile},
};

const HOUR: Duration = Duration::from_secs(3600);
const LONG: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_year_whose_festivals_are_missing_is_told() {
    let town = Town::open().await;
    town.app.profile(DISTRICT).await.unwrap();
    let gauges = town.app.gauges();
    let missing: Vec<_> = gauges.iter().flat_map(|gauge| (gauge.read)(morning())).collect();
    assert_eq!(missing, [("2026".to_owned(), 1)]);
}

/// A case of five work days, accepted: it is due on Monday the 9th at 09:00, and amber on Friday at 09:00.
async fn working(town: &Town) -> pb::Case {
    let request = Uuid::now_v7();
    let mut route = decided(request, &f::street());
    route.decision.as_mut().unwrap().resolve = Some(Amount { kind: LimitKind::WorkDay.into(), amount: 5 });
    town.tell("routing", "route", request, &route).await;
    let case = town.case(&number(request)).await;
    town.of(&f::street()).accept_case(accept(&case)).await.unwrap().into_inner()
}

/// The district's profile with days off from Monday the 9th on.
fn with_days_off(days: u32) -> pb::ApplyProfileRequest {
    let mut request = profile(false);
    let calendar = request.profile.as_mut().unwrap().calendar.as_mut().unwrap();
    calendar.holidays.extend((9..9 + days).map(|day| format!("2026-03-{day:02}")));
    request
}

async fn told(town: &Town, id: &str, name: &str) -> usize {
    town.events(id).await.iter().filter(|(event, _)| event == name).count()
}

/// The resolve clock's deadline, in hours after the morning.
fn due(case: &pb::Case) -> i64 {
    let resolve = case.clocks.iter().find(|clock| clock.kind() == pb::ClockKind::Resolve).unwrap();
    (resolve.due_time.as_ref().unwrap().seconds - morning().timestamp()) / 3600
}

/// The leader has nothing left to do.
pub async fn settled(town: &Town) {
    eventually("the leader has swept", async || {
        town.clock.advance(Duration::from_millis(600));
        let due = sqlx::query_scalar::<_, i64>("select count(*) from sweep where due_at is not null");
        (due.fetch_one(&town.pool).await.unwrap() == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn clocks_that_run_go_by_a_new_calendar_and_no_lamp_turns_twice() {
    let town = Town::open().await;
    let case = working(&town).await;
    let days = Limit { kind: huying_terms::LimitKind::WorkDay, amount: 5 };
    let mut call = call(&[f::parks()], "修剪");
    call.resolve = Some(days);
    let (id, street) = (case.id.parse().unwrap(), f::street());
    let sent = town.called(id, &f::by(&street), &call, &[f::parks()], &meta(&street, case.version)).await;
    let dispatch = sent[0].id.to_string();
    // Its clocks go on by night and on holidays.
    let (_, urgent) = town.accepted(&f::street()).await;
    assert_eq!(due(&case), 7 * 24);
    town.clock.advance(97 * HOUR);
    for id in [&case.id, &dispatch] {
        eventually("amber is told", async || {
            town.clock.advance(Duration::from_millis(600));
            let lamps = town.events(id).await.into_iter().filter(|(_, data)| data["lamp"] == "LAMP_AMBER");
            lamps.into_iter().any(|(_, data)| data["clock"] == "CLOCK_KIND_RESOLVE").then_some(())
        })
        .await;
    }

    let dry = pb::ApplyProfileRequest { dry_run: true, ..with_days_off(5) };
    let would = town.operator().apply_profile(dry).await.unwrap().into_inner();
    assert_eq!((would.changed, due(&town.case(&case.id).await)), (0, 7 * 24));

    let applied = town.operator().apply_profile(with_days_off(5)).await.unwrap().into_inner();
    assert_eq!((applied.changed, applied.unfinished), (2, false));
    assert_eq!(due(&town.case(&case.id).await), 14 * 24);
    let (_, data) = town.events(&dispatch).await.pop().unwrap();
    assert_eq!(data["clocks"].as_array().unwrap().len(), 1);
    let on_its_subject: pb::DispatchRecomputed =
        town.on_the_bus("dispatch", "huying.dispatch.v1.dispatch_recomputed.990101.DEP-parks").await;
    assert_eq!(on_its_subject.clocks[0].kind(), pb::ClockKind::Resolve);

    // Nothing differs any more, and the leader finds nothing to do.
    let again = town.operator().apply_profile(with_days_off(5)).await.unwrap().into_inner();
    assert_eq!(again.changed, 0);
    settled(&town).await;
    assert_eq!(told(&town, &case.id, "CaseRecomputed").await, 1);
    assert_eq!(told(&town, &dispatch, "DispatchRecomputed").await, 1);
    assert_eq!(told(&town, &urgent.id, "CaseRecomputed").await, 0);

    town.clock.advance(10 * 24 * HOUR);
    eventually("red is told", async || {
        town.clock.advance(Duration::from_millis(600));
        (town.events(&case.id).await.last().unwrap().1["lamp"] == "LAMP_RED").then_some(())
    })
    .await;
    assert_eq!(told(&town, &case.id, "CaseLampTurned").await, 2, "amber before, and red once");
}

#[tokio::test]
async fn amber_per_cent_counts_too_and_the_leader_does_what_a_killed_apply_left() {
    let town = Town::open().await;
    let (first, second) = (working(&town).await, working(&town).await);
    let mut earlier = f::profile();
    earlier.amber_percent = 50;
    // As if it had been killed right after the profile was replaced, having done the first one.
    let meta = meta(&f::district(), 0);
    town.app
        .world
        .profiles
        .apply(earlier, false, &Reach::parse(Some(DISTRICT), None).unwrap(), &meta)
        .await
        .unwrap();
    let noted = "insert into sweep (id, district, due_at, after) values ($1, $2, $3, $4)
                 on conflict (district) do update set due_at = excluded.due_at, after = excluded.after";
    let noted = sqlx::query(noted).bind(Uuid::now_v7()).bind(DISTRICT).bind(town.clock.now() + LONG);
    noted.bind(first.id.parse::<Uuid>().unwrap()).execute(&town.pool).await.unwrap();
    // Every replica has it within a second, long before the leader sweeps.
    eventually("the replica has the new profile", async || {
        let id = working(&town).await.id.parse::<Uuid>().unwrap();
        let amber = sqlx::query_scalar::<_, i32>(
            "select (body -> 'clocks' -> 'resolve' -> 'amber_percent')::int from \"case\" where id = $1",
        );
        (amber.bind(id).fetch_one(&town.pool).await.unwrap() == 50).then_some(())
    })
    .await;
    town.clock.advance(LONG);
    settled(&town).await;
    assert_eq!(told(&town, &first.id, "CaseRecomputed").await, 0);
    assert_eq!(told(&town, &second.id, "CaseRecomputed").await, 1);

    // Two at once, and once more: one entry each.
    let sweeper = town.app.sweeper();
    let (one, two) = tokio::join!(sweeper.sweep(DISTRICT, LONG), sweeper.sweep(DISTRICT, LONG));
    assert_eq!((one.unfinished, two.unfinished), (false, false));
    assert_eq!(sweeper.sweep(DISTRICT, LONG).await, Swept::default());
    assert_eq!(told(&town, &first.id, "CaseRecomputed").await, 1);
}
