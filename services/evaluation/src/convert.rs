//! Between the domain and `huying.evaluation.v1`; the words that services share are `huying_wire`'s.

pub mod rates;
pub mod round;

use huying_chassis::log::Versioned;
use huying_proto::evaluation::v1 as pb;
use huying_wire::{instant, solved};

use crate::domain::{
    callback::Callback,
    state::State,
    verdict::{Satisfaction, Verdict},
};

pub fn callback(Versioned { id, version, it, .. }: Versioned<Callback>) -> pb::Callback {
    let opened = it.opened;
    pb::Callback {
        id: id.to_string(),
        case: opened.case.to_string(),
        number: opened.number,
        district: opened.district,
        area: opened.area,
        category: opened.category,
        unit: opened.unit,
        requests: opened.requests.iter().map(ToString::to_string).collect(),
        attempt: opened.attempt,
        state: state(it.state).into(),
        verdict: it.verdict.map(verdict),
        tries: it.tries,
        resolve_time: Some(instant::write(opened.resolve_at)),
        due_time: Some(instant::write(opened.due_at)),
        answer: opened.answer,
        end_time: it.end_at.map(instant::write),
        version,
        told_solved: opened.solved.map(|it| solved::write(it).into()).unwrap_or_default(),
    }
}

pub fn state(state: State) -> pb::CallbackState {
    match state {
        State::Pending => pb::CallbackState::Pending,
        State::Passed => pb::CallbackState::Passed,
        State::Failed => pb::CallbackState::Failed,
        State::Lapsed => pb::CallbackState::Lapsed,
        State::Cancelled => pb::CallbackState::Cancelled,
    }
}

/// None for the unspecified one.
pub fn state_asked(state: pb::CallbackState) -> Option<State> {
    match state {
        pb::CallbackState::Unspecified => None,
        pb::CallbackState::Pending => Some(State::Pending),
        pb::CallbackState::Passed => Some(State::Passed),
        pb::CallbackState::Failed => Some(State::Failed),
        pb::CallbackState::Lapsed => Some(State::Lapsed),
        pb::CallbackState::Cancelled => Some(State::Cancelled),
    }
}

pub fn verdict(verdict: Verdict) -> pb::Verdict {
    let satisfaction = match verdict.satisfaction {
        Satisfaction::Satisfied => pb::Satisfaction::Satisfied,
        Satisfaction::Basically => pb::Satisfaction::Basically,
        Satisfaction::Unsatisfied => pb::Satisfaction::Unsatisfied,
    };
    pb::Verdict {
        contacted: verdict.contacted,
        solved: verdict.solved,
        satisfaction: satisfaction.into(),
        comment: verdict.comment,
    }
}

/// None for the unspecified one.
pub fn satisfaction(satisfaction: pb::Satisfaction) -> Option<Satisfaction> {
    match satisfaction {
        pb::Satisfaction::Unspecified => None,
        pb::Satisfaction::Satisfied => Some(Satisfaction::Satisfied),
        pb::Satisfaction::Basically => Some(Satisfaction::Basically),
        pb::Satisfaction::Unsatisfied => Some(Satisfaction::Unsatisfied),
    }
}
