//! Routing over the wire: requests come in by events, look-ups and profiles by calls, and everything goes out again as events.

use huying_chassis::{
    auth::{CITY, Role},
    bus::Bus,
};
use huying_proto::{common::v1 as common, log::v1 as log, routing::v1 as pb};
use huying_testing::{Bearer, eventually, reason, wire};
use tonic::{Code, Status};
use uuid::Uuid;

use crate::{
    bench::{Client, Directory, Profiles, Town, fresh},
    place,
};

fn told(status: &Status) -> (Code, String) {
    (status.code(), reason(status))
}

#[tokio::test]
async fn a_submitted_request_is_decided_once_and_told_whole() {
    let town = Town::with_profile().await;
    let request = Uuid::now_v7();
    let location = common::Location {
        address: "二七街道长建社区恒大双城B栋".into(),
        area: String::new(),
        point: Some(common::Point { latitude: 30.63, longitude: 114.32, ..Default::default() }),
    };
    for _ in 0..3 {
        town.submit(request, "有车堵住单元门，请挪车", location.clone()).await;
    }
    let route = town.taken(request).await;
    assert_eq!((route.state(), route.version), (pb::RouteState::Decided, 1));
    let events = town.events(&route.request).await;
    assert_eq!(events.len(), 1);
    let event: pb::RouteDecided = events[0].decode().unwrap();
    assert_eq!(
        (event.decision.clone(), event.location, event.decided_by),
        (route.decision, Some(location), None)
    );
    let reference = event.route.unwrap();
    assert_eq!(
        (reference.district.as_str(), reference.submit_time),
        (place::DISTRICT, Some(huying_chassis::log_service::timestamp(place::now())))
    );
    assert_eq!(event.decision.unwrap().holder, "G-420102010002002");

    let message = eventually("it is on the bus", async || {
        let stream = town.bus().jetstream().get_stream(Bus::stream_name("routing")).await.ok()?;
        stream.get_last_raw_message_by_subject("huying.routing.v1.route_decided.420102").await.ok()
    })
    .await;
    let cloud: huying_chassis::bus::CloudEvent = serde_json::from_slice(&message.payload).unwrap();
    assert_eq!((cloud.partitionkey, cloud.sequence), (request, 1));

    // Only departments that are concerned see it.
    let asked = pb::GetRouteRequest { request: request.to_string() };
    let mut concerned = town.caller(Role::Department, Some("DEP-jiaoguan"), Some("420102"));
    concerned.get_route(asked.clone()).await.unwrap();
    let mut other = town.caller(Role::Department, Some("DEP-shuiwu"), Some("420102"));
    let absent = |status: Status| {
        assert_eq!(told(&status), (Code::NotFound, "NOT_FOUND".into()));
        assert_eq!(status.message(), format!("there is no route {request}"));
    };
    absent(other.get_route(asked.clone()).await.unwrap_err());
    let mut namesake = town.caller(Role::Department, Some("DEP-jiaoguan"), Some("420103"));
    absent(namesake.get_route(asked.clone()).await.unwrap_err());
    for area in [Some("420102003002"), Some("420103"), None] {
        let mut away = town.caller(Role::Officer, None, area);
        absent(away.get_route(asked.clone()).await.unwrap_err());
    }
    let mut above = town.caller(Role::Leader, None, Some("4201"));
    above.get_route(asked).await.unwrap();
    verify(&town).await;
    town.end().await;
}

/// Replaying the log gives every row.
async fn verify(town: &Town) {
    for kind in ["route", "profile", "model", "unit_model"] {
        let asked = log::VerifyLogRequest { kind: kind.into(), page_size: 0, page_token: String::new() };
        let found = town.log(Role::Operator).verify_log(asked).await.unwrap().into_inner();
        assert!(
            (kind != "profile" || found.checked > 0) && found.faults.is_empty(),
            "{kind}: {:?}",
            found.faults
        );
    }
}

#[tokio::test]
async fn a_district_without_a_profile_waits_for_it_and_holds_nobody_up() {
    let town = Town::start().await;
    let waiting = town.submitted("路边垃圾堆了一地", "420102003002").await;
    assert_eq!((waiting.state(), waiting.undecided.join(",").as_str()), (pb::RouteState::Queued, "district"));
    let mut desk = town.desk();
    let request = pb::DecideTriageRequest {
        request_id: fresh(),
        request: waiting.request.clone(),
        version: 1,
        area: "420102003002".into(),
        category: place::LITTER.into(),
        ..pb::DecideTriageRequest::default()
    };
    assert_eq!(
        told(&desk.decide_triage(request.clone()).await.unwrap_err()),
        (Code::InvalidArgument, "UNKNOWN_DISTRICT".into())
    );
    town.apply(place::profile(), false).await.unwrap();
    // It waits by the profile that there is now.
    let request = pb::DecideTriageRequest { request_id: fresh(), version: 2, ..request };
    let decided = desk.decide_triage(request).await.unwrap().into_inner();
    assert_eq!(decided.decision.unwrap().holder, "C-420102003002");
    // What comes now is decided at once.
    assert_eq!(town.submitted("路边垃圾堆了一地", "420102003002").await.state(), pb::RouteState::Decided);
    verify(&town).await;
    town.end().await;
}

