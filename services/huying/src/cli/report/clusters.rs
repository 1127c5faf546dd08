//! What many people of a district asked for and no office has opened a topic about yet (待立项): its requests, joined as `huying topics` does.
//!
//! Told are words and a place: no request, nobody's name and no number.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use chrono::{NaiveDate, TimeDelta};
use huying_evaluation::domain::figure::period::Period;
use huying_proto::evaluation::v1::{GetTopicRequest, Topic};
use huying_report::Issue;
use huying_topics::{MESSAGES, Message, RECENT_DAYS, topics};
use huying_words::normal;

use super::issues;
use crate::{
    cli::topics::{
        Row, message,
        taken::{self, Taken},
    },
    client::Client,
    failure::Ending,
};

/// Clusters that are told: those of the most people.
const TOLD: usize = 10;
/// Least people behind a cluster, and behind each of its words: what one person says is theirs.
const PEOPLE: usize = 2;
/// Most digits of a word: a phone's or a card's number has more.
const DIGITS: usize = 4;
/// Topics whose cases are asked for, the newest; the others are known by their titles.
const KNOWN: usize = 200;

/// The clusters, without ranks, and what a reader must know of them.
#[derive(Default)]
pub struct Found {
    pub issues: Vec<Issue>,
    pub notes: Vec<String>,
}

/// Looks at what came in the period, and at least in the days that growth is told by. Where requests may not be read, that is noted.
///
/// # Errors
/// Evaluation's refusal; what is wrong with the command.
pub async fn find(client: &Client, span: Period, topics: &[Topic]) -> anyhow::Result<Found> {
    let [from, until] = [span.from, span.to].map(|day| client.begins(day));
    let since = from.min(until - TimeDelta::days(2 * RECENT_DAYS)).timestamp();
    let taken = match taken::rows(client, since..until.timestamp()).await {
        Ok(taken) => taken,
        Err(error) => return unread(error),
    };
    let opened = opened(client, span, topics).await?;
    let issues = clusters(&taken.rows, from.timestamp(), &opened);
    Ok(Found { notes: notes(&taken, &issues), issues })
}

fn unread(error: anyhow::Error) -> anyhow::Result<Found> {
    let why = match Ending::of(&error) {
        Ending::Refused => "查询人无权查看诉求",
        Ending::Unavailable => "诉求受理服务暂不可用",
        Ending::Wrong | Ending::Bug => return Err(error),
    };
    let note = format!("共性问题只列已立项的：{why}，待立项的未能归并。");
    Ok(Found { notes: vec![note], ..Found::default() })
}

fn notes(taken: &Taken, issues: &[Issue]) -> Vec<String> {
    let how = format!(
        "“待立项”的共性问题由诉求文字自动归并，尚未立项：只按人数排名，人数按同一电话重复反映只计一人，件数是期内诉求数，走势依次是再前 {RECENT_DAYS} 天和最近 {RECENT_DAYS} 天的人数。"
    );
    let cut = format!("诉求过多：待立项的共性问题只由最近的 {MESSAGES} 件归并。");
    let how = (!issues.is_empty()).then_some(how);
    how.into_iter().chain(taken.is_cut.then_some(cut)).collect()
}

/// A topic that an office opened, by what it tells of which requests are its own.
struct Opened {
    area: String,
    /// In the normal form, as a cluster's words are.
    title: String,
    cases: BTreeSet<String>,
}

/// Those that were not given up, and had not ended when the period began.
async fn opened(client: &Client, span: Period, topics: &[Topic]) -> anyhow::Result<Vec<Opened>> {
    let mut service = client.topics(&client.reader()?)?;
    let mut opened = Vec::new();
    for topic in topics.iter().filter(|it| issues::covers(client, span, it)) {
        let mut cases = BTreeSet::new();
        if topic.case_count > 0 && opened.len() < KNOWN {
            let whole = service.get_topic(GetTopicRequest { id: topic.id.clone() }).await?;
            cases.extend(whole.into_inner().cases);
        }
        opened.push(Opened { area: topic.area.clone(), title: normal(&topic.title), cases });
    }
    Ok(opened)
}

impl Opened {
    /// One of the cases is attached to it; or its title says two of the words (the one, where there is one), and it is opened for where one
    /// of them lies.
    fn covers(&self, words: &[String], members: &[&Row]) -> bool {
        let is_here = |row: &&Row| row.area.is_empty() || row.area.starts_with(&self.area);
        let said = words.iter().filter(|word| self.title.contains(word.as_str())).count();
        members.iter().any(|row| self.cases.contains(&row.case))
            || (said >= words.len().clamp(1, 2) && members.iter().any(is_here))
    }
}

