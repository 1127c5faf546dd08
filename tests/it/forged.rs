//! Credentials of NATS in the wrong hands: a unit's, another service's, and the owner's own. What NATS refuses changes nothing; what the
//! owner's own credential can say is found in the owner's log, where it is not.

mod stolen;
mod words;

use std::{collections::BTreeMap, sync::Arc};

use huying::nats::{Unit, units};
use huying_chassis::bus::Bus;
use huying_proto::casework::v1 as casework;
use huying_testing::eventually;
use huying_tests::{People, World, people::DISTRICT, world::key};
use serde_json::json;
use uuid::Uuid;

use stolen::Stolen;

/// What each stream holds, its last message, and when it was made.
type Streams = BTreeMap<&'static str, (u64, u64, String)>;

async fn streams(world: &World) -> Streams {
    let jetstream = async_nats::jetstream::new(world.bench.client().await);
    let mut last = BTreeMap::new();
    for root in huying::services::roots() {
        let stream = jetstream.get_stream(Bus::stream_name(root)).await.unwrap();
        let info = stream.cached_info();
        last.insert(root, (info.state.messages, info.state.last_sequence, info.created.to_string()));
    }
    last
}

/// A call that is worked on, with everything said that is to be said of it so far.
async fn worked_on(world: &Arc<World>, people: &People) -> (String, casework::Case) {
    let number = people.submit_until_taken(People::blocked_way()).await.request.unwrap().number;
    let case = people.case_of(&number).await;
    let accept =
        casework::AcceptCaseRequest { request_id: key(), id: case.id.clone(), version: case.version };
    people.staff(&case.holder).accept_case(accept).await.unwrap();
    huying_tests::reckon::all_caught_up(world).await;
    (number, people.case_of(&case.id).await)
}

