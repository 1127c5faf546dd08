//! What holds for whatever comes in.

use huying_routing::domain::{
    decide::decide,
    decision::{Decision, Part, Routing, Submission},
    index::Index,
    learned::Memory,
    route::Route,
};
use huying_terms::{Location, Point};
use proptest::prelude::*;
use std::sync::LazyLock;

use crate::place;

static INDEX: LazyLock<Index> = LazyLock::new(place::index);

/// Pieces of addresses and of complaints, right, wrong and nonsense.
const PIECES: [&str; 26] = [
    "江岸区",
    "二七街道",
    "一元街道",
    "长建社区",
    "同兴社区",
    "公园社区",
    "恒大双城",
    "胜利街158号",
    "公园",
    "长建",
    "路",
    "3栋",
    "车",
    "堵住",
    "挪车",
    "大树倾斜",
    "垃圾",
    "堆",
    "燃气泄漏",
    "惠企政策",
    "企业",
    "要倒",
    "\n",
    "，",
    "😀",
    "同兴社区第一网格",
];
const CODES: [&str; 9] = [
    "",
    "420102",
    "420102003",
    "420102003002",
    "420102003002001",
    "420102003005001",
    "420102010002002",
    "420103",
    "x",
];
const GIVEN: [&str; 5] = ["", place::CARS, place::GAS, place::POLICY, "none"];

fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&PIECES[..]), 0..7).prop_map(|pieces| pieces.concat())
}

fn submissions() -> impl Strategy<Value = Submission> {
    let point =
        prop::option::of((30.5..30.75f64, 114.2..114.45f64).prop_map(|(lat, lon)| Point::new(lat, lon)));
    let location = (pieces(), prop::sample::select(&CODES[..]), point)
        .prop_map(|(address, area, point)| Location { address, area: area.into(), point, given: None });
    (prop_oneof![pieces(), ".{0,40}"], location, prop::sample::select(&GIVEN[..]))
        .prop_map(|(content, location, category)| place::submission(&content, location, category))
}

fn sound(it: &Decision) {
    let holder = INDEX.unit(&it.holder).expect("the holder is known");
    let beside = holder.kind.line().is_none();
    assert!(beside || holder.area.contains(&it.area), "{} does not answer for {}", holder.code, it.area);
    assert!(it.tier >= it.area.tier() && it.tier == holder.tier);
    assert!(INDEX.area(&it.area).is_some() && INDEX.category(&it.category).is_some());
    assert!(it.departments.iter().all(|code| INDEX.unit(code).is_some_and(|unit| unit.kind.is_callable())));
    assert!(it.respond_due_at > place::now() && it.resolve_due_at > place::now());
    let parts: Vec<Part> = it.reasons.iter().map(|reason| reason.part).collect();
    assert!(Part::DECIDED.iter().all(|part| parts.contains(part)), "a part without a reason: {parts:?}");
    assert!(it.reasons.iter().all(|reason| !reason.text.is_empty()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_decision_is_sound_and_what_is_undecided_is_named(submission in submissions()) {
        match decide(&INDEX, Memory::default(), &submission, place::now()) {
            Routing::Decided(decision) => sound(&decision),
            Routing::Queued { partial, undecided } => {
                prop_assert!(!undecided.is_empty());
                prop_assert_eq!(partial.area.is_none(), undecided.contains(&Part::Area));
                prop_assert_eq!(partial.category.is_none(), undecided.contains(&Part::Category));
                for part in undecided {
                    prop_assert!(partial.reasons.iter().any(|reason| reason.part == part));
                }
            }
        }
    }

    #[test]
    fn deciding_twice_is_deciding_once(submission in submissions()) {
        let once = Route::receive(Some(&INDEX), Memory::default(), submission.clone(), place::now());
        prop_assert_eq!(once, Route::receive(Some(&INDEX), Memory::default(), submission, place::now()));
    }
}
