//! `huying topics`: what many requests have in common: those of a file, of which no service is asked, or those that a district took.

pub mod taken;

use std::{
    fs::File,
    io::IsTerminal as _,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta};
use chrono_tz::Asia::Shanghai;
use clap::Args;
use huying_chassis::clock::system_now;
use huying_topics::{MESSAGES, Message, Topic, steps, topics};
use indicatif::{ProgressBar, ProgressStyle};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Session;
use super::jsonl::Lines;
use crate::{
    client::Client,
    failure::wrong,
    output::{label, note},
};

/// Find what many requests are about: one matter at one place
#[derive(Args, Debug)]
#[command(
    long_about = "\
Find what many requests are about: one matter at one place.

Without a file it looks at what the district took in the last days, as its desk reads it, and `ids` are their numbers; who asked again about
the same matter by the same phone counts once, as intake knows it, and everybody else as one person.

From a file it reads one JSON object a line: `id` (a number or a text, comes back as it came), `user`, `time` (2026-11-22 08:00:00, a day alone, or an
instant with its offset), `topic`, `text` or both, and, if it is known, `area` (an area's code or name). Gives what two or more of them
have in common, best first: `rank`, `heat`, `people`, `recent`, `before`, `first`, `last`, `place`, `words` (up to eight) and `ids`, oldest first.

Topics are ranked by people: who sends the same a hundred times counts once, and all without a `user` together count as one. Behind the
point of `heat` stands which share of the people wrote in the last 30 days before the latest of all rows (`recent`); `before` are those of
the 30 days before these, so `recent` above `before` is a topic that grows. The same rows give the same topics in whatever order they come.",
    after_help = "\
examples:
  huying topics --days 30
  huying topics --from requests.jsonl
  huying topics --from requests.jsonl --top 20
  huying topics --from requests.jsonl -o jsonl > topics.jsonl"
)]
pub struct Topics {
    /// Requests, as JSON lines; those of the district if not given
    #[arg(long, value_name = "FILE", conflicts_with = "days")]
    from: Option<PathBuf>,
    /// How many days back the district's are looked at
    #[arg(long, default_value_t = 90, value_name = "COUNT", value_parser = clap::value_parser!(u16).range(1..=366))]
    days: u16,
    /// Print the hottest alone
    #[arg(long, value_name = "N")]
    top: Option<usize>,
}

#[derive(Deserialize)]
struct Asked {
    id: Value,
    #[serde(default)]
    user: Value,
    time: String,
    topic: Option<String>,
    text: Option<String>,
    #[serde(default)]
    area: Value,
}

/// A request, of a file or of a district.
#[derive(Default)]
pub struct Row {
    pub id: Value,
    pub user: String,
    pub time: String,
    pub seconds: i64,
    pub topic: String,
    pub text: String,
    pub area: String,
    /// The case that it is on, by its id; of a file's none is known.
    pub case: String,
}

#[derive(Serialize)]
struct Told<'a> {
    rank: usize,
    heat: f64,
    people: usize,
    recent: usize,
    before: usize,
    first: &'a str,
    last: &'a str,
    place: &'a str,
    words: &'a [String],
    ids: Vec<&'a Value>,
}

impl Topics {
    pub async fn run(self, session: &Session) -> anyhow::Result<()> {
        let rows = match &self.from {
            Some(file) => rows(file)?,
            None => newest(&session.client()?, self.days).await?,
        };
        let messages: Vec<Message<'_>> = rows.iter().map(message).collect();
        let bar = bar(steps(&messages) as u64);
        let mut found = topics(&messages, &|| bar.inc(1));
        bar.finish_and_clear();
        found.truncate(self.top.unwrap_or(usize::MAX));
        let told: Vec<Told<'_>> =
            found.iter().zip(1..).map(|(topic, rank)| told(&rows, topic, rank)).collect();
        let header = ["rank", "heat", "people", "messages", "first", "last", "place", "words"];
        session.out.list(&header, &told, |it| {
            vec![
                it.rank.to_string(),
                format!("{:.2}", it.heat),
                it.people.to_string(),
                it.ids.len().to_string(),
                day(it.first),
                day(it.last),
                it.place.to_owned(),
                it.words.join(" "),
            ]
        })
    }
}

