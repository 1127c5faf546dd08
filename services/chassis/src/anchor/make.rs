//! The next anchor: what has come behind the horizon since the last one. Whichever replica is first makes it; the others look and let it
//! be. Nothing is held meanwhile but a lock of its own.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

use super::{
    Anchor, Anchors, Key, Place, Trouble, Until,
    line::{leaf, none, root},
    table::{End, end, free_after},
};
use crate::{
    db::{self, ask_within},
    log::{Hash, Position, read},
};

/// Entries of one anchor at most: where more wait, the next one follows at once.
const MOST: i64 = 4_000;

/// What places outside know.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// The newest number that is anywhere.
    pub(super) newest: i64,
    /// False: the stream could not be asked. Then nobody knows whether a table without anchors is new, or was emptied.
    pub(super) surely: bool,
}

/// What the next one stands on.
#[derive(Default)]
struct Last {
    number: i64,
    until: Until,
    root: String,
}

impl Anchors {
    /// Makes the next one. True when more may wait.
    pub(super) async fn make(&self, key: &Arc<Key>, known: Known) -> Result<bool, Trouble> {
        let (service, key, patience) = (self.service, Arc::clone(key), self.every.mul_f64(0.75));
        let made = ask_within(&self.pool, db::PAGE, async |connection| {
            Ok(next(connection, service, &key, known, patience).await)
        });
        // Another replica is at it.
        let Some((until, more)) = made.await?? else { return Ok(false) };
        self.reached.is(Place::Table, until);
        Ok(more)
    }
}

/// What the newest says then, and whether more may wait. None: another replica is at it.
async fn next(
    connection: &mut PgConnection,
    service: &'static str,
    key: &Key,
    known: Known,
    patience: Duration,
) -> Result<Option<(Until, bool)>, Trouble> {
    let mut tx = connection.begin().await?;
    let turn = "select pg_try_advisory_xact_lock(hashtextextended('huying.anchor', 0))";
    if !sqlx::query_scalar::<_, bool>(turn).fetch_one(&mut *tx).await? {
        return Ok(None);
    }
    let end = end(&mut tx, service, key).await?;
    let Some(last) = last(&mut tx, service, end, known).await? else {
        return Ok(Some((Until::default(), false)));
    };
    let now: DateTime<Utc> = sqlx::query_scalar("select clock_timestamp()").fetch_one(&mut *tx).await?;
    let waited = last.until.made_at.map(|at| (now - at).to_std().unwrap_or_default());
    let due = waited.is_none_or(|waited| waited >= patience);
    let after = last.until.position;
    let entries = read::sealed_after(&mut tx, after, MOST).await?;
    let full = entries.len() as i64 == MOST;
    let Some(newest) = entries.last().filter(|_| due || full) else { return Ok(Some((last.until, false))) };
    let leaves: Vec<_> = entries.iter().map(leaf).collect();
    let number = free_after(&mut tx, last.number.max(known.newest)).await?;
    let anchor = Anchor {
        service: service.to_owned(),
        number: number.ok_or(Trouble::Table("has no number left"))?,
        at: now,
        after,
        until: newest.header.position,
        entries: entries.len() as i64,
        root: root(&last.root, &leaves),
        before: last.root,
    };
    let line = serde_json::to_string(&key.sign(&anchor, &leaves)?)?;
    sqlx::query("insert into anchor (number, line) values ($1, $2)")
        .bind(anchor.number)
        .bind(line)
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(Some((Until::from(&anchor), full)))
}

/// The newest anchor that this key has signed, or, where it has signed none yet, what the key before has; none: that is known only when
/// NATS can be asked.
async fn last(tx: &mut PgConnection, service: &str, end: End, known: Known) -> Result<Option<Last>, Trouble> {
    if let Some(anchor) = end.newest.anchor {
        return Ok(Some(Last { number: anchor.number, until: Until::from(&anchor), root: anchor.root }));
    }
    if !known.surely {
        return Ok(None);
    }
    // A key that has signed what is outside is no new one: whoever writes here as if it were wants it to go on from elsewhere.
    let others = if known.newest == 0 { end.others } else { Vec::new() };
    if !others.is_empty()
        && let Some(other) = of_another_key(others, read::end(tx).await?)
    {
        tracing::warn!(service, number = other.number, "the anchor before was signed with another key");
        return Ok(Some(other));
    }
    if !end.is_whole {
        return Err(Trouble::Table("has no anchor of this key among its newest rows"));
    }
    Ok(Some(Last { root: none(), ..Last::default() }))
}

/// The newest of another key from which can be gone on. Nothing of it is verified: it may not say that entries are anchored which the log
/// does not have yet, nor have a root that is none.
fn of_another_key(others: Vec<Anchor>, log_end: Position) -> Option<Last> {
    let mut others = others.into_iter();
    let other = others.find(|other| {
        let is_root = hex::decode(&other.root).is_ok_and(|root| root.len() == size_of::<Hash>());
        other.until <= log_end && is_root
    })?;
    // When it was made is not believed either: the next one is due.
    let until = Until { position: other.until, made_at: None };
    Some(Last { number: other.number, until, root: other.root })
}
