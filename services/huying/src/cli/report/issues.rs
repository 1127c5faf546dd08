//! The topics of a period (共性问题、一案一策): those that were open in it, with what is done about each and how it was judged; and what waits
//! for one. Who asks for the same again and again is one of many, so what waits is ranked by people; of whom a topic is, nobody has counted, so topics
//! are ranked beside each other alone.

use std::cmp::Reverse;

use chrono::NaiveDate;
use huying_evaluation::domain::figure::period::Period;
use huying_proto::evaluation::v1::{Topic, TopicState};
use huying_report::Issue;
use huying_wire::instant;

use super::asked::Asked;
use crate::{cli::names::Names, client::Client, words::Word};

/// Topics, then what waits for one.
pub fn of(client: &Client, asked: &Asked, names: &Names) -> Vec<Issue> {
    let opened = asked.topics.iter().filter_map(|it| issue(client, asked.span, it, names));
    let waiting = asked.clusters.issues.iter().cloned().map(|it| {
        let place = or_code(names.of(&it.place), &it.place).to_owned();
        Issue { place, ..it }
    });
    told(opened.collect(), waiting.collect())
}

/// Two lists, each with ranks of its own: topics by cases, and what waits by people; of as many people, the most requests first.
fn told(opened: Vec<Issue>, mut waiting: Vec<Issue>) -> Vec<Issue> {
    waiting.sort_by_key(|it| Reverse(it.cases));
    let mut told = ranked(opened, |it| it.cases);
    told.extend(ranked(waiting, |it| it.people.unwrap_or_default()));
    told
}

/// Those with the most first; with as many share a rank.
fn ranked(mut issues: Vec<Issue>, many: fn(&Issue) -> u64) -> Vec<Issue> {
    issues.sort_by_key(|it| Reverse(many(it)));
    let counts: Vec<u64> = issues.iter().map(many).collect();
    for (issue, count) in issues.iter_mut().zip(&counts) {
        let before = counts.iter().filter(|more| *more > count).count();
        issue.rank = u32::try_from(before + 1).unwrap_or(u32::MAX);
    }
    issues
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

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(words: &str, people: Option<u64>, cases: u64) -> Issue {
        Issue { words: vec![words.to_owned()], people, cases, ..Issue::default() }
    }

    fn ranks(told: &[Issue]) -> Vec<(u32, &str)> {
        told.iter().map(|it| (it.rank, it.words[0].as_str())).collect()
    }

    /// One person who calls ninety times is one.
    #[test]
    fn what_waits_is_ranked_by_people_however_often_they_ask() {
        let waiting = vec![
            issue("flooded", Some(2), 91),
            issue("seven", Some(7), 7),
            issue("again", Some(3), 3),
            issue("more", Some(3), 20),
        ];
        let told = told(Vec::new(), waiting);
        assert_eq!(ranks(&told), [(1, "seven"), (2, "more"), (2, "again"), (4, "flooded")]);
    }

    #[test]
    fn topics_come_first_and_have_ranks_of_their_own() {
        let opened = vec![issue("few", None, 2), issue("many", None, 40), issue("as few", None, 2)];
        let told = told(opened, vec![issue("waits", Some(300), 500)]);
        assert_eq!(ranks(&told), [(1, "many"), (2, "few"), (2, "as few"), (1, "waits")]);
    }
}
