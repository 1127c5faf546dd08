//! The next anchor: what has come behind the horizon since the last one. Whichever replica is first makes it; the others look and let it
//! be. Nothing is held meanwhile but a lock of its own.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use sqlx::{Connection, PgConnection};

use super::{
    Anchor, Anchors, Key, Line, Place, Trouble, Unfit, Until,
    line::{leaf, none, root},
};
use crate::{
    db::{self, ask_within},
    log::read,
};

/// Entries of one anchor at most: where more wait, the next one follows at once.
const MOST: i64 = 4_000;

/// The anchor made last, and whether it is time for another.
const LAST: &str = "
    select line, clock_timestamp() as now, clock_timestamp() - made_at >= make_interval(secs => $1) as due
      from anchor order by number desc limit 1";

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
        let (service, key, patience) = (self.service, Arc::clone(key), self.every.as_secs_f64() * 0.75);
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
    patience: f64,
) -> Result<Option<(Until, bool)>, Trouble> {
    let mut tx = connection.begin().await?;
    let turn = "select pg_try_advisory_xact_lock(hashtextextended('huying.anchor', 0))";
    if !sqlx::query_scalar::<_, bool>(turn).fetch_one(&mut *tx).await? {
        return Ok(None);
    }
    let newest: Option<(String, DateTime<Utc>, bool)> =
        sqlx::query_as(LAST).bind(patience).fetch_optional(&mut *tx).await?;
    let (last, now, due) = match newest {
        Some((line, now, due)) => (last(service, key, &line)?, now, due),
        None if !known.surely => return Ok(Some((Until::default(), false))),
        None => {
            let now = sqlx::query_scalar("select clock_timestamp()").fetch_one(&mut *tx).await?;
            (Last { root: none(), ..Last::default() }, now, true)
        }
    };
    let after = last.until.position;
    let entries = read::sealed_after(&mut tx, after, MOST).await?;
    let full = entries.len() as i64 == MOST;
    let Some(newest) = entries.last().filter(|_| due || full) else { return Ok(Some((last.until, false))) };
    let leaves: Vec<_> = entries.iter().map(leaf).collect();
    let number = last.number.max(known.newest).checked_add(1);
    let anchor = Anchor {
        service: service.to_owned(),
        number: number.ok_or(Trouble::Unfit(Unfit::Unreadable))?,
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

/// Of a line of the table: only what this service has signed is gone on from. After a new key the old one's last anchor is.
fn last(service: &'static str, key: &Key, text: &str) -> Result<Last, Trouble> {
    let line = Line::read(text).map_err(Trouble::Unfit)?;
    let anchor = match key.believe(service, &line) {
        Err(Unfit::OtherKey(other)) => {
            tracing::warn!(service, other, "the anchor before was signed with another key");
            line.says().ok_or(Trouble::Unfit(Unfit::Unreadable))?
        }
        said => said.map_err(Trouble::Unfit)?,
    };
    Ok(Last { number: anchor.number, until: Until::from(&anchor), root: anchor.root })
}
