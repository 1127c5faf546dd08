//! What an attempt of several requests comes to, and who says so.

use std::fmt::Write as _;

use chrono::Duration;
use huying_terms::Solved;
use huying_testing::after;
use proptest::prelude::*;
use uuid::Uuid;

use super::{CENTRE, monday, resolved, stamp, verdict};
use crate::domain::{
    callback::{Beside, Callback},
    change::Change,
    profile::EvaluationProfile,
    settle::{Judgement, Settled, judgement},
    state::State,
    verdict::{Reason, Satisfaction, Verdict},
};

/// The callbacks of an attempt of so many requests.
fn attempt(requests: u128, pass_share: f64) -> Vec<Callback> {
    let mut profile = EvaluationProfile::default_of("420102");
    profile.callbacks.pass_share = pass_share;
    profile.callbacks.most = 200;
    let mut resolved = resolved();
    resolved.requests = (0..requests).map(Uuid::from_u128).collect();
    let opened = Callback::open(&resolved, &profile, false);
    opened.iter().map(|opened| after(None, opened, &stamp(monday())).unwrap()).collect()
}

/// Whoever is judged, or is not reached until the window ends.
fn end(all: &mut [Callback], which: usize, said: Option<Verdict>) -> Option<Settled> {
    let others: Vec<&Callback> =
        all.iter().enumerate().filter(|(n, _)| *n != which).map(|(_, it)| it).collect();
    let over = monday() + Duration::days(5);
    let (now, others) = (if said.is_some() { monday() } else { over }, &others[..]);
    let decided = match said {
        Some(said) => all[which].judge(said, CENTRE, Beside { now, others }).unwrap(),
        None => all[which].lapse(Beside { now, others }),
    };
    let it = decided
        .changes()
        .iter()
        .fold(all[which].clone(), |it, change| after(Some(it), change, &stamp(monday())).unwrap());
    all[which] = it;
    all[which].settles.clone()
}

fn good() -> Option<Verdict> {
    Some(verdict(true, Solved::Yes, Satisfaction::Satisfied))
}

fn bad(reasons: &[&str]) -> Option<Verdict> {
    let reasons = reasons.iter().map(|text| Reason { code: "x".into(), text: (*text).into() }).collect();
    Some(Verdict { reasons, ..verdict(true, Solved::Partly, Satisfaction::Basically) })
}

#[test]
fn a_case_of_one_request_is_settled_by_it_and_looks_at_nobody() {
    let mut one = attempt(1, 1.0);
    assert_eq!(one[0].opened.among, None);
    assert_eq!(end(&mut one, 0, good()).unwrap().judgement, Judgement::Passed);
}

#[test]
fn the_last_who_is_content_settles_it() {
    let mut three = attempt(3, 1.0);
    assert_eq!((end(&mut three, 1, good()), end(&mut three, 0, None)), (None, None));
    assert_eq!(end(&mut three, 2, good()).unwrap().judgement, Judgement::Passed);
}

#[test]
fn the_first_who_is_not_settles_it_where_all_must_pass_and_nobody_again() {
    let mut three = attempt(3, 1.0);
    assert_eq!(end(&mut three, 0, good()), None);
    let settled = end(&mut three, 2, bad(&["没人来", "慢", "没人来"])).unwrap();
    let reasons = vec!["没人来".to_owned(), "慢".to_owned()];
    assert_eq!(settled, Settled { judgement: Judgement::Failed, reasons });
    assert_eq!(end(&mut three, 1, bad(&[])), None, "it is said once");
}

/// Whom nobody reached cannot make up for those who are not content; and who is, says why the others were not.
#[test]
fn whoever_makes_passing_impossible_settles_it() {
    let mut four = attempt(4, 0.75);
    assert_eq!(end(&mut four, 0, bad(&["慢"])), None, "three of four may still pass");
    assert_eq!((end(&mut four, 1, good()), end(&mut four, 2, good())), (None, None));
    let settled = end(&mut four, 3, None).unwrap();
    assert_eq!(settled, Settled { judgement: Judgement::Failed, reasons: vec!["慢".into()] });
    let mut enough = attempt(4, 0.75);
    for which in 0..3 {
        assert_eq!(end(&mut enough, which, if which == 0 { bad(&[]) } else { good() }), None);
    }
    assert_eq!(end(&mut enough, 3, good()).unwrap().judgement, Judgement::Passed);
}

#[test]
fn nobody_judged_is_no_pass() {
    let mut two = attempt(2, 1.0);
    assert_eq!(end(&mut two, 0, None), None);
    assert_eq!(end(&mut two, 1, None).unwrap().judgement, Judgement::Lapsed);
}

