//! Every state × every step, and what the log keeps for ever.

use std::fmt::Write as _;

use huying_chassis::log::{Aggregate as _, Decided};
use huying_terms::Solved;
use huying_testing::after;
use serde_json::json;
use uuid::Uuid;

use super::{CENTRE, alone, monday, opened, pending, settling, stamp, verdict};
use crate::domain::{
    callback::{Callback, Link},
    change::{Cause, Change, Ended, Judged},
    settle::{Judgement, Settled},
    state::{State, Step, next},
    verdict::{Answer, By, Reason, Satisfaction, Verdict},
};

#[test]
fn every_step_from_every_state() {
    let mut table = String::new();
    for &state in State::ALL {
        let led = Step::ALL.iter().filter_map(|&step| next(state, step).map(|to| format!("{step}→{to}")));
        let led: Vec<String> = led.collect();
        writeln!(table, "{state}: {}", if led.is_empty() { "ended".to_owned() } else { led.join(" ") })
            .unwrap();
    }
    insta::assert_snapshot!(table, @r"
    pending: attempt→pending pass→passed fail→failed lapse→lapsed cancel→cancelled recompute→pending refuse→refused link→pending withdraw→pending
    passed: ended
    failed: appeal→failed decide→failed
    lapsed: ended
    cancelled: ended
    refused: ended
    spared: ended
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
fn nothing_moves_what_has_ended() {
    for &state in State::ALL {
        // An appeal moves no callback.
        let moves = |step: &Step| !matches!(step, Step::Appeal | Step::Decide);
        assert_eq!(state.is_ended(), !state.allowed().iter().any(moves), "{state}");
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
    let said = Verdict { comment: "好".into(), ..verdict(true, Solved::Yes, Satisfaction::Basically) };
    let reason = |code: &str, text: &str| Reason { code: code.into(), text: text.into() };
    let half = Verdict {
        told: Some(false),
        reasons: vec![reason("slow", "办得太慢")],
        answers: vec![Answer { question: "came".into(), answer: "no".into() }],
        by: By::Link,
        ..verdict(false, Solved::Partly, Satisfaction::VeryUnsatisfied)
    };
    let why = Settled { judgement: Judgement::Failed, reasons: vec!["办得太慢".into()] };
    let hash = "00ff".to_owned();
    let changes = [
        opened(true),
        Change::Attempted { tries: 1, note: "nobody home".into(), by: By::Centre },
        Change::Passed(Judged { verdict: said, ended: settling(Judgement::Passed) }),
        Change::Failed(Judged { verdict: half, ended: Ended { settles: Some(why) } }),
        Change::Failed(Judged {
            verdict: verdict(true, Solved::No, Satisfaction::Satisfied),
            ended: Ended::default(),
        }),
        Change::RanOut(settling(Judgement::Lapsed)),
        Change::Refused { note: "不方便".into(), by: By::Platform, ended: Ended::default() },
        Change::LinkIssued(Link { hash, by: By::FirstContact, at: monday() }),
        Change::Withdrawn(settling(Judgement::Passed)),
        Change::Lapsed,
        Change::Cancelled { cause: Cause::Reopened },
        Change::Cancelled { cause: Cause::Closed },
        Change::Recomputed { due_at: monday() },
    ];
    let lines: Vec<String> = changes.iter().map(|change| serde_json::to_string(change).unwrap()).collect();
    insta::assert_snapshot!(lines.join("\n"), @r#"
    {"opened":{"case":"00000000-0000-0000-0000-000000000007","number":"JA-20261123-000001","district":"420102","area":"420102003005","category":"0101","unit":"community","tier":"community","worked":["community","parks"],"parties":[{"unit":"community","persons":["9ef8de1832ef7e7fb818870ae8903df9"]},{"unit":"grid","persons":["4ae3867b9edc88d5f7adf5ca72dfe183"]},{"unit":"parks","persons":["bbb19ba7566e8c1a1ef784976f528ab4"]}],"requests":["00000000-0000-0000-0000-000000000008"],"request":"00000000-0000-0000-0000-000000000008","attempt":1,"answer":"the tree is pruned","resolve_at":1795395600000000,"due_at":1795827600000000,"limit":{"kind":"natural_day","amount":5},"by_default":true}}
    {"attempted":{"tries":1,"note":"nobody home"}}
    {"passed":{"contacted":true,"solved":true,"satisfaction":"basically","comment":"好","settles":{"judgement":"passed"}}}
    {"failed":{"contacted":false,"told":false,"solved":false,"partly":true,"satisfaction":"very_unsatisfied","reasons":[{"code":"slow","text":"办得太慢"}],"answers":[{"question":"came","answer":"no"}],"by":"link","settles":{"judgement":"failed","reasons":["办得太慢"]}}}
    {"failed":{"contacted":true,"solved":false,"satisfaction":"satisfied"}}
    {"ran_out":{"settles":{"judgement":"lapsed"}}}
    {"refused":{"note":"不方便","by":"platform"}}
    {"link_issued":{"hash":"00ff","by":"first_contact","at":1795395600000000}}
    {"withdrawn":{"settles":{"judgement":"passed"}}}
    "lapsed"
    {"cancelled":{"cause":"reopened"}}
    {"cancelled":{"cause":"closed"}}
    {"recomputed":{"due_at":1795395600000000}}
    "#);
    for (line, change) in lines.iter().zip(&changes) {
        assert_eq!(serde_json::from_str::<Change>(line).unwrap(), *change);
    }
}

/// What builds before wrote: yes or no, three steps, one callback for a whole case, and no word of what it settles.
#[test]
fn what_older_builds_wrote_is_read() {
    let passed = r#"{"passed":{"contacted":true,"solved":true,"satisfaction":"basically","comment":"好"}}"#;
    let said = Verdict { comment: "好".into(), ..verdict(true, Solved::Yes, Satisfaction::Basically) };
    let judged = |verdict| Judged { verdict, ended: Ended::default() };
    assert_eq!(serde_json::from_str::<Change>(passed).unwrap(), Change::Passed(judged(said)));
    let failed = r#"{"failed":{"contacted":false,"solved":false,"satisfaction":"unsatisfied"}}"#;
    let said = verdict(false, Solved::No, Satisfaction::Unsatisfied);
    assert_eq!(serde_json::from_str::<Change>(failed).unwrap(), Change::Failed(judged(said)));
    let attempted = serde_json::from_str::<Change>(r#"{"attempted":{"tries":1,"note":""}}"#).unwrap();
    assert_eq!(attempted, Change::Attempted { tries: 1, note: String::new(), by: By::Centre });
    let mut row = json!(pending());
    row.as_object_mut().unwrap().remove("request");
    row["requests"] = json!([Uuid::from_u128(8), Uuid::from_u128(9)]);
    let whole: Callback = serde_json::from_value(row).unwrap();
    assert_eq!((whole.asked(), whole.opened.request), (None, None));
    let claim = format!("{}/1", Uuid::from_u128(7));
    assert_eq!(whole.claims(), [("attempt", claim)]);
    // It stands for the whole case, so what it ends as settles the attempt.
    let no = verdict(true, Solved::No, Satisfaction::Satisfied);
    let failed = whole.judge(no.clone(), CENTRE, alone(monday())).unwrap();
    let settles = Some(Settled { judgement: Judgement::Failed, reasons: vec!["未解决".into()] });
    let ended = Ended { settles };
    assert_eq!(failed, Decided::one(Change::Failed(Judged { verdict: no, ended })));
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
    for change in [Change::Lapsed, Change::Attempted { tries: 1, note: String::new(), by: By::Centre }] {
        assert!(after::<Callback>(None, &change, &stamp(monday())).is_none());
    }
}
