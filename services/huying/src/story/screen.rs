//! How a story looks: a time line, Chinese and English beside each other, in columns that stand in line, with colours on a terminal.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use huying_chassis::clock::{Clock as Time, system_now};
use huying_proto::casework::v1::Clock;
use huying_proto::common::v1::Lamp;
use huying_words::shown;
use unicode_width::UnicodeWidthStr;

use super::Voice;
use super::paper::{WIDTH, padded, ruled, wrapped};
use crate::client::Client;
use crate::output::{Format, Output, colours};
use crate::words::{self, Word};

const WHEN: usize = 7;
const WHO: usize = 34;
const WHAT: usize = 19;
/// What stands beside a step is set in by this.
const INSET: usize = WHEN + 2;

pub(super) struct Screen<'a> {
    client: &'a Client,
    /// None: the machine's time.
    time: Option<&'a Time>,
    out: Output,
    coloured: bool,
    voice: Voice,
    /// The day that was told last.
    day: String,
}

#[derive(Clone, Copy)]
pub(super) enum Ink {
    Bold,
    Dim,
    Cyan,
    Green,
    Yellow,
    Red,
}

impl<'a> Screen<'a> {
    pub(super) fn new(client: &'a Client, time: Option<&'a Time>, voice: Voice) -> Self {
        let (out, coloured) = (Output::new(Format::Table), colours());
        Self { client, time, out, coloured, voice, day: String::new() }
    }

    fn show(&self, line: &str) -> anyhow::Result<()> {
        match self.voice {
            Voice::Aloud(_) => self.out.painted(line.trim_end()),
            Voice::Silent => Ok(()),
        }
    }

    /// For whoever reads along.
    pub(super) async fn rest(&self) {
        if let Voice::Aloud(rest) = self.voice {
            tokio::time::sleep(rest).await;
        }
    }

    fn ink(&self, ink: Ink, text: &str) -> String {
        let code = match ink {
            Ink::Bold => "1",
            Ink::Dim => "2",
            Ink::Cyan => "36",
            Ink::Green => "32",
            Ink::Yellow => "33",
            Ink::Red => "31",
        };
        let text = shown(text);
        if self.coloured { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.into_owned() }
    }

    pub(super) fn title(&self, chinese: &str, english: &str, source: &str) -> anyhow::Result<()> {
        self.show(&format!("\n{}", self.ink(Ink::Bold, &ruled(&format!("━━ {chinese}"), '━'))))?;
        self.show(&format!("   {}", self.ink(Ink::Bold, english)))?;
        self.show(&format!("   {}", self.ink(Ink::Dim, source)))
    }

    /// Who did what, and what of it is worth telling.
    pub(super) fn step(&mut self, who: &str, what: &str, told: &str) -> anyhow::Result<()> {
        self.row(who, &self.ink(Ink::Cyan, &padded(what, WHAT)), told)
    }

    /// What came about by itself.
    pub(super) fn by_itself(&mut self, who: &str, what: &str, told: &str) -> anyhow::Result<()> {
        self.row(who, &self.ink(Ink::Yellow, &padded(what, WHAT)), told)
    }

    /// A clock's lamp before and now.
    pub(super) fn turned(&mut self, who: &str, from: Lamp, clock: &Clock) -> anyhow::Result<()> {
        let gap = " ".repeat(WHAT - "● 绿灯 → ● 黄灯".width());
        let what = format!("{} → {}{gap}", self.lamp(from), self.lamp(clock.lamp()));
        let told = format!("{}，{}", kind(clock), words::limit(clock.limit.as_ref()));
        self.row(who, &what, &told)
    }

    fn row(&mut self, who: &str, what: &str, told: &str) -> anyhow::Result<()> {
        self.today()?;
        let mut lines = wrapped(&shown(told), WIDTH - WHEN - WHO - WHAT).into_iter();
        let (when, first) = (self.local("%H:%M"), lines.next().unwrap_or_default());
        self.show(&format!("{}  {}{what}{first}", self.ink(Ink::Dim, &when), padded(&shown(who), WHO)))?;
        for line in lines {
            self.show(&format!("{}{line}", " ".repeat(WHEN + WHO + WHAT)))?;
        }
        Ok(())
    }

    /// Beside the step above.
    pub(super) fn more(&self, told: &str) -> anyhow::Result<()> {
        for line in wrapped(&shown(told), WIDTH - INSET) {
            self.show(&format!("{}{}", " ".repeat(INSET), self.ink(Ink::Dim, &line)))?;
        }
        Ok(())
    }

