//! 并案、撤销并案: what each of both cases comes to, and what must hold.

use chrono::{DateTime, Duration, Utc};
use huying_casework::domain::{
    Beside, By, Case, CaseworkProfile, ClockKind, Error, Holder, Judgement, Outcome, Ruled, State, Step,
    case::{
        CaseRequest,
        merged::{MOST_DEEP, MOST_REQUESTS},
        step::{Accept, Answer, Fail, Judge, Merge, Reopen, Unmerge, Withdraw},
    },
};
use huying_chassis::run::Halt;
use uuid::Uuid;

use super::fixture::{self as f, CASE, Facts, OTHER, after, case_at, facts, morning, other_at, take};

const FIRST: Uuid = Uuid::from_u128(1);
const SECOND: Uuid = Uuid::from_u128(2);

fn merge() -> Merge {
    Merge { into: OTHER, reason: "同一棵树".into() }
}

fn unmerge() -> Unmerge {
    Unmerge { reason: "不是同一棵".into() }
}

fn at(hours: i64) -> DateTime<Utc> {
    morning() + Duration::hours(hours)
}

/// Both after a step on the first.
fn both(case: &Case, other: &Case, by: &By, step: &impl Step<Case>, at: DateTime<Utc>) -> (Case, Case) {
    let known = facts().at(at).beside(OTHER, other).asked_by(by);
    let (decided, beside) = step.take(case, by, &known).unwrap();
    let [Beside::Case(OTHER, changes)] = &beside[..] else { panic!("{beside:?}") };
    (after(case, decided.changes(), at), after(other, changes.clone(), at))
}

fn refused(case: &Case, by: &By, step: &impl Step<Case>, facts: &Facts) -> Error {
    take(case, by, step, facts).unwrap_err()
}

fn ids(case: &Case) -> Vec<Uuid> {
    case.requests.iter().map(|request| request.id).collect()
}

/// The grid's case, worked on, and one of the community, merged after five hours.
fn merged() -> (Case, Case) {
    let case = case_at(&f::grid());
    let case = after(&case, take(&case, &f::by(&f::grid()), &Accept, &facts()).unwrap(), morning());
    both(&case, &other_at(&f::community()), &f::by(&f::grid()), &merge(), at(5))
}

#[test]
fn its_requests_go_to_the_other_case_and_it_closes() {
    let (case, other) = merged();
    assert_eq!((case.state, case.outcome), (State::Closed, Some(Outcome::Merged)));
    assert_eq!((case.closed_at, case.due_at, ids(&case)), (Some(at(5)), None, vec![]));
    assert_eq!(case.merged.unwrap().into.number, f::OTHER_NUMBER);
    assert_eq!(ids(&other), [SECOND, FIRST]);
    assert_eq!(other.requests[1].from.as_ref().unwrap().case, CASE);
    assert_eq!((other.state, other.holder.unit.as_str()), (State::Assigned, "C-1"));
}

/// The reporter of each is answered by the other case; only then, and judged, it closes.
#[test]
fn each_reporter_is_answered_by_the_case_that_goes_on() {
    let (_, other) = merged();
    let mut other = Case { state: State::Resolved, ..other };
    for request in [FIRST, SECOND] {
        assert_eq!(other.state, State::Resolved, "not all of them are answered");
        other = after(&other, f::caused(&other, &Answer { request, attempt: 1 }, &facts()), at(6));
    }
    let judge = Judge { attempt: 1, judgement: Judgement::Passed };
    let other = after(&other, f::caused(&other, &judge, &facts()), at(7));
    assert_eq!(other.outcome, Some(Outcome::StruckOff));
}

#[test]
fn unmerged_it_is_worked_again_with_the_time_that_it_had_used() {
    let (case, other) = merged();
    let resolve = |case: &Case| case.clocks.get(ClockKind::Resolve).unwrap().clone();
    assert_eq!(resolve(&case).used, Duration::hours(5));
    let (case, other) = both(&case, &other, &f::by(&f::grid()), &unmerge(), at(40));
    assert_eq!((case.state, case.outcome, case.closed_at), (State::Assigned, None, None));
    assert_eq!((ids(&case), ids(&other)), (vec![FIRST], vec![SECOND]));
    assert_eq!((case.merged, case.requests[0].from.clone()), (None, None));
    let respond = case.clocks.get(ClockKind::Respond).unwrap();
    assert_eq!((respond.started_at, respond.is_running()), (at(40), true));
    let resolve = case.clocks.get(ClockKind::Resolve).unwrap();
    assert_eq!(resolve.due_at, Some(at(40 + 24 - 5)), "what it had used counts");
}

