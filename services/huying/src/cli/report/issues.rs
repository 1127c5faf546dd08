//! The topics of a period (共性问题、一案一策): those that were open in it, with what is done about each and how it was judged; and what waits
//! for one.

use chrono::NaiveDate;
use huying_evaluation::domain::figure::period::Period;
use huying_proto::evaluation::v1::{Topic, TopicState};
use huying_report::Issue;
use huying_wire::instant;

use super::asked::Asked;
use crate::{cli::names::Names, client::Client, words::Word};

/// Those with the most cases first; with as many share a rank, those that are opened first.
pub fn of(client: &Client, asked: &Asked, names: &Names) -> Vec<Issue> {
    let opened = asked.topics.iter().filter_map(|it| issue(client, asked.span, it, names));
    let waiting = asked.clusters.issues.iter().cloned().map(|it| {
        let place = or_code(names.of(&it.place), &it.place).to_owned();
        Issue { place, ..it }
    });
    let mut told: Vec<Issue> = opened.chain(waiting).collect();
    told.sort_by_key(|it| std::cmp::Reverse(it.cases));
    let cases: Vec<u64> = told.iter().map(|it| it.cases).collect();
    for issue in &mut told {
        let before = cases.iter().filter(|more| **more > issue.cases).count();
        issue.rank = u32::try_from(before + 1).unwrap_or(u32::MAX);
    }
    told
}

/// None: it was opened after the period, or had ended before, or was given up.
fn issue(client: &Client, span: Period, topic: &Topic, names: &Names) -> Option<Issue> {
    let opened: NaiveDate = topic.open_date.parse().ok()?;
    if opened >= span.to || !covers(client, span, topic) {
        return None;
    }
    let judged = topic.judgements.last();
    let counts = judged.map(|it| [it.before, it.after].map(|count| u64::try_from(count).unwrap_or_default()));
    Some(Issue {
        rank: 0,
        words: vec![topic.title.clone()],
        place: or_code(names.of(&topic.area), &topic.area).to_owned(),
        people: None,
        cases: u64::try_from(topic.case_count).unwrap_or_default(),
        first: Some(opened),
        last: ended(client, topic),
        trend: counts.map(Vec::from).unwrap_or_default(),
        measures: measures(topic, names.of(&topic.owner)),
    })
}

/// Whether what was reported in the period is its matter, if only since: it was not given up, and had not ended before.
pub fn covers(client: &Client, span: Period, topic: &Topic) -> bool {
    topic.state() != TopicState::Withdrawn && ended(client, topic).is_none_or(|ended| ended >= span.from)
}

fn ended(client: &Client, topic: &Topic) -> Option<NaiveDate> {
    let at = topic.end_time.as_ref().and_then(instant::read)?;
    client.local(at, "%Y-%m-%d").parse().ok()
}

/// 区卫健局牵头，措施 2/3；断流（4→0）
fn measures(topic: &Topic, owner: &str) -> String {
    let owner = or_code(owner, &topic.owner);
    let done = topic.measures.iter().filter(|it| it.done_time.is_some()).count();
    let judged = topic.judgements.last().map_or_else(
        || topic.state().chinese().to_owned(),
        |it| format!("{}（{}→{}）", it.verdict().chinese(), it.before, it.after),
    );
    format!("{owner}牵头，措施 {done}/{}；{judged}", topic.measures.len())
}

fn or_code<'a>(name: &'a str, code: &'a str) -> &'a str {
    if name.is_empty() { code } else { name }
}
