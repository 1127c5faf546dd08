//! 一降一升: Sunbu's hotline. In June it had 34.3 % fewer orders than the month before, from June to October 17.4 % fewer than a year
//! before, while satisfaction rose.
//!
//! How many orders those are was not published. 90 after 137 are 34.3 % fewer, and 413 after 500 are 17.4 % fewer; whom satisfaction was
//! asked of is made up likewise.

use chrono::{DateTime, NaiveDate, Utc};
use huying_chassis::auth::{CITY, Role};
use huying_evaluation::{
    domain::figure::{Cells, Channel as Door, Measure, Posting, post},
    store::figure,
};
use huying_proto::{evaluation::v1 as pb, intake::v1::Channel};
use huying_testing::{eventually, reason};
use tonic::Code;
use uuid::Uuid;

use crate::{
    received::submitted,
    support::{Effects, World, applying, profile},
};

const SUNBU: &str = "341802107";

/// So many requests of a month, the first of them in its first second there and the last in its last.
async fn receive(world: &World, month: &str, channel: Channel, number: usize) {
    let first: DateTime<Utc> = format!("{month}-01T00:00:00+08:00").parse().unwrap();
    let last = first + chrono::Duration::days(30) - chrono::Duration::seconds(1);
    for place in 0..number {
        let at = if place + 1 == number {
            last
        } else {
            first + chrono::Duration::hours(7 * (place as i64 % 100))
        };
        let event = submitted(SUNBU, "", channel, at);
        world.send_of(("intake", "request"), SUNBU, (Uuid::now_v7(), 1), &event).await;
    }
}

/// So many requests in the first second of a day there.
async fn receive_on(world: &World, day: &str, number: usize) {
    let at: DateTime<Utc> = format!("{day}T00:00:00+08:00").parse().unwrap();
    for _ in 0..number {
        let event = submitted(SUNBU, "", Channel::Hotline, at);
        world.send_of(("intake", "request"), SUNBU, (Uuid::now_v7(), 1), &event).await;
    }
}

/// How many of those who were asked about a call on the hotline in a month were satisfied.
async fn say(world: &World, month: &str, valid: i64, satisfied: i64) {
    say_on(world, &format!("{month}-16"), valid, satisfied).await;
}

async fn say_on(world: &World, day: &str, valid: i64, satisfied: i64) {
    let day: NaiveDate = day.parse().unwrap();
    let posting = |measure, number| Posting {
        day,
        area: SUNBU.into(),
        category: "0101".into(),
        unit: "village-1".into(),
        tier: None,
        channel: Some(Door::Hotline),
        measure,
        number,
    };
    let mut cells = Cells::new();
    let postings = [posting(Measure::Valid, valid), posting(Measure::Satisfied, satisfied)];
    post(&mut cells, SUNBU, &postings, 1);
    let pool = world.pool().await;
    figure::add_all(&pool, cells).await.unwrap();
    pool.close().await;
}

fn asking(from: &str, to: &str) -> pb::GetEffectRequest {
    pb::GetEffectRequest {
        district: SUNBU.into(),
        from_date: from.into(),
        to_date: to.into(),
        area: String::new(),
    }
}

/// As they are published: one decimal of a hundredth.
fn published(change: Option<f64>) -> Option<f64> {
    change.map(|change| (change * 1000.0).round() / 10.0)
}

/// What Sunbu's hotline was called in two years, and what was said of it.
async fn sunbu() -> World {
    let world = World::new().await;
    world.operator(Some(CITY)).apply_profile(applying(profile(SUNBU), false)).await.unwrap();
    for (month, number) in
        [("2025-06", 100), ("2025-07", 140), ("2025-08", 120), ("2025-09", 80), ("2025-10", 60)]
    {
        receive(&world, month, Channel::Hotline, number).await;
    }
    for (month, number) in [
        ("2026-05", 137),
        ("2026-06", 90),
        ("2026-07", 101),
        ("2026-08", 95),
        ("2026-09", 70),
        ("2026-10", 57),
    ] {
        receive(&world, month, Channel::Hotline, number).await;
    }
    receive(&world, "2026-06", Channel::ServiceCard, 20).await;
    for (month, valid, satisfied) in [
        ("2025-06", 20, 18),
        ("2025-08", 30, 27),
        ("2026-05", 20, 17),
        ("2026-06", 20, 19),
        ("2026-09", 80, 77),
    ] {
        say(&world, month, valid, satisfied).await;
    }
    world
}

