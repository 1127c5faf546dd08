//! The bus: NATS JetStream, and events as CloudEvents 1.0 in structured mode with canonical proto3 JSON as their data.
//!
//! The bus may lose everything at any time: the log can refill it and followers heal from the log.

mod address;
mod login;
mod stream;

use std::time::Duration;

use async_nats::{
    HeaderMap,
    connection::State,
    jetstream::{
        self,
        context::PublishAckFuture,
        message::PublishMessage,
        stream::{Config as StreamConfig, DiscardPolicy, RetentionPolicy, StorageType, Stream},
    },
};
use chrono::{DateTime, SecondsFormat, Utc};
use huying_proto::events::Events;
use prost::Name;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

pub use address::{BadAddress, NatsAddress};
pub use stream::StreamError;

use crate::{
    config::NatsConfig,
    log::{Entry, Untellable},
};

/// How long a stream keeps what it was given. Longer absences are healed from the log.
pub const STREAM_AGE: Duration = Duration::from_secs(7 * 24 * 3600);
/// How much it keeps at most, whatever its age: what it drops early is healed from the log too. NATS sets so much of its room aside for
/// each stream when it is made.
const STREAM_BYTES: i64 = 1 << 30;
/// Largest message, with its headers.
const MESSAGE_BYTES: i32 = 1 << 20;
/// Room for the headers of one.
const HEADER_BYTES: usize = 1024;

/// What is published of a log entry: made by a service's `events/publish.rs`.
#[derive(Clone, Debug)]
pub struct Event {
    /// The stream's root, such as `casework` or `dispatch`.
    pub root: &'static str,
    /// The proto full name.
    pub name: String,
    /// A unit whose account may be limited to its own events; none: for services.
    pub unit: Option<String>,
    /// The event message as canonical proto3 JSON.
    pub data: Box<RawValue>,
}

/// Why an entry could not become an event.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A newer build wrote it, and can say it.
    #[error("it was written by a newer build, in shape {0}")]
    Newer(i16),
    /// A mistake of ours, or a log that was tampered with.
    #[error("cannot publish: {0}")]
    Unsayable(String),
    /// NATS does not take it for now.
    #[error("NATS does not take it: {0}")]
    Away(String),
}

impl PublishError {
    pub fn unsayable(why: impl Into<String>) -> Self {
        Self::Unsayable(why.into())
    }
}

impl From<serde_json::Error> for PublishError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unsayable(error.to_string())
    }
}

impl From<Untellable> for PublishError {
    fn from(error: Untellable) -> Self {
        match error {
            Untellable::Newer(shape) => Self::Newer(shape),
            Untellable::Broken(why) => Self::Unsayable(why),
        }
    }
}

/// Where the answers to a connection of this name come.
pub fn inbox(name: &str) -> String {
    format!("_INBOX.{name}")
}

/// What a service calls its connection.
pub fn connection(service: &str) -> String {
    format!("huying-{service}")
}

/// Turns a log entry into its event. Pure.
pub type Publisher = fn(&Entry) -> Result<Event, PublishError>;

impl Event {
    /// An event for services.
    ///
    /// # Errors
    /// When the message does not serialise: a field out of its range.
    pub fn new<M: Name + Serialize>(root: &'static str, message: &M) -> Result<Self, PublishError> {
        Ok(Self { root, name: M::full_name(), unit: None, data: to_raw_value(message)? })
    }

    /// The same, on the subject of a unit.
    #[must_use]
    pub fn for_unit(mut self, unit: &str) -> Self {
        self.unit = Some(unit.to_owned());
        self
    }

    /// `huying.<root>.v1.<event>.<district>[.<unit>]`
    pub fn subject(&self, district: &str) -> String {
        let unit = self.unit.iter().map(|unit| format!(".{unit}")).collect::<String>();
        format!("{}{unit}", subject(self.root, &self.name, district))
    }
}

