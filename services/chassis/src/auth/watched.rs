//! A file that somebody else writes: read again when it changes, looked at every few seconds at most. What cannot be read leaves the last
//! good content in force, is told once in the log, and goes on being tried.

use std::{
    fs::{self, File},
    io::Read as _,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant, SystemTime},
};

/// How often a file is looked at, at most, where nobody says otherwise.
pub(crate) const LOOK: Duration = Duration::from_secs(5);
/// Larger files are refused.
const LARGEST: u64 = 4 * 1024 * 1024;

pub(crate) struct Watched {
    path: PathBuf,
    every: Duration,
    seen: Mutex<Seen>,
}

struct Seen {
    looked: Instant,
    stamp: Stamp,
    /// Since when it cannot be read.
    unread: Option<Instant>,
}

/// What tells that a file has changed: when it was written, its size, and which file it is.
type Stamp = Option<(SystemTime, u64, u64)>;

impl Watched {
    /// Reads it for the first time: then it must be there.
    pub(crate) fn open<T>(
        path: &Path,
        every: Duration,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<(Self, T), String> {
        // Before it is read: what changes meanwhile is seen at the next look.
        let stamp = stamp(path);
        let content = text(path).and_then(|text| parse(&text))?;
        let seen = Mutex::new(Seen { looked: Instant::now(), stamp, unread: None });
        Ok((Self { path: path.to_owned(), every, seen }, content))
    }

    /// Its new content, when it has changed. A look costs microseconds, and only one caller in a while pays them.
    pub(crate) fn look<T>(&self, parse: impl FnOnce(&str) -> Result<T, String>) -> Option<T> {
        let mut seen = self.seen.try_lock().ok()?;
        if seen.looked.elapsed() < self.every {
            return None;
        }
        seen.looked = Instant::now();
        let found = stamp(&self.path);
        if found == seen.stamp && seen.unread.is_none() {
            return None;
        }
        seen.stamp = found;
        match text(&self.path).and_then(|text| parse(&text)) {
            Ok(content) => {
                seen.unread = None;
                tracing::info!(file = %self.path.display(), "it has changed and was read again");
                Some(content)
            }
            Err(error) => {
                if seen.unread.is_none() {
                    tracing::warn!(file = %self.path.display(), error, "it is unusable: what it said before stays in force");
                }
                seen.unread.get_or_insert_with(Instant::now);
                None
            }
        }
    }

    /// How long it has not been readable.
    pub(crate) fn stale(&self) -> Duration {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.unread.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

/// A watched file, and what it says.
pub(crate) struct Held<T> {
    file: Watched,
    parse: Box<Parse<T>>,
    content: RwLock<Arc<T>>,
}

type Parse<T> = dyn Fn(&str) -> Result<T, String> + Send + Sync;

impl<T> Held<T> {
    /// Reads it for the first time: then it must be there.
    pub(crate) fn open(
        path: &Path,
        every: Duration,
        parse: impl Fn(&str) -> Result<T, String> + Send + Sync + 'static,
    ) -> Result<Self, String> {
        let (file, content) = Watched::open(path, every, &parse)?;
        Ok(Self { file, parse: Box::new(parse), content: RwLock::new(Arc::new(content)) })
    }

    /// What it says now.
    pub(crate) fn now(&self) -> Arc<T> {
        self.look();
        Arc::clone(&self.content.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// How long it has not been readable by now.
    pub(crate) fn stale(&self) -> Duration {
        self.look();
        self.file.stale()
    }

    fn look(&self) {
        if let Some(newer) = self.file.look(&self.parse) {
            *self.content.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(newer);
        }
    }
}

fn stamp(path: &Path) -> Stamp {
    let about = fs::metadata(path).ok()?;
    Some((about.modified().ok()?, about.len(), about.ino()))
}

fn text(path: &Path) -> Result<String, String> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(LARGEST + 1).read_to_string(&mut text).map_err(|error| error.to_string())?;
    if text.len() as u64 > LARGEST { Err(format!("it has more than {LARGEST} bytes")) } else { Ok(text) }
}
