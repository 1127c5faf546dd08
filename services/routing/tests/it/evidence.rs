//! Clues of one place are held against each other: what agrees is decided, what disagrees is for a person with both sides named.

use huying_routing::domain::{
    decide::area::{Placed, find},
    decision::Sureness,
    index::Index,
    profile::Directory,
};
use huying_terms::{AreaCode, Location, Point};

use crate::place::{self, around, at, in_area};

fn placed_by(index: &Index, location: &Location) -> Placed {
    find(index, location, None)
}

fn placed(location: &Location) -> Placed {
    placed_by(&place::index(), location)
}

/// The area, how sure, and the rules that were said.
fn told(location: &Location) -> (String, Option<Sureness>, Vec<String>) {
    let it = placed(location);
    let rules = it.reasons.into_iter().map(|it| it.rule).collect();
    (it.area.map(|area| area.to_string()).unwrap_or_default(), it.sureness, rules)
}

fn rules(location: &Location) -> Vec<String> {
    told(location).2
}

fn area(location: &Location) -> String {
    told(location).0
}

/// In 同兴社区, its first grid, 48 m from the nearest border.
fn tongxing() -> Location {
    around(30.589, 114.299)
}

fn with(address: &str, location: Location) -> Location {
    Location { address: address.into(), ..location }
}

#[test]
fn clues_of_different_communities_are_for_a_person_who_is_told_both() {
    let location = with("二七街道长建社区恒大双城", tongxing());
    let it = placed(&location);
    assert_eq!(it.area, None);
    assert_eq!(rules(&location), ["area.conflict"]);
    let text = &it.reasons[0].text;
    assert!(text.contains("同兴社区第一网格") && text.contains("长建社区"), "{text}");
    let offered: Vec<String> = it.candidates.iter().map(ToString::to_string).collect();
    assert_eq!(offered, ["420102003002001", "420102010002002"]);
    for location in [
        with("长建社区", in_area("420102003002")),
        Location { area: "420102010002".into(), ..tongxing() },
        with("二七街道", tongxing()),
    ] {
        assert_eq!(rules(&location), ["area.conflict"], "{location:?}");
    }
}

#[test]
fn clues_that_agree_are_decided_by_the_most_exact() {
    let location = with("一元街道同兴社区", tongxing());
    assert_eq!(
        told(&location),
        ("420102003002001".into(), Some(Sureness::High), vec!["area.boundary".into()])
    );
    let location = Location { area: "420102003".into(), ..at("同兴社区") };
    assert_eq!(told(&location), ("420102003002".into(), Some(Sureness::Fair), vec!["area.name".into()]));
    // Two grids of one community: that community.
    let location = Location { area: "420102003002002".into(), ..tongxing() };
    assert_eq!(area(&location), "420102003002");
    assert_eq!(rules(&location), ["area.grids", "area.given"]);
    // Alone, how sure depends on what it is.
    assert_eq!(told(&at("恒大双城")).1, Some(Sureness::Fair));
    assert_eq!(told(&at("二七街道恒大双城")).1, Some(Sureness::High));
    assert_eq!(told(&at("江岸区长建3栋")).1, Some(Sureness::Low));
}

#[test]
fn an_address_of_two_streets_is_for_a_person_who_is_told_both() {
    for address in
        ["一元街道同兴社区二七街道", "从一元街道同兴社区走到二七街道的路上", "二七街道一元街道同兴社区"]
    {
        let it = placed(&at(address));
        assert_eq!((it.area, it.reasons[0].rule.as_str()), (None, "area.ambiguous"), "{address}");
        let text = &it.reasons[0].text;
        assert!(text.contains("同兴社区") && text.contains("二七街道"), "{text}");
        let offered: Vec<String> = it.candidates.iter().map(ToString::to_string).collect();
        assert_eq!(offered, ["420102003002", "420102010"], "{address}");
    }
    // Once more the same street, or the district, is no other place.
    assert_eq!(area(&at("江岸区一元街道同兴社区（一元街办事处）")), "420102003002");
    assert_eq!(area(&at("一元街道长建3栋")), "420102003", "a bare name contradicts nothing");
}

