//! An appeal in the contract's words, and back.

use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;

use crate::domain::appeal::{Appeal, AppealState, Ground};

pub fn appeal(it: Appeal) -> pb::Appeal {
    pb::Appeal {
        ground: ground(it.lodged.ground).into(),
        text: it.lodged.text,
        state: state(it.state).into(),
        lodge_time: Some(instant::write(it.at)),
        decision: it.decision,
        decide_time: it.decided_at.map(instant::write),
    }
}

pub fn ground(ground: Ground) -> pb::AppealGround {
    match ground {
        Ground::Facts => pb::AppealGround::Facts,
        Ground::NotResponsible => pb::AppealGround::NotResponsible,
        Ground::Unreasonable => pb::AppealGround::Unreasonable,
        Ground::Mistaken => pb::AppealGround::Mistaken,
    }
}

/// None for the unspecified one.
pub fn ground_from(ground: pb::AppealGround) -> Option<Ground> {
    match ground {
        pb::AppealGround::Unspecified => None,
        pb::AppealGround::Facts => Some(Ground::Facts),
        pb::AppealGround::NotResponsible => Some(Ground::NotResponsible),
        pb::AppealGround::Unreasonable => Some(Ground::Unreasonable),
        pb::AppealGround::Mistaken => Some(Ground::Mistaken),
    }
}

fn state(state: AppealState) -> pb::AppealState {
    match state {
        AppealState::Open => pb::AppealState::Open,
        AppealState::Upheld => pb::AppealState::Upheld,
        AppealState::Dismissed => pb::AppealState::Dismissed,
    }
}

/// None for the unspecified one.
pub fn state_asked(state: pb::AppealState) -> Option<AppealState> {
    match state {
        pb::AppealState::Unspecified => None,
        pb::AppealState::Open => Some(AppealState::Open),
        pb::AppealState::Upheld => Some(AppealState::Upheld),
        pb::AppealState::Dismissed => Some(AppealState::Dismissed),
    }
}
