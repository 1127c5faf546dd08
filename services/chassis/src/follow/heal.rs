//! Healing: what is missing of an aggregate is read from its owner's log and applied in order.

use huying_proto::log::v1::{ReadAggregateRequest, log_service_client::LogServiceClient};
use tonic::Code;
use uuid::Uuid;

use super::{Failure, Follower, Source, apply::Applied};
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
    /// Applies everything of an aggregate that comes after its mark. Stops early where it gets parked.
    ///
    /// # Errors
    /// `Later` when the owner or the database is away.
    pub(super) async fn heal(&self, source: Source, aggregate: Uuid) -> Result<u64, Failure> {
        let (mut applied, mut asked) = (0, 0);
        loop {
            let from = self.standing(source.service, aggregate).await?.version + 1;
            if from == asked {
                // What was read did not bring it on: the owner's log has a hole, or another replica is at it.
                return Err(Failure::Later(format!("version {from} does not come")));
            }
            asked = from;
            let events = match self.read(source, aggregate, from).await? {
                Told::Events(events) => events,
                Told::Untellable(why) => {
                    self.park(source, aggregate, from, "", &why).await?;
                    return Ok(applied);
                }
            };
            if events.is_empty() {
                return Ok(applied);
            }
            for event in &events {
                match self.apply(source, event).await? {
                    Applied::Now => applied += 1,
                    Applied::Settled => {}
                    // Another replica is healing the same aggregate: take its mark and go on.
                    Applied::Gap => break,
                    Applied::Parked => return Ok(applied),
                }
            }
        }
    }

    async fn read(&self, source: Source, aggregate: Uuid, from: i64) -> Result<Told, Failure> {
        let peer = self.inner.peers.channel(source.service).map_err(|e| Failure::Later(e.to_string()))?;
        let request =
            ReadAggregateRequest { aggregate: aggregate.to_string(), from_version: from, page_size: PAGE };
        // Asked once: whoever needs it comes again, and a lane must not wait for an owner that is away.
        let entries = match LogServiceClient::new(peer).read_aggregate(request).await {
            Ok(answer) => answer.into_inner().entries,
            Err(status) if status.code() == Code::DataLoss => {
                return Ok(Told::Untellable(status.message().to_owned()));
            }
            Err(status) => {
                return Err(Failure::Later(format!("{} does not answer: {status}", source.service)));
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
