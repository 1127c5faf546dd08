//! One CSV file of a profile: its columns are known, its lines are numbered, its cells trimmed.
//!
//! Guaranteed: every row has a cell for every column asked for; a file with other columns, or a
//! line with too few or too many cells, is a fault that names the line.
//!
//! Rows of the place's own file lie on those of the common one: a row of the same key stands in its place, the others follow.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::fault::Faults;
use super::folder::{Folder, Layer};

/// A table as read.
pub(super) struct Sheet {
    pub(super) rows: Vec<Row>,
}

/// One line of it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) file: Arc<str>,
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

/// What a table looks like.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    pub(super) file: &'static str,
    pub(super) columns: &'static [&'static str],
    /// The first so many columns tell rows apart; none: every row stands for itself.
    pub(super) key: usize,
    pub(super) need: Need,
}

impl Sheet {
    pub(super) fn read(folder: &Folder, shape: Shape, faults: &mut Faults) -> Self {
        Self::read_by(folder, shape, faults, lay)
    }

    /// A table of which the first row that fits counts.
    pub(super) fn read_ordered(folder: &Folder, shape: Shape, faults: &mut Faults) -> Self {
        Self::read_by(folder, shape, faults, lay_in_order)
    }

    fn read_by(
        folder: &Folder,
        shape: Shape,
        faults: &mut Faults,
        lay: fn(Vec<Row>, Vec<Row>, usize) -> Vec<Row>,
    ) -> Self {
        let layers = folder.layers(shape.file);
        if layers.is_empty() && shape.need == Need::Must {
            let fix = format!("add it, with the columns {}", shape.columns.join(","));
            faults.add(shape.file, None, "the file is missing", fix);
        }
        let mut rows = Vec::new();
        for layer in &layers {
            rows = lay(rows, read(folder, layer, shape.columns, faults), shape.key);
        }
        Self { rows }
    }
}

/// Puts rows on an ordered table: one of the same key stands in its place, another before the first that shares its first column, or else
/// before all.
fn lay_in_order(beneath: Vec<Row>, above: Vec<Row>, key: usize) -> Vec<Row> {
    let keys: Vec<Vec<String>> = beneath.iter().map(|row| row.key(key)).collect();
    let (mut replacing, mut new): (Vec<Row>, Vec<Row>) =
        above.into_iter().partition(|row| keys.contains(&row.key(key)));
    let mut rows: Vec<Row> = Vec::new();
    for old in beneath {
        rows.extend(new.extract_if(.., |row| row.key(1) == old.key(1)));
        let same: Vec<Row> = replacing.extract_if(.., |row| row.key(key) == old.key(key)).collect();
        match same.is_empty() {
            true => rows.push(old),
            false => rows.extend(same),
        }
    }
    new.into_iter().chain(rows).collect()
}

/// Puts rows on what lies there.
fn lay(mut beneath: Vec<Row>, above: Vec<Row>, key: usize) -> Vec<Row> {
    let mut places: BTreeMap<Vec<String>, usize> = BTreeMap::new();
    if key > 0 {
        places.extend(beneath.iter().enumerate().map(|(at, row)| (row.key(key), at)));
    }
    for row in above {
        // Each only once: a row that stands twice in one file is for its reader to find.
        match places.remove(&row.key(key)).and_then(|at| beneath.get_mut(at)) {
            Some(old) => *old = row,
            None => beneath.push(row),
        }
    }
    beneath
}

fn read(folder: &Folder, layer: &Layer, columns: &'static [&'static str], faults: &mut Faults) -> Vec<Row> {
    let text = match folder.text(layer) {
        Ok(text) => text,
        Err(error) => {
            let what = format!("the file cannot be read ({error})");
            faults.add(&layer.shown, None, what, "save the file as UTF-8 with commas");
            return Vec::new();
        }
    };
    let mut reader =
        csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let places = match reader.headers() {
        Ok(header) => places(header, &layer.shown, columns, faults),
        Err(error) => {
            unreadable(&layer.shown, &error, faults);
            None
        }
    };
    places.map_or_else(Vec::new, |places| rows(&mut reader, layer, columns, &places, faults))
}

impl Faults {
    /// One in a line of a table.
    pub(super) fn row(&mut self, row: &Row, what: impl Into<String>, fix: impl Into<String>) {
        self.add(&row.file, Some(row.line), what, fix);
    }
}

impl Row {
    fn key(&self, columns: usize) -> Vec<String> {
        self.cells.iter().take(columns).cloned().collect()
    }

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
    reader: &mut csv::Reader<&[u8]>,
    layer: &Layer,
    columns: &'static [&'static str],
    places: &[usize],
    faults: &mut Faults,
) -> Vec<Row> {
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                unreadable(&layer.shown, &error, faults);
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        if record.len() != columns.len() {
            faults.add(
                &layer.shown,
                Some(line),
                format!("the line has {} cells, the first line has {}", record.len(), columns.len()),
                "add or remove commas; a cell that holds a comma stands in double quotes",
            );
            continue;
        }
        let cells = places.iter().map(|place| record.get(*place).unwrap_or_default().to_owned()).collect();
        rows.push(Row { file: layer.shown.clone(), line, columns, cells });
    }
    rows
}

fn unreadable(file: &str, error: &csv::Error, faults: &mut Faults) {
    let line = error.position().map(csv::Position::line);
    faults.add(file, line, format!("cannot be read ({error})"), "save the file as UTF-8 with commas");
}
