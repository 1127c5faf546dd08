//! A file of a platform as rows of cells: CSV, XLSX or JSON lines, by its ending. CSV and JSON lines are read as they are needed; a sheet of a
//! workbook is held in memory.

use std::{
    fs::File,
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use calamine::{Data, Range, Reader as _, Xlsx, open_workbook};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::cli::jsonl::Lines;
use crate::failure::wrong;

/// Most columns of a file, and most rows: a spreadsheet has no more.
const COLUMNS: usize = 1000;
const ROWS: usize = 2_000_000;

/// A row of a file: its line, as people count them, and its cells in the order of the columns; or what is wrong with it.
pub type Row = (usize, Result<Vec<String>, String>);
pub type Rows = Box<dyn Iterator<Item = Row> + Send>;

/// A file that was looked through once.
pub struct Table {
    path: PathBuf,
    pub columns: Vec<String>,
    /// How many rows it has.
    pub rows: usize,
    /// SHA-256 of its bytes.
    pub digest: [u8; 32],
    form: Form,
}

enum Form {
    Csv,
    Jsonl,
    Sheet(Range<Data>),
}

impl Table {
    /// Looks a file through. `sheet`: of a workbook; the first one if none.
    ///
    /// # Errors
    /// It cannot be read, is of another kind, or is larger than is sound.
    pub fn open(path: &Path, sheet: Option<&str>) -> anyhow::Result<Self> {
        let unread = || format!("{} cannot be read", path.display());
        let digest = digest(path).with_context(unread)?;
        let ending = path.extension().map(|ending| ending.to_ascii_lowercase()).unwrap_or_default();
        let (columns, rows, form) = match ending.to_string_lossy().as_ref() {
            "csv" => count_csv(path).with_context(unread)?,
            "jsonl" => count_jsonl(path).with_context(unread)?,
            "xlsx" => of_workbook(path, sheet)?,
            _ => {
                let what = format!("it is not known what {} is", path.display());
                return Err(wrong(what, "name a file that ends in .csv, .xlsx or .jsonl"));
            }
        };
        if columns.len() > COLUMNS || rows > ROWS {
            let what = format!("{} has {} columns and {rows} rows", path.display(), columns.len());
            return Err(wrong(what, format!("split it: at most {COLUMNS} columns and {ROWS} rows")));
        }
        Ok(Self { path: path.to_owned(), columns, rows, digest, form })
    }

    /// Its rows from the beginning.
    ///
    /// # Errors
    /// It cannot be read any more.
    pub fn rows(&self) -> anyhow::Result<Rows> {
        Ok(match &self.form {
            Form::Csv => csv_rows(csv_reader(&self.path)?),
            Form::Jsonl => jsonl_rows(&self.path, self.columns.clone())?,
            Form::Sheet(range) => sheet_rows(range, self.columns.len()),
        })
    }
}

fn digest(path: &Path) -> io::Result<[u8; 32]> {
    let (mut file, mut digest, mut part) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut part)? {
            0 => return Ok(digest.finalize().into()),
            read => digest.update(&part[..read]),
        }
    }
}

type Counted = (Vec<String>, usize, Form);

fn csv_reader(path: &Path) -> csv::Result<csv::Reader<File>> {
    csv::ReaderBuilder::new().flexible(true).from_path(path)
}

fn count_csv(path: &Path) -> anyhow::Result<Counted> {
    let mut reader = csv_reader(path)?;
    let named = reader.headers()?.iter().map(|name| name.trim_start_matches('\u{feff}').trim().to_owned());
    let columns = named.collect();
    let rows = reader.byte_records().count();
    Ok((columns, rows, Form::Csv))
}

fn csv_rows(mut reader: csv::Reader<File>) -> Rows {
    let width = reader.headers().map_or(0, csv::StringRecord::len);
    Box::new(reader.into_records().enumerate().map(move |(n, record)| match record {
        Ok(record) => {
            let line = record.position().map_or(n + 2, |at| usize::try_from(at.line()).unwrap_or(n + 2));
            let mut cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
            cells.resize(width, String::new());
            (line, Ok(cells))
        }
        Err(error) => (n + 2, Err(error.to_string())),
    }))
}

/// Its columns are all keys there are.
fn count_jsonl(path: &Path) -> anyhow::Result<Counted> {
    let (mut lines, mut columns, mut rows) = (Lines::new(File::open(path)?), Vec::<String>::new(), 0);
    while let Some(line) = lines.next::<Map<String, Value>>()? {
        rows += 1;
        for key in line.iter().flat_map(Map::keys) {
            if columns.len() <= COLUMNS && !columns.contains(key) {
                columns.push(key.clone());
            }
        }
    }
    Ok((columns, rows, Form::Jsonl))
}

fn jsonl_rows(path: &Path, columns: Vec<String>) -> anyhow::Result<Rows> {
    let mut lines = Lines::new(File::open(path)?);
    Ok(Box::new(std::iter::from_fn(move || {
        let row = match lines.next::<Map<String, Value>>() {
            Ok(None) => return None,
            Ok(Some(row)) => row,
            Err(error) => Err(error.to_string()),
        };
        let cells = row.map(|row| columns.iter().map(|key| said(row.get(key))).collect());
        Some((lines.number, cells))
    })))
}

fn said(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_))) => {
            other.to_string()
        }
    }
}

fn of_workbook(path: &Path, sheet: Option<&str>) -> anyhow::Result<Counted> {
    let mut book: Xlsx<_> =
        open_workbook(path).with_context(|| format!("{} is no workbook", path.display()))?;
    let names = book.sheet_names();
    let name = match sheet {
        Some(wanted) => names.iter().find(|name| *name == wanted).cloned(),
        None => names.first().cloned(),
    };
    let Some(name) = name else {
        let what = format!("{} has no sheet {}", path.display(), sheet.unwrap_or("at all"));
        return Err(wrong(what, format!("it has: {}", names.join(", "))));
    };
    let range = book.worksheet_range(&name).with_context(|| format!("the sheet {name} cannot be read"))?;
    let columns = range.rows().next().map(|row| row.iter().map(cell).collect()).unwrap_or_default();
    Ok((columns, range.height().saturating_sub(1), Form::Sheet(range)))
}

fn sheet_rows(range: &Range<Data>, width: usize) -> Rows {
    let first = range.start().map_or(0, |(row, _)| row as usize);
    let rows: Vec<Row> = range
        .rows()
        .enumerate()
        .skip(1)
        .map(|(n, row)| {
            let mut cells: Vec<String> = row.iter().map(cell).collect();
            cells.resize(width, String::new());
            (first + n + 1, Ok(cells))
        })
        .collect();
    Box::new(rows.into_iter())
}

/// As people see it; a day or an instant as 2026-11-27 10:00:00.
fn cell(cell: &Data) -> String {
    match cell {
        Data::Empty | Data::Error(_) => String::new(),
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text.trim().to_owned(),
        Data::Float(number) => number.to_string(),
        Data::Int(number) => number.to_string(),
        Data::Bool(yes) => yes.to_string(),
        Data::DateTime(at) => at
            .as_datetime()
            .map_or_else(|| at.as_f64().to_string(), |at| at.format("%Y-%m-%d %H:%M:%S").to_string()),
    }
}
