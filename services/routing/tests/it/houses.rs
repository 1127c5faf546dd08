//! Roads known from history: what was decided for certain on a road leads a later request, of which no more is known, to candidates.

use huying_chassis::auth::Role;
use huying_proto::{common::v1 as common, routing::v1 as pb};
use huying_routing::domain::{
    decide::{area::find, decide},
    decision::{Part, Partial, Routing},
    desk::Correction,
    house::{House, Past},
    learned::Memory,
};
use huying_terms::{AreaCode, Location};
use huying_testing::wire;
use uuid::Uuid;

use crate::{
    bench::{Directory, Town, fresh},
    place::{self, LITTER, at, submission},
    route::{after, by, heard, triage},
};

const TONGXING: &str = "420102003002";
const PARK: &str = "420102003005";
const CHANGJIAN: &str = "420102010002";
const LITTER_THERE: &str = "路边垃圾堆了一地";

fn past(list: &[(&str, Option<u32>)]) -> Vec<Past> {
    let one =
        |(code, number): &(&str, _)| Past { community: AreaCode::parse(code).unwrap(), number: *number };
    list.iter().map(one).collect()
}

fn waiting(location: Location, past: &[Past]) -> Partial {
    let memory = Memory { past, ..Memory::default() };
    match decide(&place::index(), memory, &submission(LITTER_THERE, location, ""), place::now()) {
        Routing::Queued { partial, undecided } => {
            assert_eq!(undecided, [Part::Area]);
            partial
        }
        Routing::Decided(it) => panic!("{}", place::told(&it)),
    }
}

fn codes(candidates: &[AreaCode]) -> Vec<&str> {
    candidates.iter().map(AreaCode::as_str).collect()
}

#[test]
fn a_road_leads_to_candidates_and_decides_nothing() {
    let past =
        past(&[(TONGXING, Some(12)), (CHANGJIAN, None), (CHANGJIAN, Some(98)), ("420102777001", None)]);
    let it = waiting(at("车站新路14号"), &past);
    assert_eq!(it.area, None);
    assert_eq!(
        codes(&it.candidates),
        [TONGXING, CHANGJIAN],
        "the nearest house; what is no area any more is none"
    );
    let told: Vec<_> = it.reasons.iter().filter(|it| it.part == Part::Area).collect();
    assert_eq!(told[0].rule, "area.road_history");
    let text = "以往3件在“车站新路”的诉求落在一元街道同兴社区（1件，最近的是12号）、二七街道长建社区（2件，最近的是98号），由人核定";
    assert_eq!((told[0].text.as_str(), told.len()), (text, 1));
    assert_eq!(codes(&waiting(at("车站新路"), &past).candidates), [CHANGJIAN, TONGXING], "the most often");
    // What the profile knows of the road stays among them.
    let it = waiting(at("解放大道旁"), &self::past(&[(PARK, None)]));
    assert_eq!(codes(&it.candidates), [PARK, TONGXING]);
}

#[test]
fn where_anything_else_speaks_its_road_is_not_asked() {
    let open = |location: &Location| find(&place::index(), location, None).open_house().cloned();
    let house = House { road: "车站新路".into(), number: Some(12) };
    assert_eq!(open(&at("车站新路１２号")), Some(house));
    for location in [
        at("二七街道车站新路12号"),
        at("江汉区车站新路12号"),
        at("同兴社区和长建社区之间的车站新路"),
        Location { area: TONGXING.into(), ..at("车站新路12号") },
        at("某处"),
    ] {
        assert_eq!(open(&location), None, "{location:?}");
    }
}

#[test]
fn only_what_is_certain_is_history() {
    let house = |location: Location| {
        let submission = submission(LITTER_THERE, location, "");
        place::decided(decide(&place::index(), Memory::default(), &submission, place::now())).house
    };
    let certain = Some(House { road: "车站新路".into(), number: Some(12) });
    assert_eq!(house(Location { area: TONGXING.into(), ..at("车站新路12-3号") }), certain, "by a code");
    let point = place::around(30.589, 114.299).point;
    assert_eq!(house(Location { point, ..at("车站新路12号") }), certain, "by a point");
    assert_eq!(house(at("同兴社区车站新路12号")), None, "by one name");
    assert_eq!(house(Location { area: "420102003".into(), ..at("车站新路12号") }), None, "no community");
    assert_eq!(house(Location { area: TONGXING.into(), ..at("某处") }), None, "no road");
}

