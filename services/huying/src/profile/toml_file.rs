//! One TOML file of a profile. A key nobody knows, or a value of the wrong kind, is a fault that
//! names the line.

use std::ops::Range;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::fault::Faults;

/// A file that could be read, with its text for telling lines.
pub(super) struct TomlFile<T> {
    pub(super) file: &'static str,
    pub(super) it: T,
    text: String,
}

impl<T: DeserializeOwned> TomlFile<T> {
    pub(super) fn read(folder: &Path, file: &'static str, faults: &mut Faults) -> Option<Self> {
        let text = match std::fs::read_to_string(folder.join(file)) {
            Ok(text) => text,
            Err(error) => {
                faults.add(file, None, format!("the file cannot be read ({error})"), "add it, as UTF-8");
                return None;
            }
        };
        match toml::from_str(&text) {
            Ok(it) => Some(Self { file, it, text }),
            Err(error) => {
                let line = error.span().map(|span| line_of(&text, &span));
                faults.add(file, line, error.message().to_owned(), "correct this line");
                None
            }
        }
    }
}

impl<T> TomlFile<T> {
    /// A fault at a value.
    pub(super) fn fault(
        &self,
        span: &Range<usize>,
        what: impl Into<String>,
        fix: impl Into<String>,
        faults: &mut Faults,
    ) {
        faults.add(self.file, Some(line_of(&self.text, span)), what, fix);
    }
}

fn line_of(text: &str, span: &Range<usize>) -> u64 {
    let before = text.as_bytes().get(..span.start).unwrap_or_default();
    1 + before.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>()
}
