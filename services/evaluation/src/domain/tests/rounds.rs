//! Rounds: how a sample is spread, handed out and reported on.

use chrono::{DateTime, Duration};
use huying_testing::after;
use proptest::prelude::*;
use uuid::Uuid;

use super::{
    interviews::{drawn, interviewer, yes},
    monday, stamp,
};
use crate::domain::{
    interview::{Interview, InterviewChange, InterviewState, Outcome, Recorded},
    round::{
        Plan, Population, Round, RoundChange, RoundError, RoundState, StrataBy, allocate::allocate,
        change::Begun, report::report, share::share,
    },
};

fn spread(sample: i64, sizes: &[(&str, i64)]) -> Result<Vec<(String, i64, i64)>, RoundError> {
    let sizes = sizes.iter().map(|(key, size)| ((*key).to_owned(), *size)).collect();
    Ok(allocate(sample, sizes)?.into_iter().map(|it| (it.key, it.sample, it.reserve)).collect())
}

fn told(parts: &[(&str, i64, i64)]) -> Vec<(String, i64, i64)> {
    parts.iter().map(|(key, sample, reserve)| ((*key).to_owned(), *sample, *reserve)).collect()
}

pub fn plan(sample: i64) -> Plan {
    let population = Population {
        from: "2026-10-01".parse().unwrap(),
        to: "2026-10-31".parse().unwrap(),
        from_at: DateTime::UNIX_EPOCH,
        until_at: DateTime::UNIX_EPOCH,
        area: "420102".into(),
        unit: String::new(),
        category: String::new(),
    };
    Plan {
        district: "420102".into(),
        name: "十月".into(),
        population,
        sample,
        seed: "s".into(),
        strata_by: StrataBy::Unit,
        due: "2026-11-30".parse().unwrap(),
    }
}

fn begun(sample: i64, sizes: &[(&str, i64)]) -> Round {
    let sizes = sizes.iter().map(|(key, size)| ((*key).to_owned(), *size)).collect();
    let strata = allocate(sample, sizes).unwrap();
    let begun = RoundChange::Begun(Box::new(Begun { plan: plan(sample), strata }));
    after(None, &begun, &stamp(monday())).unwrap()
}

#[test]
fn a_sample_is_spread_by_the_largest_remainder() {
    // 10 of 100: 4.1, 3.3 and 2.6.
    assert_eq!(
        spread(10, &[("b", 33), ("a", 41), ("c", 26)]).unwrap(),
        told(&[("a", 4, 4), ("b", 3, 3), ("c", 3, 3)])
    );
    // Equal remainders: the first key.
    assert_eq!(spread(3, &[("a", 5), ("b", 5)]).unwrap(), told(&[("a", 2, 2), ("b", 1, 1)]));
    assert_eq!(spread(4, &[("", 4)]).unwrap(), told(&[("", 4, 0)]), "all of them, and nobody in reserve");
}

#[test]
fn a_small_stratum_is_heard_too() {
    assert_eq!(
        spread(10, &[("a", 970), ("b", 10), ("c", 10), ("d", 10)]).unwrap(),
        told(&[("a", 7, 7), ("b", 1, 1), ("c", 1, 1), ("d", 1, 1)])
    );
}

#[test]
fn too_few_and_too_many_are_told() {
    assert_eq!(spread(11, &[("a", 10)]), Err(RoundError::PopulationTooSmall { there: 10, sample: 11 }));
    assert_eq!(spread(1, &[]), Err(RoundError::PopulationTooSmall { there: 0, sample: 1 }));
    assert_eq!(spread(1, &[("a", 9), ("b", 9)]), Err(RoundError::TooManyStrata { strata: 2, sample: 1 }));
}

#[test]
fn days_are_the_districts_own() {
    let zone = "Asia/Shanghai".parse().unwrap();
    let of = plan(1).population.in_zone(zone);
    assert_eq!(of.from_at.to_rfc3339(), "2026-09-30T16:00:00+00:00");
    assert_eq!(of.until_at.to_rfc3339(), "2026-10-31T16:00:00+00:00", "the last day is in it");
}

#[test]
fn who_gives_no_seed_gets_one_that_nobody_chose() {
    let id = Uuid::from_u128(5);
    assert_eq!(plan(1).seeded(id).seed, "s");
    assert_eq!(Plan { seed: String::new(), ..plan(1) }.seeded(id).seed, id.to_string());
}

#[test]
fn a_round_closes_once() {
    let round = begun(1, &[("u", 5)]);
    let closed = round.close().unwrap().changes();
    let round = after(Some(round), &closed[0], &stamp(monday() + Duration::hours(1))).unwrap();
    assert_eq!((round.state, round.closed_at), (RoundState::Closed, Some(monday() + Duration::hours(1))));
    assert_eq!(round.close(), Err(RoundError::Closed));
}

#[test]
fn what_waits_is_split_evenly_and_nobody_gets_their_own_work() {
    let (us, them) = (interviewer("callbacks", ""), interviewer("parks", "officer-7"));
    // Each odd one was worked on by the parks.
    let all: Vec<Interview> = (0..10)
        .map(|n| {
            let worked: Vec<String> = if n % 2 == 1 { vec!["parks".into()] } else { Vec::new() };
            drawn(|it| (it.parties, it.worked, it.place) = (Vec::new(), worked, n + 1))
        })
        .collect();
    let waiting: Vec<(Uuid, &Interview)> =
        all.iter().enumerate().map(|(n, it)| (Uuid::from_u128(n as u128), it)).collect();
    let both = share(&waiting, |_, _| true, &[us.clone(), them.clone()]);
    assert_eq!((both.given.len(), both.waiting, both.left), (10, vec![5, 5], 0), "the others make up for it");
    let own = both.given.iter().filter(|(id, to)| *to == them && id.as_u128() % 2 == 1).count();
    assert_eq!(own, 0);
    let alone = share(&waiting, |_, _| true, std::slice::from_ref(&them));
    assert_eq!((alone.given.len(), alone.waiting, alone.left), (5, vec![5], 5));
}

