//! What a district took in the last days, as rows like those of a file.

use chrono::TimeDelta;
use huying_chassis::clock::system_now;
use huying_proto::intake::v1::{ListRequestsRequest, Request};
use huying_topics::MESSAGES;
use huying_wire::instant;

use super::Row;
use crate::client::Client;
use crate::output::note;

/// Requests asked for at a time.
const LARGEST: i32 = 200;

/// Page after page, the newest first, until they are older, or as many as are looked at together.
///
/// # Errors
/// Intake's refusal.
pub(super) async fn rows(client: &Client, days: u16) -> anyhow::Result<Vec<Row>> {
    let since = (system_now() - TimeDelta::days(days.into())).timestamp();
    let mut requests = client.requests(&client.reader()?)?;
    let (mut rows, mut page_token) = (Vec::new(), String::new());
    loop {
        let request = ListRequestsRequest {
            district: client.district()?,
            page_size: LARGEST,
            page_token,
            ..Default::default()
        };
        let page = requests.list_requests(request).await?.into_inner();
        let full = page.requests.iter().any(|it| seconds(it) < since) || page.next_page_token.is_empty();
        let young = page.requests.into_iter().filter(|it| seconds(it) >= since);
        rows.extend(young.map(|it| row(client, it)));
        if full || rows.len() >= MESSAGES {
            break;
        }
        page_token = page.next_page_token;
    }
    if rows.len() >= MESSAGES {
        note(&format!("only the newest {MESSAGES} requests are looked at: take fewer --days"))?;
    }
    rows.truncate(MESSAGES);
    rows.sort_by_cached_key(|row| (row.seconds, row.id.to_string()));
    Ok(rows)
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
    }
}
