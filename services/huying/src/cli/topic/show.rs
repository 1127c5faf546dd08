//! One topic, as people read it.

use huying_proto::evaluation::v1::{Topic, TopicJudgement, TopicMeasure};
use huying_words::set_in;

use super::super::Session;
use super::super::case::find;
use super::super::names::Names;
use super::super::page::head;
use crate::client::Client;
use crate::words::Word;

/// Cases that are told one by one; the rest by how many they are.
const SHOWN: usize = 20;

pub(super) async fn one(session: &Session, client: &Client, topic: &Topic) -> anyhow::Result<()> {
    let mut names = Names::new(client)?;
    names.learn_units(topic.measures.iter().map(|it| &it.unit).chain([&topic.owner])).await?;
    names.learn_areas([&topic.area]).await?;
    let cases = if session.out.is_json() { String::new() } else { cases(client, topic).await? };
    head(session, client, "topic 共性问题")?;
    session.out.one(topic, |topic| fields(client, &names, topic, &cases))
}

fn fields(client: &Client, names: &Names, topic: &Topic, cases: &str) -> Vec<(&'static str, String)> {
    let measures = topic.measures.iter().map(|it| measure(client, names, it));
    let judgements = topic.judgements.iter().map(|it| judgement(client, it));
    let test = topic.test.as_ref().map_or_else(String::new, |test| {
        let judged = client.when(test.judge_time.as_ref());
        format!("{} days from {}, judged {judged}", test.days, test.from_date)
    });
    vec![
        ("title", topic.title.clone()),
        ("id", topic.id.clone()),
        ("state", topic.state().both()),
        ("area", names.beside(&topic.area)),
        ("category", topic.category.clone()),
        ("cause", topic.cause.clone()),
        ("policy", topic.policy.clone()),
        ("owner", names.beside(&topic.owner)),
        ("measures", measures.collect::<Vec<_>>().join("\n")),
        ("cases", cases.to_owned()),
        ("test", test),
        ("judged", judgements.collect::<Vec<_>>().join("\n")),
        ("note", topic.note.clone()),
        ("opened", client.when(topic.open_time.as_ref())),
        ("ended", client.when(topic.end_time.as_ref())),
        ("version", topic.version.to_string()),
    ]
}

fn measure(client: &Client, names: &Names, it: &TopicMeasure) -> String {
    let (unit, until) = (names.beside(&it.unit), &it.due_date);
    let done = it.done_time.as_ref().map(|at| format!("  ✓ {} {}", client.when(Some(at)), set_in(&it.note)));
    format!("{}  {}  {unit}  until {until}{}", it.number, set_in(&it.text), done.unwrap_or_default())
}

fn judgement(client: &Client, it: &TopicJudgement) -> String {
    let at = client.when(it.judge_time.as_ref());
    format!("{at}  {}  {} → {} in {} days", it.verdict().both(), it.before, it.after, it.days)
}

/// By their numbers.
async fn cases(client: &Client, topic: &Topic) -> anyhow::Result<String> {
    let (reader, mut told) = (client.reader()?, Vec::new());
    for id in topic.cases.iter().take(SHOWN) {
        told.push(find(client, &reader, id).await?.number);
    }
    if topic.cases.len() > SHOWN {
        told.push(format!("{} in all", topic.case_count));
    }
    Ok(told.join("\n"))
}
