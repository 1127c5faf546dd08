//! Pages: a bounded size and an opaque token that says where the next one begins (keyset paging, so page 1,000 costs what page 1 does).

use std::ops::RangeInclusive;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use prost::Message;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use tonic::Code;

use crate::status::Problem;

/// Most items on a page, and how many when the caller does not say.
const MOST: i32 = 200;
const USUAL: i32 = 50;
/// Characters of a token.
const LONGEST: usize = 2048;
/// Those of which there are instants: what a contract's timestamp may tell.
const YEARS: RangeInclusive<i32> = 1..=9999;

/// How many items a caller wants: 1 to 200; 0 means 50.
///
/// # Errors
/// `BAD_FIELD` outside of that.
pub fn size(asked: i32) -> Result<i64, Problem> {
    size_within(asked, USUAL, MOST)
}

/// The same with other bounds.
///
/// # Errors
/// `BAD_FIELD` outside of them.
pub fn size_within(asked: i32, usual: i32, most: i32) -> Result<i64, Problem> {
    match asked {
        0 => Ok(usual.into()),
        asked if (1..=most).contains(&asked) => Ok(asked.into()),
        _ => Err(Problem::new(Code::InvalidArgument, "BAD_FIELD", "not as it should be: page_size")
            .field("page_size", format!("must be from 1 to {most}, or 0 for {usual}"))),
    }
}

/// Where a page begins: the key of the last item before it. None for the first page.
///
/// # Errors
/// `BAD_FIELD` for a token that is not one of ours: of another shape, or with a key that no item can have.
pub fn cursor<K: DeserializeOwned>(token: &str) -> Result<Option<K>, Problem> {
    if token.is_empty() {
        return Ok(None);
    }
    key(token).map(Some).ok_or_else(not_ours)
}

fn key<K: DeserializeOwned>(token: &str) -> Option<K> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok().filter(|_| token.len() <= LONGEST)?;
    let key: Value = serde_json::from_slice(&bytes).ok()?;
    can_be(&key).then(|| serde_json::from_value(key).ok()).flatten()
}

/// Whether an item can have such a key: what the store cannot hold is no text and no instant of ours.
fn can_be(key: &Value) -> bool {
    match key {
        Value::Null | Value::Bool(_) => true,
        Value::Number(number) => number.as_i64().is_some() || number.as_f64().is_some_and(f64::is_finite),
        Value::String(text) => {
            !text.chars().any(char::is_control) && year(text).is_none_or(|year| YEARS.contains(&year))
        }
        Value::Array(items) => items.iter().all(can_be),
        Value::Object(fields) => {
            fields.iter().all(|(name, it)| !name.chars().any(char::is_control) && can_be(it))
        }
    }
}

/// Of a text that is an instant or a day.
fn year(text: &str) -> Option<i32> {
    let instant = text.parse::<DateTime<Utc>>().map(|at| at.year());
    instant.or_else(|_| text.parse::<NaiveDate>().map(|day| day.year())).ok()
}

/// A token that is of no answer to this question.
pub fn not_ours() -> Problem {
    Problem::new(Code::InvalidArgument, "BAD_FIELD", "not as it should be: page_token")
        .field("page_token", "must be the next_page_token of an answer to the same question")
}

/// What a page of these holds at most in bytes: it ends before it has more, and the next one goes on there.
pub const BYTES: usize = 1024 * 1024;

/// What an answer that has no pages holds at most: a client takes 4 MiB.
pub const WHOLE: usize = 3 * BYTES;

/// What is shown of these rows, in at most [`BYTES`], one at least; and the token for the next page. `show`: none: it is not shown. Asked of
/// each row in its turn.
pub fn shown<T, M: Message, K: Serialize>(
    items: impl ExactSizeIterator<Item = T>,
    size: i64,
    key: impl Fn(&T) -> K,
    mut show: impl FnMut(T) -> Option<M>,
) -> (Vec<M>, String) {
    let is_full = items.len() as i64 >= size;
    let (mut shown, mut bytes, mut last) = (Vec::new(), 0, None);
    for item in items {
        let at = key(&item);
        if let Some(message) = show(item) {
            bytes += message.encoded_len();
            if bytes > BYTES && !shown.is_empty() {
                return (shown, token(last));
            }
            shown.push(message);
        }
        last = Some(at);
    }
    (shown, token(last.filter(|_| is_full)))
}

/// How many of these, from the first on, have no more than `most` bytes together; one at least, if there is one.
pub fn fitting<M: Message>(messages: &[M], most: usize) -> usize {
    let mut bytes = 0;
    let fits = messages.iter().take_while(|message| {
        bytes += message.encoded_len();
        bytes <= most
    });
    fits.count().max(1).min(messages.len())
}

/// A page in at most [`BYTES`] of what only its reader knows where it goes on: read again, that short, where fewer fit than there are.
///
/// # Errors
/// Those of the reader.
pub async fn fitted<M: Message, N, R>(
    size: i64,
    read: impl Fn(i64) -> R,
) -> Result<(Vec<M>, Option<N>), Problem>
where
    R: Future<Output = Result<(Vec<M>, Option<N>), Problem>>,
{
    let (messages, next) = read(size).await?;
    match fitting(&messages, BYTES) {
        fits if fits < messages.len() => read(fits as i64).await,
        _all => Ok((messages, next)),
    }
}

/// What so many rows add up to, in at most [`BYTES`]: of half as many rows while it is more.
///
/// # Errors
/// Those of the reader.
pub async fn halved<M: Message, R>(most: usize, read: impl Fn(usize) -> R) -> Result<M, Problem>
where
    R: Future<Output = Result<M, Problem>>,
{
    let mut rows = most;
    loop {
        let answer = read(rows).await?;
        if answer.encoded_len() <= BYTES || rows <= 1 {
            return Ok(answer);
        }
        rows /= 2;
    }
}

/// The token for the page after a key; empty when there is none.
pub fn token<K: Serialize>(key: Option<K>) -> String {
    let key = key.and_then(|key| serde_json::to_vec(&key).ok());
    key.map(|key| BASE64_URL_SAFE_NO_PAD.encode(key)).unwrap_or_default()
}
