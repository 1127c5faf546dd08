//! A credential in the hands of somebody who knows what NATS can do.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use async_nats::{
    Client, Event,
    jetstream::{self, consumer::PullConsumer},
};
use futures::StreamExt as _;
use huying::nats::Unit;
use huying_chassis::bus::{NatsAddress, connection, inbox};
use huying_chassis::config::NatsConfig;
use huying_testing::eventually;
use huying_tests::World;

pub struct Stolen {
    client: Client,
    /// What NATS has refused so far, in its words.
    refused: Arc<Mutex<Vec<String>>>,
}

impl Stolen {
    pub async fn of_unit(world: &World, unit: &Unit) -> Self {
        Self::of(world, world.users.unit_key_file(unit), &unit.name()).await
    }

    pub async fn of_service(world: &World, service: &str) -> Self {
        Self::of(world, world.users.key_file(service), &connection(service)).await
    }

    async fn of(world: &World, key_file: PathBuf, name: &str) -> Self {
        let refused = Arc::<Mutex<Vec<String>>>::default();
        let told = refused.clone();
        let address = NatsAddress::parse(&world.bench.nats.address()).unwrap();
        let nats = NatsConfig { key_file: Some(key_file), ..NatsConfig::default() };
        let client = address
            .options_with(&nats)
            .unwrap()
            .custom_inbox_prefix(inbox(name))
            .event_callback(move |event| {
                if let Event::ServerError(error) = event {
                    told.lock().unwrap().push(error.to_string().to_lowercase());
                }
                async {}
            })
            .connect(address.servers())
            .await
            .unwrap();
        Self { client, refused }
    }

    async fn is_refused(&self, doing: &str, subject: &str) {
        let words = format!("permissions violation for {doing} to \"{}\"", subject.to_lowercase());
        eventually(&words, async || {
            self.refused.lock().unwrap().iter().any(|said| said.contains(&words)).then_some(())
        })
        .await;
    }

    pub async fn publish(&self, subject: &str, payload: String) {
        self.client.publish(subject.to_owned(), payload.into()).await.unwrap();
        self.client.flush().await.unwrap();
    }

    /// What NATS answers, it is asked to say on a subject where this credential may say nothing.
    pub async fn has_answered(&self, subject: &str, on: &str, payload: &str) {
        let payload = payload.to_owned().into();
        self.client.publish_with_reply(subject.to_owned(), on.to_owned(), payload).await.unwrap();
        self.client.flush().await.unwrap();
    }

    pub async fn may_not_publish(&self, subject: &str, payload: String) {
        let reply = self.client.new_inbox();
        self.client.publish_with_reply(subject.to_owned(), reply, payload.into()).await.unwrap();
        self.client.flush().await.unwrap();
        self.is_refused("publish", subject).await;
    }

    pub async fn may_not_hear(&self, subject: &str) {
        let _heard = self.client.subscribe(subject.to_owned()).await.unwrap();
        self.client.flush().await.unwrap();
        self.is_refused("subscription", subject).await;
    }

    /// Whether it gets an answer.
    pub async fn asks(&self, subject: &str) -> bool {
        self.client.request(subject.to_owned(), "".into()).await.is_ok()
    }

    /// What a unit finds in its consumer now; it acknowledges all of it.
    pub async fn reads(&self, unit: &Unit) -> Vec<String> {
        let jetstream = jetstream::new(self.client.clone());
        let mut consumer: PullConsumer =
            jetstream.get_consumer_from_stream(unit.name(), "HUYING_DISPATCH").await.unwrap();
        let mut messages = consumer.fetch().max_messages(10).messages().await.unwrap();
        let mut read = Vec::new();
        while let Some(message) = messages.next().await {
            let message = message.unwrap();
            message.double_ack().await.unwrap();
            read.push(String::from_utf8(message.payload.to_vec()).unwrap());
        }
        assert_eq!(consumer.info().await.unwrap().num_ack_pending, 0);
        read
    }

    /// What NATS answers.
    pub async fn asked(&self, subject: &str, payload: String) -> serde_json::Value {
        let answer = self.client.request(subject.to_owned(), payload.into()).await.unwrap();
        serde_json::from_slice(&answer.payload).unwrap()
    }
}