#[test]
fn a_weak_clue_contradicts_nothing() {
    assert_eq!(area(&with("长建3栋", tongxing())), "420102003002001");
    assert_eq!(rules(&with("长建3栋", tongxing())), ["area.passed_over", "area.boundary"]);
}

#[test]
fn another_district_in_the_address_is_a_contradiction() {
    for location in [
        at("武汉市江汉区一元街道同兴社区"),
        at("武漢市江漢區同興社區"),
        with("武汉市江汉区", tongxing()),
        with("江汉区某路", in_area("420102003002")),
        Location { area: "420103".into(), ..at("同兴社区") },
        Location { area: "420103002005".into(), ..tongxing() },
    ] {
        let it = placed(&location);
        assert_eq!((it.area, it.reasons[0].rule.as_str()), (None, "area.conflict"), "{location:?}");
        assert!(!it.candidates.is_empty());
    }
    assert_eq!(rules(&at("武汉市江汉区")), ["area.elsewhere"]);
    assert_eq!(area(&at("湖北省武汉市江岸区一元街道同兴社区")), "420102003002");
}

#[test]
fn one_normal_form_comes_before_all_matching() {
    assert_eq!(area(&at("胜利街１５８号")), "420102003002001");
    assert_eq!(area(&at("同興社區")), "420102003002");
    assert_eq!(area(&at("同\u{200b}兴 社 区")), "420102003002");
    assert_eq!(area(&in_area("４２０１０２００３００２")), "420102003002");
}

#[test]
fn a_name_that_goes_on_as_a_road_is_no_place() {
    assert_eq!(area(&at("一元街道恒大双城路公交站")), "420102003");
    assert_eq!(rules(&at("恒大双城站")), ["area.none"]);
}

#[test]
fn codes_are_known_in_every_published_length() {
    for (code, expected) in [
        ("420102000000", "420102"),
        ("420102000", "420102"),
        ("420102003000", "420102003"),
        ("420102003002000", "420102003002"),
        (" 420102003002 ", "420102003002"),
    ] {
        assert_eq!(told(&in_area(code)).0, expected, "{code}");
    }
    for code in ["42", "4201", "420000", "420100", "420100000000"] {
        let rules = rules(&with("同兴社区", in_area(code)));
        assert_eq!(rules, ["area.above", "area.name"], "{code}");
    }
    for code in ["420102777", "999999", "0", "42012", "一元"] {
        let rules = rules(&with("同兴社区", in_area(code)));
        assert_eq!(rules, ["area.unknown", "area.name"], "{code}");
    }
}

#[test]
fn what_was_retired_is_said_and_routed() {
    let mut profile = place::profile();
    let street = profile.areas.iter_mut().find(|it| it.code == "420102003").unwrap();
    (street.former_codes, street.former_names) = (vec!["420102001".into()], vec!["上海街道".into()]);
    let index = Index::new(place::directory(profile)).unwrap();
    for location in [in_area("420102001"), in_area("420102001000"), at("上海街道12号")] {
        let it = placed_by(&index, &location);
        assert_eq!(it.area.unwrap().as_str(), "420102003");
        assert_eq!(it.reasons[0].rule, "area.retired");
    }
}

#[test]
fn a_point_that_is_none_is_dropped_and_the_address_counts() {
    for point in [Point::new(0.0, 0.0), Point::new(30.565, 114.3)] {
        let it = placed(&Location { point: Some(point), ..at("一元街道同兴社区") });
        assert_eq!(it.area.unwrap().as_str(), "420102003002");
        assert!(it.without_point);
    }
    assert!(rules(&around(0.0, 0.0)).contains(&"area.no_point".to_owned()));
    let outside = placed(&around(30.569_8, 114.3));
    assert!(outside.reasons[0].text.contains("约22米"), "{:?}", outside.reasons);
    assert!(!placed(&tongxing()).without_point);
}

