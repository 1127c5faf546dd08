//! How a story looks: a time line, Chinese and English beside each other, in columns that stand in
//! line, with colours on a terminal.

use huying_proto::casework::v1::Clock;
use huying_proto::common::v1::Lamp;
use pbjson_types::Timestamp;
use unicode_width::UnicodeWidthStr;

use super::Voice;
use crate::client::Client;
use crate::output::{Format, Output, colours};
use crate::words::{self, Word};

const WHO: usize = 34;
const WHAT: usize = 22;

pub(super) struct Screen<'a> {
    client: &'a Client,
    out: Output,
    coloured: bool,
    voice: Voice,
}

#[derive(Clone, Copy)]
enum Ink {
    Bold,
    Dim,
    Cyan,
    Green,
    Yellow,
    Red,
}

impl<'a> Screen<'a> {
    pub(super) fn new(client: &'a Client, voice: Voice) -> Self {
        Self { client, out: Output::new(Format::Table), coloured: colours(), voice }
    }

    fn show(&self, line: &str) -> anyhow::Result<()> {
        match self.voice {
            Voice::Aloud => self.out.text(line),
            Voice::Silent => Ok(()),
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
        if self.coloured { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(super) fn title(&self, chinese: &str, english: &str) -> anyhow::Result<()> {
        self.show(&format!("\n━━ {}", self.ink(Ink::Bold, &format!("{chinese} · {english}"))))
    }

    /// Who did what; then what of it is worth telling.
    pub(super) fn step(
        &self,
        at: Option<&Timestamp>,
        who: &str,
        what: &str,
        told: &str,
    ) -> anyhow::Result<()> {
        let time = at.map_or_else(|| self.now(), |at| self.time(at));
        let (who, what) = (padded(who, WHO), padded(what, WHAT));
        let line = format!("{}  {}{}{told}", self.ink(Ink::Dim, &time), who, self.ink(Ink::Cyan, &what));
        self.show(line.trim_end())
    }

    /// Beside the step above.
    pub(super) fn more(&self, told: &str) -> anyhow::Result<()> {
        self.show(&format!("{}{}", " ".repeat(10), self.ink(Ink::Dim, told)))
    }

    /// The clocks that run, or have just stopped.
    pub(super) fn clocks(&self, clocks: &[Clock]) -> anyhow::Result<()> {
        for clock in clocks {
            self.show(&format!("{}{}", " ".repeat(10), self.clock(clock)))?;
        }
        Ok(())
    }

    fn clock(&self, clock: &Clock) -> String {
        let lamp = match clock.lamp() {
            Lamp::Green => self.ink(Ink::Green, "● 绿灯"),
            Lamp::Amber => self.ink(Ink::Yellow, "● 黄灯"),
            Lamp::Red => self.ink(Ink::Red, "● 红灯"),
            Lamp::Unspecified => String::new(),
        };
        let ends = match (&clock.stop_time, &clock.due_time) {
            (Some(_), _) => "stopped in time".to_owned(),
            (None, due) => format!("due {}", self.client.when(due.as_ref())),
        };
        let limit = words::limit(clock.limit.as_ref());
        format!("⏱ {} {} {limit}, {ends} {lamp}", clock.kind().chinese(), clock.kind().english())
    }

    pub(super) fn happy_end(&self, told: &str) -> anyhow::Result<()> {
        self.show(&format!("   {} {told}", self.ink(Ink::Green, "✔")))
    }

    fn time(&self, at: &Timestamp) -> String {
        let at = chrono::DateTime::from_timestamp(at.seconds, at.nanos.try_into().unwrap_or(0));
        at.map_or_else(String::new, |at| self.client.local(at, "%H:%M:%S"))
    }

    fn now(&self) -> String {
        self.client.local(huying_chassis::clock::system_now(), "%H:%M:%S")
    }
}

/// Filled up to a width as the terminal counts it; a longer text keeps a gap behind it.
fn padded(text: &str, width: usize) -> String {
    let gap = width.saturating_sub(text.width()).max(2);
    format!("{text}{}", " ".repeat(gap))
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn chinese_stands_in_line() {
        assert_eq!(padded("网格", 8), "网格    ");
        assert_eq!(padded("grid", 8), "grid    ");
        assert_eq!(padded("一元街道办事处", 8), "一元街道办事处  ");
    }
}
