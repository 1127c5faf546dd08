//! Between the domain and `huying.evaluation.v1`; the words that services share are `huying_wire`'s.

pub mod appeal;
pub mod channel;
pub mod effect;
pub mod inquiry;
pub mod inspection;
pub mod overdue;
pub mod rates;
pub mod rating;
pub mod round;
pub mod sign;
pub mod topic;

use huying_chassis::log::Versioned;
use huying_proto::evaluation::v1 as pb;
use huying_terms::Solved;
use huying_wire::{instant, solved};

use crate::domain::{
    callback::Callback,
    rules::CallbackRules,
    settle::{Judgement, Settled},
    state::State,
    verdict::{By, Reason, Satisfaction, Verdict},
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
        request: opened.request.map(|request| request.to_string()).unwrap_or_default(),
        by: by(opened.by).into(),
        among: opened.among.map(|among| among.asked).unwrap_or_default(),
        settles: it.settles.map(settlement),
        link_time: it.link.map(|link| instant::write(link.at)),
        withdrawn: it.withdrawn,
        appeal: it.appeal.map(appeal::appeal),
    }
}

/// For whoever took the request and sees nothing else of it: what a unit says against a verdict stays inside.
pub fn callback_as_taken(it: Versioned<Callback>) -> pb::Callback {
    pb::Callback { appeal: None, ..callback(it) }
}

pub fn settlement(Settled { judgement, reasons }: Settled) -> pb::Settlement {
    let judgement = match judgement {
        Judgement::Passed => pb::AttemptJudgement::Passed,
        Judgement::Failed => pb::AttemptJudgement::Failed,
        Judgement::Lapsed => pb::AttemptJudgement::Lapsed,
    };
    pb::Settlement { judgement: judgement.into(), reasons }
}

pub fn questions(district: String, rules: &CallbackRules) -> pb::GetQuestionsResponse {
    let coded = |it: &[Reason]| -> Vec<pb::CallbackReason> {
        it.iter().map(|it| pb::CallbackReason { code: it.code.clone(), text: it.text.clone() }).collect()
    };
    let questions = rules.questions.iter().map(|it| pb::CallbackQuestion {
        code: it.code.clone(),
        text: it.text.clone(),
        options: coded(&it.options),
    });
    pb::GetQuestionsResponse { district, reasons: coded(&rules.reasons), questions: questions.collect() }
}

pub fn by(by: By) -> pb::CallbackBy {
    match by {
        By::Centre => pb::CallbackBy::Centre,
        By::FirstContact => pb::CallbackBy::FirstContact,
        By::Link => pb::CallbackBy::Link,
        By::Platform => pb::CallbackBy::Platform,
    }
}

/// None for the unspecified one.
pub fn by_from(by: pb::CallbackBy) -> Option<By> {
    match by {
        pb::CallbackBy::Unspecified => None,
        pb::CallbackBy::Centre => Some(By::Centre),
        pb::CallbackBy::FirstContact => Some(By::FirstContact),
        pb::CallbackBy::Link => Some(By::Link),
        pb::CallbackBy::Platform => Some(By::Platform),
    }
}

pub fn state(state: State) -> pb::CallbackState {
    match state {
        State::Pending => pb::CallbackState::Pending,
        State::Passed => pb::CallbackState::Passed,
        State::Failed => pb::CallbackState::Failed,
        State::Lapsed => pb::CallbackState::Lapsed,
        State::Cancelled => pb::CallbackState::Cancelled,
        State::Refused => pb::CallbackState::Refused,
        State::Spared => pb::CallbackState::Spared,
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
        pb::CallbackState::Refused => Some(State::Refused),
        pb::CallbackState::Spared => Some(State::Spared),
    }
}

pub fn satisfied(satisfaction: Satisfaction) -> pb::Satisfaction {
    match satisfaction {
        Satisfaction::VerySatisfied => pb::Satisfaction::VerySatisfied,
        Satisfaction::Satisfied => pb::Satisfaction::Satisfied,
        Satisfaction::Basically => pb::Satisfaction::Basically,
        Satisfaction::Unsatisfied => pb::Satisfaction::Unsatisfied,
        Satisfaction::VeryUnsatisfied => pb::Satisfaction::VeryUnsatisfied,
    }
}

pub fn verdict(verdict: Verdict) -> pb::Verdict {
    let reasons = verdict.reasons.into_iter();
    let answers = verdict.answers.into_iter();
    pb::Verdict {
        contacted: verdict.contacted,
        solved: verdict.solved == Solved::Yes,
        satisfaction: satisfied(verdict.satisfaction).into(),
        comment: verdict.comment,
        how_solved: solved::write(verdict.solved).into(),
        told: verdict.told,
        reasons: reasons.map(|it| pb::VerdictReason { code: it.code, text: it.text }).collect(),
        answers: answers.map(|it| pb::QuestionAnswer { question: it.question, answer: it.answer }).collect(),
        by: by(verdict.by).into(),
    }
}

/// None for the unspecified one.
pub fn satisfaction(satisfaction: pb::Satisfaction) -> Option<Satisfaction> {
    match satisfaction {
        pb::Satisfaction::Unspecified => None,
        pb::Satisfaction::Satisfied => Some(Satisfaction::Satisfied),
        pb::Satisfaction::Basically => Some(Satisfaction::Basically),
        pb::Satisfaction::Unsatisfied => Some(Satisfaction::Unsatisfied),
        pb::Satisfaction::VerySatisfied => Some(Satisfaction::VerySatisfied),
        pb::Satisfaction::VeryUnsatisfied => Some(Satisfaction::VeryUnsatisfied),
    }
}
