//! 相似诉求: likely twins are found before submitting and suggested afterwards; who asked what is told only to whom it concerns.

use huying_chassis::auth::Role;
use huying_proto::{
    common::v1 as common,
    routing::v1::{self as pb, twin_service_client::TwinServiceClient},
};
use huying_testing::{Wire, reason, wire};

use crate::{
    bench::Town,
    place::{self, DISTRICT},
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
    town.submitted(TREE, "420102010001").await;
    let mut desk = twins(&town, Role::Desk, DISTRICT);
    let alike = found(&mut desk, about("胜利街的大树歪了快倒了，公交车都过不去", GRID)).await;
    let ids: Vec<&str> = alike.iter().map(|twin| twin.request.as_str()).collect();
    assert_eq!(ids, [tree.request.as_str()], "neither another matter nor another street: {alike:?}");
    assert_eq!((alike[0].content.as_str(), alike[0].number.is_empty()), (TREE, false));
    assert!((0.5..=1.0).contains(&alike[0].likeness));
    let same = found(&mut desk, about(TREE, GRID)).await;
    assert!(same[0].likeness > alike[0].likeness, "the same words are liker");
    assert!(found(&mut desk, about("家里宽带断网一周了", GRID)).await.is_empty());
    assert!(found(&mut desk, about(TREE, "")).await.is_empty(), "without a place there are none");

    let mut platform = twins(&town, Role::Platform, DISTRICT);
    let told = found(&mut platform, about(TREE, GRID)).await;
    assert_eq!((told[0].request.as_str(), told[0].content.as_str()), (tree.request.as_str(), ""));
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
    huying_testing::eventually("it is taken back", async || {
        desk.list_twins(asked.clone()).await.ok()?.into_inner().twins.is_empty().then_some(())
    })
    .await;
    town.end().await;
}
