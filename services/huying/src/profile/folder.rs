//! Where the files of a place are: in its own folder, and beneath that in a folder of what places have in common, if `profile.toml` names one.
//!
//! A table of the place lies on the common one row by row, a `.toml` key by key: what the place says counts, all else is as common. In a
//! common file `@` stands for the place's prefix, so that what no standard numbers (`@:m:14999`) has the place's own codes.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The folders of a place.
pub(super) struct Folder {
    own: PathBuf,
    /// As `profile.toml` names it, seen from the place's folder.
    common: Option<String>,
    prefix: String,
}

/// A file that is there.
pub(super) struct Layer {
    /// How it is told to people.
    pub(super) shown: Arc<str>,
    pub(super) own: bool,
    path: PathBuf,
}

impl Folder {
    /// The place's own files only.
    pub(super) fn alone(own: &Path) -> Self {
        Self { own: own.to_owned(), common: None, prefix: String::new() }
    }

    /// With a folder beneath.
    pub(super) fn over(self, common: Option<&str>, prefix: &str) -> Self {
        Self { common: common.map(str::to_owned), prefix: prefix.to_owned(), ..self }
    }

    /// Whether there is such a folder, seen from the place's.
    pub(super) fn has_folder(&self, name: &str) -> bool {
        self.own.join(name).is_dir()
    }

    /// Where a file is: the common one first, then the place's own.
    pub(super) fn layers(&self, file: &str) -> Vec<Layer> {
        let common = self.common.iter().map(|folder| Layer {
            shown: format!("{folder}/{file}").into(),
            own: false,
            path: self.own.join(folder).join(file),
        });
        let own = Layer { shown: file.into(), own: true, path: self.own.join(file) };
        common.chain([own]).filter(|layer| layer.path.is_file()).collect()
    }

    pub(super) fn has(&self, file: &str) -> bool {
        !self.layers(file).is_empty()
    }

    /// What stands in a file, for this place.
    ///
    /// # Errors
    /// Whatever keeps it from being read as UTF-8.
    pub(super) fn text(&self, layer: &Layer) -> io::Result<String> {
        let text = std::fs::read_to_string(&layer.path)?;
        Ok(if layer.own { text } else { text.replace('@', &self.prefix) })
    }
}