/// Whoever has some already gets fewer, and what is given to another counts no more.
#[test]
fn what_somebody_has_counts() {
    let (us, them) = (interviewer("a", ""), interviewer("b", ""));
    let mut all: Vec<Interview> = (0..6).map(|n| drawn(|it| it.place = n)).collect();
    all.iter_mut().take(2).for_each(|it| it.interviewer = Some(us.clone()));
    let waiting: Vec<(Uuid, &Interview)> =
        all.iter().enumerate().map(|(n, it)| (Uuid::from_u128(n as u128), it)).collect();
    let rest = share(&waiting, |_, it| it.interviewer.is_none(), &[us.clone(), them.clone()]);
    assert_eq!(rest.waiting, [3, 3]);
    let again = share(&waiting, |id, _| id.as_u128() < 2, &[us, them]);
    assert_eq!((again.waiting, again.left), (vec![1, 1], 4), "the others are with nobody still");
}

#[test]
fn a_report_counts_by_stratum_and_weighs_the_whole() {
    let round = begun(8, &[("a", 30), ("b", 10), ("c", 40)]);
    let mut interviews = Vec::new();
    let mut of = |stratum: &str, state: InterviewState, satisfied: Option<bool>| {
        let mut it = drawn(|it| it.stratum = stratum.into());
        (it.state, it.verdict) = (state, satisfied.map(yes));
        interviews.push(it);
    };
    of("a", InterviewState::Answered, Some(true));
    of("a", InterviewState::Answered, Some(false));
    of("a", InterviewState::Refused, None);
    of("a", InterviewState::Reserve, None);
    of("b", InterviewState::Answered, Some(true));
    of("c", InterviewState::Unreachable, None);
    of("c", InterviewState::Waiting, None);
    interviews[4].replaces = Some(Uuid::from_u128(9));
    let told = report(&round, &interviews);
    let counts = told.whole.counts;
    assert_eq!(
        (counts.waiting, counts.asked(), counts.answered, counts.refused, counts.unreachable),
        (1, 5, 3, 1, 1)
    );
    assert_eq!((told.whole.population, told.whole.sample, counts.standing_in), (80, 8, 1));
    assert_eq!(counts.response(), Some(0.6));
    assert_eq!(told.covered, 0.5, "nobody of c said anything");
    let satisfied = told.whole.satisfied.unwrap();
    // (30 × 1/2 + 10 × 1) / 40, not 2 of 3.
    assert_eq!((satisfied.count, satisfied.rate), (2, 0.625));
    let [a, _, c] = &told.strata[..] else { panic!("{told:?}") };
    assert_eq!((a.satisfied.unwrap().rate, a.counts.response()), (0.5, Some(2.0 / 3.0)));
    assert_eq!((c.satisfied, c.contacted, c.counts.response()), (None, None, Some(0.0)), "absent, not 0 %");
}

fn sizes() -> impl Strategy<Value = Vec<(String, i64)>> {
    prop::collection::btree_map("[a-z]{1,4}", 1i64..3_000, 1..40).prop_map(|map| map.into_iter().collect())
}

proptest! {
    #[test]
    fn all_are_spread_in_proportion(sizes in sizes(), part in 0.0f64..=1.0, turn in 0usize..40) {
        let there: i64 = sizes.iter().map(|(_, size)| size).sum();
        let sample = ((there as f64 * part) as i64).max(sizes.len() as i64);
        let strata = allocate(sample, sizes.clone()).unwrap();
        let mut turned = sizes.clone();
        turned.rotate_left(turn % sizes.len());
        prop_assert_eq!(&allocate(sample, turned).unwrap(), &strata, "whatever the order");
        prop_assert_eq!(strata.iter().map(|it| it.sample).sum::<i64>(), sample);
        let raised = strata.iter().any(|it| it.population * sample < there);
        for it in &strata {
            prop_assert!(1 <= it.sample && it.sample <= it.population);
            prop_assert!(it.reserve <= it.sample && it.sample + it.reserve <= it.population);
            let exact = (it.population * sample) as f64 / there as f64;
            // Off by less than one, unless small strata were given more than their share.
            prop_assert!(raised || (it.sample as f64 - exact).abs() < 1.0, "{it:?} {exact}");
        }
    }

    /// A round and its interviews replay from what the log keeps.
    #[test]
    fn changes_are_kept(sample in 1i64..20, satisfied in any::<bool>()) {
        let round = begun(sample, &[("a", 30), ("b", 30)].as_slice()[..sample.min(2) as usize]);
        let text = serde_json::to_string(&round).unwrap();
        prop_assert_eq!(serde_json::from_str::<Round>(&text).unwrap(), round);
        let outcome = Outcome::Answered(yes(satisfied));
        let change = InterviewChange::Recorded(Box::new(Recorded { outcome, note: "n".into(), replaced_by: None }));
        let kept: InterviewChange = serde_json::from_str(&serde_json::to_string(&change).unwrap()).unwrap();
        prop_assert_eq!(kept, change);
    }
}
