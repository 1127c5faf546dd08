//! Commands that were carried out: a caller's request id belongs to one command, and a repeated one is answered, not done again.
//!
//! Kept by caller (issuer and subject) and id for [`KEPT`]; another caller's id is another command.

use std::time::Duration;

use chrono::{DateTime, Utc};
use prost::{Message, Name};
use sha2::{Digest, Sha256};
use sqlx::{FromRow, PgConnection};
use tonic::Code;
use uuid::Uuid;

use super::{Log, Meta};
use crate::{auth::Caller, db::asked, status::Problem};

/// How long a repeated command is known.
pub const KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
/// How many are forgotten at a time.
const FORGOTTEN: i64 = 1000;

/// What makes a command itself: who asks, under which id, and for what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    pub issuer: String,
    pub subject: String,
    pub request_id: Uuid,
    /// The full name of its message.
    pub method: String,
    /// SHA-256 of its message.
    pub digest: [u8; 32],
}

impl Command {
    pub fn new<M: Message + Name>(caller: &Caller, request_id: Uuid, message: &M) -> Self {
        Self {
            issuer: caller.issuer.clone(),
            subject: caller.subject.clone(),
            request_id,
            method: M::full_name(),
            digest: Sha256::digest(message.encode_to_vec()).into(),
        }
    }
}

/// A command that was carried out before.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Replay {
    pub method: String,
    pub digest: [u8; 32],
    /// What it changed.
    pub aggregate: Uuid,
    /// To which version.
    pub version: i64,
}

impl Replay {
    /// Whether it was this very command; otherwise its id is used for a second one.
    pub fn is(&self, command: &Command) -> bool {
        self.method == command.method && self.digest == command.digest
    }
}

impl Log {
    /// What a repeated command did the first time; none when it is a new one.
    ///
    /// # Errors
    /// `REQUEST_ID_REUSED`: its id was used for another command of this caller; `STORE_UNAVAILABLE`.
    pub async fn repeated(&self, meta: &Meta) -> Result<Option<Replay>, Problem> {
        let Some(command) = meta.command.as_deref() else { return Ok(None) };
        let done: Option<Replay> = sqlx::query_as(
            "select method, digest, aggregate, version from command where request_id = $1 and issuer = $2 and subject = $3",
        )
        .bind(command.request_id)
        .bind(&command.issuer)
        .bind(&command.subject)
        .fetch_optional(asked(self.pool()))
        .await?;
        match done {
            Some(done) if !done.is(command) => Err(Problem::new(
                Code::AlreadyExists,
                "REQUEST_ID_REUSED",
                "this request_id was used for another command: another method, or other content; take a new one",
            )),
            done => Ok(done),
        }
    }
}

/// Forgets some of the commands that are older than [`KEPT`]. True when there may be more.
///
/// # Errors
/// The database is away.
pub async fn forget_old(connection: &mut PgConnection, now: DateTime<Utc>) -> Result<bool, sqlx::Error> {
    let gone = sqlx::query(
        "delete from command where ctid = any (array(select ctid from command where at < $1 order by at limit $2))",
    )
    .bind(now - KEPT)
    .bind(FORGOTTEN)
    .execute(connection)
    .await?;
    Ok(gone.rows_affected() as i64 == FORGOTTEN)
}
