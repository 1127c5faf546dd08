//! Each replica's own file of anchors, outside the database: a line each, only ever added to, on the disk before it counts.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use tokio::task::spawn_blocking;

use super::{
    Anchors, Key, Place, Trouble, Until,
    newest::{BACK, Newest},
    table::ROWS,
};

/// No line is longer, in bytes.
pub(super) const LONGEST: u64 = 1 << 20;

impl Anchors {
    /// The number of the file's newest anchor. None: there is no file, or nothing in it. `made`: the table's newest.
    pub(super) async fn newest_kept(&self, key: &Key, made: i64) -> Result<Option<i64>, Trouble> {
        let Some(path) = self.file.clone() else { return Ok(None) };
        let name = path.display().to_string();
        let read = spawn_blocking(move || end(&path)).await.unwrap_or_else(|e| Err(io::Error::other(e)));
        let lines = read.map_err(|error| Trouble::File(name.clone(), error))?;
        let mut newest = Newest::default();
        for line in &lines {
            if newest.take(key.read(self.service, line), made) {
                break;
            }
        }
        newest.warn(self.service, &name);
        // Whatever else stands there is not written after: nobody could say where to go on.
        if newest.anchor.is_none() && !lines.is_empty() {
            let lost =
                "its last lines are no anchors that this key has signed: move it away, a new one is made";
            return Err(Trouble::File(name, io::Error::other(lost)));
        }
        self.reached.is(Place::File, newest.until());
        Ok(newest.number())
    }

    /// Adds what the table has after the file's newest, up to its own newest.
    pub(super) async fn keep(&self, key: &Key, mut newest: i64, made: i64) -> Result<(), Trouble> {
        let Some(path) = &self.file else { return Ok(()) };
        loop {
            let rows = self.rows((newest, made), ROWS).await?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            newest = *last;
            let believed = self.believed(key, rows);
            let Some(until) = believed.last().map(|made| Until::from(&made.anchor)) else { continue };
            let (path, name) = (path.clone(), path.display().to_string());
            let text: String = believed.into_iter().map(|made| made.text + "\n").collect();
            let added = spawn_blocking(move || add(&path, &text)).await;
            added.unwrap_or_else(|e| Err(io::Error::other(e))).map_err(|error| Trouble::File(name, error))?;
            self.reached.is(Place::File, until);
        }
    }
}

/// The last whole lines, the last one first. What a write that was cut short has left after them is cut off.
fn end(path: &Path) -> io::Result<Vec<String>> {
    let mut file = match OpenOptions::new().read(true).write(true).open(path) {
        Err(absent) if absent.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        opened => opened?,
    };
    let size = file.metadata()?.len();
    let from = size.saturating_sub(LONGEST);
    file.seek(SeekFrom::Start(from))?;
    let mut end = Vec::new();
    (&file).take(LONGEST).read_to_end(&mut end)?;
    let whole = end.iter().rposition(|byte| *byte == b'\n').map_or(0, |place| place + 1);
    if whole < end.len() {
        file.set_len(from + whole as u64)?;
        file.sync_all()?;
    }
    let text = String::from_utf8_lossy(&end[..whole]);
    Ok(text.lines().rev().take(BACK).map(str::to_owned).collect())
}

fn add(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder)?;
    }
    let anew = !path.exists();
    let mut file = OpenOptions::new().create(true).append(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_data()?;
    match path.parent().filter(|folder| anew && !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// Whole lines from a place on, at most so many, and where the next one begins.
pub(super) fn lines(path: &Path, from: u64, most: usize) -> io::Result<Vec<(u64, String)>> {
    let mut file = match File::open(path) {
        Err(absent) if absent.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        opened => opened?,
    };
    file.seek(SeekFrom::Start(from))?;
    let mut reader = io::BufReader::new(file);
    let (mut lines, mut at) = (Vec::new(), from);
    while lines.len() < most {
        let mut line = Vec::new();
        let read = io::BufRead::read_until(&mut (&mut reader).take(LONGEST), b'\n', &mut line)?;
        if line.last() != Some(&b'\n') {
            break;
        }
        at += read as u64;
        line.pop();
        lines.push((at, String::from_utf8_lossy(&line).into_owned()));
    }
    Ok(lines)
}
