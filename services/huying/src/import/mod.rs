//! A platform's file as requests: read row by row, sent many at a time, told of in the order of the file.
//!
//! Guaranteed: whatever is wrong with the mapping is told before anything is sent; a row is one command, however often it is sent, also in a file
//! in which other rows were mended; of a row that is refused nothing is left.

pub mod map;
mod row;
pub mod state;
pub mod table;

use std::time::Duration;

use futures::{StreamExt as _, stream};
use huying_proto::intake::v1::SubmitRequestRequest;
use tonic::{Code, Status};
use tonic_types::StatusExt as _;

use map::{Placed, Wrong};
use row::Ids;
use table::Table;

/// Rows that are under way at once, unless somebody says less.
pub const AT_ONCE: usize = 256;
/// How often a row is sent again while the service is busy or away, and the longest wait before it.
const TRIES: u32 = 10;
const LONGEST: Duration = Duration::from_secs(60);

/// What became of a row.
pub struct Done {
    /// As people count the lines of the file.
    pub line: usize,
    /// Nothing of it is taken, for this.
    pub refused: bool,
    /// Why it is refused; of one that is taken, or was before, what could not be read.
    pub wrong: Vec<Wrong>,
}

/// What is sent, and how.
pub struct Job<'a> {
    pub table: &'a Table,
    pub map: &'a Placed<'a>,
    pub district: &'a str,
    /// Rows that are done already.
    pub skip: usize,
    pub at_once: usize,
}

/// Sends rows, and tells what became of each, in their order.
///
/// # Errors
/// The file cannot be read any more; the service is away, or nobody may send so: what was told is done, and the rest is not.
pub async fn send<F: Future<Output = Result<(), Status>>>(
    job: &Job<'_>,
    take: impl Fn(SubmitRequestRequest) -> F,
    mut told: impl FnMut(Done) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut ids = Ids::default();
    // Also those that are done: the others are told from them.
    let rows = job.table.rows()?.map(|(line, cells)| {
        let id = cells.as_ref().map(|cells| ids.next(job.district, &job.table.columns, cells));
        (line, id.unwrap_or_default(), cells)
    });
    let take = &take;
    let sending = stream::iter(rows.skip(job.skip)).map(|(line, id, cells)| {
        let unreadable = |text| Wrong { column: String::new(), reason: "UNREADABLE".to_owned(), text };
        let request =
            cells.map_err(unreadable).and_then(|cells| row::request(job.map, &cells, job.district, id));
        async move {
            let (refused, wrong) = match request {
                Ok((request, unread)) => match wrong(job.map, again(take, request).await)? {
                    none if none.is_empty() => (false, unread),
                    wrong => (true, wrong),
                },
                Err(wrong) => (true, vec![wrong]),
            };
            Ok::<_, Status>(Done { line, refused, wrong })
        }
    });
    let mut sending = std::pin::pin!(sending.buffered(job.at_once));
    while let Some(done) = sending.next().await {
        told(done?)?;
    }
    Ok(())
}

/// Sends a row until somebody has time for it.
async fn again<F: Future<Output = Result<(), Status>>>(
    take: impl Fn(SubmitRequestRequest) -> F,
    request: SubmitRequestRequest,
) -> Result<(), Status> {
    let mut wait = Duration::from_millis(50);
    for _ in 1..TRIES {
        match take(request.clone()).await {
            Err(status) if passes(&status) => {
                let asked = status.get_details_retry_info().and_then(|it| it.retry_delay).unwrap_or_default();
                if asked > LONGEST {
                    return Err(status);
                }
                tokio::time::sleep(wait.max(asked)).await;
                wait = (wait * 2).min(LONGEST);
            }
            answer => return answer,
        }
    }
    take(request).await
}

/// Whether it may go another time.
fn passes(status: &Status) -> bool {
    let codes =
        [Code::Unavailable, Code::ResourceExhausted, Code::Aborted, Code::DeadlineExceeded, Code::Cancelled];
    codes.contains(&status.code())
}

/// Refusals that are about what the row says though they come as those of who sends: the door that it came by, that it is closed.
const OF_THE_ROW: [&str; 2] = ["DOOR_NOT_ALLOWED", "HISTORY_NOT_ALLOWED"];

/// What is wrong with a row that was refused.
///
/// # Errors
/// It is not the row: the service is away, or whoever sends may not.
fn wrong(map: &Placed<'_>, answer: Result<(), Status>) -> Result<Vec<Wrong>, Status> {
    let Err(status) = answer else { return Ok(Vec::new()) };
    let reason = huying_chassis::status::reason(&status).unwrap_or_default();
    let of_the_row = [
        Code::InvalidArgument,
        Code::AlreadyExists,
        Code::FailedPrecondition,
        Code::NotFound,
        Code::OutOfRange,
    ];
    if !of_the_row.contains(&status.code()) && !OF_THE_ROW.contains(&reason.as_str()) {
        return Err(status);
    }
    let fields = status.get_details_bad_request().map(|it| it.field_violations).unwrap_or_default();
    if fields.is_empty() {
        return Ok(vec![Wrong { column: String::new(), reason, text: status.message().to_owned() }]);
    }
    let one =
        |field: &str, text: String| Wrong { column: map.column_of(field), reason: reason.clone(), text };
    Ok(fields.into_iter().map(|it| one(&it.field, it.description)).collect())
}
