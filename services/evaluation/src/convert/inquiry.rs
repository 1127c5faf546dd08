//! Inquiries in the contract's words. Nobody's: who opened or claimed one is told nowhere.

use huying_chassis::log::Versioned;
use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;

use super::round::count;
use crate::domain::inquiry::{Answer, Inquiry, InquiryState};

pub fn inquiry(Versioned { id, version, it, .. }: Versioned<Inquiry>) -> pb::Inquiry {
    let (office, claim_time) = match it.claim {
        Some(claim) => (claim.office, Some(instant::write(claim.at))),
        None => (String::new(), None),
    };
    pb::Inquiry {
        id: id.to_string(),
        district: it.district,
        area: it.area,
        unit: it.unit,
        case_count: count(it.cases.len() as i64),
        cases: it.cases.iter().map(ToString::to_string).collect(),
        question: it.question,
        state: state(it.state).into(),
        office,
        claim_time,
        answers: it.answers.into_iter().map(answer).collect(),
        due_time: it.due_at.map(instant::write),
        overdue: it.overdue,
        note: it.note,
        open_time: Some(instant::write(it.opened_at)),
        end_time: it.end_at.map(instant::write),
        version,
    }
}

/// As anyone may read it: the cases are nobody else's matter.
pub fn public(it: Versioned<Inquiry>) -> pb::Inquiry {
    pb::Inquiry { cases: Vec::new(), version: 0, ..inquiry(it) }
}

fn answer(it: Answer) -> pb::InquiryAnswer {
    let (solved, note, judge_time) = match it.judgement {
        Some(judged) => (Some(judged.solved), judged.note, Some(instant::write(judged.at))),
        None => (None, String::new(), None),
    };
    pb::InquiryAnswer { text: it.text, answer_time: Some(instant::write(it.at)), solved, note, judge_time }
}

pub fn state(state: InquiryState) -> pb::InquiryState {
    match state {
        InquiryState::Open => pb::InquiryState::Open,
        InquiryState::Claimed => pb::InquiryState::Claimed,
        InquiryState::Answered => pb::InquiryState::Answered,
        InquiryState::Solved => pb::InquiryState::Solved,
        InquiryState::Unsolved => pb::InquiryState::Unsolved,
        InquiryState::Withdrawn => pb::InquiryState::Withdrawn,
    }
}

/// None for the unspecified one.
pub fn state_asked(state: pb::InquiryState) -> Option<InquiryState> {
    match state {
        pb::InquiryState::Unspecified => None,
        pb::InquiryState::Open => Some(InquiryState::Open),
        pb::InquiryState::Claimed => Some(InquiryState::Claimed),
        pb::InquiryState::Answered => Some(InquiryState::Answered),
        pb::InquiryState::Solved => Some(InquiryState::Solved),
        pb::InquiryState::Unsolved => Some(InquiryState::Unsolved),
        pb::InquiryState::Withdrawn => Some(InquiryState::Withdrawn),
    }
}
