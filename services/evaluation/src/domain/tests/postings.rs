//! Where a posting is added.

use std::collections::BTreeSet;

use huying_terms::Tier;

use crate::domain::figure::{By, Cells, Channel, Measure, Posting, has_categories, post};

/// The areas that a case of a grid of Sunbu is told of by something, shortest first.
fn told_of(district: &str, by: By) -> Vec<String> {
    let posting = Posting {
        day: "2026-11-23".parse().unwrap(),
        area: "341802107002001".into(),
        category: "0101".into(),
        unit: "village-2".into(),
        tier: Some(Tier::Community),
        channel: Some(Channel::Hotline),
        measure: Measure::Opened,
        number: 1,
    };
    let mut cells = Cells::new();
    post(&mut cells, district, &[posting], 1);
    let scopes = cells.into_keys().filter(|cell| cell.by == by).map(|cell| cell.scope);
    scopes.collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
fn a_district_has_categories_of_itself_and_of_its_streets() {
    assert_eq!(told_of("341802", By::Category), ["341802", "341802107"]);
    for by in [By::All, By::Unit, By::Channel] {
        assert_eq!(told_of("341802", by), ["341802", "341802107", "341802107002"], "{by:?}");
    }
    assert_eq!(told_of("341802", By::Tier), ["341802"]);
}

#[test]
fn a_town_that_is_a_district_has_categories_of_its_villages() {
    for by in [By::All, By::Unit, By::Channel, By::Category] {
        assert_eq!(told_of("341802107", by), ["341802107", "341802107002"], "{by:?}");
    }
    assert_eq!(told_of("341802107", By::Tier), ["341802107"]);
}

#[test]
fn categories_are_counted_one_level_below_the_district() {
    for (district, area, has) in [
        ("420102", "", true),
        ("420102", "420102", true),
        ("420102", "420102003", true),
        ("420102", "420102003002", false),
        ("341802107", "341802107", true),
        ("341802107", "341802107002", true),
        ("341802107", "341802107002001", false),
    ] {
        assert_eq!(has_categories(district, area), has, "{district} {area}");
    }
}
