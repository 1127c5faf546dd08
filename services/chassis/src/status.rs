//! The only place where a gRPC status is made.
//!
//! Whoever refuses a call says a [`Problem`]: a code, a `reason` from the catalogue (UPPER_SNAKE) and
//! one sentence. Guaranteed on the wire: every error carries `google.rpc.ErrorInfo` with that reason
//! and the domain `huying`; a bug carries a request id and no inner text, which is logged here, once.
//! All of a status fits into the headers that it travels in, and what it repeats of a message is shown, as in a log.

#![allow(clippy::disallowed_methods, reason = "this is the one place that may build a Status")]

use std::collections::HashMap;
use std::fmt::{self, Display};
use std::time::Duration;

use huying_words::bounded;
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};
use uuid::Uuid;

/// `ErrorInfo.domain` of every answer.
pub const DOMAIN: &str = "huying";
/// Details travel in headers, which are bounded: more violations than this are not listed.
const MOST_VIOLATIONS: usize = 32;
/// Characters of the sentence, of a field's name and of what is wrong with it, and of a fact.
const SENTENCE: usize = 400;
const FIELD: usize = 120;
const DESCRIPTION: usize = 240;
const FACT: usize = 800;
/// Bytes of all details; clients take headers of 16 KiB, in which these are a third longer and the sentence up to nine bytes a character.
const ROOM: usize = 6 * 1024;
/// What one detail takes beside its texts.
const AROUND: usize = 16;

/// Why a call was refused, ready to become a [`Status`].
#[derive(Clone)]
pub struct Problem(Box<Inner>);

#[derive(Clone)]
struct Inner {
    code: Code,
    reason: String,
    message: String,
    meta: HashMap<String, String>,
    details: ErrorDetails,
    fields: usize,
    /// Bytes left for details.
    room: usize,
}

impl Problem {
    pub fn new(code: Code, reason: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            reason: reason.to_owned(),
            message: bounded(&message.into(), SENTENCE),
            meta: HashMap::new(),
            details: ErrorDetails::new(),
            fields: 0,
            room: ROOM,
        }))
    }

    /// Our own mistake: logs the whole chain once, under a request id, and answers only that id.
    pub fn bug(error: impl Into<anyhow::Error>) -> Self {
        let error: anyhow::Error = error.into();
        let request_id = crate::id::new();
        tracing::error!(%request_id, error = format!("{error:#}"), "a call failed by our own mistake");
        Self::unexplained(request_id)
    }

    /// Internal with a request id, for a failure that is logged elsewhere.
    pub(crate) fn unexplained(request_id: Uuid) -> Self {
        let mut problem = Self::new(
            Code::Internal,
            "INTERNAL",
            format!("something went wrong here; tell us the request id {request_id}"),
        )
        .meta("request_id", request_id.to_string());
        problem.0.details.set_request_info(request_id.to_string(), "");
        problem
    }

    /// One more fact in `ErrorInfo.metadata`.
    pub fn meta(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        let (key, value) = (key.into(), bounded(&value.into(), FACT));
        if self.fits(key.len() + value.len()) {
            self.0.meta.insert(key, value);
        }
        self
    }

    /// A field that is not as it should be (`BadRequest`). The first 32 are listed, as far as there is room.
    pub fn field(mut self, field: impl Into<String>, description: impl Into<String>) -> Self {
        self.0.fields += 1;
        let (field, description) = (bounded(&field.into(), FIELD), bounded(&description.into(), DESCRIPTION));
        if self.0.fields <= MOST_VIOLATIONS && self.fits(field.len() + description.len()) {
            self.0.details.add_bad_request_violation(field, description);
        }
        self
    }

    /// The steps that would be allowed now (`PreconditionFailure`, one violation each).
    pub fn allowed<S: Display>(mut self, steps: impl IntoIterator<Item = S>) -> Self {
        let steps: Vec<String> = steps.into_iter().map(|step| step.to_string()).collect();
        if steps.is_empty() {
            self.0.details.add_precondition_failure_violation(
                "NO_STEP_ALLOWED",
                "",
                "no step is allowed now",
            );
        }
        for step in &steps {
            if !self.fits(step.len() + 40) {
                break;
            }
            self.0.details.add_precondition_failure_violation(
                "ALLOWED_STEP",
                step,
                "this step is allowed now",
            );
        }
        self.meta("allowed", steps.join(","))
    }

    /// What was not found or is in the way (`ResourceInfo`).
    pub fn resource(mut self, kind: impl Into<String>, name: impl Into<String>) -> Self {
        let (kind, name) = (bounded(&kind.into(), FIELD), bounded(&name.into(), FIELD));
        if self.fits(kind.len() + name.len()) {
            self.0.details.set_resource_info(kind, name, "", "");
        }
        self
    }

    /// When to try again (`RetryInfo`).
    pub fn retry_after(mut self, delay: Duration) -> Self {
        self.0.details.set_retry_info(Some(delay));
        self
    }

    /// Takes the room for one more detail, where there is some.
    fn fits(&mut self, bytes: usize) -> bool {
        let left = self.0.room.checked_sub(bytes + AROUND);
        self.0.room = left.unwrap_or(self.0.room);
        left.is_some()
    }

    pub fn code(&self) -> Code {
        self.0.code
    }

    pub fn reason(&self) -> &str {
        &self.0.reason
    }

    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The fields that are not as they should be, each with what it must be; the first 32.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        let violations = self.0.details.bad_request().map_or(&[][..], |it| it.field_violations.as_slice());
        violations.iter().map(|it| (it.field.as_str(), it.description.as_str()))
    }

    /// Gives a status that tonic made by itself a reason, so that it is like all others.
    pub(crate) fn dressed(code: Code, message: String) -> Self {
        let mut problem = Self::new(code, "", message);
        problem.0.reason = code_name(code).to_owned();
        problem
    }
}

impl From<Problem> for Status {
    fn from(Problem(inner): Problem) -> Self {
        let mut details = inner.details;
        details.set_error_info(inner.reason, DOMAIN, inner.meta);
        Status::with_error_details(inner.code, inner.message, details)
    }
}

impl Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", code_name(self.0.code), self.0.reason, self.0.message)
    }
}

impl fmt::Debug for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Display::fmt(self, f)
    }
}

impl std::error::Error for Problem {}

/// The `ErrorInfo.reason` of an answer, for callers that act on it.
pub fn reason(status: &Status) -> Option<String> {
    status.get_details_error_info().map(|info| info.reason)
}

/// The code's name as the gRPC documents write it.
pub const fn code_name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
