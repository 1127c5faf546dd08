//! One event takes effect: the consumer's drafts and the mark in one commit. Hope first, look second: most events are the next one.

use std::time::Duration;

use tracing::Instrument;
use uuid::Uuid;

use super::{Failure, Follower, Source, dead::DeadLetters};
use crate::{
    bus::CloudEvent,
    log::{AppendError, ChangeSet, Mark},
    telemetry,
};

/// How often a decision is made anew when another change of the same aggregate was faster.
const TRIES: usize = 16;
/// How often it may say that something is new which is there already: somebody else may just have made it.
const DUPLICATES: usize = 3;

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Applied {
    /// It took effect now.
    Now,
    /// It had already, or its aggregate is parked: nothing to do.
    Settled,
    /// Something before it is missing.
    Gap,
    /// It cannot be applied: its aggregate is parked now.
    Parked,
}

/// Where a follower stands with an aggregate.
pub(super) struct Standing {
    pub version: i64,
    pub parked: bool,
}

impl Follower {
    /// Applies one event if it is the next. Passing failures come back as `Err`: try again later.
    pub(super) async fn apply(&self, source: Source, event: &CloudEvent) -> Result<Applied, Failure> {
        let span = tracing::info_span!(
            "follow",
            otel.name = format!("follow {}", event.message()),
            otel.kind = "consumer",
            service = self.inner.service,
            event = event.message(),
            aggregate = %event.partitionkey,
            version = event.sequence
        );
        if let Some(traceparent) = &event.traceparent {
            telemetry::set_parent(&span, traceparent);
        }
        self.apply_in_span(source, event).instrument(span).await
    }

    async fn apply_in_span(&self, source: Source, event: &CloudEvent) -> Result<Applied, Failure> {
        match self.attempt(source, event).await {
            Ok(true) => Ok(Applied::Now),
            Ok(false) => self.place(source, event).await,
            Err(Failure::Later(why)) => Err(Failure::Later(why)),
            // The refusal may come from a duplicate or a gap: look before parking.
            Err(Failure::Poison(why)) => {
                let standing = self.standing(source.service, event.partitionkey).await?;
                if standing.version + 1 != event.sequence {
                    return self.place(source, event).await;
                }
                self.park(source, event.partitionkey, event.sequence, &event.to_json()?, &why).await?;
                Ok(Applied::Parked)
            }
        }
    }

    pub(super) async fn park(
        &self,
        source: Source,
        aggregate: Uuid,
        version: i64,
        event: &str,
        why: &str,
    ) -> Result<(), Failure> {
        DeadLetters::new(&self.inner.pool)
            .park(source.service, (aggregate, version), event, why, self.inner.log.now())
            .await?;
        tracing::error!(service = self.inner.service, source = source.service, %aggregate, version, why, "event parked as a dead letter");
        Ok(())
    }

    /// True: committed. False: the mark does not follow.
    async fn attempt(&self, source: Source, event: &CloudEvent) -> Result<bool, Failure> {
        let mark = Mark { source: source.service, aggregate: event.partitionkey, version: event.sequence };
        let mut duplicates = 0;
        for _ in 0..TRIES {
            let drafts = self.inner.consumer.apply(event).await?;
            let set = ChangeSet { mark: Some(mark.clone()), ..ChangeSet::from(drafts) };
            match self.inner.log.append(set).await {
                Ok(()) => return Ok(true),
                Err(AppendError::Mark) => return Ok(false),
                Err(AppendError::Stale) => {}
                Err(AppendError::Duplicate) if duplicates == DUPLICATES => {
                    return Err(Failure::Poison(AppendError::Duplicate.to_string()));
                }
                Err(AppendError::Duplicate) => duplicates += 1,
                Err(other) => return Err(other.into()),
            }
        }
        Err(Failure::Later("the aggregate is busy".into()))
    }

    /// The event is not the next one: is it old, parked, or early?
    async fn place(&self, source: Source, event: &CloudEvent) -> Result<Applied, Failure> {
        let standing = self.standing(source.service, event.partitionkey).await?;
        if standing.parked || event.sequence <= standing.version {
            Ok(Applied::Settled)
        } else {
            Ok(Applied::Gap)
        }
    }

    pub(super) async fn standing(&self, service: &str, aggregate: Uuid) -> Result<Standing, sqlx::Error> {
        let (version, parked): (i64, bool) = sqlx::query_as(
            "select coalesce((select version from followed where source = $1 and aggregate = $2), 0),
                    exists (select from dead_letter where source = $1 and aggregate = $2)",
        )
        .bind(service)
        .bind(aggregate)
        .fetch_one(&self.inner.pool)
        .await?;
        Ok(Standing { version, parked })
    }
}

/// Growing pauses between tries of a passing failure.
pub(super) fn pause(attempt: u32) -> Duration {
    Duration::from_millis((20u64 << attempt.min(6)).min(1000))
}
