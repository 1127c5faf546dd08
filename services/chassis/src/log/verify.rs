//! Replaying: the log of an aggregate is gap-free from version 1 and gives its row; there is no row without a log, and no log without a row.

use futures::future::BoxFuture;
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use super::{Aggregate, Entry, Stamp, read::entries_of};

/// What a page of checks found.
#[derive(Debug, Default)]
pub struct Findings {
    pub checked: usize,
    pub replayed: usize,
    pub faults: Vec<(Uuid, String)>,
    /// The last id checked; none on the last page.
    pub next: Option<Uuid>,
}

/// A kind of aggregate, as the log service and the timers know it.
#[derive(Clone, Copy)]
pub struct Kind {
    pub name: &'static str,
    verify: for<'a> fn(&'a PgPool, Uuid, i64) -> BoxFuture<'a, Result<Findings, sqlx::Error>>,
}

impl Kind {
    pub fn of<A: Aggregate>() -> Self {
        Self { name: A::KIND, verify: |pool, after, limit| Box::pin(verify::<A>(pool, after, limit)) }
    }

    /// Checks the aggregates of this kind whose id comes after one, in id order.
    pub async fn verify(&self, pool: &PgPool, after: Uuid, limit: i64) -> Result<Findings, sqlx::Error> {
        (self.verify)(pool, after, limit).await
    }
}

/// Ids of rows and of logs: neither may be without the other. What belongs together is read in one snapshot.
fn page(kind: &str) -> String {
    format!(
        "with ids as (
            (select id from \"{kind}\" where id > $1 order by id limit $2)
            union
            (select aggregate from log where version = 1 and kind = $3 and aggregate > $1 order by aggregate limit $2)
         )
         select n.id, t.version, t.body, (select max(version) from log where aggregate = n.id)
           from ids n left join \"{kind}\" t on t.id = n.id order by n.id limit $2"
    )
}

type Row = (Uuid, Option<i64>, Option<serde_json::Value>, Option<i64>);

async fn verify<A: Aggregate>(pool: &PgPool, after: Uuid, limit: i64) -> Result<Findings, sqlx::Error> {
    let rows: Vec<Row> = sqlx::query_as(AssertSqlSafe(page(A::KIND)))
        .bind(after)
        .bind(limit)
        .bind(A::KIND)
        .fetch_all(pool)
        .await?;
    let mut findings = Findings { checked: rows.len(), ..Findings::default() };
    if rows.len() as i64 == limit {
        findings.next = rows.last().map(|row| row.0);
    }
    for (id, version, body, newest) in rows {
        // Entries written since the row was read are beyond its newest version and do not count.
        let entries = entries_of(pool, id, 1, newest.unwrap_or_default()).await?;
        findings.replayed += entries.len();
        let compared = match (version, body) {
            (Some(version), Some(body)) => compare::<A>(id, version, &body, &entries),
            _ => Err(format!("the log has {} entries, but there is no row", entries.len())),
        };
        if let Err(problem) = compared {
            findings.faults.push((id, problem));
        }
    }
    Ok(findings)
}

fn compare<A: Aggregate>(
    id: Uuid,
    version: i64,
    body: &serde_json::Value,
    entries: &[Entry],
) -> Result<(), String> {
    let replayed = replay::<A>(id, entries)?.ok_or("there is no log")?;
    if entries.len() as i64 != version {
        return Err(format!("the row is at version {version}, the log has {} entries", entries.len()));
    }
    let replayed = serde_json::to_value(&replayed).map_err(|e| e.to_string())?;
    if &replayed != body {
        return Err("replaying the log does not give the row".to_owned());
    }
    Ok(())
}

/// Replays entries from the first on.
///
/// # Errors
/// A gap, an entry that cannot be read, or a first entry that cannot be first; in words.
pub fn replay<A: Aggregate>(id: Uuid, entries: &[Entry]) -> Result<Option<A>, String> {
    let mut it: Option<A> = None;
    for (entry, expected) in entries.iter().zip(1..) {
        if entry.version != expected {
            return Err(format!("version {expected} is missing"));
        }
        let (change, _) =
            entry.decode::<A>().map_err(|e| format!("version {expected} cannot be read: {e}"))?;
        let stamp = Stamp { id, at: entry.at, actor: entry.actor.clone() };
        match &mut it {
            Some(it) => it.apply(&change, &stamp),
            None => it = Some(A::first(&change, &stamp).ok_or("the first entry cannot be a first one")?),
        }
    }
    Ok(it)
}
