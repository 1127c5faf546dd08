//! Anchors on NATS: a stream of each service, without the entries' digests, for whoever keeps a copy elsewhere. The service itself may
//! add to it; nobody may delete or purge.

use async_nats::jetstream::{
    message::PublishMessage,
    stream::{Config, DiscardPolicy, RetentionPolicy, StorageType, Stream},
};

use super::{Anchors, Line, Place, Trouble, Until};
use crate::bus::Bus;

/// An anchor has half a kilobyte: some three months of minutes.
const BYTES: i64 = 64 << 20;
/// Told at a time.
const LINES: i64 = 100;

/// The root of a service's stream of anchors.
pub fn root(service: &str) -> String {
    format!("anchor_{service}")
}

fn away(error: impl std::fmt::Display) -> Trouble {
    Trouble::Away(error.to_string())
}

impl Anchors {
    /// The number of the anchor told last. None: none was.
    pub(super) async fn newest_told(&self) -> Result<Option<i64>, Trouble> {
        Ok(self.told().await?.1)
    }

    /// The stream, made where it is missing, and the last number in it.
    async fn told(&self) -> Result<(Stream, Option<i64>), Trouble> {
        let root = root(self.service);
        let config = Config {
            name: Bus::stream_name(&root),
            subjects: vec![format!("huying.{root}.v1.>")],
            retention: RetentionPolicy::Limits,
            discard: DiscardPolicy::Old,
            storage: StorageType::File,
            max_bytes: BYTES,
            deny_delete: true,
            deny_purge: true,
            ..Config::default()
        };
        let stream = self.bus.jetstream().get_or_create_stream(config).await.map_err(away)?;
        let state = &stream.cached_info().state;
        if state.messages == 0 {
            self.reached.is(Place::Stream, Until::default());
            return Ok((stream, None));
        }
        let last = stream.get_raw_message(state.last_sequence).await.map_err(away)?;
        let line = Line::read(&String::from_utf8_lossy(&last.payload)).ok();
        let anchor = line.and_then(|line| line.says());
        self.reached.is(Place::Stream, anchor.as_ref().map(Until::from).unwrap_or_default());
        Ok((stream, anchor.map(|anchor| anchor.number)))
    }

    /// Tells what the table has and the stream has not. Should two replicas tell at once, one of them is refused.
    pub(super) async fn tell(&self, mut newest: i64) -> Result<(), Trouble> {
        let subject = format!("huying.{}.v1.made", root(self.service));
        if self.lines_after(newest, 1).await?.is_empty() {
            return Ok(());
        }
        let (stream, told) = self.told().await?;
        newest = newest.max(told.unwrap_or_default());
        let mut sequence = stream.cached_info().state.last_sequence;
        loop {
            let lines = self.lines_after(newest, LINES).await?;
            let Some((last, _)) = lines.last() else { return Ok(()) };
            newest = *last;
            for (_, line) in &lines {
                let line = Line::read(line).map_err(Trouble::Unfit)?.bare();
                let message = PublishMessage::build()
                    .payload(serde_json::to_vec(&line)?.into())
                    .expected_last_sequence(sequence);
                let sent = self.bus.jetstream().send_publish(subject.clone(), message).await.map_err(away)?;
                sequence = sent.await.map_err(away)?.sequence;
                if let Some(anchor) = line.says() {
                    self.reached.is(Place::Stream, Until::from(&anchor));
                }
            }
        }
    }
}
