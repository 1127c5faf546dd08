//! A unit's dispatches as they change. It follows the log behind the snapshot horizon, as the relay does, so nothing is missed and a
//! cursor goes on where it stopped, on any replica. Bounded on all sides: pages, a small buffer, one stream's share of the server's bound.

use std::collections::HashMap;

use huying_chassis::{
    log::{
        Position, Versioned,
        read::{Header, told_to},
    },
    status::Problem,
};
use tokio::{sync::mpsc, time::Instant};
use uuid::Uuid;

use super::App;
use crate::domain::Dispatch;

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
            let changed = told_to(self.log.pool(), (district, unit), after, PAGE).await?;
            let full = changed.len() as i64 == PAGE;
            if let Some(last) = changed.last() {
                after = last.position;
            }
            let ids: Vec<Uuid> = latest(&changed);
            for dispatch in self.log.load_all::<Dispatch>(&ids).await? {
                let at = changed
                    .iter()
                    .rev()
                    .find(|it| it.aggregate == dispatch.id)
                    .map_or(after, |it| it.position);
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
fn latest(changed: &[Header]) -> Vec<Uuid> {
    let last: HashMap<Uuid, usize> =
        changed.iter().enumerate().map(|(place, it)| (it.aggregate, place)).collect();
    changed
        .iter()
        .enumerate()
        .filter(|(place, it)| last.get(&it.aggregate) == Some(place))
        .map(|(_, it)| it.aggregate)
        .collect()
}
