//! What the reporter adds is read for danger to life: what waits is before all else from then on, and of what was decided its case is told.

use chrono::{DateTime, TimeDelta, Utc};
use huying_chassis::auth::Role;
use huying_proto::{
    common::v1 as common,
    routing::v1::{self as pb, rule_service_client::RuleServiceClient},
};
use huying_testing::{eventually, wire};
use uuid::Uuid;

use crate::{
    bench::{Town, added, fresh, names, reference},
    place::{self, LITTER},
};

/// Six hours after what is submitted here came in.
fn later() -> DateTime<Utc> {
    place::now() + TimeDelta::hours(6)
}

fn seconds(at: DateTime<Utc>) -> Option<i64> {
    Some(at.timestamp())
}

fn dangers(route: &pb::Route) -> Vec<pb::Danger> {
    route.decision.as_ref().unwrap().dangers().collect()
}

/// An addition, and the route as soon as it speaks of so many dangers.
async fn adding(town: &Town, route: &pb::Route, (version, words): (i64, &str), dangers: usize) -> pb::Route {
    let request: Uuid = route.request.parse().unwrap();
    town.say(request, version, &added(request, words)).await;
    eventually("the danger is heard", async || {
        town.route(request).await.filter(|it| self::dangers(it).len() == dangers)
    })
    .await
}

/// Takes it back, so that all that was said before has been heard, and tells the events.
async fn said(town: &Town, route: &pb::Route, version: i64) -> Vec<String> {
    let request: Uuid = route.request.parse().unwrap();
    let withdrawn = huying_proto::intake::v1::RequestWithdrawn {
        request: Some(reference(request, place::now())),
        ..Default::default()
    };
    town.say(request, version, &withdrawn).await;
    eventually("it is taken back", async || {
        town.route(request).await.filter(|it| it.state() == pb::RouteState::Withdrawn)
    })
    .await;
    names(town, &route.request).await
}

#[tokio::test]
async fn what_waits_is_before_all_else_once_a_danger_is_added() {
    let (town, clock) = Town::at(later()).await;
    let waiting = town.submitted("反映一个情况", "420102003002").await;
    assert_eq!(waiting.priority(), common::Priority::Normal);
    clock.set(later() + TimeDelta::minutes(20));
    let told = adding(&town, &waiting, (2, "现在着火了，快来人"), 1).await;
    assert_eq!((told.priority(), dangers(&told)), (common::Priority::Urgent, vec![pb::Danger::Fire]));
    let due_at = later() + TimeDelta::minutes(30);
    assert_eq!(told.due_time.map(|it| it.seconds), seconds(due_at), "ten minutes from the addition");
    assert_eq!((told.queue_time, told.state()), (waiting.queue_time, pb::RouteState::Queued));
    let reasons = told.decision.as_ref().unwrap().reasons.clone();
    assert!(reasons.iter().any(|it| it.rule == "danger.fire" && it.text.starts_with("补充")), "{reasons:?}");
    // The same once more, what is denied and what is harmless change nothing.
    let request: Uuid = waiting.request.parse().unwrap();
    for (version, words) in [(3, "火还在烧，着火了"), (4, "没有人受伤"), (5, "谢谢")] {
        town.say(request, version, &added(request, words)).await;
    }
    // A replaced profile counts from the addition too.
    let mut profile = place::profile();
    profile.triage.as_mut().unwrap().danger = place::limit(common::LimitKind::UrgentMinute, 30);
    town.apply(profile, false).await.unwrap();
    let anew = town.route(request).await.unwrap();
    assert_eq!(anew.due_time.map(|it| it.seconds), seconds(later() + TimeDelta::minutes(50)));
    assert_eq!(anew.queue_time, waiting.queue_time);
    let told = ["RouteQueued", "RouteDangerTold", "RouteRecomputed", "RouteWithdrawn"];
    assert_eq!(said(&town, &waiting, 6).await, told);
    town.end().await;
}

#[tokio::test]
async fn a_clock_that_ends_sooner_is_not_put_off() {
    let (town, clock) = Town::at(later()).await;
    let waiting = town.submitted("有人被困在电梯里了", "").await;
    clock.set(later() + TimeDelta::minutes(9));
    let told = adding(&town, &waiting, (2, "现在还着火了"), 2).await;
    assert_eq!(told.due_time, waiting.due_time);
    town.end().await;
}

/// The hour that a danger has counts from when it was heard of, whoever decides later.
#[tokio::test]
async fn a_person_decides_with_the_danger_that_was_added() {
    let (town, clock) = Town::at(later()).await;
    let waiting = town.submitted("反映一个情况", "420102003002").await;
    let told = adding(&town, &waiting, (2, "现在着火了"), 1).await;
    clock.set(later() + TimeDelta::minutes(5));
    let decide = pb::DecideTriageRequest {
        request_id: fresh(),
        request: waiting.request.clone(),
        version: told.version,
        area: "420102003002".into(),
        category: LITTER.into(),
        ..Default::default()
    };
    let decision = town.desk().decide_triage(decide).await.unwrap().into_inner().decision.unwrap();
    assert_eq!(decision.priority(), common::Priority::Urgent);
    assert_eq!(decision.resolve_due_time.map(|it| it.seconds), seconds(later() + TimeDelta::hours(1)));
    // As casework counts it: from the submission.
    assert_eq!(decision.resolve, place::limit(common::LimitKind::UrgentMinute, 7 * 60));
    town.end().await;
}

#[tokio::test]
async fn of_what_was_decided_its_case_is_told() {
    let (town, clock) = Town::at(later()).await;
    let decided = town.submitted("路边垃圾堆了一地", "420102003002").await;
    assert_eq!(decided.decision.as_ref().unwrap().priority(), common::Priority::Normal);
    clock.set(later() + TimeDelta::minutes(30));
    let told = adding(&town, &decided, (2, "现在着火了"), 1).await;
    let decision = told.decision.clone().unwrap();
    let hour = later() + TimeDelta::minutes(90);
    assert_eq!((told.state(), decision.priority()), (pb::RouteState::Decided, common::Priority::Urgent));
    assert_eq!(decision.resolve_due_time.map(|it| it.seconds), seconds(hour));
    assert_eq!((told.decided_by.clone(), told.correction.as_str()), (None, ""), "nobody corrected it");
    assert_eq!(decision.category, LITTER);

    // Another danger is told too; the same ones are not.
    let both = adding(&town, &decided, (3, "里面有人被困，还在着火"), 2).await;
    assert_eq!(names(&town, &decided.request).await, ["RouteDecided", "RouteDangerTold", "RouteDangerTold"]);
    assert_eq!(both.decision.unwrap().resolve_due_time, decision.resolve_due_time, "the hour runs");

    let desk = town.bench.bearer(Role::Desk, None, Some(place::DISTRICT));
    let mut rules = RuleServiceClient::new(wire(town.running.grpc, desk));
    let asked = pb::ExplainRouteRequest { request: decided.request.clone() };
    let explained = rules.explain_route(asked).await.unwrap().into_inner();
    assert_eq!(explained.differences, [], "today it would be decided so, with what was added");

    let held = pb::CorrectRouteRequest {
        request_id: fresh(),
        request: decided.request.clone(),
        version: both.version,
        reason: "该他们办".into(),
        holder: "DEP-chengguan".into(),
        ..Default::default()
    };
    let corrected = town.desk().correct_route(held).await.unwrap().into_inner().decision.unwrap();
    assert_eq!(corrected.priority(), common::Priority::Urgent);
    assert_eq!(corrected.resolve_due_time.map(|it| it.seconds), seconds(hour), "another holder has no more");
    town.end().await;
}
