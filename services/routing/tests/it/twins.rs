//! 相似诉求: likely twins are found before submitting and suggested afterwards; who asked what is told only to whom it concerns.

use huying_chassis::auth::{CITY, Role};
use huying_proto::{
    common::v1 as common,
    routing::v1::{self as pb, twin_service_client::TwinServiceClient},
};
use huying_testing::{Wire, eventually, reason, wire};
use uuid::Uuid;

use crate::{
    bench::{Town, closed, names},
    place::{self, DISTRICT, LITTER},
};

const GRID: &str = "420102003002001";
const TREE: &str = "胜利街158号门前一棵大树倾斜，公交车擦着树过";

fn twins(town: &Town, role: Role, area: &str) -> TwinServiceClient<Wire> {
    TwinServiceClient::new(wire(town.running.grpc, town.bench.bearer(role, None, Some(area))))
}

fn about(content: &str, area: &str) -> pb::FindTwinsRequest {
    pb::FindTwinsRequest {
        district: DISTRICT.into(),
        content: content.into(),
        location: Some(common::Location { area: area.into(), ..Default::default() }),
        ..Default::default()
    }
}

async fn found(client: &mut TwinServiceClient<Wire>, about: pb::FindTwinsRequest) -> Vec<pb::Twin> {
    client.find_twins(about).await.unwrap().into_inner().twins
}

#[tokio::test]
async fn a_neighbour_s_words_find_the_request_that_is_there() {
    let (town, _clock) = Town::at(place::now()).await;
    let tree = town.submitted(TREE, GRID).await;
    town.submitted("楼道里堆满杂物，没人清理", GRID).await;
    let nowhere = town.submitted(TREE, "420102010001").await;
    let mut desk = twins(&town, Role::Desk, DISTRICT);
    let alike = found(&mut desk, about("胜利街的大树歪了快倒了，公交车都过不去", GRID)).await;
    let ids: Vec<&str> = alike.iter().map(|twin| twin.request.as_str()).collect();
    assert_eq!(ids, [tree.request.as_str()], "neither another matter nor another street: {alike:?}");
    assert_eq!((alike[0].content.as_str(), alike[0].number.is_empty()), (TREE, false));
    assert!((0.5..=1.0).contains(&alike[0].likeness));
    let same = found(&mut desk, about(TREE, GRID)).await;
    assert!(same[0].likeness > alike[0].likeness, "the same words are liker");
    assert!(found(&mut desk, about("家里宽带断网一周了", GRID)).await.is_empty());
    let unplaced = found(&mut desk, about(TREE, "")).await;
    let ids: Vec<&str> = unplaced.iter().map(|twin| twin.request.as_str()).collect();
    assert_eq!(ids, [nowhere.request.as_str()], "what has a place is none of what has none");

    let mut platform = twins(&town, Role::Platform, DISTRICT);
    let told = found(&mut platform, about(TREE, GRID)).await;
    let as_much_as_joins = pb::Twin {
        number: String::new(),
        area: String::new(),
        content: String::new(),
        state: 0,
        ..same[0].clone()
    };
    assert_eq!(told, std::slice::from_ref(&as_much_as_joins));
    assert_eq!((told[0].request.as_str(), told[0].submit_time.is_some()), (tree.request.as_str(), true));
    let mut beside = twins(&town, Role::Desk, "420102010");
    assert_eq!(found(&mut beside, about(TREE, GRID)).await, [as_much_as_joins], "nor the next street's desk");
    let elsewhere = twins(&town, Role::Platform, "420105").find_twins(about(TREE, GRID)).await;
    assert_eq!(reason(&elsewhere.unwrap_err()), "OUTSIDE_AREA");
    for bad in [
        pb::FindTwinsRequest { content: " ".into(), ..about("", GRID) },
        pb::FindTwinsRequest { days: 91, ..about(TREE, GRID) },
        pb::FindTwinsRequest { size: 21, ..about(TREE, GRID) },
    ] {
        assert_eq!(reason(&desk.find_twins(bad).await.unwrap_err()), "BAD_FIELD");
    }
    town.end().await;
}

