//! When a verdict passes, who may give it, and when time is up.

use std::fmt::Write as _;

use chrono::Duration;
use huying_chassis::log::Decided;
use huying_terms::Solved;
use huying_testing::after;
use strum::VariantArray as _;

use super::{CENTRE, alone, monday, pending, settling, somebody, stamp, verdict};
use crate::domain::{
    callback::Teller,
    change::{Cause, Change, Judged},
    error::Error,
    parties::Doer,
    settle::Judgement,
    state::{State, Step},
    verdict::{By, Satisfaction, Verdict},
};

#[test]
fn wholly_solved_and_not_unsatisfied_passes() {
    let mut table = String::new();
    for solved in [Solved::Yes, Solved::Partly, Solved::No] {
        for &satisfaction in Satisfaction::VARIANTS {
            let outcomes = [true, false].map(|contacted| verdict(contacted, solved, satisfaction).passes());
            assert_eq!(outcomes[0], outcomes[1], "whether they were contacted counts in the rates");
            let outcome = if outcomes[0] { "passes" } else { "fails" };
            writeln!(table, "solved {solved:?} {satisfaction:?}: {outcome}").unwrap();
        }
    }
    insta::assert_snapshot!(table, @r"
    solved Yes VerySatisfied: passes
    solved Yes Satisfied: passes
    solved Yes Basically: passes
    solved Yes Unsatisfied: fails
    solved Yes VeryUnsatisfied: fails
    solved Partly VerySatisfied: fails
    solved Partly Satisfied: fails
    solved Partly Basically: fails
    solved Partly Unsatisfied: fails
    solved Partly VeryUnsatisfied: fails
    solved No VerySatisfied: fails
    solved No Satisfied: fails
    solved No Basically: fails
    solved No Unsatisfied: fails
    solved No VeryUnsatisfied: fails
    ");
}

#[test]
fn a_verdict_ends_it_with_all_that_was_said() {
    let said = Verdict { comment: "快".into(), ..verdict(true, Solved::Yes, Satisfaction::Satisfied) };
    let decided = pending().judge(said.clone(), CENTRE, alone(monday())).unwrap();
    let judged = Judged { verdict: said.clone(), ended: settling(Judgement::Passed) };
    assert_eq!(decided, Decided::one(Change::Passed(judged)));
    let at = stamp(monday() + Duration::hours(3));
    let judged = decided.changes().iter().fold(pending(), |it, change| after(Some(it), change, &at).unwrap());
    assert_eq!(
        (judged.state, judged.verdict, judged.end_at),
        (State::Passed, Some(said), Some(monday() + Duration::hours(3)))
    );
    assert_eq!(judged.settles, settling(Judgement::Passed).settles);
}

#[test]
fn who_worked_on_it_must_not_judge_it() {
    let said = verdict(true, Solved::Yes, Satisfaction::Satisfied);
    let of = |unit| somebody(By::Centre, unit);
    for unit in ["community", "parks", "grid"] {
        let refused = Error::OwnWork { unit: unit.to_owned() };
        assert_eq!(pending().judge(said.clone(), of(Some(unit)), alone(monday())), Err(refused.clone()));
        // Nor who acted for it, whichever unit they work in now.
        let subject = &format!("officer of {unit}");
        for unit in [Some("callbacks"), None] {
            let moved = Teller { by: By::Centre, who: Doer { unit, subject } };
            assert_eq!(pending().judge(said.clone(), moved, alone(monday())), Err(refused.clone()));
        }
    }
    // Of a callback of a build before only those are known who worked on it.
    let mut before = pending();
    before.opened.parties.clear();
    assert!(before.judge(said.clone(), of(Some("parks")), alone(monday())).is_err());
    assert!(before.judge(said.clone(), of(Some("grid")), alone(monday())).is_ok());
    assert!(pending().judge(said.clone(), of(None), alone(monday())).is_ok());
    assert!(pending().judge(said, CENTRE, alone(monday())).is_ok());
}

#[test]
fn it_lapses_when_its_window_ends_and_not_before() {
    let callback = pending();
    let end = monday() + Duration::days(5);
    assert_eq!(callback.opened.due_at, end);
    assert_eq!(callback.lapse(alone(end - Duration::microseconds(1))), Decided::AlreadyDone);
    assert_eq!(callback.lapse(alone(end)), Decided::one(Change::RanOut(settling(Judgement::Lapsed))));
}

/// Also before the timer has looked.
#[test]
fn after_the_window_there_is_no_verdict() {
    let said = || verdict(true, Solved::Yes, Satisfaction::Satisfied);
    let end = monday() + Duration::days(5);
    assert_eq!(pending().judge(said(), CENTRE, alone(end)), Err(Error::WindowOver));
    let lapsed = after(Some(pending()), &Change::Lapsed, &stamp(end)).unwrap();
    assert_eq!(lapsed.judge(said(), CENTRE, alone(end)), Err(Error::WindowOver));
    // One that was tried as often as was to be is no matter of time.
    let ran_out = Change::RanOut(settling(Judgement::Lapsed));
    let tried = after(Some(pending()), &ran_out, &stamp(monday())).unwrap();
    let refused = Error::NotAllowed { state: State::Lapsed, step: Step::Pass };
    assert_eq!(tried.judge(said(), CENTRE, alone(monday())), Err(refused));
}

#[test]
fn what_has_ended_takes_no_step_and_no_harm() {
    let cancelled = Change::Cancelled { cause: Cause::Reopened };
    let ended = after(Some(pending()), &cancelled, &stamp(monday())).unwrap();
    let at = alone(monday());
    let yes = verdict(true, Solved::Yes, Satisfaction::Satisfied);
    assert_eq!(ended.judge(yes.clone(), CENTRE, at), Err(Error::NotResolved));
    assert_eq!(ended.attempt(String::new(), CENTRE, 3, at), Err(Error::NotResolved));
    assert_eq!(ended.lapse(alone(monday() + Duration::days(50))), Decided::AlreadyDone);
    assert_eq!(ended.cancel(Cause::Closed), Decided::AlreadyDone);

    let judged = Change::Passed(Judged { verdict: yes.clone(), ended: settling(Judgement::Passed) });
    let passed = after(Some(pending()), &judged, &stamp(monday())).unwrap();
    let no = verdict(true, Solved::No, Satisfaction::Satisfied);
    let refused = |step| Error::NotAllowed { state: State::Passed, step };
    for said in [yes, no] {
        assert_eq!(passed.judge(said, CENTRE, at), Err(Error::Judged { state: State::Passed }));
    }
    assert_eq!(passed.attempt(String::new(), CENTRE, 3, at), Err(refused(Step::Attempt)));
    assert_eq!(passed.cancel(Cause::Reopened), Decided::AlreadyDone);
}
