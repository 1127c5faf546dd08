//! What is taken from a stream: only what the stream's owner can have said there itself, about the aggregate that its data names.
//!
//! Anything else is refused: it takes no effect, gets no mark and parks nothing (a dead letter would let whoever can write to the bus park
//! any aggregate). If it stands where an event of the owner should, that one is healed from the owner's log like any lost one.

use std::collections::HashMap;

use async_nats::HeaderMap;
use opentelemetry::{KeyValue, metrics::Counter};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::Source;
use crate::{bus::CloudEvent, telemetry};

/// Headers of NATS itself: what it has copied here from another stream. Our relays write to their own streams, and nothing is copied.
const COPIED: [&str; 2] = ["Nats-Stream", "Nats-Stream-Source"];

/// Why a message is not taken. Says nothing of what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("it is no event")]
    Unreadable,
    #[error("it was copied here from another stream")]
    Copied,
    #[error("its source is not the owner of the stream")]
    Source,
    #[error("its type is not one of the owner's")]
    Type,
    #[error("it came on another event's subject")]
    Subject,
    #[error("no log has such a version or epoch")]
    Version,
    #[error("its data is about another aggregate")]
    Aggregate,
    #[error("its owner's log has not reached that epoch")]
    Epoch,
}

impl Refused {
    const ALL: [Self; 8] = [
        Self::Unreadable,
        Self::Copied,
        Self::Source,
        Self::Type,
        Self::Subject,
        Self::Version,
        Self::Aggregate,
        Self::Epoch,
    ];

    /// As a label.
    fn name(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::Copied => "copied",
            Self::Source => "source",
            Self::Type => "type",
            Self::Subject => "subject",
            Self::Version => "version",
            Self::Aggregate => "aggregate",
            Self::Epoch => "epoch",
        }
    }
}

/// The event of a message, where it is of a kind that is followed.
pub(super) fn read(
    source: Source,
    subject: &str,
    headers: Option<&HeaderMap>,
    payload: &[u8],
) -> Result<Option<CloudEvent>, Refused> {
    let event: CloudEvent = serde_json::from_slice(payload).map_err(|_| Refused::Unreadable)?;
    if !source.kinds.contains(&event.kind()) {
        return Ok(None);
    }
    if headers.is_some_and(|headers| COPIED.iter().any(|copied| headers.get(*copied).is_some())) {
        return Err(Refused::Copied);
    }
    of_the_owner(source, subject, &event)?;
    Ok(Some(event))
}

fn of_the_owner(source: Source, subject: &str, event: &CloudEvent) -> Result<(), Refused> {
    if event.source.strip_prefix("/huying/") != Some(source.service) {
        return Err(Refused::Source);
    }
    // `huying.casework.v1.CaseOpened`
    if event.name.rsplit('.').nth(2) != Some(source.service) {
        return Err(Refused::Type);
    }
    if subject != event.on(source.root) {
        return Err(Refused::Subject);
    }
    if event.sequence < 1 || event.epoch < 0 {
        return Err(Refused::Version);
    }
    let kind = event.kind();
    let told = named(kind, source.named_by, &event.data);
    if event.subject != format!("{kind}/{}", event.partitionkey) || told != Some(event.partitionkey) {
        return Err(Refused::Aggregate);
    }
    Ok(())
}

/// The aggregate that an event's data is about: `{"case": {"id": …}}`.
fn named(kind: &str, field: &str, data: &RawValue) -> Option<Uuid> {
    let all: HashMap<String, &RawValue> = serde_json::from_str(data.get()).ok()?;
    let of_kind: HashMap<String, &RawValue> = serde_json::from_str(all.get(kind)?.get()).ok()?;
    serde_json::from_str(of_kind.get(field)?.get()).ok()
}

/// What was refused, by follower, source and reason.
#[derive(Clone)]
pub(super) struct Refusals {
    counter: Counter<u64>,
    service: &'static str,
}

impl Refusals {
    pub fn new(service: &'static str, sources: &[Source]) -> Self {
        let counter = telemetry::meter()
            .u64_counter("huying.follow.refused")
            .with_description("Messages of a stream that its owner cannot have said; they took no effect")
            .build();
        let refusals = Self { counter, service };
        for (source, why) in sources.iter().flat_map(|source| Refused::ALL.map(|why| (source, why))) {
            // A counter that begins with its first event shows no increase.
            refusals.add(*source, why, 0);
        }
        refusals
    }

    /// Counts one, and says it without a word of what it holds.
    pub fn tell(&self, source: Source, subject: &str, why: Refused) {
        let (service, source_name, stream) = (self.service, source.service, source.root);
        tracing::error!(service, source = source_name, stream, subject, %why, "refused: its owner cannot have said this; who else can write to the bus?");
        self.add(source, why, 1);
    }

    fn add(&self, source: Source, why: Refused, number: u64) {
        let labels = [
            KeyValue::new("service", self.service),
            KeyValue::new("source", source.service),
            KeyValue::new("reason", why.name()),
        ];
        self.counter.add(number, &labels);
    }
}
