//! Comparing anchors with the log: are they signed, does each follow from the one before, does the log still give their roots, and is each
//! entry what its hash was taken of; and where not, which entry is another, how many are gone, and where. At their end the stream is
//! asked for what is not here (`outside`).

use std::{collections::HashSet, time::Instant};

use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{
    Anchor, Anchors, Key, Line, Trouble, file,
    line::{LEAF, leaf, none},
    table::ROWS,
};
use crate::{
    db::{self, ask_within},
    log::{
        Position,
        chained::{Chained, chained_until},
        read::Sealed,
        verify::{LONGEST, is_full, told},
    },
};

/// Entries named of one anchor.
const NAMED: usize = 20;
/// Entries that are read beyond those an anchor has: so many more are found to be too many.
const BEYOND: i64 = 1_000;

/// Where anchors are read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// The file outside the database.
    File,
    /// The database's own table, where no file is set: whoever owns the database can shorten it.
    Table,
    /// This log is not anchored.
    Nowhere,
}

/// How far a check has come.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Cursor {
    /// A place in the file, or a number of the table.
    at: u64,
    pub(super) number: i64,
    root: String,
    until: String,
}

impl Cursor {
    /// Whether the anchor checked last is this one.
    pub(super) fn is_at(&self, anchor: &Anchor) -> bool {
        (self.number, &self.root) == (anchor.number, &anchor.root)
    }
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The anchor's number; 0 where it says none.
    pub anchor: i64,
    /// An entry that is there and is another, or is not what its hash says.
    pub entry: Option<Uuid>,
    /// At most 400 characters.
    pub problem: String,
}

impl Fault {
    pub(super) fn new(anchor: i64, (entry, problem): Named) -> Self {
        Self { anchor, entry, problem: told(&problem) }
    }
}

/// What a page of checks found.
#[derive(Debug, Default)]
pub struct Findings {
    pub checked: usize,
    pub entries: i64,
    pub faults: Vec<Fault>,
    /// None on the last page.
    pub next: Option<Cursor>,
}

impl Anchors {
    /// Where this log's anchors are.
    pub fn kept(&self) -> Kept {
        match (&self.key, &self.file) {
            (None, _) => Kept::Nowhere,
            (Some(_), Some(_)) => Kept::File,
            (Some(_), None) => Kept::Table,
        }
    }

    /// Whether a line is one that this service has signed.
    pub fn has_signed(&self, line: &Line) -> bool {
        self.key.as_ref().is_some_and(|key| key.believe(self.service, line).is_ok())
    }

    /// Anchors as they are kept, after a place, each with the place after it.
    ///
    /// # Errors
    /// The file or the database cannot be read.
    pub async fn list(&self, after: u64, most: usize) -> Result<Vec<(u64, String)>, Trouble> {
        if let Some(path) = self.file.clone().filter(|_| self.key.is_some()) {
            let name = path.display().to_string();
            let read = spawn_blocking(move || file::lines(&path, after, most)).await;
            let read = read.unwrap_or_else(|error| Err(std::io::Error::other(error)));
            return read.map_err(|error| Trouble::File(name, error));
        }
        Ok(self.listed(i64::try_from(after).unwrap_or(i64::MAX), most).await?)
    }

    /// Rows of the table: some at a time, since whoever writes there can make each a megabyte long.
    async fn listed(&self, mut after: i64, most: usize) -> Result<Vec<(u64, String)>, sqlx::Error> {
        let mut lines = Vec::new();
        while lines.len() < most {
            let limit = ROWS.min(i64::try_from(most - lines.len()).unwrap_or(ROWS));
            let rows = self.rows((after, i64::MAX), limit).await?;
            let is_end = i64::try_from(rows.len()).is_ok_and(|rows| rows < limit);
            after = rows.last().map_or(after, |(number, _)| *number);
            lines.extend(rows.into_iter().map(|(number, line)| (number.unsigned_abs(), line)));
            if is_end {
                break;
            }
        }
        Ok(lines)
    }

    /// Checks so many anchors after those checked before, though no longer than a while.
    ///
    /// # Errors
    /// They, or the log, cannot be read.
    pub async fn verify(&self, after: Cursor, most: usize) -> Result<Findings, Trouble> {
        let Some(key) = &self.key else { return Ok(Findings::default()) };
        let (mut cursor, mut findings, began) = (after, Findings::default(), Instant::now());
        let lines = self.list(cursor.at, most).await?;
        let full = lines.len() == most;
        let mut lines = lines.into_iter().peekable();
        while let Some((place, text)) = lines.next() {
            cursor.at = place;
            findings.checked += 1;
            self.check(key, &text, &mut cursor, &mut findings).await?;
            let is_enough =
                began.elapsed() > LONGEST || is_full(findings.faults.iter().map(|fault| &fault.problem));
            let early = is_enough && lines.peek().is_some();
            if early || (full && lines.peek().is_none()) {
                findings.next = Some(cursor);
                return Ok(findings);
            }
        }
        findings.faults.extend(self.outside(key, &cursor).await?);
        Ok(findings)
    }

