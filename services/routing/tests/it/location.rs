//! What a location comes to, asked of the running service.

use huying_chassis::auth::Role;
use huying_proto::{common::v1 as common, routing::v1 as pb};
use huying_testing::wire;
use uuid::Uuid;

use crate::{
    bench::{Directory, Town, fresh},
    place,
};

async fn read(town: &Town, location: common::Location) -> pb::ReadLocationResponse {
    let bearer = town.bench.bearer(Role::Officer, Some("G-420102003002001"), Some("420102003002001"));
    let mut directory = Directory::new(wire(town.running.grpc, bearer));
    let request = pb::ReadLocationRequest { district: place::DISTRICT.into(), location: Some(location) };
    directory.read_location(request).await.unwrap().into_inner()
}

#[tokio::test]
async fn a_location_is_read_and_explained() {
    let town = Town::with_profile().await;
    let address = |text: &str| common::Location { address: text.into(), ..Default::default() };
    let it = read(&town, address("一元街道同興社區胜利街１５８号 B栋")).await;
    assert_eq!((it.text.as_str(), it.building.as_str()), ("一元街道同兴社区胜利街158号b栋", "b栋"));
    assert_eq!((it.road.as_str(), it.number.as_str()), ("胜利街", "158号"));
    assert_eq!((it.area.as_str(), it.sureness()), ("420102003002001", pb::Sureness::High));
    let names: Vec<&str> = it.mentions.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["一元街道", "同兴社区", "胜利街158号"]);
    // A point of a map published in China, beside an address that disagrees.
    let point =
        common::Point { latitude: 30.586_578_3, longitude: 114.304_436, datum: common::Datum::Gcj02.into() };
    let it = read(&town, common::Location { point: Some(point), ..address("二七街道长建社区") }).await;
    assert_eq!((it.area.as_str(), it.candidates.join(",").as_str()), ("", "420102003002001,420102010002"));
    assert_eq!(it.reasons[0].rule, "area.conflict");
    town.end().await;
}

#[tokio::test]
async fn a_point_that_is_none_is_not_told_on() {
    let town = Town::with_profile().await;
    let nowhere = common::Location {
        address: "一元街道同兴社区".into(),
        point: Some(common::Point::default()),
        ..common::Location::default()
    };
    for content in ["路边垃圾堆了一地", "你好"] {
        let request = Uuid::now_v7();
        town.submit(request, content, nowhere.clone()).await;
        let mut route = town.taken(request).await;
        assert_eq!(route.location.as_ref(), Some(&nowhere), "kept as received");
        if route.state() == pb::RouteState::Queued {
            let decision = pb::DecideTriageRequest {
                request_id: fresh(),
                request: route.request.clone(),
                version: route.version,
                area: "420102003002".into(),
                category: place::LITTER.into(),
                ..pb::DecideTriageRequest::default()
            };
            route = town.desk().decide_triage(decision).await.unwrap().into_inner();
        }
        let events = town.events(&route.request).await;
        let event: pb::RouteDecided = events.last().unwrap().decode().unwrap();
        assert_eq!(event.location.unwrap(), common::Location { point: None, ..nowhere.clone() });
    }
    town.end().await;
}