#[test]
fn it_is_merged_by_its_holder_or_from_above_into_what_they_see() {
    let (case, other) = (case_at(&f::community()), other_at(&f::grid()));
    let known = facts().beside(OTHER, &other);
    for by in [f::by(&f::community()), f::by(&f::street()), f::by(&f::district())] {
        assert!(take(&case, &by, &merge(), &known).is_ok(), "{by:?}");
    }
    for by in [f::by(&f::grid()), f::by(&f::parks()), f::in_unit("S-2", "990101002", true)] {
        assert_eq!(refused(&case, &by, &merge(), &known), Error::NotHolder { holder: "C-1".into() });
    }
    let elsewhere = Case { area: "990101001002".into(), ..other.clone() };
    let unseen = facts().beside(OTHER, &elsewhere).asked_by(&f::by(&f::community()));
    let unseen = merge().take(&case, &f::by(&f::community()), &unseen);
    assert!(matches!(unseen, Err(Halt::NotFound { id: OTHER, .. })), "{unseen:?}");
    let itself = Merge { into: CASE, ..merge() };
    assert_eq!(refused(&case, &f::by(&f::community()), &itself, &known), Error::SameCase);
}

#[test]
fn requests_come_to_no_case_that_is_resolved_or_closed() {
    let case = case_at(&f::grid());
    for &state in Case::STATES {
        let known = facts().beside(OTHER, &Case { state, ..other_at(&f::grid()) });
        let taken = take(&case, &f::by(&f::grid()), &merge(), &known).err();
        let settled = matches!(state, State::Resolved | State::Closed);
        let number = f::OTHER_NUMBER.to_owned();
        assert_eq!(taken, settled.then(|| Error::TargetNotOpen { number, state: state.name() }));
    }
}

#[test]
fn what_was_called_for_is_settled_first() {
    let case = Case { state: State::Working, ..case_at(&f::street()) };
    let (case, sent) = f::calling(&case, &f::parks());
    let known = facts().dispatches(&[sent]).beside(OTHER, &other_at(&f::grid()));
    let open = refused(&case, &f::by(&f::street()), &merge(), &known);
    assert!(matches!(open, Error::OpenDispatches { .. }), "{open:?}");
}

/// A hundred households, and a hundred more; then it is full.
#[test]
fn a_case_takes_two_hundred_requests() {
    let mut other = other_at(&f::community());
    for n in 1..MOST_REQUESTS as u128 {
        let mut case = case_at(&f::grid());
        case.requests[0].id = Uuid::from_u128(1000 + n);
        other = both(&case, &other, &f::by(&f::grid()), &merge(), at(1)).1;
    }
    assert_eq!(ids(&other).len(), MOST_REQUESTS);
    let known = facts().beside(OTHER, &other);
    let full = refused(&case_at(&f::grid()), &f::by(&f::grid()), &merge(), &known);
    assert_eq!(full, Error::CaseFull { most: MOST_REQUESTS });
}

#[test]
fn it_is_unmerged_by_either_holder_or_from_above_while_there_is_time() {
    let (case, other) = merged();
    let known = facts().at(at(6)).beside(OTHER, &other);
    for by in [f::by(&f::grid()), f::by(&f::community()), f::by(&f::district())] {
        assert!(take(&case, &by, &unmerge(), &known).is_ok(), "{by:?}");
    }
    let elsewhere = f::in_unit("G-2", "990101001001002", true);
    assert_eq!(refused(&case, &elsewhere, &unmerge(), &known), Error::NotHolder { holder: "G-1".into() });
    let late = known.clone().at(at(5) + Duration::days(7));
    let late = refused(&case, &f::by(&f::grid()), &unmerge(), &late);
    assert_eq!(late, Error::UnmergeWindowClosed { closed_at: at(5) + Duration::days(7) });
    let resolved = facts().at(at(6)).beside(OTHER, &Case { state: State::Resolved, ..other });
    let resolved = refused(&case, &f::by(&f::grid()), &unmerge(), &resolved);
    assert!(matches!(resolved, Error::TargetNotOpen { .. }), "{resolved:?}");
}

#[test]
fn a_merged_case_is_not_reopened_and_no_other_is_unmerged() {
    let (case, other) = merged();
    let leader = f::leader(f::DISTRICT);
    let reopened = refused(&case, &leader, &Reopen { reason: "x".into() }, &facts());
    assert_eq!(reopened, Error::Merged { into: f::OTHER_NUMBER.into() });
    assert!(f::caused(&case, &Fail { attempt: 1, reasons: Vec::new() }, &facts()).is_empty());
    let closed = Case { state: State::Closed, outcome: Some(Outcome::StruckOff), ..other };
    let other = refused(&closed, &f::by(&f::community()), &unmerge(), &facts());
    assert_eq!(other, Error::StepNotAllowed { step: "unmerge", state: "closed" });
}

#[test]
fn one_of_several_withdrawn_leaves_and_the_last_one_closes() {
    let (case, other) = merged();
    let withdraw = |case: &Case, request| f::caused(case, &Withdraw { request }, &facts());
    let other = after(&other, withdraw(&other, FIRST), at(6));
    assert_eq!((other.state, ids(&other)), (State::Assigned, vec![SECOND]));
    assert!(withdraw(&other, FIRST).is_empty(), "once");
    let known = facts().at(at(6)).beside(OTHER, &other);
    assert_eq!(refused(&case, &f::by(&f::grid()), &unmerge(), &known), Error::NoRequestLeft);
    let other = after(&other, withdraw(&other, SECOND), at(6));
    assert_eq!((other.state, other.outcome), (State::Closed, Some(Outcome::Withdrawn)));
}