#[test]
fn a_persons_word_is_history_and_a_correction_of_the_place_changes_it() {
    let route = heard(submission(LITTER_THERE, at("车站新路12号"), ""));
    let decided = route.triage(&place::index(), &triage(TONGXING, LITTER), &by(), place::now()).unwrap();
    let route = after(route, decided);
    let road = |house: &Option<House>| house.as_ref().map(|it| it.road.clone());
    assert_eq!(road(&route.decision.as_ref().unwrap().house).as_deref(), Some("车站新路"));
    let correct = |route: &huying_routing::domain::route::Route, correction: Correction| {
        let decided = route.correct(&place::index(), &correction, &by(), place::now()).unwrap();
        after(route.clone(), decided).decision.unwrap()
    };
    let moved = Correction { area: Some(CHANGJIAN.into()), reason: "在长建".into(), ..Default::default() };
    let moved = correct(&route, moved);
    assert_eq!((moved.area.as_str(), road(&moved.house).as_deref()), (CHANGJIAN, Some("车站新路")));
    let vague =
        Correction { area: Some("420102003".into()), reason: "不清楚".into(), ..Default::default() };
    assert_eq!(correct(&route, vague).house, None);
    // Who corrects something else says nothing of the place.
    let low = heard(submission(LITTER_THERE, at("江岸区长建3栋，车站新路12号"), ""));
    let other =
        Correction { category: Some(place::TREES.into()), reason: "是树".into(), ..Default::default() };
    assert_eq!(correct(&low, other).house, None);
}

async fn submitted(town: &Town, address: &str) -> pb::Route {
    let request = Uuid::now_v7();
    let location = common::Location { address: address.into(), ..Default::default() };
    town.submit(request, LITTER_THERE, location).await;
    town.taken(request).await
}

async fn decided(town: &Town, route: &pb::Route, area: &str) {
    let decision = pb::DecideTriageRequest {
        request_id: fresh(),
        request: route.request.clone(),
        version: route.version,
        area: area.into(),
        category: LITTER.into(),
        ..Default::default()
    };
    town.desk().decide_triage(decision).await.unwrap();
}

#[tokio::test]
async fn what_the_desk_decides_twice_leads_the_third() {
    let town = Town::with_profile().await;
    let first = submitted(&town, "车站新路12号").await;
    assert_eq!(first.decision.as_ref().unwrap().candidates, Vec::<String>::new());
    decided(&town, &first, TONGXING).await;
    let second = submitted(&town, "车站新路16号").await;
    assert_eq!(second.decision.as_ref().unwrap().candidates, [TONGXING]);
    decided(&town, &second, TONGXING).await;
    let third = submitted(&town, "车站新路").await;
    assert_eq!(third.state(), pb::RouteState::Queued);
    let known = third.decision.as_ref().unwrap();
    assert_eq!((known.area.as_str(), known.candidates.join(",").as_str()), ("", TONGXING));
    let why = known.reasons.iter().find(|it| it.rule == "area.road_history").unwrap();
    assert!(why.text.starts_with("以往2件在“车站新路”的诉求落在"), "{}", why.text);
    // Of another road nothing is known.
    assert_eq!(submitted(&town, "车站老路").await.decision.unwrap().candidates, Vec::<String>::new());

    // Whoever asks what a location comes to is told too, and what explains a route leaves out its own decision.
    let bearer = town.bench.bearer(Role::Officer, None, Some(place::DISTRICT));
    let location = Some(common::Location { address: "车站新路18号".into(), ..Default::default() });
    let read = pb::ReadLocationRequest { district: place::DISTRICT.into(), location };
    let read = Directory::new(wire(town.running.grpc, bearer)).read_location(read).await.unwrap();
    assert_eq!(read.into_inner().candidates, [TONGXING]);
    let today = crate::rule::explained(&town, &second).await.today.unwrap();
    let why = today.reasons.iter().find(|it| it.rule == "area.road_history").unwrap();
    assert!(why.text.starts_with("以往1件"), "{}", why.text);
    town.end().await;
}