#[tokio::test]
async fn the_desk_is_told_what_a_request_may_repeat() {
    let (town, _clock) = Town::at(place::now()).await;
    let first = town.submitted(TREE, GRID).await;
    let second = town.submitted("大树倾斜了，公交车擦着树过，胜利街158号", GRID).await;
    let mut desk = twins(&town, Role::Desk, DISTRICT);
    for (one, other) in [(&first, &second), (&second, &first)] {
        let asked = pb::ListTwinsRequest { request: one.request.clone(), ..Default::default() };
        let twins = desk.list_twins(asked).await.unwrap().into_inner().twins;
        let ids: Vec<&str> = twins.iter().map(|twin| twin.request.as_str()).collect();
        assert_eq!(ids, [other.request.as_str()], "never itself");
    }
    let asked = pb::ListTwinsRequest { request: first.request.clone(), ..Default::default() };
    let refused = twins(&town, Role::Desk, "420105").list_twins(asked.clone()).await.unwrap_err();
    assert_eq!(reason(&refused), "NOT_FOUND");
    // What was taken back is nobody's twin.
    let vague = town.submitted("反映一个情况", GRID).await;
    let second = town.submitted("反映一个情况", GRID).await;
    let asked = pb::ListTwinsRequest { request: vague.request, ..Default::default() };
    assert_eq!(desk.list_twins(asked.clone()).await.unwrap().into_inner().twins.len(), 1, "queued as it is");
    let withdrawn = huying_proto::intake::v1::RequestWithdrawn {
        request: Some(crate::bench::reference(second.request.parse().unwrap(), place::now())),
        ..Default::default()
    };
    town.say(second.request.parse().unwrap(), 2, &withdrawn).await;
    eventually("it is taken back", async || {
        desk.list_twins(asked.clone()).await.ok()?.into_inner().twins.is_empty().then_some(())
    })
    .await;
    town.end().await;
}

/// What was closed before it came here was routed by nobody, and is known all the same.
#[tokio::test]
async fn history_is_a_twin_and_nobody_works_on_it() {
    let (town, _clock) = Town::at(place::now()).await;
    let (known, unknown) = (Uuid::now_v7(), Uuid::now_v7());
    let there = || common::Location { area: GRID.into(), ..Default::default() };
    town.say(known, 1, &closed(known, "单元门口那堆东西没人收", there(), LITTER)).await;
    town.say(unknown, 1, &closed(unknown, TREE, there(), "none")).await;
    let kept = town.taken(known).await;
    let decision = kept.decision.clone().unwrap();
    assert_eq!(kept.state(), pb::RouteState::History);
    assert_eq!((decision.area.as_str(), decision.category.as_str()), (GRID, LITTER));
    assert_eq!((decision.holder.as_str(), kept.queue_time, kept.due_time), ("", None, None), "nobody's");
    town.taken(unknown).await;
    let (known, unknown) = (known.to_string(), unknown.to_string());
    assert_eq!(names(&town, &known).await, ["RouteKept"], "no case is opened on it");

    let mut desk = twins(&town, Role::Desk, DISTRICT);
    let alike = found(&mut desk, about(TREE, GRID)).await;
    assert_eq!((alike.len(), alike[0].request.as_str()), (1, unknown.as_str()), "{alike:?}");
    assert_eq!(alike[0].state(), pb::RouteState::History);
    // Who is not told where a twin stands is told of what somebody can join, also where more is settled than they are told of at all.
    for n in 0..5 {
        let settled = Uuid::now_v7();
        town.say(settled, 1, &closed(settled, TREE, there(), "none")).await;
        town.taken(settled).await;
        assert_eq!(found(&mut desk, about(TREE, GRID)).await.len(), (n + 2).min(5));
    }
    const BESIDE: &str = "420102010";
    let others = [(Role::Platform, DISTRICT), (Role::Desk, BESIDE), (Role::Officer, BESIDE)];
    for (role, area) in others {
        assert_eq!(found(&mut twins(&town, role, area), about(TREE, GRID)).await, [], "{role:?}");
    }
    let of_kind =
        pb::FindTwinsRequest { category: LITTER.into(), ..about("那堆东西又没人收了", GRID) };
    let alike = found(&mut desk, of_kind).await;
    assert_eq!((alike[0].request.as_str(), alike[0].category.as_str()), (known.as_str(), LITTER));

    let asked = pb::ListTriageRequest { district: DISTRICT.into(), ..Default::default() };
    assert!(town.desk().list_triage(asked).await.unwrap().into_inner().routes.is_empty());
    let correct = pb::CorrectRouteRequest {
        request_id: crate::bench::fresh(),
        request: known.clone(),
        version: 1,
        reason: "不是".into(),
        category: place::TREES.into(),
        ..Default::default()
    };
    assert_eq!(reason(&town.desk().correct_route(correct).await.unwrap_err()), "STEP_NOT_ALLOWED");

    let open = town.submitted(&format!("{TREE}，快来"), GRID).await;
    for (role, area) in others {
        let told = found(&mut twins(&town, role, area), about(TREE, GRID)).await;
        let told: Vec<&str> = told.iter().map(|twin| twin.request.as_str()).collect();
        assert_eq!(told, [open.request.as_str()], "{role:?}");
    }
    town.end().await;
}

