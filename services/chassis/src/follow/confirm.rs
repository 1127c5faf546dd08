//! Whoever has an owner's own credential can write into its stream what looks right in all. So what took effect from a stream is held
//! against the owner's log at the next reconciliation, and what that does not have is *diverged*.
//!
//! What is to be confirmed stands in the table `unconfirmed`, written in the commit of the marks (log/commit/write.rs). Whichever replica
//! looks first confirms it, so nothing is lost with a process that is killed. Each event is in it, and not the newest of its aggregate
//! alone: what the owner says next must not hide what somebody else said before.

use std::collections::{BTreeSet, HashMap};

use sqlx::FromRow;
use uuid::Uuid;

use super::{Failure, Follower, Source, diverge::Row};
use crate::db::{self, asked, asked_within};

/// Held against the owner's log in one question.
const PAGE: usize = 1000;
/// Numbers of rows looked at at once; a row has what one group commit marked.
const ROWS: i64 = 256;
/// Times that so many are looked at in one reconciliation. What is left then waits for the next one.
const ROUNDS: usize = 100;

// By a range of numbers and not by a limit: PostgreSQL plans it while the table is empty, and then reads all of a source to sort it.
const FIRST: &str =
    "select number from unconfirmed where source = $1 and number > $2 order by number limit 1";
const WAITING: &str = "
    select u.number, m.aggregate, m.version, m.id
      from unconfirmed u, unnest(u.aggregates, u.versions, u.ids) as m (aggregate, version, id)
     where u.source = $1 and u.number between $2 and $3
     order by u.number";
// What another replica has written into that range meanwhile stays.
const CONFIRMED: &str =
    "delete from unconfirmed where source = $1 and number between $2 and $3 and number = any ($4)";

/// One event that took effect, and the row it stands in.
#[derive(FromRow)]
struct Waiting {
    number: i64,
    aggregate: Uuid,
    version: i64,
    id: Uuid,
}

impl Follower {
    /// Holds against the owner's log what took effect from its stream since the last time.
    pub(super) async fn confirm(&self, source: Source) -> Result<(), Failure> {
        let mut after = 0;
        for _ in 0..ROUNDS {
            let first: Option<i64> = sqlx::query_scalar(FIRST)
                .bind(source.service)
                .bind(after)
                .fetch_optional(asked(&self.inner.pool))
                .await?;
            let Some(first) = first else { return Ok(()) };
            after = first.saturating_add(ROWS - 1);
            self.confirm_between(source, first, after).await?;
        }
        Ok(())
    }

    async fn confirm_between(&self, source: Source, first: i64, last: i64) -> Result<(), Failure> {
        let waiting: Vec<Waiting> = sqlx::query_as(WAITING)
            .bind(source.service)
            .bind(first)
            .bind(last)
            .fetch_all(asked_within(&self.inner.pool, db::PAGE))
            .await?;
        let numbers: BTreeSet<i64> = waiting.iter().map(|event| event.number).collect();
        for events in apart(waiting) {
            for marks in events.chunks(PAGE) {
                self.check(source, marks).await?;
            }
        }
        sqlx::query(CONFIRMED)
            .bind(source.service)
            .bind(first)
            .bind(last)
            .bind(numbers.into_iter().collect::<Vec<_>>())
            .execute(asked_within(&self.inner.pool, db::PAGE))
            .await?;
        Ok(())
    }
}

/// In as many parts as one aggregate has events: an answer names only the aggregate, so it is asked about once at a time.
fn apart(waiting: Vec<Waiting>) -> Vec<Vec<Row>> {
    let mut parts: Vec<Vec<Row>> = Vec::new();
    let mut seen: HashMap<Uuid, usize> = HashMap::new();
    for Waiting { aggregate, version, id, .. } in waiting {
        let part = seen.entry(aggregate).or_default();
        if parts.len() == *part {
            parts.push(Vec::new());
        }
        parts[*part].push((aggregate, version, id));
        *part += 1;
    }
    parts
}