#[tokio::test]
async fn a_profile_is_compared_applied_and_kept_at_its_version() {
    let town = Town::start().await;
    let dry = town.apply(place::profile(), true).await.unwrap();
    assert!(dry.version == 0 && !dry.differences.is_empty());
    let mut service = town.directory();
    let asked = pb::GetAreaRequest { code: "420102003".into() };
    assert_eq!(
        told(&service.get_area(asked.clone()).await.unwrap_err()),
        (Code::NotFound, "NOT_FOUND".into())
    );

    let id = fresh();
    let mut operator = town.profiles(Role::Operator, Some(CITY));
    let request =
        pb::ApplyProfileRequest { request_id: id.clone(), profile: Some(place::profile()), dry_run: false };
    assert_eq!(operator.apply_profile(request.clone()).await.unwrap().into_inner().version, 1);
    let again = operator.apply_profile(request.clone()).await.unwrap().into_inner();
    assert_eq!((again.version, again.differences.len()), (1, 0));
    assert_eq!(service.get_area(asked).await.unwrap().into_inner().name, "一元街道");

    let mut changed = place::profile();
    changed
        .units
        .iter_mut()
        .filter(|unit| unit.code == "S-420102003")
        .for_each(|unit| unit.name = "一元街道办事处".into());
    let reused = pb::ApplyProfileRequest { profile: Some(changed.clone()), ..request };
    assert_eq!(
        told(&operator.apply_profile(reused).await.unwrap_err()),
        (Code::AlreadyExists, "REQUEST_ID_REUSED".into())
    );
    let dry = town.apply(changed.clone(), true).await.unwrap();
    assert_eq!((dry.version, dry.differences.len()), (1, 1), "{:?}", dry.differences);
    assert_eq!(town.apply(changed, false).await.unwrap().version, 2);

    let mut bad = place::profile();
    bad.units[0].superior = "nobody".into();
    assert_eq!(told(&town.apply(bad, false).await.unwrap_err()), (Code::InvalidArgument, "BAD_FIELD".into()));
    let unit = pb::GetUnitRequest { district: place::DISTRICT.into(), code: "S-420102003".into() };
    assert_eq!(service.get_unit(unit).await.unwrap().into_inner().name, "一元街道办事处");
    verify(&town).await;
    town.end().await;
}

#[tokio::test]
async fn a_large_profile_is_taken() {
    let town = Town::start().await;
    let mut large = place::profile();
    let border = large.boundaries[0].clone();
    let sides = border.ring.iter().zip(border.ring.iter().cycle().skip(1));
    let along = |from: f64, to: f64, n: u32| from + (to - from) * f64::from(n) / 150.0;
    let ring: Vec<common::Point> = sides
        .flat_map(|(a, b)| {
            (0..150).map(|n| common::Point {
                latitude: along(a.latitude, b.latitude, n),
                longitude: along(a.longitude, b.longitude, n),
                datum: 0,
            })
        })
        .collect();
    large.boundaries = (0..500)
        .map(|_| pb::Boundary { area: border.area.clone(), ring: ring.clone(), holes: vec![] })
        .collect();
    assert!(prost::Message::encoded_len(&large) > 5 << 20);
    assert!(!town.apply(large, true).await.unwrap().differences.is_empty());
    town.end().await;
}

