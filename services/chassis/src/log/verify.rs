//! Replaying: the log of an aggregate is gap-free from version 1, chained by its hashes, and gives its row; there is no row without a log,
//! and no log without a row.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use futures::future::BoxFuture;
use serde_json::Value;
use sqlx::{AssertSqlSafe, FromRow, PgPool};
use uuid::Uuid;

use super::{Aggregate, Entry, Hash, entry::Untellable, read::entries_of};
use crate::{
    db::{self, asked_within},
    page,
};

/// A page ends after this long, wherever it is then.
pub(crate) const LONGEST: Duration = Duration::from_secs(5);
/// Characters of what is said of one fault.
const TOLD: usize = 400;
/// Bytes of what is said around it: whose fault it is.
const AROUND: usize = 64;

/// What is wrong, as it is told, in at most 400 characters: it may repeat what lies there, and that can be anything.
pub(crate) fn told(problem: &str) -> String {
    huying_words::bounded(problem, TOLD)
}

/// Whether a page of a check has told of enough faults, and the next one goes on.
pub(crate) fn is_full<'a>(told: impl Iterator<Item = &'a String>) -> bool {
    told.map(|problem| problem.len() + AROUND).sum::<usize>() > page::BYTES
}

/// What a page of checks found.
#[derive(Debug, Default)]
pub struct Findings {
    pub checked: usize,
    pub replayed: usize,
    /// Each in at most 400 characters.
    pub faults: Vec<(Uuid, String)>,
    /// By district, for a kind of which accounts are kept.
    pub accounts: BTreeMap<String, Account>,
    /// The last id checked; none on the last page.
    pub next: Option<Uuid>,
}

/// Entered = working + settled: what the logs say began, and in which of the two the rows are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Account {
    pub entered: u64,
    pub working: u64,
    pub settled: u64,
}

impl Findings {
    fn account<A: Aggregate>(&mut self, line: &Line, entries: &[Entry]) {
        let Some(settled) = A::SETTLED else { return };
        let row = line.body.as_ref().and_then(|body| A::deserialize(body).ok());
        let settled = row.as_ref().map(settled);
        if settled == Some(None) {
            return;
        }
        if let Some(first) = entries.first().filter(|first| first.head.version == 1) {
            self.accounts.entry(told(&first.head.district)).or_default().entered += 1;
        }
        if let (Some(row), Some(settled)) = (row, settled.flatten()) {
            let account = self.accounts.entry(told(row.district())).or_default();
            *(if settled { &mut account.settled } else { &mut account.working }) += 1;
        }
    }
}

type Verify = for<'a> fn(&'a PgPool, Uuid, i64, Duration) -> BoxFuture<'a, Result<Findings, sqlx::Error>>;

/// A kind of aggregate, as the log service and the timers know it.
#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    verify: Verify,
}

impl Kind {
    pub const fn of<A: Aggregate>() -> Self {
        Self {
            name: A::KIND,
            verify: |pool, after, limit, longest| Box::pin(verify::<A>(pool, after, limit, longest)),
        }
    }

    /// Checks the aggregates of this kind whose id comes after one, in id order.
    pub async fn verify(&self, pool: &PgPool, after: Uuid, limit: i64) -> Result<Findings, sqlx::Error> {
        self.verify_within(pool, after, limit, LONGEST).await
    }

    /// The same for a page that ends after `longest`, though not before its first aggregate.
    pub async fn verify_within(
        &self,
        pool: &PgPool,
        after: Uuid,
        limit: i64,
        longest: Duration,
    ) -> Result<Findings, sqlx::Error> {
        (self.verify)(pool, after, limit, longest).await
    }
}

/// Ids of rows and of logs: neither may be without the other. What belongs together is read in one snapshot. The condition
/// on the row's id is repeated for a plan that merges, which would otherwise begin with the table's first row.
fn rows(kind: &str) -> String {
    format!(
        "with ids as (
            (select id from \"{kind}\" where id > $1 order by id limit $2)
            union
            (select aggregate from log where version = 1 and kind = $3 and aggregate > $1 order by aggregate limit $2)
         )
         select n.id, t.version, t.shape, t.hash, t.body, (select max(version) from log where aggregate = n.id) as newest
           from ids n left join \"{kind}\" t on t.id = n.id and t.id > $1 order by n.id limit $2"
    )
}

