//! Healing: what is missing of an aggregate is read from its owner's log and applied in order.

use huying_proto::log::v1::ReadAggregateRequest;
use tonic::Code;
use uuid::Uuid;

use super::{
    Failure, Follower, Source,
    apply::{Applied, Via},
    dead::Reason,
};
use crate::bus::CloudEvent;

/// Entries asked for at a time.
const PAGE: i32 = 200;

/// What the owner has of an aggregate.
enum Told {
    Events(Vec<CloudEvent>),
    /// The next one cannot be told: why.
    Untellable(String),
}

impl Follower {
    /// Applies everything of an aggregate that comes after its mark; nothing of one that is parked. Stops early where it gets parked.
    ///
    /// # Errors
    /// `Away` when the owner or the database is; `Later` when what was read did not move the mark.
    pub(super) async fn heal(&self, source: Source, aggregate: Uuid) -> Result<u64, Failure> {
        self.heal_if(source, aggregate, Via::Log).await
    }

    /// The same for a parked aggregate, which is tried again.
    pub(super) async fn heal_parked(&self, source: Source, aggregate: Uuid) -> Result<u64, Failure> {
        self.heal_if(source, aggregate, Via::Retry).await
    }

    async fn heal_if(&self, source: Source, aggregate: Uuid, via: Via) -> Result<u64, Failure> {
        let (mut applied, mut asked) = (0, 0);
        loop {
            let standing = self.inner.standings.of(source.service, aggregate).await?;
            // Parked since it was found behind: a dead letter tells of it, and whoever retries or settles that reads the rest.
            if standing.parked && via != Via::Retry {
                return Ok(applied);
            }
            let from = standing.version + 1;
            if from == asked {
                // The owner's log has a hole, or another replica is healing it.
                return Err(Failure::Later(format!("version {from} does not come")));
            }
            asked = from;
            let events = match self.read(source, aggregate, from).await? {
                Told::Events(events) => events,
                Told::Untellable(why) => {
                    self.park_at(source, (aggregate, from), "", Reason::Poison, &why).await?;
                    return Ok(applied);
                }
            };
            if events.is_empty() {
                return Ok(applied);
            }
            for event in &events {
                match self.apply(source, event, via).await? {
                    Applied::Now => applied += 1,
                    Applied::Before | Applied::Refused => {}
                    Applied::Ask if !self.inner.consumer.knows(event) => {
                        return Err(Failure::unknown(event));
                    }
                    // Another replica is healing the same aggregate: take its mark and go on.
                    Applied::Ask | Applied::Diverged => break,
                    Applied::Parked => return Ok(applied),
                }
            }
        }
    }

    async fn read(&self, source: Source, aggregate: Uuid, from: i64) -> Result<Told, Failure> {
        let request =
            ReadAggregateRequest { aggregate: aggregate.to_string(), from_version: from, page_size: PAGE };
        // Asked once: whoever needs it comes again, and a lane must not wait for an owner that is away.
        let entries = match self.log_of(source)?.read_aggregate(request).await {
            Ok(answer) => answer.into_inner().entries,
            Err(status) if status.code() == Code::DataLoss => {
                return Ok(Told::Untellable(status.message().to_owned()));
            }
            Err(status) => {
                return Err(Failure::Away(format!("{} does not answer: {status}", source.service)));
            }
        };
        let mut events = Vec::with_capacity(entries.len());
        for entry in entries {
            match serde_json::from_str(&entry.event) {
                Ok(event) => events.push(event),
                Err(error) if events.is_empty() => {
                    return Ok(Told::Untellable(format!(
                        "version {} cannot be read: {error}",
                        entry.version
                    )));
                }
                Err(_) => break,
            }
        }
        Ok(Told::Events(events))
    }
}
