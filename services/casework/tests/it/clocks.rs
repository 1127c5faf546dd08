//! Clocks that really fire: the service runs, the clock is moved by hand.

use std::time::Duration;

use huying_chassis::timer::{Looked, Watch};
use huying_proto::casework::v1 as pb;
use huying_testing::eventually;
use uuid::Uuid;

use super::{
    fixture::{self as f, morning},
    support::{Town, accept, decided, number},
};

const MINUTE: Duration = Duration::from_secs(60);

/// The lamps told of an aggregate, as clock and colour.
async fn lamps(town: &Town, id: &str) -> Vec<String> {
    let turned = town.events(id).await.into_iter().filter(|(name, _)| name.ends_with("LampTurned"));
    turned
        .map(|(_, data)| format!("{} {}", data["clock"].as_str().unwrap(), data["lamp"].as_str().unwrap()))
        .collect()
}

/// The timer looks when its clock ticks: a moment more each time it is asked, never enough for the next lamp.
async fn until(town: &Town, id: &str, expected: &[&str]) {
    eventually(&format!("{expected:?} are told"), async || {
        town.clock.advance(Duration::from_millis(600));
        (lamps(town, id).await == expected).then_some(())
    })
    .await;
}

#[tokio::test]
async fn amber_and_red_turn_once_each_and_never_while_stopped() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::grid()).await;
    assert_eq!(town.case(&case.id).await.clocks[0].lamp, i32::from(huying_proto::common::v1::Lamp::Green));
    town.clock.advance(97 * MINUTE);
    until(&town, &case.id, &["CLOCK_KIND_RESPOND LAMP_AMBER"]).await;
    town.clock.advance(24 * MINUTE);
    until(&town, &case.id, &["CLOCK_KIND_RESPOND LAMP_AMBER", "CLOCK_KIND_RESPOND LAMP_RED"]).await;

    let overdue = pb::ListCasesRequest { district: f::DISTRICT.into(), overdue: true, ..Default::default() };
    let late = town.desk().list_cases(overdue.clone()).await.unwrap().into_inner();
    assert_eq!(late.cases.iter().map(|case| case.id.as_str()).collect::<Vec<_>>(), [case.id.as_str()]);

    let case = town.case(&case.id).await;
    let case = town.of(&f::grid()).accept_case(accept(&case)).await.unwrap().into_inner();
    assert!(
        town.desk().list_cases(overdue).await.unwrap().into_inner().cases.is_empty(),
        "its red clock has stopped"
    );
    // The resolve clock goes on: both of its lamps are past at once, and both are told.
    town.clock.advance(30 * 60 * MINUTE);
    let all = [
        "CLOCK_KIND_RESPOND LAMP_AMBER",
        "CLOCK_KIND_RESPOND LAMP_RED",
        "CLOCK_KIND_RESOLVE LAMP_AMBER",
        "CLOCK_KIND_RESOLVE LAMP_RED",
    ];
    until(&town, &case.id, &all).await;
    town.clock.advance(300 * 60 * MINUTE);
    let (_, other) = town.case_at(&f::grid()).await;
    town.clock.advance(3 * 60 * MINUTE);
    until(&town, &other.id, &["CLOCK_KIND_RESPOND LAMP_AMBER", "CLOCK_KIND_RESPOND LAMP_RED"]).await;
    assert_eq!(lamps(&town, &case.id).await, all, "what has turned does not turn again");
}

#[tokio::test]
async fn a_dispatchs_clocks_fire_too() {
    let town = Town::open().await;
    let (_, case) = town.accepted(&f::street()).await;
    let sent = town.call(&case, &[f::parks()], "修剪").await;
    town.clock.advance(61 * MINUTE);
    until(&town, &sent[0].id.to_string(), &["CLOCK_KIND_RESPOND LAMP_AMBER", "CLOCK_KIND_RESPOND LAMP_RED"])
        .await;
    let turned: pb::DispatchLampTurned =
        town.on_the_bus("dispatch", "huying.dispatch.v1.dispatch_lamp_turned.990101.DEP-parks").await;
    assert_eq!(turned.dispatch.unwrap().unit, "DEP-parks");
}