/// Of those that came from then on, behind which the most people stand; as the library has them where as many do.
fn clusters(rows: &[Row], from: i64, opened: &[Opened]) -> Vec<Issue> {
    let messages: Vec<Message<'_>> = rows.iter().map(message).collect();
    let found = topics(&messages, &|| ());
    let mut many: Vec<(usize, &huying_topics::Topic, Vec<&Row>)> = Vec::new();
    for topic in &found {
        let members = topic.members.iter().filter_map(|at| rows.get(*at));
        let members: Vec<&Row> = members.filter(|row| row.seconds >= from).collect();
        let people = people(&members);
        if people >= PEOPLE {
            many.push((people, topic, members));
        }
    }
    many.sort_by_key(|(people, ..)| Reverse(*people));
    let told = many.into_iter().filter_map(|(people, topic, members)| {
        let words = words(&topic.words, &members);
        let is_new = !words.is_empty() && !opened.iter().any(|it| it.covers(&words, &members));
        is_new.then(|| issue(topic, words, people, &members))
    });
    told.take(TOLD).collect()
}

fn people(members: &[&Row]) -> usize {
    members.iter().map(|row| row.user.as_str()).collect::<BTreeSet<_>>().len()
}

/// Those that more than one person said, and no numbers.
fn words(words: &[String], members: &[&Row]) -> Vec<String> {
    let mut said: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in members {
        let text = normal(&row.text);
        for word in words.iter().filter(|word| text.contains(word.as_str())) {
            said.entry(word).or_default().insert(&row.user);
        }
    }
    let is_many = |word: &&String| said.get(word.as_str()).is_some_and(|users| users.len() >= PEOPLE);
    words.iter().filter(|word| is_many(word) && is_open(word)).cloned().collect()
}

fn is_open(word: &str) -> bool {
    word.chars().filter(char::is_ascii_digit).count() <= DIGITS
}

fn issue(topic: &huying_topics::Topic, words: Vec<String>, people: usize, members: &[&Row]) -> Issue {
    let day = |row: Option<&&Row>| -> Option<NaiveDate> { row?.time.get(..10)?.parse().ok() };
    // An area's code is told as its name, and is no number of anybody's.
    let is_area = members.iter().any(|row| row.area == topic.place);
    Issue {
        rank: 0,
        words,
        place: if is_area || is_open(&topic.place) { topic.place.clone() } else { String::new() },
        people: Some(people as u64),
        cases: members.len() as u64,
        first: day(members.first()),
        last: day(members.last()),
        trend: vec![topic.before as u64, topic.recent as u64],
        measures: "待立项".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(user: &str, text: &str, case: &str) -> Row {
        let (user, text, case) = (user.to_owned(), text.to_owned(), case.to_owned());
        Row { user, text, case, area: "420102003002".to_owned(), ..Row::default() }
    }

    fn said(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    #[test]
    fn a_topic_covers_what_its_title_says_where_it_lies_and_what_is_attached() {
        let row = row("a", "", "k1");
        let covers = |area: &str, title: &str, cases: &[&str], words: &[&str]| {
            let cases = cases.iter().map(|case| (*case).to_owned()).collect();
            Opened { area: area.to_owned(), title: normal(title), cases }.covers(&said(words), &[&row])
        };
        let words = ["车辆", "消防通道", "楼栋"];
        assert!(covers("420102", "车辆占用消防通道", &[], &words));
        assert!(covers("420102003", "車輛佔用消防通道", &[], &words), "however it is written");
        assert!(!covers("420102004", "车辆占用消防通道", &[], &words), "it is another street's");
        assert!(!covers("420102", "车辆噪音", &[], &words), "one word in common is none");
        assert!(covers("420102", "飞线充电", &[], &["充电"]), "there is no other");
        assert!(!covers("420102", "飞线充电", &[], &["停水"]));
        assert!(covers("420102004", "停水", &["k0", "k1"], &words));
        assert!(!covers("420102", "停水", &["k0"], &words));
    }

    #[test]
    fn a_word_is_told_that_two_people_said_and_that_is_no_number() {
        let rows = [
            row("a", "我是王小明，楼道停电，电话 13812345678，住 12 号", ""),
            row("a", "我是王小明，又停电", ""),
            row("b", "停電，找 13812345678，12号", ""),
        ];
        let members: Vec<&Row> = rows.iter().collect();
        let told = words(&said(&["停电", "王小明", "13812345678", "12号", "楼道"]), &members);
        assert_eq!(told, ["停电", "12号"]);
    }
}
