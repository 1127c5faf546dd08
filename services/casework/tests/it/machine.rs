//! Every state and every step of a case and of a dispatch: a change here is a change of the product, and shows in review.

use huying_casework::domain::{DispatchState, DispatchStep, State, Step, dispatch_state, state};

fn row(state: &str, step: &str, to: Option<&str>) -> String {
    format!("{state:<10} {step:<11} {}\n", to.unwrap_or("–"))
}

#[test]
fn every_step_of_a_case_in_every_state() {
    let pairs = State::ALL.into_iter().flat_map(|state| Step::ALL.map(|step| (state, step)));
    let table: String = pairs
        .map(|(from, step)| row(from.name(), step.name(), state::next(from, step).map(State::name)))
        .collect();
    insta::assert_snapshot!(table);
}

#[test]
fn every_step_of_a_dispatch_in_every_state() {
    let pairs = DispatchState::ALL.into_iter().flat_map(|state| DispatchStep::ALL.map(|step| (state, step)));
    let table: String = pairs
        .map(|(from, step)| {
            row(from.name(), step.name(), dispatch_state::next(from, step).map(DispatchState::name))
        })
        .collect();
    insta::assert_snapshot!(table);
}

/// No state is a dead end but closed, and nothing leads out of closed but a reopening.
#[test]
fn only_closed_is_an_end() {
    for from in State::ALL {
        let ways: Vec<Step> = Step::ALL
            .into_iter()
            .filter(|step| state::next(from, *step).is_some_and(|to| to != from))
            .collect();
        match from {
            State::Closed => assert_eq!(ways, [Step::Reopen]),
            State::Assigned | State::Working | State::Resolved => {
                assert!(ways.len() > 1, "{from:?} leads nowhere")
            }
        }
    }
}

/// A dispatch that is not settled can always be ended, so no department can hold a case for ever.
#[test]
fn every_open_dispatch_can_end() {
    for from in DispatchState::ALL {
        assert_eq!(dispatch_state::next(from, DispatchStep::End).is_none(), from.is_settled(), "{from:?}");
    }
}
