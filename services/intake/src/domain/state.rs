//! Where a request stands, as its reporter sees it, and what may happen there.

use serde::{Deserialize, Serialize};
use strum::{IntoStaticStr, VariantArray};

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum State {
    /// 已接单: received; being looked at.
    Submitted,
    /// 办理中: a case is open on it.
    Handling,
    /// 待答复: the case is resolved or declined; the first contact owes the reporter the answer.
    Answering,
    /// 已答复: the reporter has the answer.
    Answered,
    /// 已撤回: the reporter took it back.
    Withdrawn,
}

/// What can happen to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, IntoStaticStr, VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum Step {
    /// The reporter says more.
    Add,
    /// Somebody else joins it.
    Join,
    /// The reporter takes it back.
    Withdraw,
    /// The first contact has told the reporter how it goes.
    Tell,
    /// The first contact has told the reporter the answer.
    Answer,
    /// A case was opened on it.
    Open,
    /// The case is resolved or declined: an answer is owed.
    Owe,
    /// The case goes back to work.
    Reopen,
    /// The reporter does not accept the answer.
    Object,
}

impl State {
    pub const ALL: &[Self] = Self::VARIANTS;

    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The steps that a caller may ask for now.
    pub fn allowed(self) -> Vec<&'static str> {
        [Step::Add, Step::Join, Step::Withdraw, Step::Tell, Step::Answer, Step::Object]
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
    use State::{Answered, Answering, Handling, Submitted, Withdrawn};
    match (state, step) {
        (Submitted, Step::Add | Step::Join | Step::Tell) => Some(Submitted),
        (Submitted, Step::Withdraw) => Some(Withdrawn),
        (Submitted, Step::Open) => Some(Handling),
        // The case that it was merged into may be settled before its own has told that it opened.
        (Submitted, Step::Owe) => Some(Answering),
        (Submitted, Step::Answer | Step::Reopen | Step::Object) => None,

        (Handling, Step::Add | Step::Join | Step::Tell | Step::Open | Step::Reopen) => Some(Handling),
        (Handling, Step::Withdraw) => Some(Withdrawn),
        (Handling, Step::Owe) => Some(Answering),
        (Handling, Step::Answer | Step::Object) => None,

        (Answering, Step::Add | Step::Join) => Some(Answering),
        (Answering, Step::Withdraw) => Some(Withdrawn),
        (Answering, Step::Answer) => Some(Answered),
        (Answering, Step::Reopen) => Some(Handling),
        (Answering, Step::Owe) => Some(Answering),
        (Answering, Step::Open | Step::Tell | Step::Object) => None,

        (Answered, Step::Reopen | Step::Object) => Some(Handling),
        (Answered, Step::Owe) => Some(Answering),
        (Answered, Step::Add | Step::Join | Step::Tell | Step::Withdraw | Step::Answer | Step::Open) => None,

        (
            Withdrawn,
            Step::Add
            | Step::Join
            | Step::Withdraw
            | Step::Tell
            | Step::Answer
            | Step::Open
            | Step::Owe
            | Step::Reopen
            | Step::Object,
        ) => None,
    }
}
