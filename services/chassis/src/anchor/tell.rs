//! Anchors on NATS: a stream of each service, without the entries' digests, for whoever keeps a copy elsewhere. The service itself may
//! add to it; nobody may delete or purge, and when it is full it takes no more rather than forget: whoever has the service's key of NATS
//! could else write until all anchors are gone.

use std::time::Duration;

use async_nats::jetstream::{
    message::PublishMessage,
    stream::{Config, DiscardPolicy, RetentionPolicy, StorageType, Stream},
};

use super::{
    Anchors, Key, Place, Trouble, Until,
    newest::{BACK, Newest},
    table::{Made, ROWS},
};
use crate::bus::Bus;

/// An anchor has half a kilobyte: twice as much as one of each minute comes to while they are kept.
const BYTES: i64 = 128 << 20;
/// How long one is kept.
const AGE: Duration = Duration::from_secs(90 * 24 * 3600);
/// No anchor is larger, with its subject.
const MESSAGE_BYTES: i32 = 4 << 10;
/// Told at most where more are missing: each stands on all before it.
const MISSING: i64 = 1_000;

/// The root of a service's stream of anchors.
pub fn root(service: &str) -> String {
    format!("anchor_{service}")
}

fn away(error: impl std::fmt::Display) -> Trouble {
    Trouble::Away(error.to_string())
}

impl Anchors {
    /// The newest anchor in the stream, as far as it is this service's. `made`: the table's newest.
    pub(super) async fn newest_told(&self, key: &Key, made: i64) -> Result<Newest, Trouble> {
        Ok(self.told(key, made).await?.1)
    }

    /// The stream, made where it is missing.
    async fn stream(&self) -> Result<Stream, Trouble> {
        let root = root(self.service);
        let config = Config {
            name: Bus::stream_name(&root),
            subjects: vec![format!("huying.{root}.v1.>")],
            retention: RetentionPolicy::Limits,
            discard: DiscardPolicy::New,
            storage: StorageType::File,
            max_bytes: BYTES,
            max_age: AGE,
            max_message_size: MESSAGE_BYTES,
            deny_delete: true,
            deny_purge: true,
            ..Config::default()
        };
        self.bus.stream(config).await.map_err(away)
    }

    /// The stream's last place, and the newest anchor from there back.
    async fn told(&self, key: &Key, least: i64) -> Result<(u64, Newest), Trouble> {
        let stream = self.stream().await?;
        let state = &stream.cached_info().state;
        let (last, mut newest) = (state.last_sequence, Newest::default());
        let some = usize::try_from(state.messages).unwrap_or(usize::MAX);
        for sequence in (state.first_sequence..=last).rev().take(BACK.min(some)) {
            let message = stream.get_raw_message(sequence).await.map_err(away)?;
            if newest.take(key.read(self.service, &String::from_utf8_lossy(&message.payload)), least) {
                break;
            }
        }
        newest.warn(self.service, "NATS");
        self.reached.is(Place::Stream, newest.until());
        Ok((last, newest))
    }

    /// Tells what the table has, up to its newest (`made`), and the stream has not. Should two replicas tell at once, one is refused.
    pub(super) async fn tell(&self, key: &Key, told: i64, made: i64) -> Result<(), Trouble> {
        let subject = format!("huying.{}.v1.made", root(self.service));
        if made <= told {
            return Ok(());
        }
        let (mut sequence, now) = self.told(key, told).await?;
        let mut newest = told.max(now.number().unwrap_or_default()).max(made.saturating_sub(MISSING));
        loop {
            let rows = self.rows((newest, made), ROWS).await?;
            let Some((last, _)) = rows.last() else { return Ok(()) };
            newest = *last;
            for Made { anchor, line, .. } in self.believed(key, rows) {
                let message = PublishMessage::build()
                    .payload(serde_json::to_vec(&line.bare())?.into())
                    .expected_last_sequence(sequence);
                let sent = self.bus.jetstream().send_publish(subject.clone(), message).await.map_err(away)?;
                sequence = sent.await.map_err(away)?.sequence;
                self.reached.is(Place::Stream, Until::from(&anchor));
            }
        }
    }
}
