//! The request's own rules, without I/O.

use huying_intake::domain::state::{State, Step, next};

/// Every state and every step: a change here is a change of the product, and shows in review.
#[test]
fn every_step_in_every_state() {
    let table: String = State::ALL
        .iter()
        .flat_map(|state| Step::ALL.iter().map(move |step| (state, step)))
        .map(|(state, step)| {
            format!(
                "{:<10} {:<9} {}\n",
                state.name(),
                step.name(),
                next(*state, *step).map_or("–", State::name)
            )
        })
        .collect();
    insta::assert_snapshot!(table);
}

/// No state but the withdrawn one is a dead end.
#[test]
fn only_a_withdrawn_request_is_at_its_end() {
    for &state in State::ALL {
        let ways_on =
            Step::ALL.iter().filter(|step| next(state, **step).is_some_and(|after| after != state)).count();
        assert_eq!(ways_on == 0, state == State::Withdrawn, "{state:?}");
    }
}