#[test]
fn no_case_is_left_without_a_request() {
    let (case, other) = merged();
    let other = after(&other, f::caused(&other, &Withdraw { request: SECOND }, &facts()), at(6));
    let known = facts().at(at(6)).beside(OTHER, &other);
    assert_eq!(refused(&case, &f::by(&f::grid()), &unmerge(), &known), Error::NoRequestLeft);
}

/// Judged, and everybody answered but the one who took the request back.
#[test]
fn the_withdrawal_of_the_one_who_was_waited_for_strikes_it_off() {
    let (_, mut other) = merged();
    (other.state, other.judgement) = (State::Resolved, Some(Judgement::Passed));
    other.requests[0].answered = true;
    let struck_off = after(&other, f::caused(&other, &Withdraw { request: FIRST }, &facts()), at(6));
    assert_eq!((struck_off.outcome, ids(&struck_off)), (Some(Outcome::StruckOff), vec![SECOND]));
    other.judgement = None;
    let waits = after(&other, f::caused(&other, &Withdraw { request: FIRST }, &facts()), at(6));
    assert_eq!(waits.state, State::Resolved);
}

/// A late answer to an attempt before the merge, or before it was undone, is never taken for one of the attempt that goes on.
#[test]
fn attempts_only_grow_for_a_request_that_goes_to_another_case() {
    let (again, other) = (Case { attempt: 3, ..case_at(&f::grid()) }, other_at(&f::community()));
    let (case, other) = both(&again, &other, &f::by(&f::grid()), &merge(), at(1));
    assert_eq!(other.attempt, 3);
    let other = Case { attempt: 5, ..other };
    let (case, _) = both(&case, &other, &f::by(&f::grid()), &unmerge(), at(2));
    assert_eq!(case.attempt, 5);
}

/// What came with it goes on with it, and comes back with it.
#[test]
fn a_case_that_others_were_merged_into_is_merged_too() {
    let (mut first, second) = merged();
    let third = Case { requests: vec![request(9)], ..other_at(&f::street()) };
    let (second, third) = both(&second, &third, &f::by(&f::community()), &merge(), at(6));
    assert_eq!(ids(&third), [Uuid::from_u128(9), SECOND, FIRST]);
    assert!(third.requests[1..].iter().all(|it| it.from.as_ref().is_some_and(|from| from.case == CASE)));
    first.merged.as_mut().unwrap().into.case = OTHER;
    let known = facts().at(at(7)).beside(OTHER, &second);
    let inner = refused(&first, &f::by(&f::grid()), &unmerge(), &known);
    assert!(matches!(inner, Error::TargetNotOpen { .. }), "the outer one first: {inner:?}");
    let (second, third) = both(&second, &third, &f::by(&f::community()), &unmerge(), at(7));
    assert_eq!((ids(&second), ids(&third)), (vec![SECOND, FIRST], vec![Uuid::from_u128(9)]));
    assert_eq!(second.requests[1].from.as_ref().unwrap().number, first.number, "as it was");
    let (_, fourth) = both(&second, &other_at(&f::grid()), &f::by(&f::community()), &merge(), at(8));
    assert_eq!((second.depth, fourth.depth), (1, 2));
    let deep = Case { depth: MOST_DEEP, ..case_at(&f::grid()) };
    let known = facts().beside(OTHER, &other_at(&f::grid()));
    let deep = refused(&deep, &f::by(&f::grid()), &merge(), &known);
    assert_eq!(deep, Error::MergedTooDeep { most: MOST_DEEP });
}

fn request(id: u128) -> CaseRequest {
    CaseRequest { id: Uuid::from_u128(id), answered: false, from: None, visit_first: false }
}

/// Its holder was merged away meanwhile: it comes back, and the successor has it, to be accepted.
#[test]
fn what_comes_back_to_a_unit_that_is_no_more_is_its_successors() {
    let (case, other) = merged();
    let successors = [("G-1".to_owned(), Holder::of(&f::community()))].into();
    let by = f::leader(f::DISTRICT);
    let known = facts().at(at(6)).beside(OTHER, &other).asked_by(&by);
    let known = Facts { profile: CaseworkProfile { successors, ..f::profile() }, ..known };
    let back = after(&case, take(&case, &by, &unmerge(), &known).unwrap(), at(6));
    assert_eq!((back.state, back.holder.unit.as_str()), (State::Assigned, "C-1"));
    assert_eq!(ids(&back), [FIRST]);
    assert_eq!(back.clocks.get(ClockKind::Respond).unwrap().due_at, Some(at(8)));
}