/// What they say counts, and the case is moved by the others alone; by the mark itself where nobody else is asked any more.
#[test]
fn who_took_the_request_back_has_no_say() {
    let mark = |all: &mut [Callback], which: usize| {
        let others: Vec<&Callback> =
            all.iter().enumerate().filter(|(n, _)| *n != which).map(|(_, it)| it).collect();
        let decided = all[which].withdraw(&others);
        let it = after(Some(all[which].clone()), &decided.changes()[0], &stamp(monday())).unwrap();
        all[which] = it;
        all[which].settles.as_ref().map(|it| it.judgement)
    };
    let mut before = attempt(2, 1.0);
    assert_eq!(mark(&mut before, 0), None);
    assert_eq!(end(&mut before, 0, bad(&["慢"])), None, "it is not reopened by it");
    assert_eq!(before[0].state, State::Failed, "and counts");
    assert_eq!(end(&mut before, 1, good()).unwrap().judgement, Judgement::Passed);

    let mut after_all = attempt(2, 1.0);
    assert_eq!(end(&mut after_all, 1, good()), None);
    assert_eq!(mark(&mut after_all, 0), Some(Judgement::Passed), "nobody else is asked any more");
    assert_eq!(after_all[0].withdraw(&[]).changes(), [], "once");
    assert_eq!(end(&mut after_all, 0, bad(&[])).unwrap().judgement, Judgement::Passed, "and it stays said");

    let mut alone = attempt(1, 1.0);
    assert_eq!(mark(&mut alone, 0), Some(Judgement::Lapsed), "nobody is left who could judge it");
    let mut judged = attempt(2, 1.0);
    end(&mut judged, 0, good());
    assert!(judged[0].withdraw(&[]).changes().is_empty(), "what has ended stays");
}

/// Nobody has to know codes for the holder to learn why it comes back.
#[test]
fn without_a_reason_it_says_what_was_wrong() {
    let failed = |solved, satisfaction| {
        let mut one = attempt(1, 1.0);
        end(&mut one, 0, Some(verdict(true, solved, satisfaction))).unwrap().reasons
    };
    assert_eq!(failed(Solved::No, Satisfaction::VeryUnsatisfied), ["未解决", "非常不满意"]);
    assert_eq!(failed(Solved::Partly, Satisfaction::Basically), ["部分解决"]);
    assert_eq!(failed(Solved::Yes, Satisfaction::Unsatisfied), ["不满意"]);
}

#[test]
fn the_table() {
    let mut table = String::new();
    for (passed, failed, pending) in
        [(0, 0, 0), (1, 0, 0), (0, 1, 0), (4, 1, 0), (3, 1, 1), (3, 1, 0), (0, 1, 9)]
    {
        let states =
            [(passed, State::Passed), (failed, State::Failed), (pending, State::Pending), (1, State::Lapsed)];
        let states = || states.iter().flat_map(|(count, state)| std::iter::repeat_n(*state, *count));
        let told = [1.0, 0.8, 0.0]
            .map(|share| judgement(states(), share).map_or("-".into(), |it| format!("{it:?}")));
        writeln!(table, "{passed} passed {failed} failed {pending} pending: {}", told.join(" ")).unwrap();
    }
    insta::assert_snapshot!(table, @r"
    0 passed 0 failed 0 pending: Lapsed Lapsed Lapsed
    1 passed 0 failed 0 pending: Passed Passed Passed
    0 passed 1 failed 0 pending: Failed Failed Passed
    4 passed 1 failed 0 pending: Failed Passed Passed
    3 passed 1 failed 1 pending: Failed - -
    3 passed 1 failed 0 pending: Failed Failed Passed
    0 passed 1 failed 9 pending: Failed - -
    ");
}

proptest! {
    /// In whatever order they end, exactly one says what it came to, and it is what the counts say at the end.
    #[test]
    fn one_and_only_one_settles_it(ends in prop::collection::vec((0u8..3, any::<u32>()), 1..12), share in 0.0f64..=1.0) {
        let mut all = attempt(ends.len() as u128, share);
        let mut order: Vec<usize> = (0..ends.len()).collect();
        order.sort_by_key(|n| ends[*n].1);
        let mut said = Vec::new();
        for which in order {
            let verdict = match ends[which].0 { 0 => good(), 1 => bad(&[]), _ => None };
            said.extend(end(&mut all, which, verdict));
        }
        let at_last = judgement(all.iter().map(|it| it.state), if all.len() > 1 { share } else { 1.0 });
        prop_assert_eq!(said.iter().map(|it| Some(it.judgement)).collect::<Vec<_>>(), vec![at_last]);
        let opened = matches!(all[0].opened.among, Some(among) if among.asked as usize == all.len());
        prop_assert_eq!(opened, all.len() > 1);
    }
}

#[test]
fn each_claims_its_own_request() {
    use huying_chassis::log::Aggregate as _;
    let claims: std::collections::BTreeSet<_> =
        attempt(3, 1.0).iter().map(|it| it.claims()[0].1.clone()).collect();
    assert_eq!(claims.len(), 3);
    assert!(claims.iter().all(|claim| claim.starts_with(&format!("{}/1/", Uuid::from_u128(7)))));
    assert!(attempt(3, 1.0).iter().all(|it| it.asked() == it.opened.request && it.asked().is_some()));
    let first = Change::RanOut(Default::default());
    assert!(after::<Callback>(None, &first, &stamp(monday())).is_none());
}