/// Before the district has a profile nothing is known of it but what it says.
#[tokio::test]
async fn history_without_a_profile_and_a_consultation_that_was_answered() {
    let town = Town::start().await;
    let (kept, answered) = (Uuid::now_v7(), Uuid::now_v7());
    let told_at_once = huying_proto::intake::v1::RequestSubmitted {
        close_time: None,
        ..closed(answered, TREE, common::Location::default(), "")
    };
    town.say(answered, 1, &told_at_once).await;
    town.say(kept, 1, &closed(kept, TREE, common::Location::default(), "")).await;
    let route = town.taken(kept).await;
    assert_eq!((route.state(), route.undecided.len()), (pb::RouteState::History, 0));
    assert_eq!(route.decision.unwrap().area, "");
    let later = town.submitted(TREE, "").await;
    assert_eq!(later.state(), pb::RouteState::Queued);
    assert_eq!(town.route(answered).await, None, "nobody works on it, and it tells nothing of a matter");
    town.end().await;
}

/// Whoever knows the street alone, and whoever knows the community, speak of one matter.
#[tokio::test]
async fn a_street_and_its_community_meet_both_ways() {
    let (town, _clock) = Town::at(place::now()).await;
    let in_street = town.submitted(TREE, "420102003").await;
    let in_community = town.submitted(TREE, "420102003002").await;
    town.submitted(TREE, "420102010").await;
    let mut desk = twins(&town, Role::Desk, DISTRICT);
    for (one, other) in [(&in_street, &in_community), (&in_community, &in_street)] {
        let asked = pb::ListTwinsRequest { request: one.request.clone(), ..Default::default() };
        let twins = desk.list_twins(asked).await.unwrap().into_inner().twins;
        let ids: Vec<&str> = twins.iter().map(|twin| twin.request.as_str()).collect();
        assert_eq!(ids, [other.request.as_str()], "and not the other street's");
    }
    let asked = found(&mut desk, about(TREE, GRID)).await;
    assert_eq!(asked.len(), 2, "{asked:?}");
    town.end().await;
}

/// A hundred metres apart, on both sides of the border between two communities.
#[tokio::test]
async fn neighbours_across_a_border_meet() {
    let town = Town::start().await;
    let park = [(114.303, 30.587), (114.306, 30.587), (114.306, 30.592), (114.303, 30.592)];
    let mut profile = place::profile();
    profile.boundaries.push(place::boundary("420102003005", &park));
    town.apply(profile, false).await.unwrap();
    let mut here = Vec::new();
    for longitude in [114.3025, 114.3035] {
        let (request, point) =
            (Uuid::now_v7(), common::Point { latitude: 30.59, longitude, ..Default::default() });
        let location = common::Location { point: Some(point), ..Default::default() };
        town.submit(request, TREE, location).await;
        here.push(town.taken(request).await);
    }
    let areas: Vec<String> = here.iter().map(|it| it.decision.clone().unwrap().area).collect();
    assert_eq!(areas, ["420102003002002", "420102003005"]);
    let mut desk = twins(&town, Role::Desk, CITY);
    for (one, other) in [(&here[0], &here[1]), (&here[1], &here[0])] {
        let asked = pb::ListTwinsRequest { request: one.request.clone(), ..Default::default() };
        let twins = desk.list_twins(asked).await.unwrap().into_inner().twins;
        let ids: Vec<&str> = twins.iter().map(|twin| twin.request.as_str()).collect();
        assert_eq!(ids, [other.request.as_str()]);
        assert!(twins[0].likeness > 0.99, "the same words, place and kind: {twins:?}");
    }
    town.end().await;
}

/// Whose place nobody can tell has twins among such, before it is submitted as afterwards.
#[tokio::test]
async fn without_a_place_they_meet_what_has_none_either() {
    let (town, _clock) = Town::at(place::now()).await;
    let call = "三眼桥路88号门口那棵大树倾斜，公交车擦着树过";
    let at = || common::Location { address: "三眼桥路88号".into(), ..Default::default() };
    let request = Uuid::now_v7();
    town.submit(request, call, at()).await;
    assert_eq!(town.taken(request).await.undecided, ["area"]);
    town.submitted(call, GRID).await;
    let mut desk = twins(&town, Role::Desk, DISTRICT);
    let asked = pb::FindTwinsRequest {
        location: Some(at()),
        ..about("三眼桥路88号的大树倾斜，擦着公交车", "")
    };
    let alike = found(&mut desk, asked).await;
    let ids: Vec<&str> = alike.iter().map(|twin| twin.request.as_str()).collect();
    assert_eq!(ids, [request.to_string().as_str()], "{alike:?}");
    let second = Uuid::now_v7();
    town.submit(second, call, at()).await;
    town.taken(second).await;
    let asked = pb::ListTwinsRequest { request: second.to_string(), ..Default::default() };
    let after = desk.list_twins(asked).await.unwrap().into_inner().twins;
    assert_eq!((after.len(), after[0].request.as_str()), (1, request.to_string().as_str()));
    town.end().await;
}
