//! The rules, pure: the three stories, and each way a part is decided or not.

use huying_proto::routing::v1 as pb;
use huying_routing::domain::{
    decide::decide,
    decision::{Decision, Demand, Part, Routing, Submission},
    index::Index,
    learned::Memory,
};
use huying_terms::{Location, Point, Tier};

use crate::place::{self, CARS, GAS, LITTER, POLICY, TREES, around, at, in_area, submission};

fn rules(content: &str, location: Location) -> Routing {
    decide(&place::index(), Memory::default(), &submission(content, location, ""), place::now())
}

fn decision(content: &str, location: Location) -> Decision {
    place::decided(rules(content, location))
}

fn undecided(routing: Routing) -> (Vec<Part>, Vec<String>) {
    match routing {
        Routing::Queued { partial, undecided } => {
            (undecided, partial.reasons.into_iter().map(|it| it.rule).collect())
        }
        Routing::Decided(decision) => panic!("decided:\n{}", place::told(&decision)),
    }
}

/// Litter somewhere: the category is clear, so only the place is in question.
fn area_of(location: Location) -> (String, Vec<String>) {
    let decision = decision("路边垃圾堆了一地", location);
    let rules =
        decision.reasons.iter().filter(|it| it.part == Part::Area).map(|it| it.rule.clone()).collect();
    (decision.area.to_string(), rules)
}

fn no_area(location: Location) -> Vec<String> {
    let (parts, rules) = undecided(rules("路边垃圾堆了一地", location));
    assert_eq!(parts, [Part::Area]);
    rules
}

#[test]
fn story_a_a_car_blocks_block_b_and_stays_in_the_grid() {
    let it =
        decision("恒大双城B栋楼下有车堵住单元门，出不去\n请帮忙联系挪车", at("二七街道长建社区恒大双城B栋"));
    assert_eq!((it.holder.as_str(), it.tier), ("G-420102010002002", Tier::Grid));
    insta::assert_snapshot!("story_a", place::told(&it));
}

#[test]
fn story_b_a_leaning_tree_is_urgent_by_its_circumstances() {
    let it = decision("胜利街158号门前大树倾斜\n旁边有变压器，怕要倒", at("一元街道同兴社区胜利街158号"));
    assert_eq!(
        (it.holder.as_str(), it.departments.join(",").as_str()),
        ("G-420102003002001", "DEP-yuanlin,DEP-jiaoguan")
    );
    insta::assert_snapshot!("story_b", place::told(&it));
}

#[test]
fn story_c_an_enterprise_matter_goes_to_the_response_group_wherever_it_is() {
    let it = decision("园区企业想请人做一次惠企政策宣讲", Location::default());
    assert_eq!((it.holder.as_str(), it.tier, it.area.as_str()), ("RG-yingshang", Tier::District, "420102"));
    insta::assert_snapshot!("story_c", place::told(&it));
}

#[test]
fn a_given_code_counts_where_it_is_known() {
    assert_eq!(area_of(in_area("420102010002001")), ("420102010002001".into(), vec!["area.given".into()]));
    assert_eq!(area_of(in_area("420102010002")).0, "420102010002");
    let unknown = area_of(Location { area: "420102010077".into(), ..at("二七街道长建社区") });
    assert_eq!(unknown, ("420102010002".into(), vec!["area.unknown".into(), "area.name".into()]));
    for code in ["420102010077", "999", "<script>"] {
        assert_eq!(no_area(in_area(code)), ["area.unknown", "area.none", "category.keyword"], "{code}");
    }
}

#[test]
fn a_given_street_is_made_more_exact_only_by_what_lies_in_it() {
    let location = Location { area: "420102010".into(), ..at("长建社区3栋") };
    assert_eq!(area_of(location).0, "420102010002");
    let location = Location { area: "420102010".into(), ..at("同兴社区3栋") };
    assert_eq!(no_area(location), ["area.conflict", "category.keyword"]);
}

#[test]
fn a_point_counts_for_the_most_exact_border_around_it() {
    assert_eq!(area_of(around(30.589, 114.299)), ("420102003002001".into(), vec!["area.boundary".into()]));
    assert_eq!(area_of(around(30.585, 114.295)).0, "420102003");
    assert_eq!(area_of(around(30.70, 114.40)).0, "420102");
    // On the line between two grids: their community.
    assert_eq!(
        area_of(around(30.589, 114.3)),
        ("420102003002".into(), vec!["area.overlap".into(), "area.boundary".into()])
    );
}

