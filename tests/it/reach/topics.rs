//! The rules of topics, beside the table of all.

use huying_proto::evaluation::v1 as evaluation;
use huying_tests::{
    People,
    people::{DISTRICT, GRID},
    world::key,
};

use super::{
    UNIT,
    table::{Ids, JUDGED, NEVER, Rows, Rule},
};

const TOPIC: Rule = Rule::OneOfOwner;

/// A topic of the life's street, that the called department owns and has a measure of.
pub async fn opened(people: &People) -> String {
    people.topics().open_topic(opening()).await.unwrap().into_inner().id
}

fn opening() -> evaluation::OpenTopicRequest {
    evaluation::OpenTopicRequest {
        request_id: key(),
        district: DISTRICT.into(),
        area: GRID[..9].into(),
        category: "47678.5".into(),
        title: "占道停车堵路".into(),
        cause: "没有划车位".into(),
        policy: "划车位".into(),
        owner: UNIT.into(),
        measures: vec![measure()],
    }
}

fn measure() -> evaluation::TopicMeasure {
    evaluation::TopicMeasure {
        text: "划五十个车位".into(),
        due_date: "2026-12-31".into(),
        ..Default::default()
    }
}

pub fn of_topics(rows: &mut Rows, ids: &Ids) {
    let id = || ids.topic.clone();
    rows.add("/huying.evaluation.v1.TopicService/OpenTopic", Rule::Area, opening());
    let change = evaluation::ChangeTopicRequest {
        request_id: key(),
        id: id(),
        version: NEVER,
        cause: "车多".into(),
        policy: "划车位".into(),
        owner: UNIT.into(),
        measures: vec![measure()],
    };
    rows.add("/huying.evaluation.v1.TopicService/ChangeTopic", TOPIC, change);
    let (cases, version) = (vec![ids.case.clone()], NEVER);
    let attach = evaluation::AttachCasesRequest { request_id: key(), id: id(), version, cases };
    rows.add("/huying.evaluation.v1.TopicService/AttachCases", TOPIC, attach);
    let note = || "好了".to_owned();
    let report =
        evaluation::ReportMeasureRequest { request_id: key(), id: id(), version, measure: 1, note: note() };
    rows.add("/huying.evaluation.v1.TopicService/ReportMeasure", TOPIC, report);
    let test = evaluation::TestTopicRequest { request_id: key(), id: id(), version, days: 7 };
    rows.add("/huying.evaluation.v1.TopicService/TestTopic", TOPIC, test);
    let withdraw = evaluation::WithdrawTopicRequest { request_id: key(), id: id(), version, note: note() };
    rows.add("/huying.evaluation.v1.TopicService/WithdrawTopic", TOPIC, withdraw);
    rows.add("/huying.evaluation.v1.TopicService/GetTopic", TOPIC, evaluation::GetTopicRequest { id: id() });
    let list = evaluation::ListTopicsRequest { district: DISTRICT.into(), ..Default::default() };
    rows.add("/huying.evaluation.v1.TopicService/ListTopics", Rule::List(JUDGED), list);
}
