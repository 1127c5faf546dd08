//! Topics in the contract's words.

use huying_chassis::log::Versioned;
use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;

use super::round::count;
use crate::domain::topic::{Judgement, Measure, Test, Topic, TopicState, Verdict, judge::Judged};

pub fn topic(Versioned { id, version, it, .. }: Versioned<Topic>) -> pb::Topic {
    let says = it.says;
    pb::Topic {
        id: id.to_string(),
        district: it.district,
        area: it.area,
        category: it.category,
        title: it.title,
        cause: says.cause,
        policy: says.policy,
        owner: says.owner,
        measures: says.measures.into_iter().map(measure).collect(),
        case_count: count(it.cases.len() as i64),
        cases: it.cases.iter().map(ToString::to_string).collect(),
        state: state(it.state).into(),
        test: it.test.map(test),
        judgements: it.judgements.into_iter().map(judgement).collect(),
        note: it.note,
        open_time: Some(instant::write(it.opened_at)),
        end_time: it.end_at.map(instant::write),
        version,
        open_date: it.on.to_string(),
    }
}

/// As a list has it.
pub fn without_cases(it: Versioned<Topic>) -> pb::Topic {
    pb::Topic { cases: Vec::new(), ..topic(it) }
}

fn measure(it: Measure) -> pb::TopicMeasure {
    let (note, done_time) = match it.done {
        Some(done) => (done.note, Some(instant::write(done.at))),
        None => (String::new(), None),
    };
    let due_date = it.due.to_string();
    pb::TopicMeasure { number: it.number, text: it.text, unit: it.unit, due_date, note, done_time }
}

pub fn test(it: Test) -> pb::TopicTest {
    pb::TopicTest {
        days: days(it.days),
        from_date: it.from.to_string(),
        judge_time: Some(instant::write(it.due_at)),
    }
}

fn judgement(Judgement { judged, at }: Judgement) -> pb::TopicJudgement {
    pb::TopicJudgement { judge_time: Some(instant::write(at)), ..self::judged(judged) }
}

/// Without when.
pub fn judged(it: Judged) -> pb::TopicJudgement {
    let verdict = match it.verdict {
        Verdict::DriedUp => pb::TopicVerdict::DriedUp,
        Verdict::Less => pb::TopicVerdict::Less,
        Verdict::NotLess => pb::TopicVerdict::NotLess,
    };
    pb::TopicJudgement {
        verdict: verdict.into(),
        days: days(it.days),
        before: it.before,
        after: it.after,
        from_date: it.from.to_string(),
        judge_time: None,
    }
}

fn days(days: u64) -> i32 {
    i32::try_from(days).unwrap_or(i32::MAX)
}

pub fn state(state: TopicState) -> pb::TopicState {
    match state {
        TopicState::Open => pb::TopicState::Open,
        TopicState::Testing => pb::TopicState::Testing,
        TopicState::DriedUp => pb::TopicState::DriedUp,
        TopicState::Withdrawn => pb::TopicState::Withdrawn,
    }
}

/// None for the unspecified one.
pub fn state_asked(state: pb::TopicState) -> Option<TopicState> {
    match state {
        pb::TopicState::Unspecified => None,
        pb::TopicState::Open => Some(TopicState::Open),
        pb::TopicState::Testing => Some(TopicState::Testing),
        pb::TopicState::DriedUp => Some(TopicState::DriedUp),
        pb::TopicState::Withdrawn => Some(TopicState::Withdrawn),
    }
}
