//! Rates against published figures, and at the edges; who stands where by them.

use proptest::prelude::*;

use crate::domain::{
    figure::{
        Counts, Measure,
        rate::{Grade, Rate, Sum, check},
        standing::{MOST, Rules, Standing},
        usual,
    },
    profile::Weights,
};

fn counts(counted: &[(Measure, i64)]) -> Counts {
    let mut counts = Counts::default();
    counted.iter().for_each(|(measure, number)| counts.add(*measure, *number));
    counts
}

fn asked(valid: i64, contacted: i64, solved: i64, satisfied: i64, basically: i64) -> Counts {
    use Measure as M;
    let all = [(M::Valid, valid), (M::Contacted, contacted), (M::Solved, solved)];
    counts(&[&all[..], &[(M::Satisfied, satisfied), (M::Basically, basically)]].concat())
}

fn usual() -> Rules {
    usual::rules(&Weights::default())
}

fn value(standing: &Standing, code: &str) -> Option<f64> {
    standing.rates.iter().find(|told| told.code == code).unwrap().value
}

/// As people print it.
fn percent(rate: Option<f64>) -> String {
    format!("{:.1} %", rate.unwrap() * 100.0)
}

#[test]
fn jiangbei_asked_400_of_whom_347_were_satisfied() {
    let satisfaction = value(&usual().standing("", asked(400, 400, 347, 347, 0)), "satisfaction").unwrap();
    assert!((satisfaction - 0.8675).abs() < 1e-12);
    // The district printed 86.7 %: it cuts where others round.
    assert_eq!((satisfaction * 1000.0).floor() / 10.0, 86.7);
}

#[test]
fn haishu_solved_1169_of_1337() {
    assert_eq!(percent(value(&usual().standing("", asked(1337, 1337, 1169, 0, 0)), "resolution")), "87.4 %");
}

#[test]
fn sunbu_solved_781_of_799() {
    let resolution = value(&usual().standing("", asked(799, 799, 781, 0, 0)), "resolution");
    assert_eq!(percent(resolution), "97.7 %");
    // The town printed 97.8 %: it is 97.747, and the town rounded up.
    assert_eq!((resolution.unwrap() * 1000.0).ceil() / 10.0, 97.8);
}

#[test]
fn jiangbei_s_one_stop_team_solved_331_of_420() {
    assert_eq!(percent(value(&usual().standing("", asked(420, 420, 331, 0, 0)), "resolution")), "78.8 %");
}

#[test]
fn what_is_overdue_and_open_counts_against_what_is_on_time() {
    use Measure as M;
    let counted = counts(&[(M::Settled, 8), (M::OnTime, 6), (M::OverdueOpen, 2)]);
    assert_eq!(value(&usual().standing("", counted), "on_time"), Some(0.6));
}

/// Every measure has a number of its own, so a rate that is made of another one is another one.
#[test]
fn each_rate_is_made_of_what_its_name_says() {
    use Measure as M;
    let counted = [
        (M::Resolved, 40),
        (M::Reopened, 10),
        (M::Escalated, 50),
        (M::SentBack, 30),
        (M::Settled, 32),
        (M::FirstTime, 24),
        (M::SelfSettled, 4),
        (M::Accepted, 16),
        (M::AcceptedOnTime, 14),
        (M::Opened, 17),
        (M::Asked, 80),
        (M::Valid, 60),
        (M::Refused, 8),
        (M::Unreached, 12),
        (M::Excluded, 20),
    ];
    let standing = usual().standing("", counts(&counted));
    for (code, worth) in [
        ("rework", 0.25),
        ("apt", 0.4),
        ("first_time", 0.75),
        ("self_settled", 0.125),
        ("accepted", 0.875),
        ("reach", 0.85),
        ("excluded", 0.2),
    ] {
        assert_eq!(value(&standing, code), Some(worth), "{code}");
    }
    let nothing = usual().standing("", Counts::default());
    assert!(nothing.rates.iter().all(|rate| rate.value.is_none()), "{nothing:?}");
}

/// Whoever had it first: a street that declines whatever comes up to it has opened none, and a department may hand back more than it had first.
#[test]
fn what_is_declined_or_handed_back_is_a_share_of_what_was_in_hand() {
    use Measure as M;
    let of = |counted: &[(M, i64)]| {
        let standing = usual().standing("", counts(counted));
        ["declined", "withdrawn", "return"].map(|code| value(&standing, code))
    };
    assert_eq!(of(&[(M::Declined, 10)]), [Some(1.0), Some(0.0), Some(0.0)], "a street");
    let department = [(M::Opened, 1), (M::Returned, 5), (M::HandedOn, 5), (M::Open, 3)];
    assert_eq!(of(&department), [Some(0.0), Some(0.0), Some(0.625)]);
    assert_eq!(
        of(&[(M::Returned, 10), (M::Open, 10)])[2],
        Some(1.0),
        "it has them until it is decided whose they are"
    );
    let settled = [(M::Settled, 1), (M::Escalated, 2), (M::Delegated, 1), (M::HandedOn, 5), (M::Merged, 1)];
    let left_out = [(M::Withdrawn, 2), (M::Declined, 1), (M::Returned, 3), (M::Open, 6)];
    let all = [&settled[..], &left_out].concat();
    assert_eq!(of(&all), [Some(1.0 / 16.0), Some(2.0 / 16.0), Some(3.0 / 16.0)]);
    assert_eq!(of(&[(M::Opened, 3), (M::Resolved, 3)]), [None; 3], "nothing left it, and nothing is there");
}

/// Ten of a hundred accepted, in time, and the others taken away by the clock.
#[test]
fn who_ignores_most_has_not_accepted_all_in_time() {
    use Measure as M;
    let ignored = counts(&[(M::Accepted, 10), (M::AcceptedOnTime, 10), (M::Climbed, 90)]);
    assert_eq!(value(&usual().standing("", ignored), "accepted"), Some(0.1));
}

