//! What happened to topics: which units and how many, and none of their texts.

use huying_chassis::{
    bus::{Event, PublishError},
    log::{Entry, Told},
};
use huying_proto::evaluation::v1 as pb;
use huying_wire::instant;

use crate::{
    NAME,
    convert::{round::count, topic as convert},
    domain::topic::{Topic, TopicAbout, TopicChange, TopicState},
};

pub(super) fn publish(entry: &Entry) -> Result<Event, PublishError> {
    let Told { change, state, about } = entry.decode::<Topic>()?;
    let topic = Some(of_topic(entry, state, about));
    match change {
        TopicChange::Opened(opened) => {
            let measures = count(opened.says.measures.len() as i64);
            Event::new(NAME, &pb::TopicOpened { topic, measures })
        }
        TopicChange::Changed(says) => {
            Event::new(NAME, &pb::TopicChanged { topic, measures: count(says.measures.len() as i64) })
        }
        TopicChange::CasesAttached { cases } => {
            let cases = cases.iter().map(ToString::to_string).collect();
            Event::new(NAME, &pb::TopicCasesAttached { topic, cases })
        }
        TopicChange::MeasureDone(done) => {
            Event::new(NAME, &pb::TopicMeasureReported { topic, measure: done.number })
        }
        TopicChange::Tested(test) => {
            Event::new(NAME, &pb::TopicTested { topic, test: Some(convert::test(test)) })
        }
        TopicChange::Judged(judged) => {
            let judge_time = Some(instant::write(entry.head.at));
            let judgement = pb::TopicJudgement { judge_time, ..convert::judged(judged) };
            Event::new(NAME, &pb::TopicJudged { topic, judgement: Some(judgement) })
        }
        TopicChange::Withdrawn { note: _ } => Event::new(NAME, &pb::TopicWithdrawn { topic }),
    }
}

fn of_topic(entry: &Entry, state: TopicState, about: TopicAbout) -> pb::TopicRef {
    pb::TopicRef {
        id: entry.head.aggregate.to_string(),
        district: about.district,
        area: about.area,
        category: about.category,
        owner: about.owner,
        state: convert::state(state).into(),
    }
}
