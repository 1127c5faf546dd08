//! One TOML file of a profile. A key nobody knows, or a value of the wrong kind, is a fault that
//! names the line. What the place's own file does not say is taken from the common one, each key at the top as a whole.

use std::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use super::fault::Faults;
use super::folder::{Folder, Layer};

/// A file that could be read, with its text for telling lines.
pub(super) struct TomlFile<T> {
    pub(super) it: T,
    text: Text,
}

/// Own text first, then the common one without what the own one says.
struct Text {
    whole: String,
    /// How each part is called and where it begins.
    parts: Vec<(Arc<str>, usize)>,
}

impl<T: DeserializeOwned> TomlFile<T> {
    pub(super) fn read(folder: &Folder, file: &'static str, faults: &mut Faults) -> Option<Self> {
        let mut layers = folder.layers(file);
        layers.reverse();
        if layers.is_empty() {
            faults.add(file, None, "the file is missing", "add it, as UTF-8");
            return None;
        }
        let text = Text::read(folder, &layers, faults)?;
        match toml::from_str(&text.whole) {
            Ok(it) => Some(Self { it, text }),
            Err(error) => {
                let at = error.span().map(|span| text.place(&span));
                let (file, line) = at.unzip();
                faults.add(
                    file.as_deref().unwrap_or(file_name(&layers)),
                    line,
                    error.message().to_owned(),
                    "correct this line",
                );
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
        let (file, line) = self.text.place(span);
        faults.add(&file, Some(line), what, fix);
    }
}

fn file_name(layers: &[Layer]) -> &str {
    layers.first().map_or("", |layer| &layer.shown)
}

impl Text {
    fn read(folder: &Folder, layers: &[Layer], faults: &mut Faults) -> Option<Self> {
        let mut text = Self { whole: String::new(), parts: Vec::new() };
        let mut said = toml::Table::new();
        for layer in layers {
            match folder.text(layer) {
                Ok(more) => {
                    text.parts.push((layer.shown.clone(), text.whole.len()));
                    text.whole += &without(&more, &said);
                    text.whole.push('\n');
                    said.extend(more.parse::<toml::Table>().unwrap_or_default());
                }
                Err(error) => {
                    faults.add(
                        &layer.shown,
                        None,
                        format!("the file cannot be read ({error})"),
                        "save it as UTF-8",
                    );
                    return None;
                }
            }
        }
        Some(text)
    }

    fn place(&self, span: &Range<usize>) -> (Arc<str>, u64) {
        let part = self.parts.iter().rev().find(|(_, begin)| *begin <= span.start);
        let (file, begin) = part.map_or_else(|| ("".into(), 0), |(file, begin)| (file.clone(), *begin));
        let before = self.whole.as_bytes().get(begin..span.start).unwrap_or_default();
        (file, 1 + before.iter().map(|byte| u64::from(*byte == b'\n')).sum::<u64>())
    }
}

/// A text without the keys that were said already; its lines stay where they are. A key begins in the first column: `key =` before the
/// first `[`, then `[key` and `[[key`; it ends where the next one begins.
fn without(text: &str, said: &toml::Table) -> String {
    let (mut tables, mut skip) = (false, false);
    let mut kept = String::with_capacity(text.len());
    for line in text.lines() {
        let key = match line.strip_prefix('[') {
            Some(header) => {
                tables = true;
                Some(header.trim_start_matches('[').split([']', '.']).next().unwrap_or_default())
            }
            None if tables || line.starts_with([' ', '\t', '#', ']']) => None,
            None => line.split_once('=').map(|(key, _)| key),
        };
        if let Some(key) = key {
            skip = said.contains_key(key.trim());
        }
        if !skip {
            kept += line;
        }
        kept.push('\n');
    }
    kept
}
