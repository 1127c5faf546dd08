//! What a command says when it cannot do what it was asked, and the number it ends with.
//!
//! Every failure has a sentence and, where there is something to do, what to do. Numbers: 1 a
//! service refused the request, 64 the command or its settings are wrong, 69 something is not there
//! (try again later), 70 our own mistake.

use std::fmt;

use huying_chassis::config::ConfigError;
use huying_chassis::exit::Exit;
use huying_chassis::status::{code_name, reason};
use huying_words::shown;
use tonic::{Code, Status};
use tonic_types::StatusExt;

use crate::profile::ProfileError;

/// How a command ends when it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// A service refused (1).
    Refused,
    /// The command or its settings (64).
    Wrong,
    /// Something is not there (69).
    Unavailable,
    /// Our own mistake (70).
    Bug,
}

impl Ending {
    pub const fn code(self) -> u8 {
        match self {
            Self::Refused => 1,
            Self::Wrong => Exit::Config.code(),
            Self::Unavailable => Exit::Unavailable.code(),
            Self::Bug => Exit::Bug.code(),
        }
    }

    /// Looks through the whole chain.
    pub fn of(error: &anyhow::Error) -> Self {
        for cause in error.chain() {
            if let Some(told) = cause.downcast_ref::<Told>() {
                return told.ending;
            }
            if let Some(status) = cause.downcast_ref::<Status>() {
                return of_status(status);
            }
            if cause.is::<ProfileError>() || cause.is::<ConfigError>() {
                return Self::Wrong;
            }
            if cause.is::<huying_embedded::Error>() {
                return Self::Unavailable;
            }
        }
        match Exit::of(error) {
            Exit::Config => Self::Wrong,
            Exit::Unavailable => Self::Unavailable,
            Exit::Done | Exit::Bug => Self::Bug,
        }
    }
}

fn of_status(status: &Status) -> Ending {
    match status.code() {
        Code::Unavailable | Code::DeadlineExceeded => Ending::Unavailable,
        Code::Internal | Code::Unknown | Code::DataLoss | Code::Unimplemented | Code::Ok => Ending::Bug,
        Code::Cancelled
        | Code::InvalidArgument
        | Code::NotFound
        | Code::AlreadyExists
        | Code::PermissionDenied
        | Code::ResourceExhausted
        | Code::FailedPrecondition
        | Code::Aborted
        | Code::OutOfRange
        | Code::Unauthenticated => Ending::Refused,
    }
}

/// A failure of the command itself, with what to do.
#[derive(Debug)]
pub struct Told {
    what: String,
    fix: String,
    ending: Ending,
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl std::error::Error for Told {}

/// The command, its settings or what it was given.
pub fn wrong(what: impl Into<String>, fix: impl Into<String>) -> anyhow::Error {
    Told { what: what.into(), fix: fix.into(), ending: Ending::Wrong }.into()
}

/// Something that is not there.
pub fn unavailable(what: impl Into<String>, fix: impl Into<String>) -> anyhow::Error {
    Told { what: what.into(), fix: fix.into(), ending: Ending::Unavailable }.into()
}

/// Looked at and not found well: the command worked, its answer is no.
pub fn refused(what: impl Into<String>, fix: impl Into<String>) -> anyhow::Error {
    Told { what: what.into(), fix: fix.into(), ending: Ending::Refused }.into()
}

/// What went wrong, in one line, for a line among others.
pub fn sentence(error: &anyhow::Error) -> String {
    let told = report(error);
    told.lines().next().unwrap_or_default().trim_start_matches("huying: ").to_owned()
}

/// The whole text for standard error.
pub fn report(error: &anyhow::Error) -> String {
    let mut text = String::from("huying: ");
    let mut fix = None;
    for (depth, cause) in error.chain().enumerate() {
        if depth > 0 {
            text.push_str(": ");
        }
        if let Some(status) = cause.downcast_ref::<Status>() {
            text.push_str(&explain(status));
            fix = hint(status).map(str::to_owned);
            break;
        }
        text.push_str(&cause.to_string());
        if let Some(told) = cause.downcast_ref::<Told>() {
            fix = Some(told.fix.clone());
        }
    }
    if let Some(fix) = fix.filter(|fix| !fix.is_empty()) {
        text.push_str("\n  do: ");
        text.push_str(&fix);
    }
    text.push('\n');
    text
}

/// The sentence, its code and reason, and each field or step the service names.
fn explain(status: &Status) -> String {
    let (code, message) = (code_name(status.code()), shown(status.message()));
    let mut text = match reason(status) {
        None if status.code() == Code::Unavailable => {
            format!("the service does not answer ({message}) [{code}]")
        }
        Some(reason) if reason != code => format!("{message} [{code} {}]", shown(&reason)),
        Some(_) | None => format!("{message} [{code}]"),
    };
    let details = status.get_error_details();
    for field in details.bad_request().map(|bad| bad.field_violations.as_slice()).unwrap_or_default() {
        text.push_str(&format!("\n  - {}: {}", shown(&field.field), shown(&field.description)));
    }
    let steps =
        details.precondition_failure().map(|failure| failure.violations.as_slice()).unwrap_or_default();
    let allowed: Vec<&str> =
        steps.iter().filter(|step| step.r#type == "ALLOWED_STEP").map(|step| step.subject.as_str()).collect();
    if !allowed.is_empty() {
        text.push_str(&format!("\n  allowed now: {}", shown(&allowed.join(", "))));
    }
    text
}

fn hint(status: &Status) -> Option<&'static str> {
    if reason(status).as_deref() == Some("UNIT_HOLDS_CASES") {
        return Some(
            "name who goes on for each in successors.csv of the folder (unit,successor), or keep it in units.csv; nothing was changed",
        );
    }
    if reason(status).as_deref() == Some("MESSAGE_TOO_LARGE") {
        return Some("send less at once");
    }
    // It says itself whom to call.
    if reason(status).as_deref() == Some("CARD_REVOKED") {
        return None;
    }
    match status.code() {
        Code::Unavailable => {
            Some("is it running? `huying doctor` tells; `huying up` starts it; then try again")
        }
        Code::DeadlineExceeded => Some("it took too long: try again; `huying doctor` tells what is slow"),
        Code::Unauthenticated => {
            Some("show a token: --token-file FILE, or use the data directory of `huying up`")
        }
        Code::PermissionDenied => {
            Some("act for the right unit (--unit CODE), or with a token that may do this")
        }
        Code::Aborted => Some("somebody else was faster: look again (show), then repeat the command"),
        Code::NotFound => Some(
            "check the number or id, and that the token reaches it; the list commands show what there is",
        ),
        Code::InvalidArgument => Some("correct what is named above; --help shows examples"),
        Code::ResourceExhausted => Some("wait a moment and try again"),
        Code::FailedPrecondition => Some("take one of the steps that are allowed now"),
        Code::Internal | Code::Unknown | Code::DataLoss => {
            Some("look into the service's log for the request id")
        }
        Code::Ok | Code::Cancelled | Code::AlreadyExists | Code::OutOfRange | Code::Unimplemented => None,
    }
}