    async fn check(
        &self,
        key: &Key,
        text: &str,
        cursor: &mut Cursor,
        findings: &mut Findings,
    ) -> Result<(), Trouble> {
        let read = Line::read(text).and_then(|line| Ok((key.believe(self.service, &line)?, line)));
        let (anchor, line) = match read {
            Ok(read) => read,
            Err(unfit) => {
                let problem = format!("what stands after this one {unfit}");
                findings.faults.push(Fault::new(cursor.number, (None, problem)));
                return Ok(());
            }
        };
        let mut faults = Vec::new();
        faults.extend(follows(&anchor, cursor));
        let entries = self.entries(&anchor).await?;
        faults.extend(differences(&anchor, &line, &entries));
        let number = anchor.number;
        findings.faults.extend(faults.into_iter().map(|named| Fault::new(number, named)));
        findings.entries += anchor.entries;
        (cursor.number, cursor.root, cursor.until) = (number, anchor.root, anchor.until.to_string());
        Ok(())
    }

    /// What the log has of an anchor now.
    async fn entries(&self, anchor: &Anchor) -> Result<Vec<Chained>, sqlx::Error> {
        let (after, until, most) = (anchor.after, anchor.until, anchor.entries.saturating_add(BEYOND));
        ask_within(&self.pool, db::PAGE, async |connection| {
            chained_until(connection, after, until, most).await
        })
        .await
    }
}

/// An entry, where it is one's fault, and what is wrong.
pub(super) type Named = (Option<Uuid>, String);

/// A number is given once, and the stream or the file knew those before.
fn begun_anew(number: i64) -> String {
    format!(
        "it begins with the log's first entry, though there were {} before it: they were removed from the database and from here",
        number - 1
    )
}

/// What is wrong with an anchor's place after the one before.
fn follows(anchor: &Anchor, before: &Cursor) -> Option<Named> {
    let first = before.number == 0;
    if first && anchor.before == none() && anchor.number > 1 {
        return Some((None, begun_anew(anchor.number)));
    }
    let root = if first { none() } else { before.root.clone() };
    let until = if first { Position::default().to_string() } else { before.until.clone() };
    if anchor.before == root && anchor.after.to_string() == until && anchor.number > before.number {
        return None;
    }
    let what = if first {
        // Where a new key has gone on, nobody has signed from where: whoever writes to the table could have it begin later.
        format!(
            "the anchors before this one are missing: what the log has up to {} is in no anchor here; the last line of the file before must end \
             there, or entries after its end were passed over",
            anchor.after
        )
    } else {
        format!(
            "it does not follow anchor {}: anchors between them are missing, or the database went back to before that one, \
             and what it had after {} is lost",
            before.number, anchor.after
        )
    };
    Some((None, what))
}

/// Where the log is another than what was anchored.
fn differences(anchor: &Anchor, line: &Line, entries: &[Chained]) -> Vec<Named> {
    let Some(anchored) = line.leaves(anchor) else {
        return vec![(None, "its entries' digests do not give its root".to_owned())];
    };
    let now: Vec<[u8; LEAF]> = entries.iter().map(|entry| leaf(&entry.sealed)).collect();
    if now == anchored && entries.iter().all(|entry| entry.flaw.is_none()) {
        return Vec::new();
    }
    let (was, is): (HashSet<_>, HashSet<_>) = (anchored.iter().collect(), now.iter().collect());
    let (known, others): (Vec<_>, Vec<_>) =
        entries.iter().zip(&now).partition(|(_, leaf)| was.contains(leaf));
    let others = others.iter().map(|(entry, _)| of_entry(entry, "is not as it was anchored, or new"));
    let mut faults: Vec<Named> = others.take(NAMED).collect();
    let gone: Vec<usize> = (0..anchored.len()).filter(|place| !is.contains(&anchored[*place])).collect();
    if let Some(first) = gone.first() {
        let what = missing(&anchored, &now, entries, *first);
        faults.push((
            None,
            format!("{} of {} anchored entries are not there any more: {what}", gone.len(), anchored.len()),
        ));
    }
    let flawed = known.iter().filter_map(|(entry, _)| Some(of_entry(entry, entry.flaw?)));
    faults.extend(flawed.take(NAMED.saturating_sub(faults.len())));
    if faults.is_empty() {
        faults.push((None, "its entries stand in another order, or more than once".to_owned()));
    }
    faults
}

/// Where the first that is gone stood.
fn missing(anchored: &[[u8; LEAF]], now: &[[u8; LEAF]], entries: &[Chained], first: usize) -> String {
    let there = |leaf: &[u8; LEAF]| {
        now.iter().position(|now| now == leaf).and_then(|place| Some(&entries.get(place)?.sealed))
    };
    let before = anchored[..first].iter().rev().find_map(there);
    let after = anchored[first..].iter().find_map(there);
    match (before, after) {
        (Some(before), Some(after)) => {
            format!("the first stood after {}, before {}", named(before), named(after))
        }
        (Some(before), None) => format!("the log is cut after {}", named(before)),
        (None, Some(after)) => format!("the first stood before {}", named(after)),
        (None, None) => "none of its entries is there".to_owned(),
    }
}

fn of_entry(entry: &Chained, what: &str) -> Named {
    (Some(entry.sealed.header.id), format!("{} {what}", named(&entry.sealed)))
}

fn named(entry: &Sealed) -> String {
    let header = &entry.header;
    format!("version {} of {} {} (at {})", header.version, header.kind, header.aggregate, header.position)
}
