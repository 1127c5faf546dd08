//! Pages: a bounded size and an opaque token that says where the next one begins (keyset paging, so page 1,000 costs what page 1 does).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use tonic::Code;

use crate::status::Problem;

/// Most items on a page, and how many when the caller does not say.
const MOST: i32 = 200;
const USUAL: i32 = 50;

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
/// `BAD_FIELD` for a token that is not one of ours.
pub fn cursor<K: DeserializeOwned>(token: &str) -> Result<Option<K>, Problem> {
    if token.is_empty() {
        return Ok(None);
    }
    let key = BASE64_URL_SAFE_NO_PAD.decode(token).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
    key.map(Some).ok_or_else(not_ours)
}

/// A token that is of no answer to this question.
pub fn not_ours() -> Problem {
    Problem::new(Code::InvalidArgument, "BAD_FIELD", "not as it should be: page_token")
        .field("page_token", "must be the next_page_token of an answer to the same question")
}

/// The token for the next page: empty when this page was not full.
pub fn next<T, K: Serialize>(items: &[T], size: i64, key: impl Fn(&T) -> K) -> String {
    token(items.last().filter(|_| items.len() as i64 >= size).map(key))
}

/// The token for the page after a key; empty when there is none.
pub fn token<K: Serialize>(key: Option<K>) -> String {
    let key = key.and_then(|key| serde_json::to_vec(&key).ok());
    key.map(|key| BASE64_URL_SAFE_NO_PAD.encode(key)).unwrap_or_default()
}
