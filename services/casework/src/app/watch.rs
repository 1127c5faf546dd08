//! A unit's dispatches as they change. It follows the log behind the snapshot horizon, as the relay does, so nothing is missed and a
//! cursor goes on where it stopped, on any replica. Bounded on all sides: pages, a small buffer, one stream's share of the server's bound.

use std::collections::HashMap;

use huying_chassis::{
    log::{Position, Versioned},
    status::Problem,
};
use tokio::{sync::mpsc, time::Instant};
use uuid::Uuid;

use super::App;
use crate::{
    domain::Dispatch,
    store::{self, watch::Changed},
};

/// Changes looked through at a time, and dispatches waiting for a slow reader.
const PAGE: i64 = 200;
const BUFFER: usize = 16;

/// One message of a watch: a dispatch as it is now, or a heartbeat.
pub type Seen = Result<(Option<Versioned<Dispatch>>, Position), Problem>;

impl App {
    /// Goes on until the reader leaves, the service stops, or the store fails.
    pub fn watch(&self, district: String, unit: String, after: Position) -> mpsc::Receiver<Seen> {
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

    async fn watching(
        &self,
        district: &str,
        unit: &str,
        mut after: Position,
        seen: &mpsc::Sender<Seen>,
    ) -> Result<(), Problem> {
        let mut spoke = Instant::now();
        loop {
            let changed = store::watch::after(self.log.pool(), district, unit, after, PAGE).await?;
            let full = changed.len() as i64 == PAGE;
            if let Some((_, last)) = changed.last() {
                after = *last;
            }
            let ids: Vec<Uuid> = latest(&changed);
            for dispatch in self.log.load_all::<Dispatch>(&ids).await? {
                let at = changed.iter().rev().find(|(id, _)| *id == dispatch.id).map_or(after, |(_, at)| *at);
                if seen.send(Ok((Some(dispatch), at))).await.is_err() {
                    return Ok(());
                }
                spoke = Instant::now();
            }
            if spoke.elapsed() >= self.watch_heartbeat {
                if seen.send(Ok((None, after))).await.is_err() {
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
}

/// Each dispatch once, in the order of its last change: a cursor in between skips nothing, since what comes later is read again.
fn latest(changed: &[Changed]) -> Vec<Uuid> {
    let last: HashMap<Uuid, usize> =
        changed.iter().enumerate().map(|(place, (id, _))| (*id, place)).collect();
    changed
        .iter()
        .enumerate()
        .filter(|(place, (id, _))| last.get(id) == Some(place))
        .map(|(_, (id, _))| *id)
        .collect()
}
