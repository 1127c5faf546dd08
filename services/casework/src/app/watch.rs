//! What concerns a unit, as it changes: a department's dispatches, the cases that a unit holds. It follows the log behind the snapshot
//! horizon, as the relay does, so nothing is missed and a cursor goes on where it stopped, on any replica. What a unit holds no longer is
//! told once more and without its content. Bounded on all sides: pages, a small buffer, one stream's share of the server's bound.

use std::collections::HashMap;

use huying_chassis::{
    log::{
        Aggregate, Position, Versioned,
        read::{ToldTo, told_to},
    },
    status::Problem,
};
use tokio::{sync::mpsc, time::Instant};
use uuid::Uuid;

use super::App;

/// Changes looked through at a time, and messages waiting for a slow reader.
const PAGE: i64 = 200;
const BUFFER: usize = 16;

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

impl App {
    /// Goes on until the reader leaves, the service stops, or the store fails.
    pub fn watch<A: Aggregate>(
        &self,
        district: String,
        unit: String,
        after: Position,
    ) -> mpsc::Receiver<Seen<A>> {
        let (seen, reader) = mpsc::channel(BUFFER);
        let (app, stop) = (self.clone(), self.stop.clone());
        tokio::spawn(async move {
            let watching = app.watching(&district, &unit, after, &seen);
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
            if spoke.elapsed() >= self.watch_heartbeat {
                if seen.send(Ok((News::Quiet, after))).await.is_err() {
                    return Ok(());
                }
                spoke = Instant::now();
            }
            if !full {
                tokio::select! {
                    () = seen.closed() => return Ok(()),
                    () = tokio::time::sleep(self.watch_poll) => {}
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
