//! When a verdict passes, who may give it, and when time is up.

use huying_testing::after;
use std::fmt::Write as _;

use chrono::Duration;
use huying_chassis::log::Decided;
use strum::VariantArray as _;

use super::{monday, pending, stamp};
use crate::domain::{
    change::{Cause, Change},
    error::Error,
    state::{State, Step},
    verdict::{Satisfaction, Verdict},
};

fn verdict(contacted: bool, solved: bool, satisfaction: Satisfaction) -> Verdict {
    Verdict { contacted, solved, satisfaction, comment: String::new() }
}

#[test]
fn solved_and_not_unsatisfied_passes() {
    let mut table = String::new();
    for solved in [true, false] {
        for &satisfaction in Satisfaction::VARIANTS {
            for contacted in [true, false] {
                let verdict = verdict(contacted, solved, satisfaction);
                let outcome = if verdict.passes() { "passes" } else { "fails" };
                writeln!(table, "contacted {contacted:<5} solved {solved:<5} {satisfaction:?}: {outcome}")
                    .unwrap();
            }
        }
    }
    insta::assert_snapshot!(table, @r"
    contacted true  solved true  Satisfied: passes
    contacted false solved true  Satisfied: passes
    contacted true  solved true  Basically: passes
    contacted false solved true  Basically: passes
    contacted true  solved true  Unsatisfied: fails
    contacted false solved true  Unsatisfied: fails
    contacted true  solved false Satisfied: fails
    contacted false solved false Satisfied: fails
    contacted true  solved false Basically: fails
    contacted false solved false Basically: fails
    contacted true  solved false Unsatisfied: fails
    contacted false solved false Unsatisfied: fails
    ");
}

#[test]
fn a_verdict_ends_it_with_all_that_was_said() {
    let said = Verdict { comment: "快".into(), ..verdict(true, true, Satisfaction::Satisfied) };
    let decided = pending().judge(said.clone(), Some("callbacks")).unwrap();
    assert_eq!(decided, Decided::one(Change::Passed(said.clone())));
    let at = stamp(monday() + Duration::hours(3));
    let judged = decided.changes().iter().fold(pending(), |it, change| after(Some(it), change, &at).unwrap());
    assert_eq!(
        (judged.state, judged.verdict, judged.end_at),
        (State::Passed, Some(said), Some(monday() + Duration::hours(3)))
    );
}

#[test]
fn who_worked_on_it_must_not_judge_it() {
    let said = verdict(true, true, Satisfaction::Satisfied);
    for unit in ["community", "parks"] {
        assert_eq!(pending().judge(said.clone(), Some(unit)), Err(Error::OwnWork { unit: unit.to_owned() }));
    }
    assert!(pending().judge(said.clone(), None).is_ok());
    assert!(pending().judge(said, Some("callbacks")).is_ok());
}

#[test]
fn it_lapses_when_its_window_ends_and_not_before() {
    let callback = pending();
    assert_eq!(callback.opened.due_at, monday() + Duration::days(5));
    assert_eq!(
        callback.lapse(monday() + Duration::days(5) - Duration::microseconds(1)),
        Decided::AlreadyDone
    );
    assert_eq!(callback.lapse(monday() + Duration::days(5)), Decided::one(Change::Lapsed));
}

#[test]
fn what_has_ended_takes_no_step_and_no_harm() {
    let cancelled = Change::Cancelled { cause: Cause::Reopened };
    let ended = after(Some(pending()), &cancelled, &stamp(monday())).unwrap();
    let refused = |step| Error::NotAllowed { state: State::Cancelled, step };
    assert_eq!(ended.judge(verdict(true, true, Satisfaction::Satisfied), None), Err(refused(Step::Pass)));
    assert_eq!(ended.judge(verdict(true, false, Satisfaction::Satisfied), None), Err(refused(Step::Fail)));
    assert_eq!(ended.attempt(String::new()), Err(refused(Step::Attempt)));
    assert_eq!(ended.lapse(monday() + Duration::days(50)), Decided::AlreadyDone);
    assert_eq!(ended.cancel(Cause::Closed), Decided::AlreadyDone);
}