/// As soon as all that was received in a time is counted.
async fn counted(told: &Effects, all: pb::GetEffectRequest, number: i64) {
    eventually("all is counted", async || {
        let told = told.clone().get_effect(all.clone()).await.unwrap().into_inner();
        (told.whole.unwrap().volume == number).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sunbus_hotline_calls_less_and_is_more_satisfied() {
    let world = sunbu().await;
    let mut told = world.effects(Role::Leader, Some(SUNBU));
    counted(&told, asking("2025-01-01", "2026-01-01"), 500).await;
    counted(&told, asking("2026-01-01", "2026-12-01"), 570).await;
    let june = asking("2026-06-01", "2026-07-01");
    let june = told.get_effect(june).await.unwrap().into_inner();
    let (hotline, whole) = (june.hotline.unwrap(), june.whole.unwrap());
    let before = hotline.before.unwrap();
    assert_eq!((hotline.volume, before.volume, published(before.volume_change)), (90, 137, Some(-34.3)));
    assert_eq!((hotline.satisfaction, before.satisfaction), (Some(0.95), Some(0.85)));
    assert_eq!((published(before.satisfaction_change), before.better), (Some(10.0), Some(true)));
    let last_year = hotline.last_year.unwrap();
    assert_eq!((last_year.volume, published(last_year.volume_change)), (100, Some(-10.0)));
    assert_eq!((whole.volume, whole.before.unwrap().volume), (110, 137));
    assert_eq!(published(whole.before.unwrap().volume_change), Some(-19.7));

    let months = told.get_effect(asking("2026-06-01", "2026-11-01")).await.unwrap().into_inner();
    let (hotline, last_year) = (months.hotline.unwrap(), months.hotline.unwrap().last_year.unwrap());
    assert_eq!(
        (hotline.volume, last_year.volume, published(last_year.volume_change)),
        (413, 500, Some(-17.4))
    );
    assert_eq!((hotline.satisfaction, last_year.satisfaction), (Some(0.96), Some(0.9)));
    assert_eq!(last_year.better, Some(true));
    // The five months before have only May in them, in which fewer called than in five.
    let before = hotline.before.unwrap();
    assert_eq!((before.volume, before.better), (137, Some(false)));

    // Of a year in which nobody called nothing can be said.
    let nothing = told.get_effect(asking("2025-06-01", "2025-07-01")).await.unwrap().into_inner();
    let last_year = nothing.hotline.unwrap().last_year.unwrap();
    assert_eq!((last_year.volume, last_year.volume_change, last_year.better), (0, None, None));
    world.stop().await;
}

/// On 23 November the month is compared with October until the 23rd, and not with the whole of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_month_that_is_not_over_stands_beside_as_many_days() {
    let world = World::new().await;
    world.operator(Some(CITY)).apply_profile(applying(profile(SUNBU), false)).await.unwrap();
    for (day, number) in [
        ("2025-11-22", 12),
        ("2025-11-23", 20),
        ("2026-09-30", 50),
        ("2026-10-01", 8),
        ("2026-10-22", 4),
        ("2026-10-23", 30),
        ("2026-11-01", 7),
        ("2026-11-22", 2),
        // Today, which is not over.
        ("2026-11-23", 5),
    ] {
        receive_on(&world, day, number).await;
    }
    for (day, valid, satisfied) in [
        ("2025-11-22", 10, 5),
        ("2025-11-23", 10, 10),
        ("2026-10-22", 10, 8),
        ("2026-10-23", 10, 10),
        ("2026-11-22", 10, 9),
        ("2026-11-23", 10, 0),
    ] {
        say_on(&world, day, valid, satisfied).await;
    }
    let mut told = world.effects(Role::Leader, Some(SUNBU));
    counted(&told, asking("2025-11-01", "2025-12-01"), 32).await;
    counted(&told, asking("2026-09-01", "2026-12-01"), 101).await;
    let november = asking("2026-11-01", "2026-12-01");
    let hotline = told.get_effect(november).await.unwrap().into_inner().hotline.unwrap();
    let (before, last_year) = (hotline.before.unwrap(), hotline.last_year.unwrap());
    assert_eq!((hotline.volume, before.volume, last_year.volume), (9, 12, 12));
    let changes = [before.volume_change, last_year.volume_change];
    assert_eq!(changes.map(published), [Some(-25.0), Some(-25.0)]);
    let satisfied = [hotline.satisfaction, before.satisfaction, last_year.satisfaction];
    assert_eq!(satisfied, [Some(0.9), Some(0.8), Some(0.5)]);
    assert_eq!((before.better, last_year.better), (Some(true), Some(true)));

    let october = asking("2026-10-01", "2026-11-01");
    let hotline = told.get_effect(october).await.unwrap().into_inner().hotline.unwrap();
    assert_eq!((hotline.volume, hotline.before.unwrap().volume), (42, 50), "it is over");
    world.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_effect_is_told_to_offices_of_the_area() {
    let world = World::new().await;
    let june = asking("2026-06-01", "2026-07-01");
    let refused = async |role, area: &str, request: pb::GetEffectRequest| {
        let status = world.effects(role, Some(area)).get_effect(request).await.unwrap_err();
        (status.code(), reason(&status))
    };
    assert_eq!(
        refused(Role::Leader, "420102", june.clone()).await,
        (Code::PermissionDenied, "OUTSIDE_AREA".into())
    );
    let village = pb::GetEffectRequest { area: "341802107002".into(), ..june.clone() };
    assert_eq!(
        refused(Role::Leader, "341802107001", village).await,
        (Code::PermissionDenied, "OUTSIDE_AREA".into())
    );
    assert_eq!(
        refused(Role::Department, SUNBU, june.clone()).await,
        (Code::PermissionDenied, "ROLE_NOT_ALLOWED".into())
    );
    let long = asking("2026-06-01", "2028-07-01");
    assert_eq!(refused(Role::Leader, SUNBU, long).await, (Code::InvalidArgument, "BAD_FIELD".into()));
    let known = refused(Role::Leader, SUNBU, june).await;
    assert_eq!(known, (Code::InvalidArgument, "UNKNOWN_DISTRICT".into()));
    world.stop().await;
}