/// Nothing ran for ten months: every lamp that was missed turns once, amber before red.
#[tokio::test]
async fn after_ten_months_each_lamp_turns_once_and_amber_before_red() {
    let town = Town::open().await;
    let mut waiting = Vec::new();
    for _ in 0..5 {
        waiting.push(town.case_at(&f::grid()).await.1.id);
    }
    let (_, case) = town.accepted(&f::street()).await;
    let sent = town.call(&case, &[f::parks()], "修剪").await;
    town.clock.advance(300 * 24 * 60 * MINUTE);

    let respond = ["CLOCK_KIND_RESPOND LAMP_AMBER", "CLOCK_KIND_RESPOND LAMP_RED"];
    let resolve = ["CLOCK_KIND_RESOLVE LAMP_AMBER", "CLOCK_KIND_RESOLVE LAMP_RED"];
    let both = [respond, resolve].concat();
    waiting.push(sent[0].id.to_string());
    for id in &waiting {
        until(&town, id, &both).await;
    }
    until(&town, &case.id, &resolve).await;
    // Whatever would turn again by now has turned when a new one has.
    let (_, other) = town.case_at(&f::grid()).await;
    town.clock.advance(3 * 60 * MINUTE);
    until(&town, &other.id, &respond).await;
    for id in &waiting {
        assert_eq!(lamps(&town, id).await, both);
    }
    assert_eq!(lamps(&town, &case.id).await, resolve);
}

/// A row that is due although nothing is to be done with it, by whatever mistake: it is not asked again and again.
#[tokio::test]
async fn a_step_that_comes_to_nothing_leaves_nothing_due_for_ever() {
    let town = Town::open().await;
    let (_, case) = town.case_at(&f::grid()).await;
    town.stop.begin();
    let sql = "update \"case\" set body = jsonb_set(body, '{due_at}', '1') where id = $1::uuid";
    sqlx::query(sql).bind(&case.id).execute(&town.pool).await.unwrap();
    let timer = town.app.timers().into_iter().find(|timer| timer.kind == "case").unwrap();
    let mut watch = Watch::new(timer);
    assert_eq!(watch.look(&town.pool, &town.clock).await.unwrap(), Looked { fired: 1, stuck: 1 });
    assert_eq!(watch.look(&town.pool, &town.clock).await.unwrap(), Looked::default());
    town.clock.advance(Duration::from_secs(1));
    assert_eq!(watch.look(&town.pool, &town.clock).await.unwrap(), Looked { fired: 1, stuck: 1 });
}

/// Decided late by a desk, it opens with what is left of its time.
#[tokio::test]
async fn time_at_the_desk_counts() {
    let town = Town::open().await;
    let (request, at) = (Uuid::now_v7(), f::grid());
    let submitted = morning() - 30 * 60 * MINUTE;
    let mut decided = decided(request, &at);
    if let Some(route) = decided.route.as_mut() {
        route.submit_time = Some(huying_chassis::log_service::timestamp(submitted));
    }
    town.tell("routing", "route", request, &decided).await;
    let late = town.case(&number(request)).await;
    until(&town, &late.id, &["CLOCK_KIND_RESOLVE LAMP_AMBER", "CLOCK_KIND_RESOLVE LAMP_RED"]).await;
    let due = |kind: pb::ClockKind| {
        let clock = late.clocks.iter().find(|clock| clock.kind() == kind).unwrap();
        clock.due_time.map(|at| at.seconds)
    };
    // A day to resolve it, two hours to accept it: fixture::limits.
    assert_eq!(due(pb::ClockKind::Resolve), Some((submitted + 24 * 60 * MINUTE).timestamp()));
    assert_eq!(due(pb::ClockKind::Respond), Some((morning() + 2 * 60 * MINUTE).timestamp()));
}
