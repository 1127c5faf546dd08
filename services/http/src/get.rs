//! A small document, whole or not at all.

use std::time::Duration;

use bytes::Bytes;
use http::{Request, StatusCode, header};
use http_body_util::{BodyExt as _, Empty, Limited};
use tokio::time::timeout;
use url::{Position, Url};

use crate::{NoAnswer, Way};

/// Reads a document of at most `most` bytes, all of it within `within`. Any answer but 200 is none, a redirect among them.
///
/// # Errors
/// Nobody answers there, or not in time, or with something else.
pub async fn get(way: &Way, url: &Url, most: usize, within: Duration) -> Result<Bytes, NoAnswer> {
    match answer(way, url, most, within).await? {
        (StatusCode::OK, document) => Ok(document),
        (other, _) => Err(NoAnswer(format!("it answers {other}"))),
    }
}

/// The same, whatever is answered.
///
/// # Errors
/// Nobody answers there, or not in time.
pub async fn answer(
    way: &Way,
    url: &Url,
    most: usize,
    within: Duration,
) -> Result<(StatusCode, Bytes), NoAnswer> {
    let answered = timeout(within, ask(way, url, most)).await;
    answered.unwrap_or_else(|_| Err(NoAnswer("it does not answer in time".to_owned())))
}

async fn ask(way: &Way, url: &Url, most: usize) -> Result<(StatusCode, Bytes), NoAnswer> {
    let request = Request::get(&url[Position::BeforePath..Position::AfterQuery])
        .header(header::HOST, &url[Position::BeforeHost..Position::AfterPort])
        .header(header::ACCEPT, "application/json")
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(NoAnswer::of)?;
    let answer = way.send(url, request).await?;
    let status = answer.status();
    let read = Limited::new(answer.into_body(), most).collect().await;
    Ok((status, read.map_err(|error| NoAnswer(error.to_string()))?.to_bytes()))
}
