//! Confidence intervals against published values, by hand, and at the edges.

use proptest::prelude::*;

use crate::domain::estimate::{Estimate, Found, of_stratum, of_whole};

fn found(population: i64, answered: i64, count: i64) -> Found {
    Found { population, answered, count }
}

/// To four digits, as they are printed.
fn ends(it: Estimate) -> (String, String) {
    (format!("{:.4}", it.low), format!("{:.4}", it.high))
}

/// R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods", Statistics in Medicine 17,
/// 1998, table I, method 3.
#[test]
fn wilson_is_as_newcombe_printed_it() {
    for (count, answered, low, high) in [
        (81, 263, "0.2553", "0.3662"),
        (15, 148, "0.0624", "0.1605"),
        (0, 20, "0.0000", "0.1611"),
        (1, 29, "0.0061", "0.1718"),
    ] {
        let it = of_stratum(&found(1_000_000, answered, count)).unwrap();
        assert_eq!(ends(it), (low.to_owned(), high.to_owned()), "{count} of {answered}");
        assert_eq!(it.count, count);
    }
}

/// Two strata of 100 and 300, of which 20 and 60 answered: the rate is 0.25 × 0.5 + 0.75 × 0.75. Its variance is
/// 0.0625 × 0.8 × 0.25 / 19 + 0.5625 × 0.8 × 0.1875 / 59 = 0.00208798, so that 80 are worth 80 × 0.21484375 / (79 × 0.00208798) = 104.1992.
#[test]
fn strata_weigh_by_their_populations() {
    let it = of_whole(&[found(100, 20, 10), found(300, 60, 45)]).unwrap();
    assert_eq!(it.count, 55);
    assert!((it.rate - 0.6875).abs() < 1e-12);
    let (n, z) = (104.199_2, 1.959_964);
    let middle = (0.6875 + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let reach = z / (1.0 + z * z / n) * f64::sqrt(0.6875 * 0.3125 / n + z * z / (4.0 * n * n));
    assert!((it.low - (middle - reach)).abs() < 1e-5 && (it.high - (middle + reach)).abs() < 1e-5, "{it:?}");
}

#[test]
fn without_answers_there_is_nothing_to_say() {
    assert_eq!(of_stratum(&found(10, 0, 0)), None);
    assert_eq!(of_whole(&[found(10, 0, 0), found(5, 0, 0)]), None);
    assert_eq!(of_whole(&[]), None);
}

/// Where nobody of a stratum answered, the others stand for themselves alone.
#[test]
fn a_silent_stratum_is_left_out() {
    let alone = of_whole(&[found(300, 60, 45)]);
    assert_eq!(of_whole(&[found(100, 0, 0), found(300, 60, 45)]), alone);
}

#[test]
fn who_asked_everybody_knows() {
    let it = of_whole(&[found(20, 20, 15), found(40, 40, 30)]).unwrap();
    assert_eq!((it.rate, it.low, it.high), (0.75, 0.75, 0.75));
    let all = of_whole(&[found(20, 20, 20)]).unwrap();
    assert_eq!((all.rate, all.low, all.high), (1.0, 1.0, 1.0));
    let one = of_whole(&[found(1, 1, 0), found(1, 1, 1)]).unwrap();
    assert_eq!((one.rate, one.low, one.high), (0.5, 0.5, 0.5));
}

/// All who were asked said yes: that leaves room for those who were not, and less the more were asked.
#[test]
fn one_voice_is_not_certain() {
    let few = of_whole(&[found(100, 10, 10)]).unwrap();
    let many = of_whole(&[found(100, 50, 50)]).unwrap();
    assert_eq!((few.rate, few.high), (1.0, 1.0));
    assert!(0.5 < few.low && few.low < many.low && many.low < 1.0, "{few:?} {many:?}");
}

fn strata() -> impl Strategy<Value = Vec<Found>> {
    let one = (1i64..5_000, 0.0f64..=1.0, 0.0f64..=1.0).prop_map(|(population, asked, yes)| {
        let answered = (population as f64 * asked) as i64;
        found(population, answered, (answered as f64 * yes) as i64)
    });
    prop::collection::vec(one, 0..8)
}

proptest! {
    #[test]
    fn the_rate_lies_between_its_ends(strata in strata()) {
        let each = strata.iter().filter_map(of_stratum).chain(of_whole(&strata));
        for it in each {
            prop_assert!(0.0 <= it.low && it.low <= it.rate && it.rate <= it.high && it.high <= 1.0, "{it:?}");
        }
        prop_assert_eq!(of_whole(&strata).is_some(), strata.iter().any(|it| it.answered > 0));
    }

    /// A sample of one stratum out of very many is Wilson's own case.
    #[test]
    fn a_single_stratum_without_end_is_wilsons(answered in 2i64..2_000, yes in 0.0f64..=1.0) {
        let one = found(i64::MAX / 4, answered, (answered as f64 * yes) as i64);
        let (whole, stratum) = (of_whole(&[one]).unwrap(), of_stratum(&one).unwrap());
        prop_assert!((whole.low - stratum.low).abs() < 1e-9 && (whole.high - stratum.high).abs() < 1e-9);
    }

    /// In proportion, and all of them heard: the weighted rate is the plain one.
    #[test]
    fn in_proportion_the_weights_change_nothing(sizes in prop::collection::vec((1i64..50, 0.0f64..=1.0), 1..8)) {
        let strata: Vec<Found> =
            sizes.iter().map(|(n, yes)| found(n * 7, *n, (*n as f64 * yes) as i64)).collect();
        let plain = strata.iter().map(|it| it.count).sum::<i64>() as f64 / strata.iter().map(|it| it.answered).sum::<i64>() as f64;
        prop_assert!((of_whole(&strata).unwrap().rate - plain).abs() < 1e-9);
    }
}