fn subject(root: &str, name: &str, district: &str) -> String {
    let event = snake(name.rsplit('.').next().unwrap_or_default());
    format!("huying.{root}.v1.{event}.{district}")
}

fn snake(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for c in name.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

/// An event on the wire.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CloudEvent {
    pub specversion: String,
    pub id: Uuid,
    /// `/huying/<service>`
    pub source: String,
    /// The proto full name.
    #[serde(rename = "type")]
    pub name: String,
    /// `<kind>/<aggregate>`
    pub subject: String,
    pub time: DateTime<Utc>,
    pub dataschema: String,
    pub datacontenttype: String,
    /// The aggregate's version.
    pub sequence: i64,
    /// The epoch of its owner's log that the entry was written in.
    #[serde(default)]
    pub epoch: i64,
    /// The aggregate.
    pub partitionkey: Uuid,
    /// The district's area code.
    pub district: String,
    /// The origin's trace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<String>,
    pub data: Box<RawValue>,
}

impl CloudEvent {
    pub fn of(service: &str, entry: &Entry, event: Event) -> Self {
        let package = event.name.rsplit_once('.').map_or("", |(package, _)| package);
        Self {
            specversion: "1.0".into(),
            id: entry.head.id,
            source: format!("/huying/{service}"),
            subject: format!("{}/{}", entry.head.kind, entry.head.aggregate),
            time: entry.head.at,
            dataschema: format!("{}/events.proto", package.replace('.', "/")),
            datacontenttype: "application/json".into(),
            sequence: entry.head.version,
            epoch: entry.position.epoch,
            partitionkey: entry.head.aggregate,
            district: entry.head.district.clone(),
            traceparent: entry.traceparent().map(str::to_owned),
            name: event.name,
            data: event.data,
        }
    }

    /// What the event tells of, such as `case`.
    pub fn kind(&self) -> &str {
        self.subject.split('/').next().unwrap_or_default()
    }

    /// The message's own name, such as `CaseEscalated`.
    pub fn message(&self) -> &str {
        self.name.rsplit('.').next().unwrap_or_default()
    }

    /// The subject that an owner says it on for services.
    pub fn on(&self, root: &str) -> String {
        subject(root, &self.name, &self.district)
    }

    /// It as one of a package's events. None: of another package, or of a newer build.
    pub fn typed<'a, E: Events<'a>>(&'a self) -> Option<E> {
        E::of(&self.name, self.data.get())
    }

    /// The event message.
    ///
    /// # Errors
    /// When the data is not that message.
    pub fn decode<M: DeserializeOwned>(&self) -> Result<M, serde_json::Error> {
        serde_json::from_str(self.data.get())
    }

    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// For people: the time as written in events.
    pub fn time_text(&self) -> String {
        self.time.to_rfc3339_opts(SecondsFormat::Millis, true)
    }
}

/// A message ready to be sent: whatever can be wrong with the event itself has been found by now, so what fails later is NATS being away.
#[derive(Clone, Debug)]
pub struct Outgoing {
    subject: String,
    headers: HeaderMap,
    payload: Vec<u8>,
}

impl Outgoing {
    /// An entry's event, as it goes out.
    ///
    /// # Errors
    /// An event that no stream would ever take: its subject is none, or it is too large.
    pub fn of(service: &str, entry: &Entry, event: Event) -> Result<Self, PublishError> {
        let subject = event.subject(&entry.head.district);
        if !is_subject(&subject) {
            return Err(PublishError::Unsayable(format!("{subject:?} is no subject")));
        }
        let payload = serde_json::to_vec(&CloudEvent::of(service, entry, event))?;
        if payload.len() + HEADER_BYTES > MESSAGE_BYTES as usize {
            return Err(PublishError::Unsayable(format!("{} bytes are too many", payload.len())));
        }
        Ok(Self { subject, headers: headers(entry.head.id, entry.traceparent()), payload })
    }
}

