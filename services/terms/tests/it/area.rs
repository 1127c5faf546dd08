//! Area codes and tiers.

use huying_terms::{AreaCode, AreaError, Tier};
use proptest::prelude::*;

fn code(text: &str) -> AreaCode {
    AreaCode::parse(text).unwrap()
}

#[test]
fn each_length_is_a_tier() {
    for (text, tier) in [
        ("420102", Tier::District),
        ("420102015", Tier::Street),
        ("420102015003", Tier::Community),
        ("420102015003007", Tier::Grid),
    ] {
        assert_eq!(code(text).tier(), tier);
        assert_eq!(code(text).as_str().len(), tier.code_len());
        assert_eq!(code(text).to_string(), text);
    }
}

#[test]
fn anything_else_is_refused() {
    for text in ["", "42", "4201020", "42010201500300700"] {
        assert_eq!(AreaCode::parse(text), Err(AreaError::Length(text.len())));
    }
    for text in ["42010a", " 420102", "420102\n", "４２", "汉口", "-20102", "42010२"] {
        assert_eq!(AreaCode::parse(text), Err(AreaError::NotDigits), "{text}");
    }
    assert!(serde_json::from_str::<AreaCode>("\"42\"").is_err());
    assert!(serde_json::from_str::<AreaCode>("420102").is_err());
}

#[test]
fn the_path_upwards() {
    let grid = code("420102015003007");
    assert_eq!(grid.parent(), Some(code("420102015003")));
    assert_eq!(grid.at(Tier::Street), Some(code("420102015")));
    assert_eq!(grid.at(Tier::Grid), Some(grid.clone()));
    assert_eq!(grid.district(), code("420102"));
    assert_eq!(grid.district().parent(), None);
    assert_eq!(grid.district().district(), code("420102"));
    assert_eq!(code("420102015").at(Tier::Community), None);
    assert!(!code("420102015").contains(&code("420102")));
    assert!(!code("420102015").contains(&code("420102016001")));
}

#[test]
fn tiers_are_ordered_and_named() {
    assert!(Tier::ALL.is_sorted());
    for tier in Tier::ALL {
        assert!(tier.up().is_none_or(|up| up > tier && up.code_len() < tier.code_len()));
        assert_eq!(tier.as_str().parse(), Ok(tier));
        assert_eq!(serde_json::to_value(tier).unwrap(), tier.as_str());
    }
    assert_eq!(Tier::ALL.map(Tier::chinese), ["网格", "社区", "街道", "区"]);
    assert!("Grid".parse::<Tier>().is_err());
}

/// Codes from few digits, so that many are related.
fn any_code() -> impl Strategy<Value = AreaCode> {
    prop::sample::select(vec!["1{6}", "[12]{9}", "1{9}[12]{3}", "1{12}[12]{3}", "[12]{6}"])
        .prop_flat_map(|shape| prop::string::string_regex(shape).unwrap())
        .prop_map(|text| code(&text))
}

proptest! {
    #[test]
    fn contains_is_a_partial_order(a in any_code(), b in any_code(), c in any_code()) {
        prop_assert!(a.contains(&a));
        prop_assert!(!(a.contains(&b) && b.contains(&a)) || a == b);
        prop_assert!(!(a.contains(&b) && b.contains(&c)) || a.contains(&c));
        if a.contains(&b) {
            prop_assert!(a <= b && a.tier() >= b.tier());
            prop_assert_eq!(b.at(a.tier()), Some(a));
        }
    }

    #[test]
    fn every_ancestor_contains(a in any_code()) {
        prop_assert!(a.parent().is_none_or(|parent| parent.contains(&a) && parent != a));
        prop_assert!(a.district().contains(&a));
        let json = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(serde_json::from_str::<AreaCode>(&json).unwrap(), a);
    }
}
