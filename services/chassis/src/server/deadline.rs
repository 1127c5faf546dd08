//! How long a call may take: what its caller waits (`grpc-timeout`), at most `max_deadline_ms`; or
//! `default_deadline_ms` for who says nothing. A stream is cut only by its own `grpc-timeout`.
//!
//! When time is over the handler is dropped and the answer is DeadlineExceeded, reason
//! `DEADLINE_EXCEEDED`. What it was asking the database is dropped with it; that this gives no dead
//! connection back to the pool is the care of [`db::ask`](crate::db::ask()). What remains is there for handlers ([`Deadline`] in the extensions) and for calls
//! they make ([`remaining`]), so that a chain of services shares one deadline.

use std::time::Duration;

use http::HeaderMap;
use tokio::time::{Instant, timeout_at};
use tonic::{Code, Status};

use super::body::Tail;
use super::layer::{Around, Inner, Next, Request, Response};
use super::method::Rpc;
use crate::config::Limits;
use crate::status::Problem;

pub const GRPC_TIMEOUT: &str = "grpc-timeout";

tokio::task_local! {
    static DEADLINE: Deadline;
}

/// When a call must have ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline(pub Instant);

impl Deadline {
    pub fn after(time: Duration) -> Self {
        Self(Instant::now() + time)
    }

    pub fn remaining(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }

    /// Runs `work` as if it were a call with this deadline: calls to peers within share it.
    pub async fn cover<F: Future>(self, work: F) -> F::Output {
        DEADLINE.scope(self, work).await
    }
}

/// What is left for the call being worked on; `None` outside of one, or where none runs.
pub fn remaining() -> Option<Duration> {
    DEADLINE.try_with(|deadline| deadline.remaining()).ok()
}

#[derive(Clone)]
pub(super) struct DeadlineLayer {
    unsaid: Duration,
    most: Duration,
}

impl DeadlineLayer {
    pub(super) fn new(limits: &Limits) -> Self {
        Self { unsaid: limits.default_deadline(), most: limits.max_deadline() }
    }
}

impl Around for DeadlineLayer {
    async fn around<S: Inner>(self, mut request: Request, next: Next<S>) -> Response {
        let streaming = Rpc::of(request.extensions()).streaming;
        let asked = match parse(request.headers()) {
            Ok(asked) => asked,
            Err(problem) => return Status::from(problem).into_http(),
        };
        let time = if streaming { asked } else { Some(asked.unwrap_or(self.unsaid).min(self.most)) };
        let Some(time) = time else {
            return next.run(request).await;
        };
        let deadline = Deadline::after(time);
        request.extensions_mut().insert(deadline);
        match timeout_at(deadline.0, deadline.cover(next.run(request))).await {
            Err(_) => expired().into_http(),
            Ok(response) if streaming => {
                response.map(|body| Tail::new(body).until(deadline.0, expired).body())
            }
            Ok(response) => response,
        }
    }
}

pub(crate) fn expired() -> Status {
    over().into()
}

pub(super) fn over() -> Problem {
    Problem::new(Code::DeadlineExceeded, "DEADLINE_EXCEEDED", "the time for this call is over")
}

/// At most eight digits and a unit.
pub(crate) fn parse(headers: &HeaderMap) -> Result<Option<Duration>, Problem> {
    let Some(value) = headers.get(GRPC_TIMEOUT) else {
        return Ok(None);
    };
    let parsed = value.to_str().ok().and_then(|text| {
        let unit = text.chars().last()?;
        let digits = text.get(..text.len() - 1)?;
        if digits.is_empty() || digits.len() > 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let number: u64 = digits.parse().ok()?;
        match unit {
            'H' => Some(Duration::from_secs(number * 3600)),
            'M' => Some(Duration::from_secs(number * 60)),
            'S' => Some(Duration::from_secs(number)),
            'm' => Some(Duration::from_millis(number)),
            'u' => Some(Duration::from_micros(number)),
            'n' => Some(Duration::from_nanos(number)),
            _ => None,
        }
    });
    match parsed {
        Some(time) => Ok(Some(time)),
        None => Err(Problem::new(Code::InvalidArgument, "BAD_TIMEOUT", "grpc-timeout is not a timeout")),
    }
}

/// As a header value, rounded down, so that a callee gives up before its caller does.
pub(crate) fn header_value(time: Duration) -> String {
    let micros = time.as_micros();
    if micros < 100_000_000 { format!("{micros}u") } else { format!("{}m", time.as_millis().min(99_999_999)) }
}