/// ASCII words between dots, none of them empty or a wildcard.
fn is_subject(subject: &str) -> bool {
    subject
        .split('.')
        .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_graphic() && b != b'*' && b != b'>'))
}

fn headers(id: Uuid, traceparent: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("Content-Type", "application/cloudevents+json");
    headers.insert(async_nats::header::NATS_MESSAGE_ID, id.to_string());
    if let Some(traceparent) = traceparent {
        headers.insert("traceparent", traceparent);
    }
    headers
}

/// A connection to NATS that is made again by itself.
#[derive(Clone)]
pub struct Bus {
    jetstream: jetstream::Context,
}

impl Bus {
    /// As [`open`](Self::open), logged in as the address says.
    ///
    /// # Errors
    /// An address that cannot be read.
    pub async fn connect(url: &str, name: &str) -> anyhow::Result<Self> {
        Self::open(url, &NatsConfig::default(), name).await
    }

    /// Connects in the background: a service starts, and works, without NATS. Answers come to an inbox of its name, so that its user need
    /// not hear those of others.
    ///
    /// # Errors
    /// An address or a file that cannot be read.
    pub async fn open(url: &str, nats: &NatsConfig, name: &str) -> anyhow::Result<Self> {
        let address = NatsAddress::parse(url)?;
        let client = address
            .options_with(nats)?
            .name(name)
            .custom_inbox_prefix(inbox(name))
            .retry_on_initial_connect()
            .max_reconnects(None)
            .reconnect_delay_callback(|attempts| Duration::from_millis((attempts as u64 * 50).min(1000)))
            .request_timeout(Some(Duration::from_secs(5)))
            .connect(address.servers())
            .await?;
        let mut jetstream = jetstream::new(client);
        jetstream.set_timeout(Duration::from_secs(5));
        Ok(Self { jetstream })
    }

    /// Whether there is a connection right now.
    pub fn is_connected(&self) -> bool {
        self.jetstream.client().connection_state() == State::Connected
    }

    pub fn jetstream(&self) -> &jetstream::Context {
        &self.jetstream
    }

    /// The name of the stream that holds a root's events.
    pub fn stream_name(root: &str) -> String {
        format!("HUYING_{}", root.to_ascii_uppercase())
    }

    /// The stream of a root, made if it is not there.
    ///
    /// # Errors
    /// NATS away, or a stream of that name that does more, or keeps less.
    pub async fn ensure_stream(&self, root: &str) -> Result<Stream, StreamError> {
        let config = StreamConfig {
            name: Self::stream_name(root),
            subjects: vec![format!("huying.{root}.v1.>")],
            retention: RetentionPolicy::Limits,
            discard: DiscardPolicy::Old,
            storage: StorageType::File,
            max_age: STREAM_AGE,
            max_bytes: STREAM_BYTES,
            max_message_size: MESSAGE_BYTES,
            duplicate_window: Duration::from_secs(120),
            ..StreamConfig::default()
        };
        self.stream(config).await
    }

    /// Sends an event; the future ends with JetStream's acknowledgement.
    ///
    /// # Errors
    /// NATS away.
    pub async fn send(
        &self,
        district: &str,
        event: &Event,
        cloud: &CloudEvent,
    ) -> Result<PublishAckFuture, PublishError> {
        let headers = headers(cloud.id, cloud.traceparent.as_deref());
        self.post(Outgoing { subject: event.subject(district), headers, payload: serde_json::to_vec(cloud)? })
            .await
    }

    /// Sends a message; the future ends with JetStream's acknowledgement.
    ///
    /// # Errors
    /// NATS away.
    pub async fn post(&self, outgoing: Outgoing) -> Result<PublishAckFuture, PublishError> {
        let message = PublishMessage::build().headers(outgoing.headers).payload(outgoing.payload.into());
        self.jetstream
            .send_publish(outgoing.subject, message)
            .await
            .map_err(|e| PublishError::Away(e.to_string()))
    }
}
