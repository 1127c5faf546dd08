//! Where a route stands and what may happen there.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// Where a route stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// 待研判: no rule could decide; a person must.
    Queued,
    /// 已研判.
    Decided,
    /// 已撤回: the reporter took the request back before a decision.
    Withdrawn,
    /// 历史件: it was closed before it came here. What is known of it serves for twins and for learning.
    History,
}

/// What can happen to a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Step {
    /// A person decides.
    Decide,
    /// The reporter takes the request back.
    Withdraw,
    /// Somebody at the desk takes it in hand.
    Claim,
    /// They give it back.
    Release,
    /// The desk's clock reaches amber or red.
    TurnLamp,
    /// Nobody minds it: it is told to the tier above.
    Climb,
    /// The profile was replaced: it waits by another clock.
    Recompute,
    /// A person says that the decision was wrong.
    Correct,
    /// The reporter adds that life is in danger.
    Endanger,
}

impl State {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The steps that a caller may ask for now.
    pub fn allowed(self) -> Vec<&'static str> {
        [Step::Decide, Step::Claim, Step::Release, Step::Correct]
            .into_iter()
            .filter(|step| next(self, *step).is_some())
            .map(Step::name)
            .collect()
    }
}

impl Step {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Where a step leads; none where it is not allowed.
pub const fn next(state: State, step: Step) -> Option<State> {
    match (state, step) {
        (State::Queued, Step::Decide) => Some(State::Decided),
        (State::Queued, Step::Withdraw) => Some(State::Withdrawn),
        (
            State::Queued,
            Step::Claim | Step::Release | Step::TurnLamp | Step::Climb | Step::Recompute | Step::Endanger,
        ) => Some(State::Queued),
        (State::Queued, Step::Correct) => None,

        // Once decided there is a case: it hears of the withdrawal itself.
        (State::Decided, Step::Correct | Step::Endanger) => Some(State::Decided),
        (
            State::Decided,
            Step::Decide
            | Step::Withdraw
            | Step::Claim
            | Step::Release
            | Step::TurnLamp
            | Step::Climb
            | Step::Recompute,
        ) => None,

        // Nothing is to be done about either.
        (
            State::Withdrawn | State::History,
            Step::Decide
            | Step::Withdraw
            | Step::Claim
            | Step::Release
            | Step::TurnLamp
            | Step::Climb
            | Step::Recompute
            | Step::Correct
            | Step::Endanger,
        ) => None,
    }
}
