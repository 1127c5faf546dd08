//! Every state and every step of a case and of a dispatch: a change here is a change of the product, and shows in review.

use huying_casework::domain::{
    Absence, Approval, ApprovalState, Case, Dispatch, DispatchState, Meeting, MeetingState, Ruled, State,
    Step,
    absence::AbsenceState,
    case::step::{Reopen, Unmerge},
    rule::Rule,
};

fn table<A: Ruled>(name: impl Fn(A::State) -> &'static str) -> String {
    let row = |from: A::State, rule: &Rule<A>| {
        format!("{:<10} {:<11} {}\n", name(from), rule.name, rule.leads(from).map_or("–", &name))
    };
    A::STATES
        .iter()
        .flat_map(|from| A::rules().iter().map(move |rule| (*from, rule)))
        .map(|(from, rule)| row(from, rule))
        .collect()
}

#[test]
fn every_step_of_a_case_in_every_state() {
    insta::assert_snapshot!(table::<Case>(State::name));
}

#[test]
fn every_step_of_a_dispatch_in_every_state() {
    insta::assert_snapshot!(table::<Dispatch>(DispatchState::name));
}

#[test]
fn every_step_of_an_approval_in_every_state() {
    insta::assert_snapshot!(table::<Approval>(ApprovalState::name));
}

#[test]
fn every_step_of_a_meeting_in_every_state() {
    insta::assert_snapshot!(table::<Meeting>(MeetingState::name));
}

#[test]
fn every_step_of_an_absence_in_every_state() {
    insta::assert_snapshot!(table::<Absence>(AbsenceState::name));
}

/// No state is a dead end but closed, and nothing leads out of closed but a reopening and an un-merging.
#[test]
fn only_closed_is_an_end() {
    for &from in Case::STATES {
        let ways = Case::rules().iter().filter(|rule| rule.leads(from).is_some_and(|to| to != from));
        let ways: Vec<&str> = ways.map(|rule| rule.name).collect();
        match from {
            State::Closed => assert_eq!(ways, [Unmerge::RULE.name, Reopen::RULE.name]),
            State::Assigned
            | State::Working
            | State::Returned
            | State::Suspended
            | State::Waiting
            | State::Resolved => assert!(!ways.is_empty(), "{from:?} leads nowhere"),
        }
    }
}

/// A dispatch that is not settled can always be ended, so no department can hold a case for ever.
#[test]
fn every_open_dispatch_can_end() {
    let end = Dispatch::rules().iter().find(|rule| rule.name == "end").unwrap();
    for &from in Dispatch::STATES {
        assert_eq!(end.leads(from).is_none(), from.is_settled(), "{from:?}");
    }
}
