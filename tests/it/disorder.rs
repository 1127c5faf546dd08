//! Duplicates, reordering and poison on the bus.

use async_nats::jetstream::{self, consumer::DeliverPolicy, consumer::pull};
use futures::{StreamExt, future::join_all};
use huying::services;
use huying_chassis::bus::{Bus, CloudEvent};
use huying_proto::log::v1::{ListDeadLettersRequest, RetryDeadLetterRequest};
use huying_testing::eventually;
use huying_tests::{People, World, reckon};
use uuid::Uuid;

const CALLS: usize = 20;

/// Every message of every stream is sent again, the newest first, without the ids by which NATS would know it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_comes_twice_and_backwards() {
    let world = World::inside().await;
    let people = world.people();
    let mut numbers = Vec::new();
    for _ in 0..CALLS {
        numbers.push(people.submit_until_taken(People::blocked_way()).await.request.unwrap().number);
    }
    let jetstream = jetstream::new(world.bench.client().await);
    let again = async {
        for _ in 0..3 {
            for root in services::roots() {
                repeat_backwards(&jetstream, root).await;
            }
        }
    };
    let journeys = join_all(numbers.iter().map(|number| people.see_through(number)));
    futures::join!(journeys, again);
    for root in services::roots() {
        repeat_backwards(&jetstream, root).await;
    }
    reckon::all_is_well(&world, CALLS as i64).await;
}

async fn repeat_backwards(jetstream: &jetstream::Context, root: &str) {
    let Ok(mut stream) = jetstream.get_stream(Bus::stream_name(root)).await else {
        return;
    };
    let count = stream.info().await.unwrap().state.messages as usize;
    let config = pull::OrderedConfig { deliver_policy: DeliverPolicy::All, ..Default::default() };
    let messages = stream.create_consumer(config).await.unwrap().messages().await.unwrap();
    let mut all: Vec<_> = messages
        .take(count)
        .map(Result::unwrap)
        .map(|message| (message.subject.clone(), message.payload.clone()))
        .collect()
        .await;
    all.reverse();
    let mut acks = Vec::with_capacity(count);
    for (subject, payload) in all {
        acks.push(jetstream.publish(subject, payload).await.unwrap());
    }
    for ack in acks {
        ack.await.unwrap();
    }
}

/// An event that cannot be applied parks its own aggregate; the others go on, and a retry after the cause is gone catches up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_poisonous_event_does_not_block_others() {
    let world = World::inside().await;
    let people = world.people();
    // A message in routing's name whose data is not what its name says, for a route that nobody has heard of.
    let aggregate = Uuid::now_v7();
    let epoch: i64 = sqlx::query_scalar("select max(number) from epoch")
        .fetch_one(&world.pool("routing").await)
        .await
        .unwrap();
    let poison = CloudEvent {
        specversion: "1.0".into(),
        id: Uuid::now_v7(),
        source: "/huying/routing".into(),
        name: "huying.routing.v1.RouteDecided".into(),
        subject: format!("route/{aggregate}"),
        time: chrono::DateTime::UNIX_EPOCH,
        dataschema: String::new(),
        datacontenttype: "application/json".into(),
        sequence: 1,
        epoch,
        partitionkey: aggregate,
        district: "420102".into(),
        traceparent: None,
        data: serde_json::value::to_raw_value(
            &serde_json::json!({"route": {"request": aggregate}, "decision": 7}),
        )
        .unwrap(),
    };
    let jetstream = jetstream::new(world.bench.client().await);
    jetstream
        .publish("huying.routing.v1.route_decided.420102", poison.to_json().unwrap().into())
        .await
        .unwrap()
        .await
        .unwrap();

    let mut operator = people.operator("casework");
    let letter = eventually("the poison is a dead letter", async || {
        operator
            .list_dead_letters(ListDeadLettersRequest::default())
            .await
            .ok()?
            .into_inner()
            .dead_letters
            .into_iter()
            .next()
    })
    .await;
    assert_eq!(
        (letter.source.as_str(), letter.aggregate.as_str(), letter.version),
        ("routing", aggregate.to_string().as_str(), 1)
    );

    let number = people.submit_until_taken(People::blocked_way()).await.request.unwrap().number;
    people.see_through(&number).await;

    // Routing's own log knows nothing of that route: the retry finds nothing to apply, and the letter is settled.
    let retry = RetryDeadLetterRequest { source: letter.source, aggregate: letter.aggregate };
    let retried = operator.retry_dead_letter(retry).await.unwrap().into_inner();
    assert_eq!((retried.applied, retried.dead_letter), (0, None));
    reckon::all_is_well(&world, 1).await;
}