#[test]
fn a_score_weighs_the_three_and_has_a_grade() {
    let weights = Weights { basically: 0.5, response: 0.2, resolution: 0.5, satisfaction: 0.3 };
    let standing = usual::rules(&weights).standing("u", asked(10, 9, 8, 6, 2));
    assert!((standing.score.unwrap() - (0.2 * 0.9 + 0.5 * 0.8 + 0.3 * 0.7)).abs() < 1e-12);
    assert_eq!(standing.grade, "合格");
}

#[test]
fn where_nobody_was_reached_there_is_no_rate_and_no_rank() {
    let standings = usual().standings([("a".to_owned(), counts(&[(Measure::Open, 3)]))]);
    assert_eq!((value(&standings[0], "satisfaction"), value(&standings[0], "return")), (None, Some(0.0)));
    assert_eq!((standings[0].score, standings[0].rank, standings[0].grade.as_str()), (None, None, ""));
}

#[test]
fn the_highest_score_comes_first_equals_share_a_rank_and_the_unjudged_come_last() {
    let units = [
        ("quiet", asked(1, 1, 1, 1, 0)),
        ("unjudged", counts(&[(Measure::Opened, 50)])),
        ("bad", asked(9, 0, 0, 0, 0)),
        ("busy", asked(5, 5, 5, 5, 0)),
        ("also-quiet", asked(1, 1, 1, 1, 0)),
    ];
    let standings = usual().standings(units.map(|(unit, counts)| (unit.to_owned(), counts)));
    let told: Vec<(&str, Option<u32>)> = standings.iter().map(|it| (it.key.as_str(), it.rank)).collect();
    let expected = [
        ("busy", Some(1)),
        ("also-quiet", Some(1)),
        ("quiet", Some(1)),
        ("bad", Some(4)),
        ("unjudged", None),
    ];
    assert_eq!(told, expected);
}

#[test]
fn every_usual_rate_says_what_it_leaves_out() {
    assert!(usual().rates.iter().all(|it| !it.exclusions.is_empty()), "无 where there is nothing");
}

/// Sums of the same worth differ in their last bits as floats do.
#[test]
fn equal_counts_share_rank_and_grade_whatever_they_are_made_of() {
    let units = [("nine", asked(9, 9, 8, 8, 0)), ("four", asked(4, 4, 4, 3, 0))];
    let standings = usual().standings(units.map(|(unit, counts)| (unit.to_owned(), counts)));
    let told: Vec<(Option<u32>, &str)> = standings.iter().map(|it| (it.rank, it.grade.as_str())).collect();
    assert_eq!(told, [(Some(1), "优秀"), (Some(1), "优秀")]);
    let units = [("once", asked(3, 3, 3, 1, 2)), ("thrice", asked(9, 9, 9, 3, 6))];
    let standings = usual().standings(units.map(|(unit, counts)| (unit.to_owned(), counts)));
    assert_eq!(standings.iter().map(|it| it.rank).collect::<Vec<_>>(), [Some(1), Some(1)]);
}

#[test]
fn no_more_are_told_than_fit() {
    let units = (0..MOST + 5).map(|n| (n.to_string(), asked(1, 1, 1, 1, 0)));
    assert_eq!(usual().standings(units).len(), MOST);
}

#[test]
fn everything_wrong_with_a_rate_is_said_at_once() {
    let rate = |code: &str, weight| Rate {
        code: code.to_owned(),
        name: "解决率".to_owned(),
        numerator: Sum::from([(Measure::Solved, 1.0)]),
        denominator: Sum::from([(Measure::Valid, 1.0)]),
        exclusions: String::new(),
        weight,
    };
    assert!(check(&[rate("solved", 1.0)], &[]).is_empty());
    let twice = Rate {
        name: "两\n行".to_owned(),
        numerator: Sum::from([(Measure::Solved, f64::NAN)]),
        ..rate("solved", 1.0)
    };
    let nothing = Rate { denominator: Sum::new(), ..rate("Solved!", -0.2) };
    let grade = |name: &str, from| Grade { name: name.to_owned(), from };
    let wrong = check(&[rate("solved", 0.5), twice, nothing], &[grade("优", 0.5), grade("", 0.7)]);
    let said: Vec<String> = wrong.into_iter().map(|(field, what)| format!("{field} {what}")).collect();
    insta::assert_snapshot!(said.join("\n"), @r"
    rates[1].name must be a line of 1 to 40 characters
    rates[1].numerator must be worth -1 to 1 each
    rates[1].code solved is there twice
    rates[2].code must have 1 to 64 lower-case letters, digits or '_'
    rates[2].denominator must name what is counted
    rates[2].weight must be from 0 to 1
    rates must have weights that add up to 1, not 1.3000
    grades[1].name must be a line of 1 to 40 characters
    grades[1].from must be from 0 to 1 and less than those before it
    ");
}

proptest! {
    #[test]
    fn the_three_rates_are_from_0_to_1(valid in 1i64..10_000, a in 0.0f64..=1.0, b in 0.0f64..=1.0, c in 0.0f64..=1.0, d in 0.0f64..=1.0) {
        let part = |share: f64| (valid as f64 * share) as i64;
        let satisfied = part(c);
        let counts = asked(valid, part(a), part(b), satisfied, ((valid - satisfied) as f64 * d) as i64);
        let standing = usual().standing("", counts);
        for rate in ["response", "resolution", "satisfaction"].map(|code| value(&standing, code)).into_iter().chain([standing.score]) {
            prop_assert!((0.0..=1.0 + 1e-9).contains(&rate.unwrap()));
        }
    }
}