    /// The clocks that run, or have just stopped.
    pub(super) fn clocks(&self, clocks: &[Clock]) -> anyhow::Result<()> {
        for clock in clocks {
            let ends = match (&clock.stop_time, &clock.due_time) {
                (Some(_), _) => "stopped".to_owned(),
                (None, Some(due)) => format!("due {}", self.client.when(Some(due))),
                (None, None) => "stands still".to_owned(),
            };
            let (lamp, limit) = (self.lamp(clock.lamp()), words::limit(clock.limit.as_ref()));
            let told = padded(&format!("⏱ {}", kind(clock)), WHO - 2);
            self.show(&format!(
                "{}{told}{}{}{lamp}",
                " ".repeat(INSET),
                padded(&limit, 14),
                padded(&ends, 20)
            ))?;
        }
        Ok(())
    }

    fn lamp(&self, lamp: Lamp) -> String {
        let text = format!("● {}", lamp.chinese());
        match lamp {
            Lamp::Green => self.ink(Ink::Green, &text),
            Lamp::Amber => self.ink(Ink::Yellow, &text),
            Lamp::Red => self.ink(Ink::Red, &text),
            Lamp::Unspecified => String::new(),
        }
    }

    /// Nothing happens until now.
    pub(super) fn jump(&mut self, since: DateTime<Utc>) -> anyhow::Result<()> {
        let (chinese, english) = span((self.at() - since).num_seconds());
        let days = |shape| (self.client.local(since, shape), self.local(shape));
        let work = match days("%F") {
            (from, to) if from == to => 0,
            (from, to) => work_days(&from, &to),
        };
        let (of_them, of) = match work {
            0 => (String::new(), String::new()),
            work => (
                format!("（{work} 个工作日）"),
                format!(" ({work} work {})", if work == 1 { "day" } else { "days" }),
            ),
        };
        let told = format!("{}⋯ {chinese}后{of_them} · {english}{of} later", " ".repeat(WHEN));
        self.show(&self.ink(Ink::Bold, &told))?;
        self.today()
    }

    /// The day, where it is another than before.
    fn today(&mut self) -> anyhow::Result<()> {
        let day = self.local("%Y-%m-%d %u %A");
        if day == self.day {
            return Ok(());
        }
        self.day = day;
        let chinese = match self.local("%u").as_str() {
            "1" => "周一",
            "2" => "周二",
            "3" => "周三",
            "4" => "周四",
            "5" => "周五",
            "6" => "周六",
            _ => "周日",
        };
        let told = format!("── {} {chinese} {}", self.local("%Y-%m-%d"), self.local("%A"));
        self.show(&self.ink(Ink::Dim, &ruled(&told, '─')))
    }

    pub(super) fn happy_end(&self, told: &str) -> anyhow::Result<()> {
        self.show(&format!("{}{} {}", " ".repeat(WHEN), self.ink(Ink::Green, "✔"), shown(told)))
    }

    pub(super) fn at(&self) -> DateTime<Utc> {
        self.time.map_or_else(system_now, Time::now)
    }

    fn local(&self, shape: &str) -> String {
        self.client.local(self.at(), shape)
    }
}

fn kind(clock: &Clock) -> String {
    format!("{} {}", clock.kind().chinese(), clock.kind().english())
}

/// From one day to another, each as it is written, without Saturdays and Sundays: a story's weeks have no festival.
fn work_days(from: &str, to: &str) -> usize {
    let (Ok(from), Ok(to)) = (from.parse::<NaiveDate>(), to.parse::<NaiveDate>()) else { return 0 };
    let days = from.iter_days().skip(1).take_while(|day| *day <= to);
    days.filter(|day| day.weekday().number_from_monday() <= 5).count()
}

/// So many seconds, as people say it: of what took minutes the seconds do not matter, nor of days the hours.
pub(super) fn span(seconds: i64) -> (String, String) {
    let minutes = seconds / 60;
    if minutes == 0 {
        return (format!("{seconds} 秒"), format!("{seconds} s"));
    }
    let days = (minutes + 720) / 1440;
    if minutes >= 1440 {
        return (format!("{days} 天"), format!("{days} {}", if days == 1 { "day" } else { "days" }));
    }
    let units = [(minutes / 60, "小时", "h"), (minutes % 60, "分钟", "min")];
    let said = units.iter().filter(|(count, ..)| *count > 0);
    let (chinese, english): (Vec<_>, Vec<_>) = said
        .map(|(count, chinese, english)| (format!("{count} {chinese}"), format!("{count} {english}")))
        .unzip();
    (chinese.join(" "), english.join(" "))
}

#[cfg(test)]
mod tests {
    use super::{span, work_days};

    #[test]
    fn a_span_is_told_as_people_do() {
        let told = |minutes: i64| span(60 * minutes).1;
        assert_eq!([told(1), told(48), told(134), told(120)], ["1 min", "48 min", "2 h 14 min", "2 h"]);
        assert_eq!([told(1440), told(1440 * 2 + 61), told(1440 * 17 - 60)], ["1 day", "2 days", "17 days"]);
        assert_eq!((span(8_059).0.as_str(), span(7).1.as_str()), ("2 小时 14 分钟", "7 s"));
        assert_eq!((work_days("2026-11-06", "2026-11-09"), work_days("2026-11-02", "2026-11-17")), (1, 11));
    }
}