#[tokio::test]
async fn the_directory_answers() {
    let town = Town::with_profile().await;
    let mut casework = town.directory();
    let district = place::DISTRICT.to_owned();

    let superior = |unit: &str| pb::ResolveSuperiorRequest { district: district.clone(), unit: unit.into() };
    let above = casework.resolve_superior(superior("G-420102003002001")).await.unwrap().into_inner();
    assert_eq!((above.code.as_str(), above.tier()), ("C-420102003002", common::Tier::Community));
    assert_eq!(
        told(&casework.resolve_superior(superior("X")).await.unwrap_err()),
        (Code::InvalidArgument, "UNKNOWN_UNIT".into())
    );
    assert_eq!(
        told(&casework.resolve_superior(superior("D-420102")).await.unwrap_err()),
        (Code::FailedPrecondition, "NO_SUPERIOR".into())
    );

    let resolve = |units: &[&str]| pb::ResolveUnitsRequest {
        district: district.clone(),
        units: units.iter().map(ToString::to_string).collect(),
    };
    let units =
        casework.resolve_units(resolve(&["RG-yingshang", "DEP-shuiwu"])).await.unwrap().into_inner().units;
    assert_eq!((units[0].members.len(), units[1].code.as_str()), (3, "DEP-shuiwu"));
    assert_eq!(
        told(&casework.resolve_units(resolve(&["DEP-shuiwu", "X"])).await.unwrap_err()),
        (Code::InvalidArgument, "UNKNOWN_UNIT".into())
    );
    assert_eq!(
        told(&casework.resolve_units(resolve(&[])).await.unwrap_err()),
        (Code::InvalidArgument, "BAD_FIELD".into())
    );
    let elsewhere = pb::ResolveUnitsRequest { district: "420103".into(), units: vec!["X".into()] };
    assert_eq!(
        told(&casework.resolve_units(elsewhere).await.unwrap_err()),
        (Code::InvalidArgument, "UNKNOWN_DISTRICT".into())
    );

    let route = |category: &str, at_least: common::Priority| pb::ResolveRouteRequest {
        district: district.clone(),
        area: "420102010002002".into(),
        category: category.into(),
        content: "有车堵住单元门".into(),
        at_least: at_least.into(),
    };
    let unsaid = common::Priority::Unspecified;
    let decision = casework.resolve_route(route(place::GAS, unsaid)).await.unwrap().into_inner();
    assert_eq!((decision.holder.as_str(), decision.priority()), ("C-420102010002", common::Priority::Normal));
    let urgent = casework.resolve_route(route(place::GAS, common::Priority::Urgent)).await.unwrap();
    let urgent = urgent.into_inner();
    assert_eq!((urgent.priority(), urgent.holder), (common::Priority::Urgent, decision.holder));
    assert_eq!(
        told(&casework.resolve_route(route("X", unsaid)).await.unwrap_err()),
        (Code::InvalidArgument, "UNKNOWN_CATEGORY".into())
    );

    let get = |code: &str| pb::GetUnitRequest { district: district.clone(), code: code.into() };
    assert_eq!(casework.get_unit(get("UT-ranqi")).await.unwrap().into_inner().kind(), pb::UnitKind::Utility);
    assert_eq!(told(&casework.get_unit(get("X")).await.unwrap_err()), (Code::NotFound, "NOT_FOUND".into()));

    let mut list = pb::ListUnitsRequest {
        district: district.clone(),
        area: "420102003".into(),
        page_size: 2,
        ..Default::default()
    };
    let mut codes = Vec::new();
    loop {
        let page = casework.list_units(list.clone()).await.unwrap().into_inner();
        codes.extend(page.units.into_iter().map(|unit| unit.code));
        list.page_token = page.next_page_token;
        if list.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(
        codes,
        ["C-420102003002", "C-420102003005", "G-420102003002001", "G-420102003002002", "S-420102003"]
    );
    let kind = pb::ListUnitsRequest {
        district: district.clone(),
        kind: pb::UnitKind::ResponseGroup.into(),
        ..Default::default()
    };
    assert_eq!(casework.list_units(kind.clone()).await.unwrap().into_inner().units.len(), 1);
    let nowhere = pb::ListUnitsRequest { area: "420102777".into(), ..kind };
    assert_eq!(
        told(&casework.list_units(nowhere).await.unwrap_err()),
        (Code::InvalidArgument, "UNKNOWN_AREA".into())
    );

    let below = |parent: &str| pb::ListAreasRequest { parent: parent.into(), ..Default::default() };
    let areas = casework.list_areas(below("420102")).await.unwrap().into_inner().areas;
    assert_eq!(areas.iter().map(|area| area.name.as_str()).collect::<Vec<_>>(), ["一元街道", "二七街道"]);
    assert!(casework.list_areas(below("420102003002001")).await.unwrap().into_inner().areas.is_empty());
    for unknown in ["420102777", "420103"] {
        assert_eq!(
            told(&casework.list_areas(below(unknown)).await.unwrap_err()),
            (Code::InvalidArgument, "UNKNOWN_AREA".into())
        );
    }
    let category = |code: &str| pb::GetCategoryRequest { district: district.clone(), code: code.into() };
    let gas = casework.get_category(category(place::GAS)).await.unwrap().into_inner();
    assert_eq!((gas.code.as_str(), gas.lead.as_str()), (place::GAS, "UT-ranqi"));
    assert_eq!(
        told(&casework.get_category(category("X")).await.unwrap_err()),
        (Code::NotFound, "NOT_FOUND".into())
    );
    let mut list =
        pb::ListCategoriesRequest { district: district.clone(), page_size: 1, ..Default::default() };
    let mut codes = Vec::new();
    loop {
        let page = casework.list_categories(list.clone()).await.unwrap().into_inner();
        codes.extend(page.categories.into_iter().map(|category| category.code));
        list.page_token = page.next_page_token;
        if list.page_token.is_empty() {
            break;
        }
    }
    assert!(codes.is_sorted() && codes.contains(&gas.code), "{codes:?}");
    assert_eq!(codes.len(), place::profile().categories.len());
    let of = |unit: &str, name: &str| pb::ListCategoriesRequest {
        district: district.clone(),
        unit: unit.into(),
        name: name.into(),
        ..Default::default()
    };
    let led = casework.list_categories(of("UT-ranqi", &gas.name)).await.unwrap().into_inner().categories;
    assert_eq!(led, std::slice::from_ref(&gas));
    assert!(
        casework.list_categories(of("", "no such name")).await.unwrap().into_inner().categories.is_empty()
    );
    assert_eq!(
        told(&casework.list_categories(of("X", "")).await.unwrap_err()),
        (Code::InvalidArgument, "UNKNOWN_UNIT".into())
    );

    let status = casework.get_area(pb::GetAreaRequest { code: "4201".into() }).await.unwrap_err();
    assert_eq!(told(&status), (Code::InvalidArgument, "BAD_FIELD".into()));
    town.end().await;
}

#[tokio::test]
async fn nobody_without_the_right_gets_in() {
    let town = Town::with_profile().await;
    // No role here may call everything; each of these may call nothing of what is asked.
    let platform = town.bench.bearer(Role::Platform, None, None);
    for (bearer, code) in [(Bearer(None), Code::Unauthenticated), (platform, Code::PermissionDenied)] {
        let wire = wire(town.running.grpc, bearer);
        let (mut caller, mut directory) = (Client::new(wire.clone()), Directory::new(wire.clone()));
        let mut profiles = Profiles::new(wire);
        assert_eq!(caller.get_route(pb::GetRouteRequest::default()).await.unwrap_err().code(), code);
        assert_eq!(caller.list_triage(pb::ListTriageRequest::default()).await.unwrap_err().code(), code);
        assert_eq!(caller.decide_triage(pb::DecideTriageRequest::default()).await.unwrap_err().code(), code);
        assert_eq!(caller.count_triage(pb::CountTriageRequest::default()).await.unwrap_err().code(), code);
        assert_eq!(caller.claim_triage(pb::ClaimTriageRequest::default()).await.unwrap_err().code(), code);
        assert_eq!(
            caller.release_triage(pb::ReleaseTriageRequest::default()).await.unwrap_err().code(),
            code
        );
        assert_eq!(caller.correct_route(pb::CorrectRouteRequest::default()).await.unwrap_err().code(), code);
        assert_eq!(
            directory.resolve_superior(pb::ResolveSuperiorRequest::default()).await.unwrap_err().code(),
            code
        );
        assert_eq!(
            directory.resolve_units(pb::ResolveUnitsRequest::default()).await.unwrap_err().code(),
            code
        );
        assert_eq!(directory.get_unit(pb::GetUnitRequest::default()).await.unwrap_err().code(), code);
        assert_eq!(directory.list_units(pb::ListUnitsRequest::default()).await.unwrap_err().code(), code);
        assert_eq!(directory.get_area(pb::GetAreaRequest::default()).await.unwrap_err().code(), code);
        assert_eq!(directory.list_areas(pb::ListAreasRequest::default()).await.unwrap_err().code(), code);
        let one = pb::GetCategoryRequest::default();
        assert_eq!(directory.get_category(one).await.unwrap_err().code(), code);
        let list = pb::ListCategoriesRequest::default();
        assert_eq!(directory.list_categories(list).await.unwrap_err().code(), code);
        assert_eq!(
            profiles.apply_profile(pb::ApplyProfileRequest::default()).await.unwrap_err().code(),
            code
        );
    }
    for role in [Role::Officer, Role::Department, Role::Service, Role::Operator, Role::Callback] {
        let status = town
            .caller(role, None, None)
            .decide_triage(pb::DecideTriageRequest::default())
            .await
            .unwrap_err();
        assert_eq!(status.code(), Code::PermissionDenied);
    }
    for role in [Role::Officer, Role::Desk, Role::Leader, Role::Service] {
        let status =
            town.profiles(role, None).apply_profile(pb::ApplyProfileRequest::default()).await.unwrap_err();
        assert_eq!(status.code(), Code::PermissionDenied);
    }
    town.end().await;
}
