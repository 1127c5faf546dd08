//! Following a watch for as long as somebody looks: it goes on where it was when the service stopped, or when the token ended under it.

use std::time::Duration;

use huying_chassis::status::reason;
use huying_proto::{
    casework::v1::{WatchCasesResponse, WatchDispatchesResponse},
    intake::v1::WatchRequestsResponse,
};
use tonic::{Code, Status, Streaming};
use tonic_types::StatusExt as _;

/// Tries without a message in between, and the pause before each.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_secs(1);

/// A message of a watch.
pub trait Cursor {
    /// Where a watch goes on behind it.
    fn cursor(&self) -> &str;
}

impl Cursor for WatchCasesResponse {
    fn cursor(&self) -> &str {
        &self.cursor
    }
}

impl Cursor for WatchDispatchesResponse {
    fn cursor(&self) -> &str {
        &self.cursor
    }
}

impl Cursor for WatchRequestsResponse {
    fn cursor(&self) -> &str {
        &self.cursor
    }
}

/// Hands on each message. `open` begins the watch behind a cursor, with a fresh token.
///
/// # Errors
/// What `tell` says, and what does not pass: a refusal, or a service that is away for longer.
pub async fn follow<M: Cursor>(
    mut cursor: String,
    mut open: impl AsyncFnMut(String) -> Result<Streaming<M>, Status>,
    mut tell: impl AsyncFnMut(M) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    // The first time it must be there.
    let mut news = open(cursor.clone()).await?;
    let mut tries = 0;
    loop {
        let ended = match news.message().await {
            Ok(Some(message)) => {
                tries = 0;
                message.cursor().clone_into(&mut cursor);
                tell(message).await?;
                continue;
            }
            Ok(None) => return Ok(()),
            Err(status) => status,
        };
        news = again(ended, &mut tries, &mut open, &cursor).await?;
    }
}

async fn again<M>(
    mut ended: Status,
    tries: &mut u32,
    open: &mut impl AsyncFnMut(String) -> Result<Streaming<M>, Status>,
    cursor: &str,
) -> Result<Streaming<M>, Status> {
    loop {
        *tries += 1;
        if !passes(&ended) || *tries > TRIES {
            return Err(ended);
        }
        let asked = ended.get_details_retry_info().and_then(|info| info.retry_delay);
        tokio::time::sleep(asked.unwrap_or_default().clamp(PAUSE, 10 * PAUSE)).await;
        match open(cursor.to_owned()).await {
            Ok(news) => return Ok(news),
            Err(status) => ended = status,
        }
    }
}

/// The service is away or stops, a connection broke, or a token has ended, which the next one has not.
fn passes(status: &Status) -> bool {
    let has_ended = || reason(status).as_deref() == Some("TOKEN_EXPIRED");
    [Code::Unavailable, Code::Cancelled, Code::Unknown].contains(&status.code())
        || (status.code() == Code::Unauthenticated && has_ended())
}
