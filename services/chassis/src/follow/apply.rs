//! One event takes effect: the consumer's drafts and the mark in one commit. Where the follower stands is asked first, so that what the
//! consumer looks at holds everything that came before.

use std::time::Duration;

use tracing::Instrument;
use uuid::Uuid;

use super::{
    Failure, Follower, Source,
    dead::{DeadLetters, Reason},
    standing::Place,
};
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
    /// Something before it is missing, or only its owner can say whether it is so: read the owner's log.
    Ask,
    /// Another event of this version took effect here.
    Diverged,
    /// It cannot be applied: its aggregate is parked now.
    Parked,
}

/// What to do with a parked aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parked {
    /// What comes of it is healed after a retry.
    LeftAlone,
    /// This is the retry.
    TriedAgain,
}

impl Follower {
    /// Applies one event if it is the next. Passing failures come back as `Err`: try again later.
    pub(super) async fn apply(
        &self,
        source: Source,
        event: &CloudEvent,
        parked: Parked,
    ) -> Result<Applied, Failure> {
        // Below what is logged by default: where no traces are sent, no span is made.
        let span = tracing::debug_span!(
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
        let place = self.place(source, event, parked).instrument(span);
        telemetry::passing_on(event.traceparent.clone(), place).await
    }

    async fn place(&self, source: Source, event: &CloudEvent, parked: Parked) -> Result<Applied, Failure> {
        let standing = self.inner.standings.of(source.service, event.partitionkey).await?;
        if standing.parked && parked == Parked::LeftAlone {
            return Ok(Applied::Settled);
        }
        match standing.place(event) {
            Place::Settled => Ok(Applied::Settled),
            Place::Diverged => Ok(Applied::Diverged),
            Place::Early => Ok(Applied::Ask),
            // Said by a newer build, or by nobody of ours. Never marked: a build that knows it comes, and applies it then.
            Place::Next if !self.inner.consumer.knows(event) => Ok(Applied::Ask),
            Place::Next => match self.attempt(source, event).await {
                Err(Failure::Poison(why)) => {
                    self.park(source, event, Reason::Poison, &why).await?;
                    Ok(Applied::Parked)
                }
                other => other,
            },
        }
    }

    pub(super) async fn park(
        &self,
        source: Source,
        event: &CloudEvent,
        reason: Reason,
        why: &str,
    ) -> Result<(), Failure> {
        self.park_at(source, (event.partitionkey, event.sequence), &event.to_json()?, reason, why).await
    }

    /// Parks an aggregate at a version; the event is empty where its owner cannot tell it.
    pub(super) async fn park_at(
        &self,
        source: Source,
        (aggregate, version): (Uuid, i64),
        event: &str,
        reason: Reason,
        why: &str,
    ) -> Result<(), Failure> {
        DeadLetters::new(&self.inner.pool)
            .park(source.service, (aggregate, version), event, (reason, why), self.inner.log.now())
            .await?;
        let reason = reason.name();
        tracing::error!(service = self.inner.service, source = source.service, %aggregate, version, reason, why, "event parked as a dead letter");
        Ok(())
    }

    async fn attempt(&self, source: Source, event: &CloudEvent) -> Result<Applied, Failure> {
        let mark = Mark {
            source: source.service,
            aggregate: event.partitionkey,
            version: event.sequence,
            id: event.id,
        };
        let mut duplicates = 0;
        for _ in 0..TRIES {
            let effect = self.inner.consumer.apply(event).await?;
            let set = ChangeSet { mark: Some(mark.clone()), ..effect };
            match self.inner.log.append(set).await {
                Ok(()) => return Ok(Applied::Now),
                // Another replica was faster.
                Err(AppendError::Mark) => return Ok(Applied::Settled),
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
}

/// Growing pauses between tries of a passing failure.
pub(super) fn pause(attempt: u32) -> Duration {
    Duration::from_millis((20u64 << attempt.min(6)).min(1000))
}