#[test]
fn a_border_has_parts_and_holes() {
    let mut profile = place::profile();
    let ring = |longitude: f64| {
        place::boundary(
            "420102010009",
            &[(longitude, 30.6), (longitude + 0.01, 30.6), (longitude + 0.01, 30.61)],
        )
        .ring
    };
    let part =
        |longitude: f64, holes| pb::Boundary { area: "420102010009".into(), ring: ring(longitude), holes };
    let hole = place::boundary("", &[(114.346, 30.601), (114.349, 30.601), (114.349, 30.604)]).ring;
    profile.boundaries.extend([part(114.32, vec![]), part(114.34, vec![pb::Ring { points: hole }])]);
    let index = Index::new(place::directory(profile)).unwrap();
    let area_of = |latitude: f64, longitude: f64| {
        let submission = submission("路边垃圾堆了一地", around(latitude, longitude), "");
        place::decided(decide(&index, Memory::default(), &submission, place::now())).area.to_string()
    };
    assert_eq!(area_of(30.602, 114.328), "420102010009");
    assert_eq!(area_of(30.602, 114.345), "420102010009");
    assert_eq!(area_of(30.602, 114.348), "420102", "in the hole");
}

#[test]
fn a_point_outside_every_border_says_so_and_leaves_it_to_the_names() {
    assert_eq!(no_area(around(39.9, 116.4)), ["area.outside", "area.none", "category.keyword"]);
    let both = Location { point: Some(Point::new(39.9, 116.4)), ..at("同兴社区") };
    assert_eq!(area_of(both), ("420102003002".into(), vec!["area.outside".into(), "area.name".into()]));
    // Even what the district disposes of is not its matter when it lies elsewhere.
    let (parts, _) = undecided(rules("园区企业想请人做一次惠企政策宣讲", around(39.9, 116.4)));
    assert_eq!(parts, [Part::Area]);
}

#[test]
fn names_in_the_address_count_places_first() {
    assert_eq!(area_of(at("江岸区恒大双城B栋")), ("420102010002002".into(), vec!["area.place".into()]));
    assert_eq!(area_of(at("同兴社区第二网格")).0, "420102003002002");
    assert_eq!(area_of(at("江岸区二七街道某处")).0, "420102010");
    // A place that is a street, made more exact by a community in it.
    assert_eq!(area_of(at("一元里同兴社区")).0, "420102003002");
    assert_eq!(no_area(at("一元里长建社区")), ["area.ambiguous", "category.keyword"]);
}

#[test]
fn a_bare_name_counts_only_as_a_word_of_its_own() {
    assert_eq!(area_of(at("江岸区长建3栋")).0, "420102010002");
    assert_eq!(area_of(at("二七街道长建")).0, "420102010002");
    for address in ["解放公园路8号", "公园路8号", "幸福小区3栋", "武汉公园"] {
        assert_eq!(no_area(at(address)), ["area.none", "category.keyword"], "{address}");
    }
    // Named in a street it does not lie in: the street is what is known.
    assert_eq!(area_of(at("二七街道同兴3栋")).0, "420102010");
}

#[test]
fn an_address_that_names_two_places_is_for_a_person() {
    for address in ["同兴社区和长建社区之间", "恒大双城到胜利街158号", "二七街道同兴社区"]
    {
        assert_eq!(no_area(at(address)), ["area.ambiguous", "category.keyword"], "{address}");
    }
    assert_eq!(no_area(at("江岸区")), ["area.none", "category.keyword"]);
}

#[test]
fn a_given_category_counts_where_it_is_known() {
    let index = place::index();
    let given = |category: &str| {
        decide(
            &index,
            Memory::default(),
            &submission("有车堵住单元门", in_area("420102010002001"), category),
            place::now(),
        )
    };
    let it = place::decided(given(LITTER));
    assert_eq!(it.category, LITTER);
    let it = place::decided(given("no-such"));
    let rules: Vec<_> =
        it.reasons.iter().filter(|it| it.part == Part::Category).map(|it| it.rule.as_str()).collect();
    assert_eq!((it.category.as_str(), rules), (CARS, vec!["category.unknown", "category.keyword"]));
}

#[test]
fn the_title_is_read_first_and_a_tie_is_for_a_person() {
    let here = || in_area("420102010002001");
    assert_eq!(decision("有车堵住出口\n还有垃圾堆，很臭，树歪，大树倾斜", here()).category, CARS);
    assert_eq!(decision("反映一个情况\n小区垃圾堆了三天", here()).category, LITTER);
    // A tie in the title is broken by the whole.
    assert_eq!(decision("垃圾成堆，燃气不通\n像是漏气", here()).category, GAS);
    assert_eq!(
        undecided(rules("垃圾成堆的燃气站\n", here())),
        (vec![Part::Category], vec!["area.given".into(), "category.tie".into()])
    );
    assert_eq!(undecided(rules("你好", Location::default())).0, [Part::Area, Part::Category]);
    // A word that excludes.
    assert_eq!(undecided(rules("古树歪", here())).0, [Part::Category]);
}

