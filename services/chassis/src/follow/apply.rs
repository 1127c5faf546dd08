//! One event takes effect: the consumer's drafts and the mark in one commit. Where the follower stands is asked first, so that what the
//! consumer looks at holds everything that came before.

use std::time::Duration;

use tokio::sync::RwLockReadGuard;
use uuid::Uuid;

use super::{
    Failure, Follower, Source,
    dead::{DeadLetters, Reason},
    standing::{Place, Standing},
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
    Before,
    /// Something before it is missing, or only its owner can say whether it is so: read the owner's log.
    Ask,
    /// Another event of this version took effect here.
    Diverged,
    /// It cannot be applied: its aggregate is parked now.
    Parked,
    /// Its owner cannot have said it: it counts for nothing.
    Refused,
}

/// Who told an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Via {
    /// The stream, which goes on telling what its owner's log has lost.
    Stream,
    /// The owner's log.
    Log,
    /// The same, for a parked aggregate that is tried again.
    Retry,
}

impl Follower {
    /// Applies one event if it is the next. Passing failures come back as `Err`: try again later.
    pub(super) async fn apply(
        &self,
        source: Source,
        event: &CloudEvent,
        via: Via,
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
        let given = telemetry::trace_of(event.traceparent.as_deref());
        telemetry::in_trace(given, span, self.place(source, event, via)).await
    }

    async fn place(&self, source: Source, event: &CloudEvent, via: Via) -> Result<Applied, Failure> {
        let Some((standing, _no_check_begins)) = self.standing_for(source, event, via).await? else {
            return Ok(Applied::Refused);
        };
        if standing.parked && via != Via::Retry {
            return Ok(Applied::Before);
        }
        match standing.place(event) {
            Place::Past => Ok(Applied::Before),
            Place::Diverged => Ok(Applied::Diverged),
            Place::Early => Ok(Applied::Ask),
            // Its owner may have lost it since, restored from an older copy: then it must not take effect.
            Place::Next if via == Via::Stream && event.epoch < standing.audited => Ok(Applied::Ask),
            // Only a newer build knows such an event. It gets no mark here, so that such a build applies it later.
            Place::Next if !self.inner.consumer.knows(event) => Ok(Applied::Ask),
            Place::Next => match self.attempt(source, event, via).await {
                Err(Failure::Poison(why)) => self.park_poison(source, event, &why).await,
                other => other,
            },
        }
    }

    /// Where the follower stands, with all marks checked in the event's epoch, or a later one. No other check begins while the guard is kept.
    /// None: the stream tells of an epoch that the owner's log has not reached. Taken at its word, all that its owner really says would
    /// count as old from then on. So whoever has never heard of the owner waits until it can be asked.
    async fn standing_for(
        &self,
        source: Source,
        event: &CloudEvent,
        via: Via,
    ) -> Result<Option<(Standing, RwLockReadGuard<'_, Option<i64>>)>, Failure> {
        let checked = self.checked(source)?;
        loop {
            let here = checked.read().await;
            let standing = self.inner.standings.of(source.service, event.partitionkey).await?;
            // Another replica may have checked in a later epoch.
            let epoch = standing.audited.max(event.epoch);
            if *here == Some(epoch) {
                return Ok(Some((standing, here)));
            }
            drop(here);
            if via == Via::Stream && epoch > standing.audited && self.epoch_of(source).await? < epoch {
                return Ok(None);
            }
            self.audit_in(source, epoch).await?;
        }
    }

    /// Parks what cannot be applied. Where another replica has applied it meanwhile, it was looked at too late, and nothing is wrong.
    async fn park_poison(&self, source: Source, event: &CloudEvent, why: &str) -> Result<Applied, Failure> {
        let standing = self.inner.standings.of(source.service, event.partitionkey).await?;
        match standing.place(event) {
            Place::Past => Ok(Applied::Before),
            Place::Diverged => Ok(Applied::Diverged),
            Place::Early => Ok(Applied::Ask),
            Place::Next => {
                self.park(source, event, Reason::Poison, why).await?;
                Ok(Applied::Parked)
            }
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

    async fn attempt(&self, source: Source, event: &CloudEvent, via: Via) -> Result<Applied, Failure> {
        let mark = Mark {
            source: source.service,
            aggregate: event.partitionkey,
            version: event.sequence,
            id: event.id,
        };
        let mut duplicates = 0;
        for _ in 0..TRIES {
            let effect = self.inner.consumer.apply(event).await?;
            let set = ChangeSet { mark: Some(mark.clone()), unconfirmed: via == Via::Stream, ..effect };
            match self.inner.log.append(set).await {
                Ok(()) => return Ok(Applied::Now),
                // Another replica was faster.
                Err(AppendError::Mark) => return Ok(Applied::Before),
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
