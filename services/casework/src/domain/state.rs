//! Where a case can be and which step leads where. The one table: whoever asks what is allowed asks here.

use serde::{Deserialize, Serialize};

/// Where a case is. Open means any but closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// 待签收: a unit holds it and has not yet accepted.
    Assigned,
    /// 办理中.
    Working,
    /// 办结待评: the holder reports it done; the reporter is being told and asked.
    Resolved,
    /// 销号: it left the account.
    Closed,
}

/// What can be done with a case. The last four are done by events, never by a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Step {
    Accept,
    Note,
    Escalate,
    Delegate,
    Call,
    Resolve,
    StrikeOff,
    Reopen,
    Withdraw,
    Answer,
    Judge,
    Supplement,
}

/// What evaluation said of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// The reporter says it is solved.
    Passed,
    /// Nobody was reached until the window ended.
    Lapsed,
}

/// How a case closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Resolved, judged, every request answered.
    StruckOff,
    /// The reporter took the request back.
    Withdrawn,
}

/// Where a step leads from a state; none: it is not allowed there.
pub const fn next(state: State, step: Step) -> Option<State> {
    match (state, step) {
        (State::Assigned, Step::Accept) => Some(State::Working),
        (State::Assigned, Step::Escalate | Step::Delegate | Step::Supplement) => Some(State::Assigned),
        (State::Assigned, Step::Withdraw) => Some(State::Closed),
        (
            State::Assigned,
            Step::Note
            | Step::Call
            | Step::Resolve
            | Step::StrikeOff
            | Step::Reopen
            | Step::Answer
            | Step::Judge,
        ) => None,

        (State::Working, Step::Note | Step::Call | Step::Supplement) => Some(State::Working),
        (State::Working, Step::Escalate | Step::Delegate) => Some(State::Assigned),
        (State::Working, Step::Resolve) => Some(State::Resolved),
        (State::Working, Step::Withdraw) => Some(State::Closed),
        (State::Working, Step::Accept | Step::StrikeOff | Step::Reopen | Step::Answer | Step::Judge) => None,

        (State::Resolved, Step::Answer | Step::Judge | Step::Supplement) => Some(State::Resolved),
        (State::Resolved, Step::StrikeOff | Step::Withdraw) => Some(State::Closed),
        (State::Resolved, Step::Reopen) => Some(State::Assigned),
        (
            State::Resolved,
            Step::Accept | Step::Note | Step::Escalate | Step::Delegate | Step::Call | Step::Resolve,
        ) => None,

        (State::Closed, Step::Reopen) => Some(State::Assigned),
        (
            State::Closed,
            Step::Accept
            | Step::Note
            | Step::Escalate
            | Step::Delegate
            | Step::Call
            | Step::Resolve
            | Step::StrikeOff
            | Step::Withdraw
            | Step::Answer
            | Step::Judge
            | Step::Supplement,
        ) => None,
    }
}

impl State {
    pub const ALL: [Self; 4] = [Self::Assigned, Self::Working, Self::Resolved, Self::Closed];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Working => "working",
            Self::Resolved => "resolved",
            Self::Closed => "closed",
        }
    }

    pub const fn is_open(self) -> bool {
        !matches!(self, Self::Closed)
    }
}

impl Step {
    pub const ALL: [Self; 12] = [
        Self::Accept,
        Self::Note,
        Self::Escalate,
        Self::Delegate,
        Self::Call,
        Self::Resolve,
        Self::StrikeOff,
        Self::Reopen,
        Self::Withdraw,
        Self::Answer,
        Self::Judge,
        Self::Supplement,
    ];

    /// Those a caller can ask for.
    pub const CALLERS: [Self; 8] = [
        Self::Accept,
        Self::Note,
        Self::Escalate,
        Self::Delegate,
        Self::Call,
        Self::Resolve,
        Self::StrikeOff,
        Self::Reopen,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Note => "note",
            Self::Escalate => "escalate",
            Self::Delegate => "delegate",
            Self::Call => "call",
            Self::Resolve => "resolve",
            Self::StrikeOff => "strike_off",
            Self::Reopen => "reopen",
            Self::Withdraw => "withdraw",
            Self::Answer => "answer",
            Self::Judge => "judge",
            Self::Supplement => "supplement",
        }
    }
}
