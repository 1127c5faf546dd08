//! What a district took in some days, as rows like those of a file.

use std::ops::Range;

use huying_chassis::clock::system_now;
use huying_proto::intake::v1::{ListRequestsRequest, Request};
use huying_topics::MESSAGES;
use huying_wire::instant;

use super::Row;
use crate::client::{Client, Who};

/// Requests asked for at a time.
const LARGEST: i32 = 200;

/// The rows, the oldest first.
pub struct Taken {
    pub rows: Vec<Row>,
    /// There are older ones, which were not looked at.
    pub is_cut: bool,
}

/// Those of some seconds: page after page, the newest first, until they are older, or as many are passed as are looked at together.
///
/// # Errors
/// Intake's refusal.
pub async fn rows(client: &Client, span: Range<i64>) -> anyhow::Result<Taken> {
    // The desk is told who asked again; a leader is not, and each request would count as another person's.
    let mut requests = client.requests(&Who::Desk { area: client.district()? })?;
    let (mut rows, mut passed, mut page_token) = (Vec::new(), 0, String::new());
    let is_cut = loop {
        let request = ListRequestsRequest {
            district: client.district()?,
            page_size: LARGEST,
            page_token,
            ..Default::default()
        };
        let page = requests.list_requests(request).await?.into_inner();
        let is_all =
            page.requests.iter().any(|it| seconds(it) < span.start) || page.next_page_token.is_empty();
        passed += page.requests.len();
        let within = page.requests.into_iter().filter(|it| span.contains(&seconds(it)));
        rows.extend(within.map(|it| row(client, it)));
        if is_all || passed >= MESSAGES {
            break !is_all;
        }
        page_token = page.next_page_token;
    };
    rows.truncate(MESSAGES);
    rows.sort_by_cached_key(|row| (row.seconds, row.id.to_string()));
    Ok(Taken { rows, is_cut })
}

fn seconds(request: &Request) -> i64 {
    request.submit_time.as_ref().map_or(0, |at| at.seconds)
}

/// Who asked again stands for whoever asked first: nobody's name or phone is needed for it.
fn row(client: &Client, request: Request) -> Row {
    let seconds = seconds(&request);
    let at = request.submit_time.as_ref().and_then(instant::read).unwrap_or_else(system_now);
    Row {
        user: if request.repeat_of.is_empty() { request.id } else { request.repeat_of },
        id: request.number.into(),
        time: client.local(at, "%Y-%m-%d %H:%M:%S"),
        seconds,
        topic: String::new(),
        text: request.content,
        area: request.location.map(|it| it.area).unwrap_or_default(),
        case: request.case,
    }
}
