//! Why a request is decided as it is, and what another profile would decide: over the wire.

use std::time::Duration;

use huying_chassis::auth::{CITY, Role};
use huying_proto::routing::v1 as pb;
use huying_testing::{Wire, reason, wire};
use pb::rule_service_client::RuleServiceClient;
use tonic::Status;
use uuid::Uuid;

use crate::{
    authority::table,
    bench::Town,
    place::{self, LITTER, TREES},
};

const GRID: &str = "420102003002001";

fn rules(town: &Town, role: Role, area: &str) -> RuleServiceClient<Wire> {
    RuleServiceClient::new(wire(town.running.grpc, town.bench.bearer(role, None, Some(area))))
}

pub async fn explained(town: &Town, route: &pb::Route) -> pb::RouteExplanation {
    let asked = pb::ExplainRouteRequest { request: route.request.clone() };
    rules(town, Role::Desk, place::DISTRICT).explain_route(asked).await.unwrap().into_inner()
}

async fn simulated(
    town: &Town,
    change: impl FnOnce(&mut pb::RoutingProfile),
    page: (i32, &str),
) -> Result<pb::SimulateProfileResponse, Status> {
    let mut profile = place::profile();
    change(&mut profile);
    let (page_size, page_token) = (page.0, page.1.to_owned());
    let asked =
        pb::SimulateProfileRequest { profile: Some(profile), page_size, page_token, ..Default::default() };
    Ok(rules(town, Role::Operator, CITY).simulate_profile(asked).await?.into_inner())
}

#[tokio::test]
async fn a_decision_is_explained_by_its_words_rows_and_next_best_and_what_it_would_be_today() {
    let (town, clock) = Town::at(place::now()).await;
    let route = town.submitted("门前大树倾斜，树下垃圾堆了一地", GRID).await;
    let it = explained(&town, &route).await;
    let words: Vec<_> =
        it.words.iter().map(|it| (it.text.as_str(), it.place.as_str(), it.standing.as_str())).collect();
    assert!(words.contains(&("大树倾斜", "opening", "stands")), "{words:?}");
    let categories: Vec<&str> = it.categories.iter().map(|it| it.category.as_str()).collect();
    assert_eq!(categories, [TREES, LITTER], "and the next best");
    assert_eq!(it.categories[0].name, "行道树异常");
    assert!(it.categories[0].weight > it.categories[1].weight);
    assert_eq!((it.rows.len(), it.profile_changed, it.differences.len()), (0, false, 0));
    assert_eq!(it.today.as_ref().unwrap().holder, "G-420102003002001");

    // The profile is replaced: what was kept stays, and today it would be the street's.
    clock.advance(Duration::from_secs(3600));
    let profile = pb::RoutingProfile { authority: table(), ..place::profile() };
    town.apply(profile, false).await.unwrap();
    let it = explained(&town, &route).await;
    assert!(it.profile_changed && it.profile_apply_time.is_some());
    assert_eq!(it.route.as_ref().unwrap().decision.as_ref().unwrap().holder, "G-420102003002001");
    let holder = it.differences.iter().find(|it| it.part == "holder").unwrap();
    assert_eq!((holder.before.as_str(), holder.after.as_str()), ("G-420102003002001", "S-420102003"));
    let rows: Vec<_> = it.rows.iter().map(|it| (it.line.as_str(), it.why_not.as_str())).collect();
    assert_eq!(rows, [("authority.csv:2", "")]);
    let other = explained(&town, &town.submitted("行道树要修剪一下", GRID).await).await;
    let rows: Vec<_> = other.rows.iter().map(|it| (it.line.as_str(), it.why_not.as_str())).collect();
    assert_eq!(rows, [("authority.csv:2", "内容没有提到情形“倾斜”"), ("authority.csv:3", "")]);
    town.end().await;
}

#[tokio::test]
async fn what_waits_is_explained_as_far_as_it_is_known_and_only_to_who_sees_it() {
    let town = Town::with_profile().await;
    let route = town.submitted("反映一个情况，没有漏气", GRID).await;
    let it = explained(&town, &route).await;
    assert_eq!((it.undecided.join(","), it.categories.len()), ("category".into(), 0));
    assert!(it.words.iter().any(|it| it.text == "漏气" && it.standing == "denied"), "{:?}", it.words);
    assert_eq!(it.location.unwrap().area, GRID);
    let asked = || pb::ExplainRouteRequest { request: route.request.clone() };
    let elsewhere = rules(&town, Role::Desk, "420102010").explain_route(asked()).await.unwrap_err();
    assert_eq!(reason(&elsewhere), "NOT_FOUND");
    town.end().await;
}

#[tokio::test]
async fn another_profile_is_tried_on_what_came_in_and_changes_nothing() {
    let town = Town::with_profile().await;
    let tree = town.submitted("门前大树倾斜", GRID).await;
    let litter = town.submitted("路边垃圾堆了一地", GRID).await;
    town.submitted("反映一个情况", GRID).await;
    let same = simulated(&town, |_| {}, (0, "")).await.unwrap();
    assert_eq!((same.looked, same.changed, same.undecided_before, same.undecided_after), (3, 0, 1, 1));

    let change = |profile: &mut pb::RoutingProfile| {
        profile.authority = table();
        // What was known of litter is not any more.
        profile.rules.retain(|rule| rule.category != LITTER);
    };
    let it = simulated(&town, change, (0, "")).await.unwrap();
    assert_eq!((it.looked, it.changed, it.undecided_before, it.undecided_after), (3, 2, 1, 2));
    let parts: Vec<_> = it.parts.iter().map(|it| (it.part.as_str(), it.count)).collect();
    assert!(parts.contains(&("holder", 2)) && parts.contains(&("category", 1)), "{parts:?}");
    let numbers: Vec<&str> = it.routes.iter().map(|it| it.request.as_str()).collect();
    assert!(numbers.contains(&tree.request.as_str()) && numbers.contains(&litter.request.as_str()));
    let of = |request: &str| it.routes.iter().find(|it| it.request == request).unwrap();
    let category = &of(&litter.request).differences.iter().find(|it| it.part == "category").unwrap();
    assert_eq!((category.before.as_str(), category.after.as_str()), (LITTER, ""));

    // Page by page it is the same, and nothing has changed by it.
    let (mut looked, mut token) = (0, String::new());
    for _ in 0..4 {
        let page = simulated(&town, change, (1, &token)).await.unwrap();
        (looked, token) = (looked + page.looked, page.next_page_token);
        if token.is_empty() {
            break;
        }
    }
    assert_eq!((looked, token.as_str()), (3, ""));
    let kept = town.route(tree.request.parse::<Uuid>().unwrap()).await.unwrap();
    assert_eq!((kept.version, kept.decision), (tree.version, tree.decision));
    town.end().await;
}

#[tokio::test]
async fn a_profile_that_cannot_be_used_or_is_not_theirs_is_not_tried() {
    let town = Town::with_profile().await;
    let told = |answer: Result<pb::SimulateProfileResponse, Status>| reason(&answer.unwrap_err());
    assert_eq!(told(simulated(&town, |it| it.units.clear(), (0, "")).await), "BAD_FIELD");
    assert_eq!(told(simulated(&town, |_| {}, (1001, "")).await), "BAD_FIELD");
    let asked = pb::SimulateProfileRequest { profile: Some(place::profile()), ..Default::default() };
    let outside = rules(&town, Role::Operator, "420103").simulate_profile(asked).await;
    assert_eq!(told(outside.map(tonic::Response::into_inner)), "OUTSIDE_AREA");
    town.end().await;
}
