//! A profile is checked whole: everything that is wrong is named at once.

use huying_proto::{common::v1 as common, routing::v1 as pb};
use huying_routing::grpc::profile;
use uuid::Uuid;

use crate::place;

/// What an apply of the changed place is told, one line for each violation, in order of field.
pub fn wrong(change: impl FnOnce(&mut pb::RoutingProfile)) -> String {
    let mut profile = place::profile();
    change(&mut profile);
    let request = pb::ApplyProfileRequest {
        request_id: Uuid::now_v7().to_string(),
        profile: Some(profile),
        dry_run: true,
    };
    match profile::apply(request) {
        Ok(_) => "fine".into(),
        Err(problem) => {
            use tonic_types::StatusExt as _;
            let status = tonic::Status::from(problem);
            let fields = status.get_details_bad_request().unwrap().field_violations;
            let lines = fields
                .iter()
                .map(|it| format!("{}: {}", it.field.trim_start_matches("profile."), it.description));
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}

#[test]
fn the_place_itself_is_fine() {
    assert_eq!(wrong(|_| {}), "fine");
}

#[test]
fn areas_nest_and_are_there_once() {
    insta::assert_snapshot!(
        "check_areas",
        wrong(|it| {
            it.areas.push(it.areas[2].clone());
            it.areas[3].parent = "420102010002".into();
            it.areas[4].tier = common::Tier::Street.into();
            it.areas.push(pb::Area {
                code: "420103001".into(),
                name: "别处".into(),
                tier: common::Tier::Street.into(),
                parent: "420103".into(),
                ..pb::Area::default()
            });
            it.areas.push(pb::Area {
                code: "420102099001".into(),
                name: "孤儿".into(),
                tier: common::Tier::Community.into(),
                parent: "420102099".into(),
                ..pb::Area::default()
            });
        })
    );
}

#[test]
fn units_stand_in_their_place_below_somebody() {
    insta::assert_snapshot!(
        "check_units",
        wrong(|it| {
            let unit = |code: &str| it.units.iter().position(|unit| unit.code == code).unwrap();
            let (grid, community, street, department, group) = (
                unit("G-420102003002001"),
                unit("C-420102003002"),
                unit("S-420102003"),
                unit("DEP-shuiwu"),
                unit("RG-yingshang"),
            );
            it.units[grid].superior = "C-420102010002".into();
            it.units[community].superior = "nobody".into();
            it.units[street].area = "420102099".into();
            it.units[department].superior = "DEP-zhaoshang".into();
            let other = unit_at(it, "DEP-zhaoshang");
            it.units[other].superior = "DEP-shuiwu".into();
            it.units[group].members = vec!["S-420102010".into(), "DEP-none".into()];
            let twin = it.units[grid].clone();
            it.units.push(pb::Unit { code: "G-twin".into(), ..twin.clone() });
            it.units.push(twin);
        })
    );
}

fn unit_at(profile: &pb::RoutingProfile, code: &str) -> usize {
    profile.units.iter().position(|unit| unit.code == code).unwrap()
}

#[test]
fn categories_rules_limits_and_the_rest_name_only_what_is_there() {
    insta::assert_snapshot!(
        "check_rest",
        wrong(|it| {
            it.categories[0].lead = "DEP-none".into();
            it.learned_percent = 101;
            it.categories[1].departments = vec!["S-420102003".into()];
            it.categories.push(it.categories[2].clone());
            it.rules[0].category = "none".into();
            it.rules[1].all.clear();
            it.rules[1].any.clear();
            it.boundaries[0].area = "420102777".into();
            let line = it.boundaries[1].ring[0];
            it.boundaries[1].ring = vec![line, line, line];
            it.defaults[2].priority = common::Priority::High.into();
            it.places.push(pb::Place { name: "恒大双城".into(), area: "420102777".into() });
            it.conditions.push(it.conditions[0].clone());
            it.condition_limits[0].condition = "none".into();
            it.condition_limits[1].category = "none".into();
            it.calendar.as_mut().unwrap().makeup_days.push("2026-10-12".into());
        })
    );
}

fn points(corners: impl IntoIterator<Item = (f64, f64)>) -> Vec<common::Point> {
    let point = |(longitude, latitude)| common::Point { latitude, longitude, datum: 0 };
    corners.into_iter().map(point).collect()
}

/// 萧山 has 2,048 grids, each with a border, some in parts; one that follows a river has thousands of points.
#[test]
fn a_large_district_has_many_borders_and_long_ones() {
    let circle = (0..15_000).map(|n| f64::from(n) / 15_000.0 * std::f64::consts::TAU);
    let ring = points(circle.map(|turn| (114.3 + 0.01 * turn.cos(), 30.6 + 0.01 * turn.sin())));
    let small = place::boundary("420102003", &[(114.294, 30.583), (114.306, 30.583), (114.306, 30.597)]);
    let many = |it: &mut pb::RoutingProfile| {
        it.boundaries.extend(vec![small.clone(); 6000]);
        it.boundaries.push(pb::Boundary { area: "420102010".into(), ring: ring.clone(), holes: vec![] });
    };
    assert_eq!(wrong(many), "fine");
    assert_eq!(
        wrong(|it| it.boundaries = vec![small.clone(); 50_001]),
        "boundaries: must have 0 to 50000 items"
    );
}

#[test]
fn a_border_that_crosses_itself_and_a_hole_outside_are_named_with_their_area() {
    let bow = points([(114.30, 30.58), (114.31, 30.59), (114.31, 30.58), (114.30, 30.59)]);
    let square = |west: f64, south: f64, side: f64| {
        points([(west, south), (west + side, south), (west + side, south + side), (west, south + side)])
    };
    let hole = |points| pb::Ring { points };
    let with = |holes| pb::Boundary { area: "420102010".into(), ring: square(114.3, 30.58, 0.01), holes };
    let told = wrong(|it| {
        it.boundaries[1].ring = bow.clone();
        it.boundaries
            .push(with(vec![hole(square(114.302, 30.582, 0.002)), hole(square(114.32, 30.58, 0.002))]));
        it.boundaries.push(with(vec![hole(square(114.309, 30.582, 0.002))]));
        it.boundaries.push(with(vec![hole(bow)]));
    });
    insta::assert_snapshot!("check_shapes", told);
}

/// A border may touch itself, and a hole its border: they often do.
#[test]
fn borders_that_touch_are_fine() {
    let touching = [
        (114.30, 30.58),
        (114.31, 30.58),
        (114.31, 30.60),
        (114.305, 30.59),
        (114.30, 30.60),
        (114.305, 30.59),
        (114.30, 30.585),
    ];
    let hole = points([(114.30, 30.58), (114.31, 30.58), (114.305, 30.585)]);
    let told = wrong(|it| {
        it.boundaries[1].ring = points(touching);
        it.boundaries[1].holes = vec![pb::Ring { points: hole }];
    });
    assert_eq!(told, "fine");
}

#[test]
fn a_rule_that_can_decide_nothing_is_named() {
    insta::assert_snapshot!(
        "check_words",
        wrong(|it| {
            // Where 车堵 occurs, so does 车.
            it.rules[0].any = vec!["车堵".into()];
            it.rules[0].none = vec!["車".into()];
            it.rules[1].all.push("\u{200b}".into());
            let again = pb::KeywordRule { weight: 3, ..it.rules[3].clone() };
            it.rules.push(again);
            let tie = pb::KeywordRule { category: it.rules[0].category.clone(), ..it.rules[4].clone() };
            it.rules.push(tie);
        })
    );
}

#[test]
fn the_wire_is_checked_first() {
    insta::assert_snapshot!(
        "check_wire",
        wrong(|it| {
            it.areas[1].code = "42010200".into();
            it.areas[2].name = "\u{0}".into();
            it.units[0].kind = 99;
            it.units[1].code = "空 格".into();
            it.categories[0].authority = 0;
            it.categories[1].resolve = place::limit(common::LimitKind::WorkDay, 0);
            it.rules[0].weight = 101;
            it.rules[1].any = vec!["词".into(); 33];
            it.danger = Some(pb::DangerRules {
                words: vec![pb::DangerWords { danger: 99, words: Vec::new() }],
                resolve: place::limit(common::LimitKind::WorkDay, 0),
            });
            it.boundaries[0].ring[0].latitude = f64::NAN;
            it.boundaries[1].ring.truncate(2);
            it.defaults[0].respond = None;
            it.places[0].name = "短".into();
            it.conditions[0].keywords.clear();
            let calendar = it.calendar.as_mut().unwrap();
            calendar.zone = "Mars/Olympus".into();
            calendar.hours[0].from = "25:00".into();
            calendar.holidays[0] = "2026-13-01".into();
        })
    );
    assert_eq!(wrong(|it| it.calendar = None), "calendar: must be given");
    assert_eq!(
        wrong(|it| it.district = "420102003002".into()),
        "district: must be a district, or a town that has none above it"
    );
}

#[test]
fn a_town_stands_at_the_top_of_its_own_tree() {
    let town = |it: &mut pb::RoutingProfile| {
        it.district = "420102003".into();
        it.areas.retain(|area| area.code.starts_with("420102003"));
        it.areas[0].parent.clear();
        it.units.retain(|unit| unit.area.starts_with("420102003"));
        let top = unit_at(it, "S-420102003");
        it.units[top].superior.clear();
        it.categories.retain(|category| category.code == place::LITTER);
        it.categories[0].lead.clear();
        it.rules.retain(|rule| rule.category == place::LITTER);
        it.boundaries.retain(|boundary| boundary.area.starts_with("420102003"));
        it.places.retain(|place| place.area.starts_with("420102003"));
        it.roads.retain(|road| road.area.starts_with("420102003"));
        it.condition_limits.clear();
    };
    assert_eq!(wrong(town), "fine");
    assert_eq!(
        wrong(|it| {
            town(it);
            it.categories[0].authority = common::Tier::District.into();
        }),
        "categories[0].authority: district is above the top tier, street"
    );
}

#[test]
fn the_desk_is_told_once_of_each_priority_and_climbs_upward() {
    let limit = || pb::TriageLimit {
        priority: common::Priority::High.into(),
        limit: place::limit(common::LimitKind::WorkHour, 3),
    };
    let rung = |percent| pb::TriageRung { percent, tier: common::Tier::District.into() };
    let with = |change: &dyn Fn(&mut pb::TriageRules)| {
        wrong(|it| change(it.triage.as_mut().expect("the small place has a desk")))
    };
    assert_eq!(with(&|desk| desk.limits = vec![limit()]), "fine");
    assert_eq!(
        with(&|desk| desk.limits = vec![limit(), limit()]),
        "triage.limits[1].priority: is there twice"
    );
    assert_eq!(
        with(&|desk| desk.climbs = vec![rung(300), rung(300)]),
        "triage.climbs[1].percent: must be more than that of the one before"
    );
    assert_eq!(
        with(&|desk| desk.climbs = vec![rung(100)]),
        "triage.climbs[0].percent: must be from 101 to 1000"
    );
    assert_eq!(with(&|desk| desk.amber_percent = 100), "triage.amber_percent: must be from 0 to 99");
    assert_eq!(with(&|desk| desk.claim_minutes = 481), "triage.claim_minutes: must be from 0 to 480");
    assert_eq!(wrong(|it| it.triage = None), "fine");
}