/// A row as it lies there, and the log's newest version.
#[derive(FromRow)]
struct Line {
    id: Uuid,
    version: Option<i64>,
    shape: Option<i16>,
    hash: Option<Hash>,
    body: Option<Value>,
    newest: Option<i64>,
}

async fn verify<A: Aggregate>(
    pool: &PgPool,
    after: Uuid,
    limit: i64,
    longest: Duration,
) -> Result<Findings, sqlx::Error> {
    let lines: Vec<Line> = sqlx::query_as(AssertSqlSafe(rows(A::KIND)))
        .bind(after)
        .bind(limit)
        .bind(A::KIND)
        .fetch_all(asked_within(pool, db::PAGE))
        .await?;
    let (began, full) = (Instant::now(), lines.len() as i64 == limit);
    let mut findings = Findings::default();
    let mut lines = lines.into_iter().peekable();
    while let Some(line) = lines.next() {
        // Entries written since the row was read are beyond its newest version and do not count.
        let entries = entries_of(pool, line.id, 1, line.newest.unwrap_or_default()).await?;
        findings.checked += 1;
        findings.replayed += entries.len();
        let id = line.id;
        findings.account::<A>(&line, &entries);
        if let Err(problem) = compare::<A>(line, &entries) {
            findings.faults.push((id, told(&problem)));
        }
        let is_enough = began.elapsed() > longest || is_full(findings.faults.iter().map(|fault| &fault.1));
        let early = is_enough && lines.peek().is_some();
        if early || (full && lines.peek().is_none()) {
            findings.next = Some(id);
            break;
        }
    }
    Ok(findings)
}

fn compare<A: Aggregate>(line: Line, entries: &[Entry]) -> Result<(), String> {
    let (Some(version), Some(shape), Some(hash), Some(body)) =
        (line.version, line.shape, line.hash, line.body)
    else {
        return Err(format!("the log has {} entries, but there is no row", entries.len()));
    };
    if shape > A::SHAPE {
        return Err(format!("the row is of shape {shape}, which a newer build wrote: ask that one"));
    }
    let replayed = replay::<A>(entries)?.ok_or("there is no log")?;
    if entries.len() as i64 != version {
        return Err(format!("the row is at version {version}, the log has {} entries", entries.len()));
    }
    if chain(entries)? != hash {
        return Err("the row is not chained to the log's last entry".to_owned());
    }
    // Both as this build writes them: a field that is new since the row was written is no difference.
    let lacking: Vec<_> = A::REPEATED.iter().filter(|field| body.get(field).is_none()).collect();
    let row: A = serde_json::from_value(body).map_err(|e| format!("the row cannot be read: {e}"))?;
    let as_written = |it: &A| {
        let mut written = serde_json::to_value(it).map_err(|e| e.to_string())?;
        if let Some(fields) = written.as_object_mut() {
            lacking.iter().for_each(|field| drop(fields.remove(**field)));
        }
        Ok::<_, String>(written)
    };
    if as_written(&replayed)? != as_written(&row)? {
        return Err("replaying the log does not give the row".to_owned());
    }
    Ok(())
}

/// The hash of the last entry, when each has the one that follows from the entry before.
fn chain(entries: &[Entry]) -> Result<Hash, String> {
    entries.iter().try_fold([0; 32], |before, entry| {
        let expected = entry.head.chain(&before, &entry.text);
        match expected == entry.hash {
            true => Ok(expected),
            false => {
                Err(format!("version {} is not as it was written: its hash differs", entry.head.version))
            }
        }
    })
}

/// Replays entries from the first on.
///
/// # Errors
/// A gap, an entry that cannot be read, or a first entry that cannot be first; in words.
fn replay<A: Aggregate>(entries: &[Entry]) -> Result<Option<A>, String> {
    let mut it: Option<A> = None;
    for (entry, expected) in entries.iter().zip(1..) {
        if entry.head.version != expected {
            return Err(format!("version {expected} is missing"));
        }
        let (change, state) =
            entry.change::<A>().map_err(|e: Untellable| format!("version {expected} cannot be read: {e}"))?;
        let stamp = entry.stamp();
        match &mut it {
            Some(it) => it.apply(&change, state, &stamp),
            None => {
                let first = A::first(&change, state, &stamp);
                it = Some(first.ok_or("the first entry cannot be a first one")?);
            }
        }
    }
    Ok(it)
}
