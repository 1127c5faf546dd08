//! What a caller is told when the log says no: one mapping for all services.

use std::time::Duration;

use tonic::Code;

use super::{AppendError, NewerShape};
use crate::{db, status::Problem};

/// When a shed or failed call may come again.
const RETRY: Duration = Duration::from_millis(200);

/// The reason of an answer that rests on an SQL error which is neither our mistake nor a database that is away.
pub(crate) const STORE_ERROR: &str = "STORE_ERROR";

/// There is no such thing, or the caller may not know of it.
pub fn not_found(kind: &str, id: impl ToString) -> Problem {
    let id = id.to_string();
    Problem::new(Code::NotFound, "NOT_FOUND", format!("there is no {kind} {id}")).resource(kind, id)
}

impl From<AppendError> for Problem {
    fn from(error: AppendError) -> Self {
        match error {
            AppendError::Overloaded => {
                Self::new(Code::Unavailable, "OVERLOADED", "too much to do at the moment: try again")
                    .retry_after(RETRY)
            }
            AppendError::Unavailable(why) => {
                tracing::warn!(why, "an append is unanswered");
                Self::new(
                    Code::Unavailable,
                    "STORE_UNAVAILABLE",
                    "the store does not answer: try again with the same request_id",
                )
                .retry_after(RETRY)
            }
            AppendError::Stale | AppendError::Mark | AppendError::Replayed => {
                Self::new(Code::Aborted, "STALE_VERSION", "it has moved on: read it again and decide again")
                    .retry_after(Duration::ZERO)
            }
            AppendError::Duplicate => {
                Self::new(Code::AlreadyExists, "ALREADY_EXISTS", "there is one already")
            }
            AppendError::Unknown(why) => unknown(&why),
            AppendError::Constraint(_) | AppendError::Bug(_) => Self::bug(error),
        }
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        if let Some(newer) = NewerShape::within(&error) {
            return Self::new(Code::Unavailable, "NEWER_SHAPE", format!("{newer}: ask another replica"))
                .retry_after(RETRY);
        }
        if db::is_unfit(&error) {
            return Self::new(
                Code::InvalidArgument,
                "BAD_FIELD",
                "a text holds a character, or a time an instant, that no record has",
            );
        }
        if db::is_away(&error) {
            Self::new(Code::Unavailable, "STORE_UNAVAILABLE", "the store does not answer: try again")
                .retry_after(RETRY)
        } else if db::is_ours(&error) {
            Self::bug(error)
        } else {
            unknown(&error.to_string())
        }
    }
}

fn unknown(why: &str) -> Problem {
    tracing::error!(why, "the database answers with an error that we do not know");
    Problem::new(
        Code::Unavailable,
        STORE_ERROR,
        "the store cannot do it now: try again with the same request_id; if it stays so, tell us",
    )
    .retry_after(RETRY)
}
