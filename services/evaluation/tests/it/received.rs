//! Requests, as intake tells of them: counted once, on the day they were received, and by the channel that they came by.

use chrono::{DateTime, Utc};
use huying_chassis::{
    auth::{CITY, Role},
    bus::Event,
};
use huying_evaluation::store::ALL;
use huying_proto::{
    common::v1 as common,
    evaluation::v1::{self as pb, Satisfaction},
    intake::v1::{self as intake, Channel},
};
use huying_testing::eventually;
use uuid::Uuid;

use crate::{
    rates::{count, recount},
    store::{migrated, plan},
    support::{COMMUNITY, Case, DISTRICT, World, applying, judging, profile, time, verdict},
};

/// A request as intake tells of it.
pub fn submitted(district: &str, area: &str, channel: Channel, at: DateTime<Utc>) -> Event {
    repeating(district, (area, channel, at), (String::new(), 0))
}

/// The same, of one that repeats another: the first of them, and how many there were.
pub fn repeating(
    district: &str,
    (area, channel, at): (&str, Channel, DateTime<Utc>),
    (repeat_of, repeats): (String, u32),
) -> Event {
    let request = Some(intake::RequestRef {
        district: district.into(),
        channel: channel.into(),
        submit_time: time(at),
        ..Default::default()
    });
    let location = Some(common::Location { area: area.into(), ..Default::default() });
    let told = intake::RequestSubmitted { request, location, repeat_of, repeats, ..Default::default() };
    Event::new("intake", &told).unwrap()
}

/// A district whose profile is applied: figures are told of it, even where there are none.
async fn known() -> World {
    let world = World::new().await;
    world.operator(Some(CITY)).apply_profile(applying(profile(DISTRICT), false)).await.unwrap();
    world
}

async fn receive(world: &World, id: &str, channel: Channel, at: &str) {
    let event = submitted(DISTRICT, COMMUNITY, channel, at.parse().unwrap());
    world.send_of(("intake", "request"), DISTRICT, (id.parse().unwrap(), 1), &event).await;
}

/// What was counted of November, by channel: requests, cases opened, and satisfied reporters of each.
async fn by_channel(world: &World) -> Vec<(String, i64, i64, i64)> {
    let board = november(world, pb::RatesBy::Channel).await;
    let row = |it: &pb::Standing| {
        (it.key.clone(), count(it, "requests"), count(it, "opened"), count(it, "satisfied"))
    };
    let mut rows: Vec<_> = board.standings.iter().chain(&board.total).map(row).collect();
    rows.sort();
    rows
}

async fn november(world: &World, by: pb::RatesBy) -> pb::GetRatesResponse {
    let request = pb::GetRatesRequest {
        district: DISTRICT.into(),
        from_date: "2026-11-01".into(),
        to_date: "2026-12-01".into(),
        by: by.into(),
        ..Default::default()
    };
    world.rates(Role::Leader, None, Some(DISTRICT)).get_rates(request).await.unwrap().into_inner()
}

async fn judged(world: &World, case: &Case) {
    let callback = world.resolved(case).await;
    world.staff().record_verdict(judging(&callback, verdict(true, Satisfaction::Satisfied))).await.unwrap();
}

fn row(key: &str, requests: i64, opened: i64, satisfied: i64) -> (String, i64, i64, i64) {
    (key.into(), requests, opened, satisfied)
}

/// Events of two services come in no common order: whichever comes first, a case and its callback are those of the channel.
#[tokio::test(flavor = "multi_thread")]
async fn a_case_has_the_channel_of_its_first_request_whichever_is_heard_of_first() {
    let world = known().await;
    let (early, late) = (Case::new(), Case::of_requests(2));
    receive(&world, &early.requests[0], Channel::Online, "2026-11-23T01:00:00Z").await;
    eventually("the request is counted", async || {
        (by_channel(&world).await == [row("", 1, 0, 0), row("online", 1, 0, 0)]).then_some(())
    })
    .await;
    judged(&world, &early).await;
    judged(&world, &late).await;
    eventually("both cases are counted", async || {
        (by_channel(&world).await == [row("", 1, 2, 2), row("online", 1, 1, 1)]).then_some(())
    })
    .await;
    assert_eq!(recount(&world, true).await.different, 0);

    receive(&world, &late.requests[1], Channel::ServiceCard, "2026-11-22T16:00:00Z").await;
    receive(&world, &late.requests[0], Channel::Hotline, "2026-11-22T16:00:00Z").await;
    eventually("the late request's channel is that of its case", async || {
        let told = by_channel(&world).await;
        let hotline = told.iter().find(|it| it.0 == "hotline").map(|it| (it.1, it.2));
        (hotline == Some((1, 1)) && told[0].1 == 3).then_some(())
    })
    .await;
    let told = by_channel(&world).await;
    assert_eq!(told[0], row("", 3, 2, 2));
    // Whichever of both reporters was asked, the callback is of the channel of their own request.
    let of = |key: &str| told.iter().find(|it| it.0 == key).cloned().unwrap();
    assert_eq!((of("online"), of("service_card").1, of("service_card").2), (row("online", 1, 1, 1), 1, 0));
    assert_eq!(of("hotline").3 + of("service_card").3, 1);
    assert_eq!(recount(&world, true).await.different, 0);
    world.stop().await;
}

