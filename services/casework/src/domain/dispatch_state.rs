//! Where a dispatch can be and which step leads where.

use serde::{Deserialize, Serialize};

/// Where a dispatch is. Settled means done or ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DispatchState {
    /// 已派: the department has not yet answered.
    Sent,
    /// 已报到.
    Accepted,
    /// 已完成.
    Done,
    /// 已拒绝: somebody above the caller settles it.
    Declined,
    /// 已终止: no longer wanted.
    Ended,
}

/// What can be done with a dispatch: the first three by the called department, the others from above.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DispatchStep {
    Accept,
    Complete,
    Decline,
    Insist,
    End,
}

/// Where a step leads from a state; none: it is not allowed there.
pub const fn next(state: DispatchState, step: DispatchStep) -> Option<DispatchState> {
    match (state, step) {
        (DispatchState::Sent, DispatchStep::Accept) => Some(DispatchState::Accepted),
        (DispatchState::Sent, DispatchStep::Decline) => Some(DispatchState::Declined),
        (DispatchState::Sent, DispatchStep::End) => Some(DispatchState::Ended),
        (DispatchState::Sent, DispatchStep::Complete | DispatchStep::Insist) => None,

        (DispatchState::Accepted, DispatchStep::Complete) => Some(DispatchState::Done),
        (DispatchState::Accepted, DispatchStep::End) => Some(DispatchState::Ended),
        (DispatchState::Accepted, DispatchStep::Accept | DispatchStep::Decline | DispatchStep::Insist) => {
            None
        }

        (DispatchState::Declined, DispatchStep::Insist) => Some(DispatchState::Sent),
        (DispatchState::Declined, DispatchStep::End) => Some(DispatchState::Ended),
        (DispatchState::Declined, DispatchStep::Accept | DispatchStep::Complete | DispatchStep::Decline) => {
            None
        }

        (
            DispatchState::Done | DispatchState::Ended,
            DispatchStep::Accept
            | DispatchStep::Complete
            | DispatchStep::Decline
            | DispatchStep::Insist
            | DispatchStep::End,
        ) => None,
    }
}

impl DispatchState {
    pub const ALL: [Self; 5] = [Self::Sent, Self::Accepted, Self::Done, Self::Declined, Self::Ended];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Accepted => "accepted",
            Self::Done => "done",
            Self::Declined => "declined",
            Self::Ended => "ended",
        }
    }

    /// Nothing leads out of it: the case need not wait.
    pub const fn is_settled(self) -> bool {
        matches!(self, Self::Done | Self::Ended)
    }
}

impl DispatchStep {
    pub const ALL: [Self; 5] = [Self::Accept, Self::Complete, Self::Decline, Self::Insist, Self::End];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Complete => "complete",
            Self::Decline => "decline",
            Self::Insist => "insist",
            Self::End => "end",
        }
    }
}