#[test]
fn beside_a_border_another_clue_chooses() {
    // 12 m inside 同兴社区, whose west is not drawn.
    let beside = || around(30.589, 114.298_62);
    assert_eq!(told(&beside()).1, Some(Sureness::Low));
    assert_eq!(rules(&beside()), ["area.near_border", "area.boundary"]);
    assert_eq!(area(&with("一元街道公园社区", beside())), "420102003005");
    assert_eq!(area(&with("一元街道同兴社区", beside())), "420102003002001");
    // Between two drawn communities, a third is a contradiction.
    let mut profile = place::profile();
    let ring = [(114.2945, 30.587), (114.2985, 30.587), (114.2985, 30.592), (114.2945, 30.592)];
    profile.boundaries.push(place::boundary("420102003005", &ring));
    let index = Index::new(place::directory(profile)).unwrap();
    let chosen =
        |address: &str| placed_by(&index, &with(address, beside())).area.map(|area| area.to_string());
    assert_eq!(chosen("公园社区").as_deref(), Some("420102003005"));
    assert_eq!(chosen("一元街道").as_deref(), Some("420102003002001"));
    assert_eq!(chosen("长建社区"), None);
}

#[test]
fn borders_need_not_nest() {
    let mut profile = place::profile();
    let ring = [(114.297, 30.585), (114.3, 30.585), (114.3, 30.595), (114.297, 30.595)];
    profile.boundaries.push(place::boundary("420102010002", &ring));
    profile.boundaries.retain(|it| it.area.len() != 15 && it.area != "420102003002");
    let index = Index::new(place::directory(profile)).unwrap();
    let it = placed_by(&index, &tongxing());
    assert_eq!(it.area.unwrap().as_str(), "420102010002");
    assert_eq!(it.reasons[0].rule, "area.unnested");
}

#[test]
fn a_road_leads_to_candidates_and_a_known_number_to_its_area() {
    let it = placed(&at("解放大道旁"));
    assert_eq!((it.area, it.reasons[0].rule.as_str()), (None, "area.road"));
    let offered: Vec<String> = it.candidates.iter().map(ToString::to_string).collect();
    assert_eq!(offered, ["420102003002", "420102003005"]);
    assert_eq!(
        told(&at("解放大道15号")),
        ("420102003002".into(), Some(Sureness::Fair), vec!["area.road".into()])
    );
    // One candidate, and a street that agrees.
    assert_eq!(
        told(&at("二七街道一元路8号")),
        ("420102010002".into(), Some(Sureness::Low), vec!["area.road".into()])
    );
    assert_eq!(area(&at("一元路8号")), "", "a bare road gives no area");
    assert_eq!(area(&at("一元街道一元路8号")), "420102003", "nor against a street");
    assert_eq!(area(&at("某某路8号")), "");
    // What a known house contradicts is a contradiction.
    assert_eq!(rules(&at("二七街道胜利街158号")), ["area.ambiguous"]);
    assert_eq!(rules(&at("二七街道解放大道15号")), ["area.ambiguous"]);
}

#[test]
fn a_directory_that_contradicts_itself_is_refused() {
    let wrong = |change: fn(&mut Directory)| {
        let mut directory = place::directory(place::profile());
        change(&mut directory);
        directory.check().into_iter().map(|it| it.field).collect::<Vec<_>>()
    };
    assert!(wrong(|_| {}).is_empty());
    assert_eq!(
        wrong(|it| it.areas[1].former_codes = vec![it.areas[2].code.clone()]),
        ["areas[1].former_codes"]
    );
    assert_eq!(wrong(|it| it.roads[0].numbers = Some((9, 3))), ["roads[0].last"]);
    assert_eq!(wrong(|it| it.roads[0].area = AreaCode::parse("420102777").unwrap()), ["roads[0].area"]);
}
