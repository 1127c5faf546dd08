//! Where a callback can be, and what may happen to it there. The one table of both.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a callback stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待回访: the reporter is to be asked.
    Pending,
    /// 通过: solved, and not unsatisfied.
    Passed,
    /// 不通过.
    Failed,
    /// 逾期未联系上: nobody was reached until the window ended.
    Lapsed,
    /// 取消: the case moved on before the reporter was asked.
    Cancelled,
}

/// What can happen to a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    /// Nobody was reached this time.
    Attempt,
    /// The reporter's verdict passes.
    Pass,
    /// The reporter's verdict does not pass.
    Fail,
    /// The window ended.
    Lapse,
    /// The case moved on.
    Cancel,
}

impl State {
    /// All of them, in the order of a life.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Passed, Self::Failed, Self::Lapsed, Self::Cancelled];

    /// As stored; the same as serde's.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Lapsed => "lapsed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing can happen to it any more.
    pub fn is_ended(self) -> bool {
        self.allowed().is_empty()
    }

    /// The steps allowed here.
    pub fn allowed(self) -> Vec<Step> {
        Step::ALL.into_iter().filter(|step| next(self, *step).is_some()).collect()
    }
}

impl Step {
    pub const ALL: [Self; 5] = [Self::Attempt, Self::Pass, Self::Fail, Self::Lapse, Self::Cancel];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Attempt => "attempt",
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Lapse => "lapse",
            Self::Cancel => "cancel",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Where a step leads from a state; none where it is not allowed.
pub const fn next(state: State, step: Step) -> Option<State> {
    match (state, step) {
        (State::Pending, Step::Attempt) => Some(State::Pending),
        (State::Pending, Step::Pass) => Some(State::Passed),
        (State::Pending, Step::Fail) => Some(State::Failed),
        (State::Pending, Step::Lapse) => Some(State::Lapsed),
        (State::Pending, Step::Cancel) => Some(State::Cancelled),

        // An ended callback stays as it ended: a new attempt at the case gets a callback of its own.
        (
            State::Passed | State::Failed | State::Lapsed | State::Cancelled,
            Step::Attempt | Step::Pass | Step::Fail | Step::Lapse | Step::Cancel,
        ) => None,
    }
}
