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

/// Two strata of 100 and 300, of which 20 and 60 answered: the rate is 0.25 × 0.5 + 0.75 × 0.75, and likely (55 + 1) / 82. Drawn to that by
/// two answers they are 0.516630 and 0.747836, and 0.690035 in all, which spread by 0.249723, 0.188577 and 0.213887. The divisors are
/// 20 × (1 − 1/100 − 0.8 × 20/22²) = 19.13884, 60 × (1 − 1/300 − 0.8 × 60/62²) = 59.05078 and 80 × (1 − 1/400 − 0.8 × 80/82²) = 79.03855.
/// So the variance is 0.0625 × 0.8 × 0.249723 / 19.13884 + 0.5625 × 0.8 × 0.188577 / 59.05078 = 0.00208946, and 80 are worth
/// 80 × 0.213887 / (79.03855 × 0.00208946) = 103.6097.
#[test]
fn strata_weigh_by_their_populations() {
    let it = of_whole(&[found(100, 20, 10), found(300, 60, 45)]).unwrap();
    assert_eq!(it.count, 55);
    assert!((it.rate - 0.6875).abs() < 1e-12);
    let (n, z) = (103.609_7, 1.959_964);
    let middle = (0.6875 + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let reach = z / (1.0 + z * z / n) * f64::sqrt(0.6875 * 0.3125 / n + z * z / (4.0 * n * n));
    assert!((it.low - (middle - reach)).abs() < 1e-5 && (it.high - (middle + reach)).abs() < 1e-5, "{it:?}");
}

/// All five of one stratum are satisfied and none of the other's: half of all are, but 9,990 have not been asked.
#[test]
fn strata_of_one_voice_each_are_not_certain() {
    let of = |asked| of_whole(&[found(5_000, asked, asked), found(5_000, asked, 0)]).unwrap();
    let few = of(5);
    assert_eq!((few.rate, ends(few)), (0.5, ("0.2981".into(), "0.7019".into())));
    assert_eq!(ends(of(50)), ("0.4731".into(), "0.5269".into()));
    assert_eq!(ends(of(500)), ("0.4974".into(), "0.5026".into()));
    let (last_but_one, last) = (of(4_999), of(5_000));
    assert!(last_but_one.low < 0.5 && 0.5 < last_but_one.high, "{last_but_one:?}");
    assert_eq!((last.low, last.high), (0.5, 0.5));
}

/// One voice for 9,900 is one voice, however many of the other 100 say the same: Wilson's lower end of one in one is 0.2065.
#[test]
fn many_voices_of_a_few_do_not_speak_for_all() {
    let it = of_whole(&[found(9_900, 1, 1), found(100, 99, 99)]).unwrap();
    assert_eq!(ends(it), ("0.1910".into(), "1.0000".into()));
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

/// How likely each count is, if so many of these say yes.
fn chances(population: i64, yes: i64, asked: usize) -> Vec<f64> {
    let mut chances = vec![0.0; asked + 1];
    chances[0] = 1.0;
    for n in 0..asked {
        for count in (0..=n).rev() {
            let next = (yes - count as i64) as f64 / (population - n as i64) as f64;
            chances[count + 1] += chances[count] * next;
            chances[count] *= 1.0 - next;
        }
    }
    chances
}

/// Of 5,000, 500 and 100 people 90 %, 80 % and half say yes; 5, 20 and 50 are asked. All samples, each as often as it comes. The first stratum
/// is of one voice in three samples out of five, and weighs most.
#[test]
fn the_truth_lies_within_nineteen_times_in_twenty() {
    let strata: [(i64, i64, usize); 3] = [(5_000, 4_500, 5), (500, 400, 20), (100, 50, 50)];
    let [first, second, third] = strata.map(|(population, yes, asked)| chances(population, yes, asked));
    let of = |stratum: usize, count: usize| found(strata[stratum].0, strata[stratum].2 as i64, count as i64);
    let mut within = 0.0_f64;
    for (a, first) in first.iter().enumerate() {
        for (b, second) in second.iter().enumerate() {
            for (c, third) in third.iter().enumerate() {
                let it = of_whole(&[of(0, a), of(1, b), of(2, c)]).unwrap();
                let holds = it.low <= 4_950.0 / 5_600.0 && 4_950.0 / 5_600.0 <= it.high;
                within += if holds { first * second * third } else { 0.0 };
            }
        }
    }
    assert!((within - 0.9478).abs() < 1e-3, "{within}");
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

    #[test]
    fn only_who_asked_everybody_leaves_no_room(strata in strata(), everybody in any::<bool>()) {
        let all = |it: &Found| if everybody { found(it.population, it.population, it.count) } else { *it };
        let strata: Vec<Found> = strata.iter().map(all).collect();
        let known = strata.iter().all(|it| it.answered == 0 || it.answered == it.population);
        if let Some(it) = of_whole(&strata) {
            prop_assert_eq!(it.low < it.high, !known, "{:?}", it);
        }
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
