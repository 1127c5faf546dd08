//! The three rates against published figures, and at the edges.

use proptest::prelude::*;

use crate::domain::rates::{Counts, MOST_UNITS, Rates, Weights, standings};

fn counts(valid: i64, contacted: i64, solved: i64, satisfied: i64, basically: i64) -> Counts {
    Counts { valid, contacted, solved, satisfied, basically }
}

/// As people print it.
fn percent(rate: f64) -> String {
    format!("{:.1} %", rate * 100.0)
}

#[test]
fn jiangbei_asked_400_of_whom_347_were_satisfied() {
    let rates = Rates::of("", counts(400, 400, 347, 347, 0), &Weights::default());
    assert!((rates.satisfaction - 0.8675).abs() < 1e-12);
    // The district printed 86.7 %: it cuts where others round.
    assert_eq!((rates.satisfaction * 1000.0).floor() / 10.0, 86.7);
}

#[test]
fn haishu_solved_1169_of_1337() {
    let rates = Rates::of("", counts(1337, 1337, 1169, 0, 0), &Weights::default());
    assert_eq!(percent(rates.resolution), "87.4 %");
}

#[test]
fn sunbu_solved_781_of_799() {
    let rates = Rates::of("", counts(799, 799, 781, 0, 0), &Weights::default());
    assert_eq!(percent(rates.resolution), "97.7 %");
    // The town printed 97.8 %: it is 97.747, and the town rounded up.
    assert_eq!((rates.resolution * 1000.0).ceil() / 10.0, 97.8);
}

#[test]
fn jiangbei_s_one_stop_team_solved_331_of_420() {
    let rates = Rates::of("", counts(420, 420, 331, 0, 0), &Weights::default());
    assert_eq!(percent(rates.resolution), "78.8 %");
}

#[test]
fn a_score_weighs_the_three() {
    let weights = Weights { basically: 0.5, response: 0.2, resolution: 0.5, satisfaction: 0.3 };
    let rates = Rates::of("u", counts(10, 9, 8, 6, 2), &weights);
    assert!((rates.response - 0.9).abs() < 1e-12);
    assert!((rates.resolution - 0.8).abs() < 1e-12);
    assert!((rates.satisfaction - 0.7).abs() < 1e-12);
    assert!((rates.score - (0.2 * 0.9 + 0.5 * 0.8 + 0.3 * 0.7)).abs() < 1e-12);
}

#[test]
fn nobody_reached_is_zero_and_never_nan() {
    let (total, units) = standings(Vec::new(), &Weights::default());
    assert!(units.is_empty());
    assert_eq!((total.response, total.resolution, total.satisfaction, total.score), (0.0, 0.0, 0.0, 0.0));
}

#[test]
fn the_highest_score_comes_first_and_of_equals_the_busier() {
    let units = vec![
        ("quiet".to_owned(), counts(1, 1, 1, 1, 0)),
        ("bad".to_owned(), counts(9, 0, 0, 0, 0)),
        ("busy".to_owned(), counts(5, 5, 5, 5, 0)),
        ("also-quiet".to_owned(), counts(1, 1, 1, 1, 0)),
    ];
    let (total, units) = standings(units, &Weights::default());
    assert_eq!(
        units.iter().map(|rates| rates.unit.as_str()).collect::<Vec<_>>(),
        ["busy", "also-quiet", "quiet", "bad"]
    );
    assert_eq!(total.counts, counts(16, 7, 7, 7, 0));
}

#[test]
fn the_whole_counts_units_that_are_not_told() {
    let units = (0..MOST_UNITS + 5).map(|n| (n.to_string(), counts(1, 1, 1, 1, 0))).collect();
    let (total, units) = standings(units, &Weights::default());
    assert_eq!((units.len(), total.counts.valid), (MOST_UNITS, MOST_UNITS as i64 + 5));
}

proptest! {
    #[test]
    fn every_rate_is_from_0_to_1(valid in 0i64..10_000, a in 0.0f64..=1.0, b in 0.0f64..=1.0, c in 0.0f64..=1.0, d in 0.0f64..=1.0) {
        let part = |share: f64| (valid as f64 * share) as i64;
        let satisfied = part(c);
        let counts = counts(valid, part(a), part(b), satisfied, ((valid - satisfied) as f64 * d) as i64);
        let rates = Rates::of("", counts, &Weights::default());
        for rate in [rates.response, rates.resolution, rates.satisfaction, rates.score] {
            prop_assert!((0.0..=1.0 + 1e-9).contains(&rate));
        }
    }
}
