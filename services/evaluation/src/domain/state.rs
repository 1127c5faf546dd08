//! Where a callback can be, and what may happen to it there. The one table of both.

use serde::{Deserialize, Serialize};
use strum::{Display, IntoStaticStr, VariantArray};

/// Where a callback stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[derive(Display, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// 待回访: the reporter is to be asked.
    Pending,
    /// 通过: solved, and not unsatisfied.
    Passed,
    /// 不通过.
    Failed,
    /// 逾期未联系上: nobody was reached until the window ended, or as often as was to be tried.
    Lapsed,
    /// 取消: the case moved on before the reporter was asked.
    Cancelled,
    /// 拒绝回访: the reporter would not answer.
    Refused,
    /// 免回访: others of the attempt were drawn.
    Spared,
}

/// What can happen to a callback.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Display, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Step {
    /// Nobody was reached this time.
    Attempt,
    /// The reporter's verdict passes.
    Pass,
    /// The reporter's verdict does not pass.
    Fail,
    /// The window ended, or it was the last try.
    Lapse,
    /// The case moved on.
    Cancel,
    /// The district's calendar is another one.
    Recompute,
    /// The reporter would not answer.
    Refuse,
    /// The reporter is sent a link.
    Link,
    /// The reporter took the request back.
    Withdraw,
    /// The judged unit appeals against the verdict.
    Appeal,
    /// Its appeal is decided.
    Decide,
}

impl State {
    /// All of them, in the order of a life.
    pub const ALL: &[Self] = Self::VARIANTS;

    /// As stored; the same as serde's.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether nothing moves it any more: an appeal against a verdict leaves it where it is. Rows follow from it, also those replayed later: so it does not ask the table.
    pub const fn is_ended(self) -> bool {
        match self {
            Self::Pending => false,
            Self::Passed | Self::Failed | Self::Lapsed | Self::Cancelled | Self::Refused | Self::Spared => {
                true
            }
        }
    }

    /// The steps allowed here.
    pub fn allowed(self) -> Vec<Step> {
        Step::ALL.iter().copied().filter(|step| next(self, *step).is_some()).collect()
    }
}

impl Step {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// Where a step leads from a state; none where it is not allowed.
pub const fn next(state: State, step: Step) -> Option<State> {
    match (state, step) {
        (State::Pending, Step::Attempt | Step::Recompute | Step::Link | Step::Withdraw) => {
            Some(State::Pending)
        }
        (State::Pending, Step::Pass) => Some(State::Passed),
        (State::Pending, Step::Fail) => Some(State::Failed),
        (State::Pending, Step::Lapse) => Some(State::Lapsed),
        (State::Pending, Step::Cancel) => Some(State::Cancelled),
        (State::Pending, Step::Refuse) => Some(State::Refused),

        (State::Failed, Step::Appeal | Step::Decide) => Some(State::Failed),
        (
            State::Pending
            | State::Passed
            | State::Lapsed
            | State::Cancelled
            | State::Refused
            | State::Spared,
            Step::Appeal | Step::Decide,
        ) => None,

        // An ended callback stays as it ended: a new attempt at the case gets a callback of its own.
        (
            State::Passed | State::Failed | State::Lapsed | State::Cancelled | State::Refused | State::Spared,
            Step::Attempt
            | Step::Pass
            | Step::Fail
            | Step::Lapse
            | Step::Cancel
            | Step::Recompute
            | Step::Refuse
            | Step::Link
            | Step::Withdraw,
        ) => None,
    }
}
