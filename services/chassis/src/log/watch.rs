//! What concerns somebody, as it changes: a department's dispatches, the cases that a unit holds, what a platform sent. It follows the log
//! behind the snapshot horizon, as the relay does, so nothing is missed and a cursor goes on where it stopped, on any replica. What a unit holds no longer is
//! told once more and without its content. Bounded on all sides: pages, a small buffer, one stream's share of the server's bound.

use std::{collections::HashMap, time::Duration};

use serde::{Deserialize, Serialize};
use tokio::{sync::mpsc, time::Instant};
use uuid::Uuid;

use super::{
    Aggregate, Log, Position, Versioned,
    read::{ToldTo, told_to},
};
use crate::{config::Keys, shutdown::Shutdown, status::Problem, validate::Violations};

/// Changes looked through at a time, and messages waiting for a slow reader.
const PAGE: i64 = 200;
const BUFFER: usize = 16;

/// Where a watch goes on: behind the cursor of an answer received before, or from the beginning where there is none.
pub fn resume(v: &mut Violations, field: &str, cursor: &str) -> Position {
    let after = if cursor.is_empty() { Some(Position::default()) } else { cursor.parse().ok() };
    v.require(field, after.is_some(), "must be the cursor of an answer received before");
    after.unwrap_or_default()
}

/// How often a watch looks. A service that has no other keys of its own takes it as its settings.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pace {
    pub watch_poll_ms: u64,
    pub watch_heartbeat_s: u64,
}

impl Default for Pace {
    fn default() -> Self {
        Self { watch_poll_ms: 250, watch_heartbeat_s: 10 }
    }
}

impl Keys for Pace {}

impl Pace {
    /// Held to its bounds, whatever was set: a watch neither polls without a pause nor waits for minutes.
    fn poll(self) -> Duration {
        Duration::from_millis(self.watch_poll_ms.clamp(10, 5000))
    }

    fn heartbeat(self) -> Duration {
        Duration::from_secs(self.watch_heartbeat_s.clamp(1, 60))
    }
}

/// What a watch sees.
#[derive(Clone, Debug, PartialEq)]
pub enum News<A> {
    /// As it is now.
    Is(Versioned<A>),
    /// The unit has it no longer: nothing of it may be told but which it was and where it went.
    Left(Versioned<A>),
    /// Nothing, for a while: a heartbeat.
    Quiet,
}

/// One message of a watch, and where to go on behind it.
pub type Seen<A> = Result<(News<A>, Position), Problem>;

/// Serves the watches of a service.
#[derive(Clone)]
pub struct Watcher {
    pub log: Log,
    pub stop: Shutdown,
    pub pace: Pace,
}

impl Watcher {
    /// Goes on until the reader leaves, the service stops, or the store fails.
    pub fn watch<A: Aggregate>(
        &self,
        district: String,
        unit: String,
        after: Position,
    ) -> mpsc::Receiver<Seen<A>> {
        let (seen, reader) = mpsc::channel(BUFFER);
        let (watcher, stop) = (self.clone(), self.stop.clone());
        tokio::spawn(async move {
            let watching = watcher.watching(&district, &unit, after, &seen);
            if let Some(Err(problem)) = stop.unless(Box::pin(watching)).await {
                let _ = seen.send(Err(problem)).await;
            }
        });
        reader
    }

    async fn watching<A: Aggregate>(
        &self,
        district: &str,
        unit: &str,
        mut after: Position,
        seen: &mpsc::Sender<Seen<A>>,
    ) -> Result<(), Problem> {
        let mut spoke = Instant::now();
        loop {
            let told = told_to(self.log.pool(), (district, unit), after, PAGE).await?;
            let full = told.len() as i64 == PAGE;
            if let Some(last) = told.last() {
                after = last.header.position;
            }
            for (news, at) in self.news::<A>(unit, &told).await? {
                if seen.send(Ok((news, at))).await.is_err() {
                    return Ok(());
                }
                spoke = Instant::now();
            }
            if spoke.elapsed() >= self.pace.heartbeat() {
                if seen.send(Ok((News::Quiet, after))).await.is_err() {
                    return Ok(());
                }
                spoke = Instant::now();
            }
            if !full {
                tokio::select! {
                    () = seen.closed() => return Ok(()),
                    () = tokio::time::sleep(self.pace.poll()) => {}
                }
            }
        }
    }

    /// Each of this kind once, by its last entry here: a cursor in between skips nothing, since what comes later is read again. Where the
    /// row has left the unit, or come back to it, since that entry, a later one tells.
    async fn news<A: Aggregate>(
        &self,
        unit: &str,
        told: &[ToldTo],
    ) -> Result<Vec<(News<A>, Position)>, Problem> {
        let of_kind = || told.iter().filter(|it| it.header.kind == A::KIND);
        let last: HashMap<Uuid, Position> =
            of_kind().map(|it| (it.header.aggregate, it.header.position)).collect();
        let newest: Vec<&ToldTo> =
            of_kind().filter(|it| last.get(&it.header.aggregate) == Some(&it.header.position)).collect();
        let ids: Vec<Uuid> = newest.iter().map(|it| it.header.aggregate).collect();
        let rows = self.log.load_all::<A>(&ids).await?;
        let mut rows: HashMap<Uuid, Versioned<A>> = rows.into_iter().map(|row| (row.id, row)).collect();
        let news = newest.into_iter().filter_map(|told| {
            let row = rows.remove(&told.header.aggregate)?;
            let news = match (row.it.unit() == Some(unit), told.left) {
                (true, false) => News::Is(row),
                (false, true) => News::Left(row),
                (true, true) | (false, false) => return None,
            };
            Some((news, told.header.position))
        });
        Ok(news.collect())
    }
}
