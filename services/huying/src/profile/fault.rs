//! What is wrong with a profile: the file, the line, and what to do about it.
//!
//! Reading goes on after a fault, so that one look shows all of them; a profile with a fault is
//! never handed out.

use std::fmt;
use std::path::{Path, PathBuf};

/// More than these are counted, not shown.
const SHOWN: usize = 20;

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub file: String,
    /// From 1; none where the whole file is meant.
    pub line: Option<u64>,
    pub what: String,
    /// What to do.
    pub fix: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, " line {line}")?;
        }
        write!(f, ": {}: {}", self.what, self.fix)
    }
}

/// Why a folder is no profile.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ProfileError {
    pub folder: PathBuf,
    pub faults: Vec<Fault>,
}

impl fmt::Display for ProfileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the profile in {} cannot be used:", self.folder.display())?;
        for fault in self.faults.iter().take(SHOWN) {
            write!(f, "\n  - {fault}")?;
        }
        match self.faults.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\n  … and {more} more"),
        }
    }
}

/// Collects them while a folder is read.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(
        &mut self,
        file: &str,
        line: Option<u64>,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.0.push(Fault { file: file.to_owned(), line, what: what.into(), fix: fix.into() });
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Nothing wrong, or everything that is, in the order of the files' lines.
    pub(super) fn verdict(self, folder: &Path) -> Result<(), ProfileError> {
        if self.0.is_empty() {
            return Ok(());
        }
        Err(ProfileError { folder: folder.to_owned(), faults: self.0 })
    }
}
