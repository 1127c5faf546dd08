//! What is forged: right in all but that its owner has never said it. And what came of it.

use std::sync::Arc;

use huying::nats::Unit;
use huying_chassis::bus::{Bus, CloudEvent, Event};
use huying_proto::{
    casework::v1 as casework,
    intake::v1 as intake,
    log::v1::{DeadLetterReason, ListDeadLettersRequest},
};
use huying_testing::eventually;
use huying_tests::{World, people::DISTRICT};
use uuid::Uuid;

async fn said(
    world: &World,
    (service, kind): (&str, &str),
    (aggregate, version): (Uuid, i64),
    event: Event,
) -> CloudEvent {
    let epoch = sqlx::query_scalar("select max(number) from epoch");
    CloudEvent {
        specversion: "1.0".into(),
        id: Uuid::now_v7(),
        source: format!("/huying/{service}"),
        name: event.name,
        subject: format!("{kind}/{aggregate}"),
        time: chrono::DateTime::UNIX_EPOCH,
        dataschema: String::new(),
        datacontenttype: "application/json".into(),
        sequence: version,
        epoch: epoch.fetch_one(&world.pool(service).await).await.unwrap(),
        partitionkey: aggregate,
        district: DISTRICT.into(),
        traceparent: None,
        data: event.data,
    }
}

/// That a case is resolved, with an attacker's words for the reporter.
pub async fn resolved(world: &World, case: &casework::Case) -> CloudEvent {
    let message = casework::CaseResolved {
        case: Some(casework::CaseRef {
            id: case.id.clone(),
            number: case.number.clone(),
            district: DISTRICT.into(),
            holder: case.holder.clone(),
            requests: case.requests.iter().map(|request| request.id.clone()).collect(),
            attempt: 1,
            state: casework::CaseState::Resolved.into(),
            ..Default::default()
        }),
        answer: "请拨打骗子的电话".into(),
        ..Default::default()
    };
    let event = Event::new("casework", &message).unwrap();
    said(world, ("casework", "case"), (case.id.parse().unwrap(), case.version + 1), event).await
}

/// That a request nobody made is to be a case: what routing last decided, said of another request.
pub async fn decided(world: &World) -> (CloudEvent, Uuid) {
    let jetstream = async_nats::jetstream::new(world.bench.client().await);
    let stream = jetstream.get_stream("HUYING_ROUTING").await.unwrap();
    let subject = format!("huying.routing.v1.route_decided.{DISTRICT}");
    let message = stream.get_last_raw_message_by_subject(&subject).await.unwrap();
    let real: CloudEvent = serde_json::from_slice(&message.payload).unwrap();
    let request = Uuid::now_v7();
    let said = real.to_json().unwrap().replace(&real.partitionkey.to_string(), &request.to_string());
    let forged: CloudEvent = serde_json::from_str(&said).unwrap();
    (CloudEvent { id: Uuid::now_v7(), sequence: 1, ..forged }, request)
}

/// A dispatch for a unit, as bytes: whatever is in it, it may not be said.
pub fn sent(unit: &Unit) -> String {
    serde_json::json!({ "dispatch": { "unit": unit.code } }).to_string()
}

/// What the reporter's page says of a request: the answer, and how many lines of progress speak of one.
pub async fn told_of(world: &Arc<World>, number: &str) -> (String, usize) {
    let get = intake::GetRequestRequest { id: number.to_owned() };
    let request = world.people().platform().get_request(get).await.unwrap().into_inner();
    let words = request.progress.iter().filter(|it| it.text.contains("骗子")).count();
    (request.answer, words)
}

/// Until every follower has looked at all that is in the streams.
pub async fn all_heard(world: &World) {
    let jetstream = async_nats::jetstream::new(world.bench.client().await);
    for (follower, root) in
        huying::services::ALL.iter().flat_map(|it| it.follows.iter().map(|source| (it.name, source.root)))
    {
        eventually(&format!("{follower} has heard {root}"), async || {
            let mut stream = jetstream.get_stream(Bus::stream_name(root)).await.ok()?;
            let last = stream.info().await.ok()?.state.last_sequence;
            let info = stream.consumer_info(follower).await.ok()?;
            let all = info.delivered.stream_sequence >= last && info.num_ack_pending == 0;
            (all && info.num_pending == 0).then_some(())
        })
        .await;
    }
}

/// What a follower says has another history, with its source.
pub async fn diverged(world: &Arc<World>, follower: &str) -> Vec<(String, Uuid)> {
    let list = ListDeadLettersRequest { page_size: 1000, ..Default::default() };
    let page = world.people().operator(follower).list_dead_letters(list).await.unwrap().into_inner();
    let letters = page.dead_letters.into_iter().filter(|it| it.reason() == DeadLetterReason::Diverged);
    letters.map(|it| (it.source, it.aggregate.parse().unwrap())).collect()
}
