//! When everything is followed: every log is published to its last entry, and every follower has acknowledged what it was given. It
//! acknowledges only after its own commit, so nothing is under way then. Asked of NATS and of the logs' ends, and not of the marks as the
//! tests' reckoning does: asked often, that costs as much as what is measured.

use std::time::{Duration, Instant};

use async_nats::header::NATS_MESSAGE_ID;
use futures::TryStreamExt;
use huying_chassis::bus::Bus;
use huying_tests::SERVICES;
use uuid::Uuid;

use super::stage::Stage;

/// Relies on the log's order and on the entry's id being the event's.
const LAST_ENTRY: &str = "select id from log order by epoch desc, xid desc, seq desc limit 1";

/// Between two looks.
const PAUSE: Duration = Duration::from_millis(20);
/// Longest wait.
const PATIENCE: Duration = Duration::from_secs(600);

/// Waits until everything is followed. When that was.
pub async fn settle(stage: &Stage) -> Instant {
    let started = Instant::now();
    let mut before = None;
    loop {
        let at = Instant::now();
        let now = look(stage).await;
        // What was found quiet first may have got work from what was found quiet last: only a second look at the same says so.
        match (before, now) {
            (Some((first, ends)), Some(same)) if ends == same => return first,
            (_, Some(ends)) => before = Some((at, ends)),
            (_, None) => before = None,
        }
        assert!(started.elapsed() < PATIENCE, "not followed within {PATIENCE:?}");
        tokio::time::sleep(PAUSE).await;
    }
}

/// The last entries of all logs, if nothing is on its way.
async fn look(stage: &Stage) -> Option<Vec<Option<Uuid>>> {
    let mut ends = Vec::with_capacity(SERVICES.len());
    for service in SERVICES {
        let last: Option<Uuid> =
            sqlx::query_scalar(LAST_ENTRY).fetch_optional(stage.pool(service)).await.unwrap();
        if last.map(|id| id.to_string()) != published(stage, service).await {
            return None;
        }
        ends.push(last);
    }
    Some(ends)
}

/// The id of a stream's last event, if its followers have done with all of them.
async fn published(stage: &Stage, service: &str) -> Option<String> {
    let stream = stage.jetstream().get_stream(Bus::stream_name(service)).await.ok()?;
    let consumers: Vec<_> = stream.consumers().try_collect().await.ok()?;
    if consumers.iter().any(|follower| follower.num_pending > 0 || follower.num_ack_pending > 0) {
        return Some("under way".into());
    }
    let last = stream.get_raw_message(stream.cached_info().state.last_sequence).await.ok()?;
    Some(last.headers.get(NATS_MESSAGE_ID)?.to_string())
}
