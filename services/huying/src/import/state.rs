//! How far an import has come, beside its file: so that one that was interrupted goes on, and one that is done sends nothing again. And what
//! was wrong with rows, as a table that a spreadsheet opens.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use serde::{Deserialize, Serialize};

use super::map::Wrong;

/// How far it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// SHA-256 of the file, in hexadecimal.
    pub digest: String,
    /// Rows from the first on, without a gap, that are taken or refused.
    pub done: usize,
    /// How many of them were refused.
    pub refused: usize,
    /// Of how many that are taken something could not be read.
    #[serde(default)]
    pub unread: usize,
    /// The line of the last of them.
    pub line: usize,
}

impl State {
    /// What stands beside a file; of another file: nothing is done.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn read(path: &Path, digest: String) -> anyhow::Result<Self> {
        let none = Self { digest, ..Self::default() };
        if !path.exists() {
            return Ok(none);
        }
        let text = fs::read_to_string(path).with_context(|| format!("{} cannot be read", path.display()))?;
        let state: Self = serde_json::from_str(&text).with_context(|| {
            format!("{} is no state of an import: remove it to begin anew", path.display())
        })?;
        Ok(if state.digest == none.digest { state } else { none })
    }

    /// Written whole, or not at all.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn write(&self, path: &Path) -> anyhow::Result<()> {
        let beside = path.with_extension("new");
        fs::write(&beside, serde_json::to_string_pretty(self)?)
            .and_then(|()| fs::rename(&beside, path))
            .with_context(|| format!("{} cannot be written", path.display()))
    }
}

/// What was wrong with rows.
pub struct Wrongs {
    path: PathBuf,
    out: csv::Writer<File>,
}

impl Wrongs {
    /// Begins it with what it had of the lines up to one.
    ///
    /// # Errors
    /// It cannot be read or written.
    pub fn open(path: &Path, line: usize) -> anyhow::Result<Self> {
        let unwritten = || format!("{} cannot be written", path.display());
        let mut kept = Vec::new();
        if line > 0 && path.exists() {
            for record in csv::Reader::from_path(path).with_context(unwritten)?.into_records() {
                let record = record.with_context(unwritten)?;
                if record.get(0).and_then(|cell| cell.parse::<usize>().ok()).is_some_and(|it| it <= line) {
                    kept.push(record);
                }
            }
        }
        let mut out = csv::Writer::from_path(path).with_context(unwritten)?;
        out.write_record(["row", "column", "reason", "text"])?;
        for record in kept {
            out.write_record(&record)?;
        }
        Ok(Self { path: path.to_owned(), out })
    }

    /// # Errors
    /// It cannot be written.
    pub fn add(&mut self, line: usize, wrong: &Wrong) -> anyhow::Result<()> {
        let Wrong { column, reason, text } = wrong;
        Ok(self.out.write_record([line.to_string().as_str(), column, reason, text])?)
    }

    /// # Errors
    /// It cannot be written.
    pub fn flush(&mut self) -> anyhow::Result<()> {
        self.out.flush().with_context(|| format!("{} cannot be written", self.path.display()))
    }
}