/// Two departments of the place.
fn departments(world: &World) -> [Unit; 2] {
    let mut called = Unit::of(&world.profile).filter(|unit| unit.code.starts_with("DEP"));
    [called.next().unwrap(), called.next().unwrap()]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_62_a_stolen_unit_credential_reads_its_own_dispatches_and_no_more() {
    let world = World::inside().await;
    let people = world.people();
    let (_, case) = worked_on(&world, &people).await;
    let [mine, other] = departments(&world);
    let jetstream = async_nats::jetstream::new(world.bench.client().await);
    eventually("the units' consumers are made", async || {
        units::make(&jetstream, &[mine.clone(), other.clone()]).await.ok()
    })
    .await;
    let before = streams(&world).await;
    let stolen = Stolen::of_unit(&world, &mine).await;

    let forged = words::resolved(&world, &case).await;
    let sent = words::sent(&other);
    for (subject, payload) in [
        (forged.on("casework"), forged.to_json().unwrap()),
        ("huying.routing.v1.route_decided.420102".to_owned(), String::new()),
        (format!("huying.dispatch.v1.dispatch_sent.{DISTRICT}.{}", other.code), sent.clone()),
        (format!("huying.dispatch.v1.dispatch_sent.{DISTRICT}.{}", mine.code), sent),
        ("$JS.API.STREAM.PURGE.HUYING_DISPATCH".to_owned(), String::new()),
        ("$JS.API.STREAM.DELETE.HUYING_DISPATCH".to_owned(), String::new()),
        ("$JS.API.STREAM.UPDATE.HUYING_DISPATCH".to_owned(), "{}".to_owned()),
        ("$JS.API.STREAM.CREATE.MINE".to_owned(), r#"{"name":"MINE","subjects":["mine"]}"#.to_owned()),
        ("$JS.API.STREAM.MSG.GET.HUYING_DISPATCH".to_owned(), r#"{"seq":1}"#.to_owned()),
        ("$JS.API.STREAM.MSG.GET.HUYING_INTAKE".to_owned(), r#"{"seq":1}"#.to_owned()),
        ("$JS.API.DIRECT.GET.HUYING_INTAKE".to_owned(), r#"{"seq":1}"#.to_owned()),
        ("$JS.API.STREAM.MSG.DELETE.HUYING_DISPATCH".to_owned(), r#"{"seq":1}"#.to_owned()),
        (format!("$JS.API.CONSUMER.MSG.NEXT.HUYING_DISPATCH.{}", other.name()), "1".to_owned()),
        (format!("$JS.API.CONSUMER.INFO.HUYING_DISPATCH.{}", other.name()), String::new()),
        (format!("$JS.API.CONSUMER.DELETE.HUYING_DISPATCH.{}", mine.name()), String::new()),
        ("$JS.API.CONSUMER.CREATE.HUYING_INTAKE.mine".to_owned(), "{}".to_owned()),
        (format!("$JS.ACK.HUYING_DISPATCH.{}.1.1.1.1.0", other.name()), "+ACK".to_owned()),
        ("$JS.ACK.HUYING_INTAKE.casework.1.1.1.1.0".to_owned(), "+ACK".to_owned()),
    ] {
        stolen.may_not_publish(&subject, payload).await;
    }
    for subject in ["huying.>", ">", "_INBOX.>", "_INBOX.huying-casework.>", "$JS.API.>"] {
        stolen.may_not_hear(subject).await;
    }
    assert!(stolen.asks(&format!("$JS.API.CONSUMER.INFO.HUYING_DISPATCH.{}", mine.name())).await);
    assert_eq!(streams(&world).await, before, "nothing came into any stream");
    assert_eq!(people.case_of(&case.id).await.version, case.version);

    for unit in [&mine, &other] {
        let subject = format!("huying.dispatch.v1.dispatch_sent.{DISTRICT}.{}", unit.code);
        jetstream.publish(subject, words::sent(unit).into()).await.unwrap().await.unwrap();
    }
    assert_eq!(stolen.reads(&mine).await, [words::sent(&mine)], "its own, and acknowledged");
}

/// A pull from an empty consumer, which is answered with nothing.
const PULL: &str = r#"{"batch":1,"no_wait":true}"#;

/// Where an answer would be an order to NATS, or somebody else's word. Nothing is all that the orders take.
fn orders(other: &Unit) -> Vec<String> {
    let streams = ["HUYING_DISPATCH", "HUYING_CASEWORK", "HUYING_ROUTING"];
    let whole = streams
        .iter()
        .flat_map(|stream| ["PURGE", "DELETE"].map(|what| format!("$JS.API.STREAM.{what}.{stream}")));
    let more = [
        format!("$JS.API.CONSUMER.DELETE.HUYING_DISPATCH.{}", other.name()),
        format!("huying.dispatch.v1.dispatch_sent.{DISTRICT}.{}", other.code),
        format!("huying.casework.v1.case_resolved.{DISTRICT}"),
    ];
    whole.chain(more).collect()
}

/// NATS holds where an answer goes against no permission: what is asked from an account of its own is answered there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_62_no_answer_to_a_stolen_credential_is_an_order() {
    let world = World::inside().await;
    let people = world.people();
    worked_on(&world, &people).await;
    let [mine, other] = departments(&world);
    let jetstream = async_nats::jetstream::new(world.bench.client().await);
    eventually("the units' consumers are made", async || {
        units::make(&jetstream, &[mine.clone(), other.clone()]).await.ok()
    })
    .await;
    let before = streams(&world).await;
    let unit = Stolen::of_unit(&world, &mine).await;
    let service = Stolen::of_service(&world, "routing").await;
    for order in orders(&other) {
        let consumer = format!("HUYING_DISPATCH.{}", mine.name());
        unit.has_answered(&format!("$JS.API.CONSUMER.MSG.NEXT.{consumer}"), &order, PULL).await;
        unit.has_answered(&format!("$JS.API.CONSUMER.INFO.{consumer}"), &order, "").await;
        service.has_answered("$JS.API.CONSUMER.MSG.NEXT.HUYING_INTAKE.routing", &order, PULL).await;
        service.has_answered("$JS.API.STREAM.INFO.HUYING_ROUTING", &order, "").await;
    }
    // What is answered in turn to who asked before has been done by now.
    assert!(unit.asks(&format!("$JS.API.CONSUMER.INFO.HUYING_DISPATCH.{}", mine.name())).await);
    assert!(service.asks("$JS.API.STREAM.INFO.HUYING_ROUTING").await);
    assert_eq!(streams(&world).await, before, "nothing came, nothing went, and no stream is another");

    for unit in [&mine, &other] {
        let subject = format!("huying.dispatch.v1.dispatch_sent.{DISTRICT}.{}", unit.code);
        jetstream.publish(subject, words::sent(unit).into()).await.unwrap().await.unwrap();
    }
    assert_eq!(unit.reads(&mine).await, [words::sent(&mine)]);
    let others = Stolen::of_unit(&world, &other).await;
    assert_eq!(
        others.reads(&other).await,
        [words::sent(&other)],
        "its consumer is there, with no other's words"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_63_another_services_stolen_credential_says_nothing_for_the_owner() {
    let world = World::inside().await;
    let people = world.people();
    let (number, case) = worked_on(&world, &people).await;
    let before = streams(&world).await;
    let forged = words::resolved(&world, &case).await;
    let stolen = Stolen::of_service(&world, "routing").await;
    for (subject, payload) in [
        (forged.on("casework"), forged.to_json().unwrap()),
        ("huying.intake.v1.request_answered.420102".to_owned(), String::new()),
        ("huying.dispatch.v1.dispatch_sent.420102.DEP".to_owned(), String::new()),
        ("$JS.API.STREAM.PURGE.HUYING_CASEWORK".to_owned(), String::new()),
        ("$JS.API.STREAM.PURGE.HUYING_ROUTING".to_owned(), String::new()),
        ("$JS.API.STREAM.MSG.DELETE.HUYING_ROUTING".to_owned(), r#"{"seq":1}"#.to_owned()),
        ("$JS.API.STREAM.DELETE.HUYING_CASEWORK".to_owned(), String::new()),
        ("$JS.API.STREAM.DELETE.HUYING_ROUTING".to_owned(), String::new()),
        ("$JS.API.STREAM.UPDATE.HUYING_CASEWORK".to_owned(), "{}".to_owned()),
        ("$JS.API.STREAM.CREATE.HUYING_CASEWORK".to_owned(), "{}".to_owned()),
        ("$JS.API.STREAM.MSG.GET.HUYING_INTAKE".to_owned(), r#"{"seq":1}"#.to_owned()),
        ("$JS.API.CONSUMER.CREATE.HUYING_CASEWORK.routing".to_owned(), "{}".to_owned()),
        ("$JS.API.CONSUMER.CREATE.HUYING_INTAKE.casework".to_owned(), "{}".to_owned()),
        ("$JS.API.CONSUMER.DELETE.HUYING_INTAKE.casework".to_owned(), String::new()),
        ("$JS.API.CONSUMER.MSG.NEXT.HUYING_INTAKE.casework".to_owned(), "1".to_owned()),
        ("$JS.ACK.HUYING_INTAKE.casework.1.1.1.1.0".to_owned(), "+ACK".to_owned()),
    ] {
        stolen.may_not_publish(&subject, payload).await;
    }
    for subject in ["huying.>", "_INBOX.>", "_INBOX.huying-casework.>"] {
        stolen.may_not_hear(subject).await;
    }
    assert_eq!(streams(&world).await, before, "nothing came into any stream");

    // What its own rights allow: casework's words in its own stream. What somebody who may do everything has NATS copy from there into
    // casework's has a mark of it.
    stolen.publish("huying.routing.v1.case_resolved.420102", forged.to_json().unwrap()).await;
    let mut copied = async_nats::HeaderMap::new();
    copied.insert("Nats-Stream", "HUYING_ROUTING");
    let jetstream = async_nats::jetstream::new(world.bench.client().await);
    let payload = forged.to_json().unwrap().into();
    jetstream.publish_with_headers(forged.on("casework"), copied, payload).await.unwrap().await.unwrap();
    words::all_heard(&world).await;
    assert_eq!(people.case_of(&case.id).await.version, case.version);
    assert_eq!(words::told_of(&world, &number).await, (String::new(), 0), "no word on the reporter's page");
    let closed = people.see_through(&number).await;
    assert_eq!(closed.state(), casework::CaseState::Closed);
}

/// A stream that one may change copies any other into itself, says it on to wherever one hears, and forgets what it held.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_63_a_stolen_credential_makes_no_stream_read_others_or_forget() {
    let world = World::inside().await;
    let people = world.people();
    worked_on(&world, &people).await;
    let before = streams(&world).await;
    let stolen = Stolen::of_service(&world, "routing").await;
    let config = stolen.asked("$JS.API.STREAM.INFO.HUYING_ROUTING", String::new()).await["config"].take();
    for (key, value) in [
        ("sources", json!([{ "name": "HUYING_INTAKE" }])),
        ("republish", json!({ "src": "huying.routing.v1.>", "dest": "_INBOX.huying-routing.mine" })),
        ("max_msgs", json!(1)),
    ] {
        let mut config = config.clone();
        config[key] = value;
        let config = config.to_string();
        stolen.may_not_publish("$JS.API.STREAM.UPDATE.HUYING_ROUTING", config.clone()).await;
        let made = stolen.asked("$JS.API.STREAM.CREATE.HUYING_ROUTING", config).await;
        assert!(!made["error"].is_null(), "a stream that is there stays as it is: {made}");
        let found = stolen.asked("$JS.API.STREAM.INFO.HUYING_ROUTING", String::new()).await;
        assert!(found["config"]["sources"].is_null() && found["config"]["republish"].is_null(), "{found}");
    }
    let after = streams(&world).await;
    assert!(before.iter().all(|(root, last)| after[root] >= *last), "{before:?} {after:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_63_with_the_owners_own_credential_the_divergence_is_found() {
    let world = World::inside().await;
    let people = world.people();
    let (_, case) = worked_on(&world, &people).await;
    let case_id: Uuid = case.id.parse().unwrap();

    let resolved = words::resolved(&world, &case).await;
    let casework = Stolen::of_service(&world, "casework").await;
    casework.publish(&resolved.on("casework"), resolved.to_json().unwrap()).await;
    let (decided, request) = words::decided(&world).await;
    let routing = Stolen::of_service(&world, "routing").await;
    routing.publish(&decided.on("routing"), decided.to_json().unwrap()).await;

    for (follower, source, aggregate) in [("intake", "casework", case_id), ("casework", "routing", request)] {
        eventually(&format!("{follower} tells what {source} has not said"), async || {
            words::diverged(&world, follower).await.contains(&(source.to_owned(), aggregate)).then_some(())
        })
        .await;
    }
}