#[test]
fn a_case_starts_no_lower_than_its_place_is_known() {
    let starts = |code: &str| {
        let it = decision("垃圾堆了三天", in_area(code));
        (it.tier, it.holder)
    };
    assert_eq!(starts("420102003002002"), (Tier::Grid, "G-420102003002002".into()));
    assert_eq!(starts("420102003002"), (Tier::Community, "C-420102003002".into()));
    assert_eq!(starts("420102003"), (Tier::Street, "S-420102003".into()));
    // Only its place brought it up: the command centre holds it, not the department.
    assert_eq!(starts("420102"), (Tier::District, "D-420102".into()));
    // Nobody at the post: the next above.
    assert_eq!(starts("420102003005001"), (Tier::Community, "C-420102003005".into()));
    assert_eq!(decision("闻到燃气泄漏", in_area("420102003002002")).holder, "C-420102003002");
}

#[test]
fn nobody_at_any_post_is_for_a_person() {
    let mut directory = place::directory(place::profile());
    directory.units.retain(|unit| unit.kind.line().is_none());
    let index = Index::new(directory).unwrap();
    let routing = decide(
        &index,
        Memory::default(),
        &submission("垃圾堆了三天", in_area("420102003002"), ""),
        place::now(),
    );
    assert_eq!(undecided(routing).0, [Part::Holder]);
}

#[test]
fn a_raised_priority_takes_the_sooner_of_both_limits() {
    let it = decision("闻到燃气泄漏", in_area("420102003002"));
    assert_eq!(
        (it.priority.as_str(), it.resolve.to_string().as_str(), it.respond.to_string().as_str()),
        ("urgent", "1 urgent hour", "1 urgent hour")
    );
    // Not raised: the category's own.
    let it = decision("想通燃气", in_area("420102003002"));
    assert_eq!(
        (it.category.as_str(), it.priority.as_str(), it.resolve.to_string().as_str()),
        (GAS, "normal", "5 work days")
    );
}

#[test]
fn what_the_platform_demands_counts_where_it_is_more() {
    let demanding = |content: &str, urgent, due_at| {
        let asked = submission(content, in_area("420102003002"), "");
        let asked = Submission { demand: Demand { urgent, due_at, ..Demand::default() }, ..asked };
        match decide(&place::index(), Memory::default(), &asked, place::now()) {
            Routing::Decided(decision) => *decision,
            Routing::Queued { undecided, .. } => panic!("{undecided:?}"),
        }
    };
    let hours = |hours| Some(place::now() + chrono::TimeDelta::hours(hours));
    let given = demanding("想通燃气", false, None);
    let urgent = demanding("想通燃气", true, None);
    assert_eq!((given.priority.as_str(), urgent.priority.as_str()), ("normal", "urgent"));
    assert!(urgent.resolve_due_at < given.resolve_due_at, "an urgent case has less time");
    assert!(urgent.reasons.iter().any(|it| it.rule == "priority.urgent_lamp"), "{:?}", urgent.reasons);

    let sooner = demanding("想通燃气", false, hours(30));
    assert_eq!(
        (sooner.resolve.to_string().as_str(), sooner.priority.as_str()),
        ("30 urgent hours", "normal")
    );
    assert_eq!(Some(sooner.resolve_due_at), hours(30));
    assert_eq!(
        demanding("想通燃气", false, hours(24 * 100)).resolve,
        given.resolve,
        "the district's is sooner"
    );
    let over = demanding("想通燃气", false, hours(-5));
    assert_eq!(over.resolve.to_string(), "1 urgent hour");
    let danger = demanding("闻到燃气泄漏", true, None);
    assert!(danger.reasons.iter().all(|it| it.rule != "priority.urgent_lamp"), "urgent without the lamp");
}

#[test]
fn of_several_conditions_the_shortest_limit_counts() {
    let resolve = |content: &str| decision(content, in_area("420102003002")).resolve.to_string();
    assert_eq!(resolve("请修剪树"), "2 work days");
    assert_eq!(resolve("树歪了"), "1 work day");
    assert_eq!(resolve("树歪了，要倒"), "4 urgent hours");
    assert_eq!(decision("树歪了", in_area("420102003002")).category, TREES);
    assert_eq!(decision("惠企政策宣讲", in_area("420102003002")).category, POLICY);
}
