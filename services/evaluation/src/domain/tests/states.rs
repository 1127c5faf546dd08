//! Every state × every step, and what the log keeps for ever.

use huying_testing::after;
use std::fmt::Write as _;

use serde_json::json;

use super::{monday, pending, resolved, stamp};
use crate::domain::{
    callback::Callback,
    change::{Cause, Change},
    profile::EvaluationProfile,
    state::{State, Step, next},
    verdict::{Satisfaction, Verdict},
};

#[test]
fn every_step_from_every_state() {
    let mut table = String::new();
    for &state in State::ALL {
        for &step in Step::ALL {
            let to = next(state, step).map_or("-", State::name);
            writeln!(table, "{state:<9} {step:<9} {to}").unwrap();
        }
    }
    insta::assert_snapshot!(table, @r"
    pending   attempt   pending
    pending   pass      passed
    pending   fail      failed
    pending   lapse     lapsed
    pending   cancel    cancelled
    pending   recompute pending
    passed    attempt   -
    passed    pass      -
    passed    fail      -
    passed    lapse     -
    passed    cancel    -
    passed    recompute -
    failed    attempt   -
    failed    pass      -
    failed    fail      -
    failed    lapse     -
    failed    cancel    -
    failed    recompute -
    lapsed    attempt   -
    lapsed    pass      -
    lapsed    fail      -
    lapsed    lapse     -
    lapsed    cancel    -
    lapsed    recompute -
    cancelled attempt   -
    cancelled pass      -
    cancelled fail      -
    cancelled lapse     -
    cancelled cancel    -
    cancelled recompute -
    ");
}

#[test]
fn the_readmes_diagram_shows_these_steps_and_no_other() {
    let readme = include_str!("../../../README.md");
    let drawn = readme.lines().filter(|line| line.contains(" --> ") && !line.contains("[*]"));
    let drawn: Vec<String> = drawn.map(|line| line.split(" (").next().unwrap().trim().to_owned()).collect();
    let mut walked = Vec::new();
    for &state in State::ALL {
        for &step in Step::ALL {
            walked.extend(next(state, step).map(|to| format!("{state} --> {to}: {step}")));
        }
    }
    assert_eq!(drawn, walked);
}

#[test]
fn nothing_happens_to_what_has_ended() {
    for &state in State::ALL {
        assert_eq!(state.is_ended(), state.allowed().is_empty(), "{state}");
    }
}

#[test]
fn names_are_what_is_stored() {
    for &state in State::ALL {
        assert_eq!(serde_json::to_value(state).unwrap(), json!(state.name()));
    }
}

#[test]
fn changes_are_kept_in_this_form_for_ever() {
    let verdict = Verdict {
        contacted: true,
        solved: true,
        satisfaction: Satisfaction::Basically,
        comment: "好".into(),
    };
    let changes = [
        Callback::open(resolved(), &EvaluationProfile::default_of("420102"), true),
        Change::Attempted { tries: 1, note: "nobody home".into() },
        Change::Passed(verdict.clone()),
        Change::Failed(Verdict { comment: String::new(), ..verdict }),
        Change::Lapsed,
        Change::Cancelled { cause: Cause::Reopened },
        Change::Cancelled { cause: Cause::Closed },
        Change::Recomputed { due_at: monday() },
    ];
    let lines: Vec<String> = changes.iter().map(|change| serde_json::to_string(change).unwrap()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"opened":{"case":"00000000-0000-0000-0000-000000000007","number":"JA-20261123-000001","district":"420102","area":"420102003005","category":"0101","unit":"community","tier":"community","worked":["community","parks"],"requests":["00000000-0000-0000-0000-000000000008"],"attempt":1,"answer":"the tree is pruned","resolve_at":1795395600000000,"due_at":1795827600000000,"limit":{"kind":"natural_day","amount":5},"by_default":true}}
    {"attempted":{"tries":1,"note":"nobody home"}}
    {"passed":{"contacted":true,"solved":true,"satisfaction":"basically","comment":"好"}}
    {"failed":{"contacted":true,"solved":true,"satisfaction":"basically"}}
    "lapsed"
    {"cancelled":{"cause":"reopened"}}
    {"cancelled":{"cause":"closed"}}
    {"recomputed":{"due_at":1795395600000000}}
    "#);
    for (line, change) in lines.iter().zip(&changes) {
        assert_eq!(serde_json::from_str::<Change>(line).unwrap(), *change);
    }
}

#[test]
fn a_row_reads_back_as_it_was() {
    let mut callback = pending();
    assert_eq!(
        serde_json::from_value::<Callback>(serde_json::to_value(&callback).unwrap()).unwrap(),
        callback
    );
    callback = after(Some(callback), &Change::Lapsed, &stamp(monday())).unwrap();
    assert_eq!(
        serde_json::from_value::<Callback>(serde_json::to_value(&callback).unwrap()).unwrap(),
        callback
    );
}

#[test]
fn nothing_but_opening_comes_first() {
    for change in [Change::Lapsed, Change::Attempted { tries: 1, note: String::new() }] {
        assert!(after::<Callback>(None, &change, &stamp(monday())).is_none());
    }
}