/// A request counts on the day it was received, wherever that is known to have been, and is of no unit.
#[tokio::test(flavor = "multi_thread")]
async fn a_request_counts_on_its_day_and_of_no_unit() {
    let world = known().await;
    let key = || Uuid::now_v7().to_string();
    // The last second of October in Wuhan, and the first of November.
    receive(&world, &key(), Channel::Hotline, "2026-10-31T15:59:59Z").await;
    receive(&world, &key(), Channel::Hotline, "2026-10-31T16:00:00Z").await;
    let elsewhere =
        submitted(DISTRICT, "420103001", Channel::Unspecified, "2026-11-02T01:00:00Z".parse().unwrap());
    world.send_of(("intake", "request"), DISTRICT, (Uuid::now_v7(), 1), &elsewhere).await;
    eventually("November's are counted", async || {
        (by_channel(&world).await == [row("", 2, 0, 0), row("hotline", 1, 0, 0)]).then_some(())
    })
    .await;
    assert!(november(&world, pb::RatesBy::Unit).await.standings.is_empty());
    assert!(november(&world, pb::RatesBy::Category).await.standings.is_empty());
    let streets = november(&world, pb::RatesBy::Area).await.standings;
    assert_eq!(streets.iter().map(|it| it.key.as_str()).collect::<Vec<_>>(), ["420102003"]);
    let community = pb::GetRatesRequest {
        district: DISTRICT.into(),
        area: COMMUNITY.into(),
        from_date: "2026-10-31".into(),
        to_date: "2026-11-01".into(),
        by: pb::RatesBy::Channel.into(),
        ..Default::default()
    };
    let mut told = world.rates(Role::Leader, None, Some(DISTRICT));
    let october = told.get_rates(community).await.unwrap().into_inner().standings;
    assert_eq!((october[0].key.as_str(), count(&october[0], "requests")), ("hotline", 1));
    world.stop().await;
}

/// Counted anew, requests are found again; what is wrong is put right.
#[tokio::test(flavor = "multi_thread")]
async fn a_recount_counts_requests() {
    let world = known().await;
    receive(&world, &Uuid::now_v7().to_string(), Channel::Hotline, "2026-11-23T01:00:00Z").await;
    eventually("it is counted", async || (by_channel(&world).await.len() == 2).then_some(())).await;
    let sound = recount(&world, true).await;
    assert_eq!((sound.looked_at, sound.different), (1, 0), "{sound:?}");
    let pool = world.pool().await;
    sqlx::query("update received set counted = '[]'").execute(&pool).await.unwrap();
    sqlx::query("delete from figure").execute(&pool).await.unwrap();
    pool.close().await;
    // All, and by channel: of district, street and community, of the day and the month.
    assert_eq!(recount(&world, false).await.different, 12);
    assert_eq!(recount(&world, true).await.different, 0);
    assert_eq!(by_channel(&world).await, [row("", 1, 0, 0), row("hotline", 1, 0, 0)]);
    world.stop().await;
}

#[tokio::test]
async fn what_was_counted_before_its_request_is_found_by_its_index() {
    let pool = migrated().await;
    let id = format!("array['{}'::uuid]", Uuid::now_v7());
    let text = format!("array['{}']", Uuid::now_v7());
    for (name, values, index) in [
        ("received_these", &[id.as_str()][..], "received_pkey"),
        ("received_channels", &[id.as_str()], "received_pkey"),
        ("received_cases_of", &[text.as_str()], "course_request"),
        ("received_callbacks_of", &[text.as_str()], "callback_request"),
        (
            "recount_received",
            &["'420102'", "'00000000-0000-0000-0000-000000000000'", "5000"],
            "received_district",
        ),
    ] {
        let statement = ALL.iter().find(|(known, _)| *known == name).unwrap().1;
        let plan = plan(&pool, statement, values).await;
        assert!(plan.contains(index) && !plan.contains("Seq Scan"), "{name}\n{plan}");
    }
}