/// What the district took in the last days.
async fn newest(client: &Client, days: u16) -> anyhow::Result<Vec<Row>> {
    let since = (system_now() - TimeDelta::days(days.into())).timestamp();
    let taken = taken::rows(client, since..i64::MAX).await?;
    if taken.is_cut {
        note(&format!("only the newest {MESSAGES} requests are looked at: take fewer --days"))?;
    }
    Ok(taken.rows)
}

/// A row as the library takes it.
pub fn message(row: &Row) -> Message<'_> {
    Message { time: row.seconds, user: &row.user, topic: &row.topic, text: &row.text, area: &row.area }
}

fn told<'a>(rows: &'a [Row], topic: &'a Topic, rank: usize) -> Told<'a> {
    let time = |at: Option<&usize>| at.map_or("", |at| rows[*at].time.as_str());
    Told {
        rank,
        heat: topic.heat,
        people: topic.people,
        recent: topic.recent,
        before: topic.before,
        first: time(topic.members.first()),
        last: time(topic.members.last()),
        place: &topic.place,
        words: &topic.words,
        ids: topic.members.iter().map(|at| &rows[*at].id).collect(),
    }
}

/// Enough for a table.
fn day(time: &str) -> String {
    time.chars().take(10).collect()
}

/// All rows, in an order of their own.
fn rows(file: &Path) -> anyhow::Result<Vec<Row>> {
    let name = file.display();
    let open =
        File::open(file).map_err(|why| wrong(format!("{name}: {why}"), "name a file that is there"))?;
    let (mut lines, mut rows) = (Lines::new(open), Vec::new());
    while let Some(line) = lines.next::<Asked>().with_context(|| format!("{name}"))? {
        let row = line.and_then(row).map_err(|why| {
            wrong(format!("{name}, line {}: {why}", lines.number), "mend the line or take it out")
        })?;
        rows.push(row);
        if rows.len() > MESSAGES {
            return Err(wrong(format!("{name} has more than {MESSAGES} rows"), "take a shorter period"));
        }
    }
    rows.sort_by_cached_key(|row| (row.seconds, row.id.to_string()));
    Ok(rows)
}

fn row(asked: Asked) -> Result<Row, String> {
    if !matches!(asked.id, Value::Number(_) | Value::String(_)) {
        return Err("`id` is no number and no text".to_owned());
    }
    if asked.topic.is_none() && asked.text.is_none() {
        return Err("it has neither `topic` nor `text`".to_owned());
    }
    Ok(Row {
        seconds: seconds(&asked.time)
            .ok_or_else(|| format!("`time` is no instant: {:?}; write 2026-11-22 08:00:00", asked.time))?,
        id: asked.id,
        user: name("user", asked.user)?,
        time: asked.time,
        topic: asked.topic.unwrap_or_default(),
        text: asked.text.unwrap_or_default(),
        area: name("area", asked.area)?,
        case: String::new(),
    })
}

/// A text or a number; nothing is an empty one.
fn name(field: &str, value: Value) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => Err(format!("`{field}` is no text")),
    }
}

/// What is written of an instant: with its offset, or as a clock on a wall in China shows it; seconds, and the time of day, may be left out.
fn seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.timestamp());
    }
    let plain = text.replace(['/', '.'], "-").replace('T', " ");
    let whole = plain
        .split_once(' ')
        .map_or(plain.clone(), |(day, clock)| format!("{day} {}", clock.replace('-', ".")));
    let clock = |format: &str| NaiveDateTime::parse_from_str(&whole, format).ok();
    let at = clock("%Y-%m-%d %H:%M:%S%.f").or_else(|| clock("%Y-%m-%d %H:%M")).or_else(|| {
        let day = NaiveDate::parse_from_str(&whole, "%Y-%m-%d").ok()?;
        day.and_hms_opt(0, 0, 0)
    });
    at.and_then(|at| at.and_local_timezone(Shanghai).earliest()).map(|at| at.timestamp())
}

/// On a terminal alone.
fn bar(steps: u64) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} {bar:30} {pos}/{len} {eta}");
    let bar = ProgressBar::new(steps);
    label(&bar, "comparing");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn an_instant_is_read_however_it_is_written() {
        let at = Some(1_574_740_800);
        for text in
            ["2019-11-26 12:00:00", "2019/11/26 12:00", "2019-11-26T12:00:00.5", "2019-11-26T04:00:00Z"]
        {
            assert_eq!(seconds(text), at, "{text}");
        }
        assert_eq!(seconds("2019-11-26"), seconds("2019-11-25T16:00:00Z"));
        for text in ["", "gestern", "2019-13-01", "2019-11-26 25:00:00"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
