//! One CSV file of a profile: its columns are known, its lines are numbered, its cells trimmed.
//!
//! Guaranteed: every row has a cell for every column asked for; a file with other columns, or a
//! line with too few or too many cells, is a fault that names the line.

use std::path::Path;

use super::fault::Faults;

/// A table as read.
pub(super) struct Sheet {
    pub(super) rows: Vec<Row>,
}

/// One line of it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) file: &'static str,
    pub(super) line: u64,
    columns: &'static [&'static str],
    cells: Vec<String>,
}

/// Whether a profile can do without the file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Need {
    Must,
    May,
}

impl Sheet {
    pub(super) fn read(
        folder: &Path,
        file: &'static str,
        columns: &'static [&'static str],
        need: Need,
        faults: &mut Faults,
    ) -> Self {
        let mut sheet = Self { rows: Vec::new() };
        let path = folder.join(file);
        if !path.is_file() {
            if need == Need::Must {
                faults.add(
                    file,
                    None,
                    "the file is missing",
                    format!("add it, with the columns {}", columns.join(",")),
                );
            }
            return sheet;
        }
        let opened = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_path(&path);
        let mut reader = match opened {
            Ok(reader) => reader,
            Err(error) => {
                faults.add(file, None, format!("the file cannot be read ({error})"), "check its permissions");
                return sheet;
            }
        };
        let places = match reader.headers() {
            Ok(header) => places(header, file, columns, faults),
            Err(error) => {
                unreadable(file, &error, faults);
                None
            }
        };
        let Some(places) = places else { return sheet };
        sheet.rows = rows(&mut reader, file, columns, &places, faults);
        sheet
    }
}

impl Faults {
    /// One in a line of a table.
    pub(super) fn row(&mut self, row: &Row, what: impl Into<String>, fix: impl Into<String>) {
        self.add(row.file, Some(row.line), what, fix);
    }
}

impl Row {
    /// The cell of a column; empty for a column nobody declared.
    pub(super) fn get(&self, column: &str) -> &str {
        let place = self.columns.iter().position(|name| *name == column);
        place.and_then(|place| self.cells.get(place)).map_or("", String::as_str)
    }

    /// Several values of one cell.
    pub(super) fn list(&self, column: &str) -> Vec<String> {
        self.get(column)
            .split(';')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// A cell that may not be empty; a fault, and the empty text, when it is.
    pub(super) fn required(&self, column: &str, faults: &mut Faults) -> String {
        let cell = self.get(column);
        if cell.is_empty() {
            faults.row(self, format!("{column} is empty"), "fill it in");
        }
        cell.to_owned()
    }

    /// A word out of a list of known ones.
    pub(super) fn word<T: Copy>(&self, column: &str, known: &[(&str, T)], faults: &mut Faults) -> Option<T> {
        let cell = self.get(column);
        let found = known.iter().find(|(word, _)| *word == cell).map(|(_, value)| *value);
        if found.is_none() {
            let words: Vec<&str> = known.iter().map(|(word, _)| *word).collect();
            faults.row(
                self,
                format!("{column} '{cell}' is unknown"),
                format!("use one of: {}", words.join(", ")),
            );
        }
        found
    }

    /// A whole number within bounds.
    pub(super) fn number(&self, column: &str, least: u32, most: u32, faults: &mut Faults) -> Option<u32> {
        let cell = self.get(column);
        let number = cell.parse().ok().filter(|number| (least..=most).contains(number));
        if number.is_none() {
            faults.row(
                self,
                format!("{column} '{cell}' is no whole number from {least} to {most}"),
                "write such a number",
            );
        }
        number
    }
}

/// Where each declared column stands in this file.
fn places(
    header: &csv::StringRecord,
    file: &str,
    columns: &[&str],
    faults: &mut Faults,
) -> Option<Vec<usize>> {
    let expected = columns.join(",");
    for name in header.iter().filter(|name| !columns.contains(name)) {
        faults.add(
            file,
            Some(1),
            format!("there is no column '{name}'"),
            format!("the columns are {expected}"),
        );
    }
    let mut places = Vec::with_capacity(columns.len());
    for column in columns {
        match header.iter().position(|name| name == *column) {
            Some(place) => places.push(place),
            None => faults.add(
                file,
                Some(1),
                format!("the column '{column}' is missing"),
                format!("the columns are {expected}"),
            ),
        }
    }
    (places.len() == columns.len() && header.len() == columns.len()).then_some(places)
}

fn rows(
    reader: &mut csv::Reader<std::fs::File>,
    file: &'static str,
    columns: &'static [&'static str],
    places: &[usize],
    faults: &mut Faults,
) -> Vec<Row> {
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                unreadable(file, &error, faults);
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != columns.len() {
            faults.add(
                file,
                Some(line),
                format!("the line has {} cells, the first line has {}", record.len(), columns.len()),
                "add or remove commas; a cell that holds a comma stands in double quotes",
            );
            continue;
        }
        let cells = places.iter().map(|place| record.get(*place).unwrap_or_default().to_owned()).collect();
        rows.push(Row { file, line, columns, cells });
    }
    rows
}

fn unreadable(file: &str, error: &csv::Error, faults: &mut Faults) {
    let line = error.position().map(csv::Position::line);
    faults.add(file, line, format!("cannot be read ({error})"), "save the file as UTF-8 with commas");
}
