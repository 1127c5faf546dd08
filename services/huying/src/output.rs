//! What a command prints: a table for people, JSON for programs.
//!
//! Tables are aligned by the width of the characters, so Chinese stands in line. JSON is the
//! canonical form of the contract's messages. A reader that leaves early is no failure.
//!
//! What is printed came from a server or a file, and whoever wrote it may want to move the cursor, turn the direction of writing or forge a
//! line. So all of it goes through [`huying_words::shown`] here, whichever command prints, and no other file names standard output or says
//! what stands beside a bar (a test of the tree asks for it); only [`Output::painted`], for lines that this program has coloured, and
//! [`Output::bytes`], for documents, do not.

use std::io::{self, BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};

use clap::ValueEnum;
use comfy_table::{ContentArrangement, Table};
use huying_words::{shown, shown_json, shown_lines};
use indicatif::ProgressBar;
use serde::Serialize;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Table,
    /// For programs: the contract's messages as JSON.
    Json,
    /// For programs that read line by line: each of several things a line of JSON.
    Jsonl,
    /// A page that a browser shows and prints; of `report` alone, as those below.
    Html,
    /// A workbook.
    Xlsx,
    /// One long table.
    Csv,
}

impl Format {
    /// What is written as a whole rather than printed.
    pub fn is_document(self) -> bool {
        matches!(self, Self::Html | Self::Xlsx | Self::Csv)
    }
}

/// Where and how a command prints.
#[derive(Clone, Copy, Debug)]
pub struct Output {
    pub format: Format,
}

impl Output {
    pub const fn new(format: Format) -> Self {
        Self { format }
    }

    pub fn is_json(self) -> bool {
        matches!(self.format, Format::Json | Format::Jsonl)
    }

    /// Several things: a line each, or an array.
    pub fn list<T: Serialize>(
        self,
        header: &[&str],
        items: &[T],
        row: impl Fn(&T) -> Vec<String>,
    ) -> anyhow::Result<()> {
        self.table(header, items, row, false)
    }

    /// Several things, whose cells may have several lines, but for the first.
    pub fn blocks<T: Serialize>(
        self,
        header: &[&str],
        items: &[T],
        row: impl Fn(&T) -> Vec<String>,
    ) -> anyhow::Result<()> {
        self.table(header, items, row, true)
    }

    fn table<T: Serialize>(
        self,
        header: &[&str],
        items: &[T],
        row: impl Fn(&T) -> Vec<String>,
        several: bool,
    ) -> anyhow::Result<()> {
        if self.format == Format::Jsonl {
            return self.lines(items);
        }
        if self.is_json() {
            return self.pretty(items);
        }
        if items.is_empty() {
            return note("nothing there");
        }
        self.painted(&rows(header, items.iter().map(row), several))
    }

    /// One thing: its fields below each other, or an object. Empty fields are left out.
    pub fn one<T: Serialize>(
        self,
        item: &T,
        fields: impl Fn(&T) -> Vec<(&'static str, String)>,
    ) -> anyhow::Result<()> {
        if self.format == Format::Jsonl {
            return self.json(item);
        }
        if self.is_json() {
            return self.pretty(item);
        }
        self.painted(&page(fields(item)))
    }

    /// One of a stream: a line of text, or of JSON.
    pub fn event<T: Serialize>(self, item: &T, line: impl Fn(&T) -> String) -> anyhow::Result<()> {
        if self.is_json() { self.json(item) } else { self.painted(&shown(&line(item))) }
    }

    /// Nothing for nothing.
    fn lines<T: Serialize>(self, items: &[T]) -> anyhow::Result<()> {
        items.iter().try_for_each(|item| self.json(item))
    }

    /// One thing as JSON, in a line.
    fn json<T: Serialize + ?Sized>(self, item: &T) -> anyhow::Result<()> {
        self.painted(&shown_json(&serde_json::to_string(item)?))
    }

    /// One thing as JSON for people too.
    pub fn pretty<T: Serialize + ?Sized>(self, item: &T) -> anyhow::Result<()> {
        self.painted(&shown_json(&serde_json::to_string_pretty(item)?))
    }

    /// Lines.
    pub fn text(self, text: &str) -> anyhow::Result<()> {
        self.painted(&shown_lines(text))
    }

    /// Lines as they are: whoever made them has shown what stands in them.
    pub fn painted(self, text: &str) -> anyhow::Result<()> {
        self.bytes(format!("{text}\n").as_bytes())
    }

    /// A document as it is.
    pub fn bytes(self, bytes: &[u8]) -> anyhow::Result<()> {
        let mut out = io::stdout().lock();
        let written = out.write_all(bytes).and_then(|()| out.flush());
        match written {
            // Whoever read has seen enough: end quietly, as other commands do.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => std::process::exit(0),
            written => Ok(written?),
        }
    }
}

/// Things as JSON, a line each, of which there may be very many: they are written when there are enough of them, or at a flush.
pub struct JsonLines<W: Write>(BufWriter<W>);

impl JsonLines<StdoutLock<'static>> {
    /// Printed.
    pub fn printed() -> Self {
        Self::to(io::stdout().lock())
    }
}

impl<W: Write> JsonLines<W> {
    /// Written there, as they are printed.
    pub fn to(there: W) -> Self {
        Self(BufWriter::new(there))
    }

    /// One more.
    pub fn line<T: Serialize + ?Sized>(&mut self, item: &T) -> anyhow::Result<()> {
        Ok(writeln!(self.0, "{}", shown_json(&serde_json::to_string(item)?))?)
    }

    /// Somebody may be waiting for those so far.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A table: a line each; with `several`, cells behind the first may have several, which stay in their column.
pub fn rows(header: &[&str], rows: impl Iterator<Item = Vec<String>>, several: bool) -> String {
    let mut table = plain();
    table.set_header(header.iter().map(|name| (*name).to_owned()));
    let told = |(n, cell): (usize, &String)| {
        if several && n > 0 { shown_lines(cell).into_owned() } else { shown(cell).into_owned() }
    };
    table.add_rows(rows.map(|row| row.iter().enumerate().map(told).collect::<Vec<_>>()));
    flush_left(table)
}

/// Fields below each other, those without a value left out; the lines of a value stay in their column.
pub fn page(fields: Vec<(&'static str, String)>) -> String {
    let mut table = plain();
    let given = fields.into_iter().filter(|(_, value)| !value.is_empty());
    table.add_rows(given.map(|(name, value)| vec![name.to_owned(), shown_lines(&value).into_owned()]));
    flush_left(table)
}

/// Something beside the answer: to standard error, so that a program reading the answer never meets it.
pub fn note(text: &str) -> anyhow::Result<()> {
    let mut out = io::stderr().lock();
    // Nobody may be listening there: that is no failure of the command.
    let _ = writeln!(out, "{}", shown_lines(text));
    Ok(())
}

/// What a bar says beside its figures, in one line.
pub fn label(bar: &ProgressBar, text: &str) {
    bar.set_message(shown(text).into_owned());
}

/// Colours are for a terminal, and only where nobody has refused them.
pub fn colours() -> bool {
    is_for_a_screen() && std::env::var_os("NO_COLOR").is_none()
}

/// Whether somebody looks at what is printed, rather than a program.
pub fn is_for_a_screen() -> bool {
    io::stdout().is_terminal()
}

fn plain() -> Table {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::NOTHING);
    table.set_content_arrangement(ContentArrangement::Dynamic);
    table
}

/// Columns begin at the edge and stand two blanks apart.
fn flush_left(mut table: Table) -> String {
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt()
}
