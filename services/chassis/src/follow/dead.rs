//! Dead letters: events that cannot be applied. One per aggregate, which is parked by it until a retry goes through.

use chrono::{DateTime, Utc};
use opentelemetry::KeyValue;
use sqlx::{FromRow, PgPool};
use strum::IntoStaticStr;
use uuid::Uuid;

use super::{Failure, Follower, Source};
use crate::{db::asked, telemetry};

/// Why an event is a dead letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, IntoStaticStr)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Reason {
    /// It never can be applied.
    Poison,
    /// It was tried for long, and each time something was in its way.
    Stuck,
    /// Its owner has another history.
    Diverged,
}

impl Reason {
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// An event that could not be applied.
#[derive(Clone, Debug, FromRow)]
pub struct DeadLetter {
    pub source: String,
    pub aggregate: Uuid,
    pub version: i64,
    pub reason: Reason,
    pub error: String,
    pub event: String,
    pub attempts: i32,
    pub first_at: DateTime<Utc>,
    pub last_at: DateTime<Utc>,
}

/// Where a page of dead letters begins: after this one.
pub type Cursor = (DateTime<Utc>, String, Uuid);

/// The table of dead letters.
pub struct DeadLetters<'a> {
    pool: &'a PgPool,
}

impl<'a> DeadLetters<'a> {
    pub fn new(pool: &'a PgPool) -> Self {
        Self { pool }
    }

    /// The event that is next of an aggregate, with its version; empty when its owner cannot tell it. Of what diverges, the newest that took
    /// effect is kept: an earlier one of the same aggregate says nothing more.
    pub(super) async fn park(
        &self,
        source: &'static str,
        (aggregate, version): (Uuid, i64),
        event: &str,
        (reason, error): (Reason, &str),
        now: DateTime<Utc>,
    ) -> Result<(), Failure> {
        sqlx::query(
            "insert into dead_letter as d (source, aggregate, version, reason, error, event, attempts, first_at, last_at)
             values ($1, $2, $3, $7, left($4, 2000), $5, 1, $6, $6)
             on conflict (source, aggregate) do update
                set version = excluded.version, reason = excluded.reason, error = excluded.error, event = excluded.event, attempts = d.attempts + 1, last_at = excluded.last_at
              where not (d.reason = 'diverged' and excluded.reason = 'diverged' and excluded.version < d.version)",
        )
        .bind(source)
        .bind(aggregate)
        .bind(version)
        .bind(error)
        .bind(event)
        .bind(now)
        .bind(reason)
        .execute(asked(self.pool))
        .await?;
        telemetry::meter()
            .u64_counter("huying.follow.dead_letters")
            .with_description(
                "Events parked since the start; huying_dead_letters has those that are parked now",
            )
            .build()
            .add(1, &[KeyValue::new("source", source), KeyValue::new("reason", reason.name())]);
        Ok(())
    }

    /// Newest failure first.
    pub async fn list(&self, before: Option<Cursor>, limit: i64) -> Result<Vec<DeadLetter>, sqlx::Error> {
        let (at, source, aggregate) = before
            .map_or((None, None, None), |(at, source, aggregate)| (Some(at), Some(source), Some(aggregate)));
        sqlx::query_as(
            "select source, aggregate, version, reason, error, event, attempts, first_at, last_at from dead_letter
              where $1::timestamptz is null or last_at < $1 or (last_at = $1 and (source, aggregate) > ($2, $3))
              order by last_at desc, source, aggregate limit $4",
        )
        .bind(at)
        .bind(source)
        .bind(aggregate)
        .bind(limit)
        .fetch_all(asked(self.pool))
        .await
    }

    pub async fn get(&self, source: &str, aggregate: Uuid) -> Result<Option<DeadLetter>, sqlx::Error> {
        sqlx::query_as("select source, aggregate, version, reason, error, event, attempts, first_at, last_at from dead_letter where source = $1 and aggregate = $2")
            .bind(source)
            .bind(aggregate)
            .fetch_optional(asked(self.pool))
            .await
    }

    pub(super) async fn clear(
        &self,
        source: &str,
        aggregate: Uuid,
        attempts: i32,
    ) -> Result<(), sqlx::Error> {
        // Parked again meanwhile: the number of attempts has grown, and it stays.
        sqlx::query("delete from dead_letter where source = $1 and aggregate = $2 and attempts = $3")
            .bind(source)
            .bind(aggregate)
            .bind(attempts)
            .execute(asked(self.pool))
            .await?;
        Ok(())
    }
}

impl Follower {
    /// Tries a parked aggregate again, with all it has missed. Gives how many events were applied, and the dead letter if it is stuck still.
    /// None: there is no such dead letter.
    ///
    /// # Errors
    /// `Later` when the owner or the database is away; it stays parked.
    pub async fn retry(
        &self,
        service: &str,
        aggregate: Uuid,
    ) -> Result<Option<(u64, Option<DeadLetter>)>, Failure> {
        let letters = DeadLetters::new(&self.inner.pool);
        let (Some(source), Some(letter)) = (self.source_of(service), letters.get(service, aggregate).await?)
        else {
            return Ok(None);
        };
        if self.audit_of(source, &[aggregate]).await? > 0 {
            // Whatever the owner has behind its own history must not take effect on this one.
            return Ok(Some((0, letters.get(service, aggregate).await?)));
        }
        let released = self.release(source, &letter).await?;
        Ok(Some((released, letters.get(service, aggregate).await?)))
    }

    /// Applies all that a parked aggregate has missed, and then parks it no more. Gives how many events were applied.
    ///
    /// # Errors
    /// `Later` when the owner or the database is away; it stays parked.
    pub(super) async fn release(&self, source: Source, letter: &DeadLetter) -> Result<u64, Failure> {
        let (letters, aggregate) = (DeadLetters::new(&self.inner.pool), letter.aggregate);
        let mut applied = self.heal_parked(source, aggregate).await?;
        letters.clear(source.service, aggregate, letter.attempts).await?;
        // What arrived in between was acknowledged unseen, and nobody else would come back to it.
        match self.heal(source, aggregate).await {
            Ok(more) => applied += more,
            Err(error) => {
                let next = self.inner.standings.of(source.service, aggregate).await?.version + 1;
                self.park_at(source, (aggregate, next), "", Reason::Stuck, &error.to_string()).await?;
            }
        }
        Ok(applied)
    }
}
