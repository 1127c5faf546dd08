//! What waits at the desk goes by a profile that is replaced meanwhile; and a danger to life is before all else, with a time of its own.

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::log::{Actor, Stamp};
use huying_proto::{common::v1 as common, routing::v1 as pb};
use huying_routing::domain::{change::Change, index::Index, learned::Memory, route::Route};
use huying_terms::{Lamp, Limit, LimitKind, Location};
use uuid::Uuid;

use crate::{
    bench::Town,
    place::{self, at, submission},
};

/// Friday, 20 November 2026, 16:00 there.
fn friday() -> DateTime<Utc> {
    "2026-11-20T08:00:00Z".parse().unwrap()
}

fn after(route: Option<Route>, change: &Change) -> Route {
    let actor = Actor { subject: "routing".into(), unit: None, name: None };
    let stamp = Stamp { id: Uuid::from_u128(1), at: friday(), actor };
    huying_testing::after(route, change, &stamp).unwrap()
}

fn received(content: &str, location: Location) -> Route {
    let change =
        Route::receive(Some(&place::index()), Memory::default(), submission(content, location, ""), friday());
    after(None, &change)
}

fn index(change: impl FnOnce(&mut pb::RoutingProfile)) -> Index {
    let mut profile = place::profile();
    change(&mut profile);
    Index::new(place::directory(profile)).unwrap()
}

/// Normal ones have so many work hours.
fn hours(amount: u32) -> impl Fn(&mut pb::RoutingProfile) {
    move |profile| {
        let limit = place::limit(common::LimitKind::WorkHour, amount);
        let normal = pb::TriageLimit { priority: common::Priority::Normal.into(), limit };
        profile.triage.as_mut().unwrap().limits = vec![normal];
    }
}

#[test]
fn a_danger_has_ten_minutes_or_what_the_profile_says() {
    let due = |route: &Route| route.wait.as_ref().unwrap().clock.due_at.unwrap() - friday();
    let waiting = received("有人被困在电梯里了", at("某处"));
    assert_eq!(due(&waiting), TimeDelta::minutes(10));
    let longer = index(|profile| {
        profile.triage.as_mut().unwrap().danger = place::limit(common::LimitKind::UrgentMinute, 30);
    });
    let changes = waiting.recompute(&longer).changes().to_vec();
    assert_eq!(due(&after(Some(waiting), &changes[0])), TimeDelta::minutes(30));
}

#[test]
fn another_limit_or_calendar_moves_the_clock_from_when_it_came_and_the_same_changes_nothing() {
    let route = received("反映一个情况", at("某处"));
    assert_eq!(route.recompute(&place::index()).changes(), []);
    // Two hours more, from the afternoon on: on Monday instead of today.
    let changes = route.recompute(&index(hours(6))).changes().to_vec();
    let moved = after(Some(route.clone()), &changes[0]);
    let clock = &moved.wait.as_ref().unwrap().clock;
    assert_eq!((clock.started_at, clock.limit), (friday(), Limit { kind: LimitKind::WorkHour, amount: 6 }));
    assert!(clock.due_at > route.wait.as_ref().unwrap().clock.due_at);
    assert_eq!(moved.due_at, moved.wait.as_ref().unwrap().next_due());
    assert_eq!(moved.recompute(&index(hours(6))).changes(), [], "again");
    // Monday is a holiday now: what has turned does not turn again.
    let due_at = route.wait.as_ref().unwrap().clock.due_at.unwrap();
    let amber = after(Some(route.clone()), &Change::LampTurned { lamp: Lamp::Amber, due_at });
    let holiday = index(|profile| profile.calendar.as_mut().unwrap().holidays.push("2026-11-23".into()));
    let changes = amber.recompute(&holiday).changes().to_vec();
    let clock = after(Some(amber), &changes[0]).wait.unwrap().clock;
    assert!(clock.amber_fired && !clock.red_fired && clock.due_at.unwrap() > due_at);
}

#[test]
fn who_was_told_is_not_told_again_and_what_had_no_clock_gets_one() {
    let route = received("反映一个情况", Location { area: "420102003002".into(), ..Location::default() });
    let climb = route.wait.as_ref().unwrap().climbs[0].clone();
    let told = after(Some(route.clone()), &Change::Climbed { unit: climb.unit.clone(), tier: climb.tier });
    let changes = told.recompute(&index(hours(6))).changes().to_vec();
    let wait = after(Some(told), &changes[0]).wait.unwrap();
    assert_eq!(wait.climbed_to.as_deref(), Some(climb.unit.as_str()));
    assert!(wait.climbs.iter().all(|it| it.unit != climb.unit), "{:?}", wait.climbs);

    let unclocked = Route { wait: None, due_at: None, ..route };
    let changes = unclocked.recompute(&place::index()).changes().to_vec();
    let clocked = after(Some(unclocked), &changes[0]);
    assert_eq!(clocked.wait.as_ref().unwrap().clock.started_at, friday());
    assert!(clocked.due_at.is_some());
}

#[tokio::test]
async fn a_danger_is_first_in_the_queue_and_an_apply_recomputes_what_waits() {
    let (town, _clock) = Town::at(friday()).await;
    let high = town.submitted("大树倾斜", "").await;
    let normal = town.submitted("反映一个情况", "").await;
    let danger = town.submitted("有人被困在电梯里了", "").await;
    let asked = || pb::ListTriageRequest { district: place::DISTRICT.into(), ..Default::default() };
    let queue = town.desk().list_triage(asked()).await.unwrap().into_inner().routes;
    let order: Vec<&str> = queue.iter().map(|it| it.request.as_str()).collect();
    assert_eq!(order, [danger.request.as_str(), &high.request, &normal.request]);

    let mut profile = place::profile();
    hours(6)(&mut profile);
    let dry = town.apply(profile.clone(), true).await.unwrap();
    assert_eq!((dry.changed, dry.unfinished), (0, false));
    let applied = town.apply(profile.clone(), false).await.unwrap();
    assert_eq!((applied.changed, applied.unfinished), (1, false));
    let moved = town.route(normal.request.parse().unwrap()).await.unwrap();
    assert!(moved.due_time.unwrap().seconds > normal.due_time.unwrap().seconds);
    let last = town.events(&normal.request).await.pop().unwrap();
    assert_eq!(last.message(), "RouteRecomputed");
    assert_eq!(town.apply(profile, false).await.unwrap().changed, 0, "again");
    town.end().await;
}
