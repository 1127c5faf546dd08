//! From a call to its assigned case, at a steady rate: measured to the arrival of the event, which comes after the commit.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use futures::StreamExt;
use huying_chassis::bus::CloudEvent;
use huying_proto::casework::v1::CaseOpened;
use huying_tests::{People, World};
use tonic::Code;

/// Calls a second.
pub const RATES: [u32; 2] = [100, 1000];
const SPAN: Duration = Duration::from_secs(10);

/// Before one that was shed calls again.
const AGAIN: Duration = Duration::from_millis(50);

/// What was measured, in milliseconds.
pub struct Times {
    pub calls: usize,
    pub p50: f64,
    pub p99: f64,
    pub most: f64,
}

pub async fn measure(world: &Arc<World>, rate: u32) -> Times {
    let nats = async_nats::connect(world.bench.nats.url()).await.unwrap();
    let mut opened = nats.subscribe("huying.casework.v1.case_opened.>").await.unwrap();
    nats.flush().await.unwrap();
    let wanted = (rate * SPAN.as_secs() as u32) as usize;
    let arrived = tokio::spawn(async move {
        let mut arrived = HashMap::new();
        while arrived.len() < wanted {
            let Ok(Some(message)) = tokio::time::timeout(Duration::from_secs(30), opened.next()).await else {
                break;
            };
            let at = Instant::now();
            let event: CloudEvent = serde_json::from_slice(&message.payload).unwrap();
            arrived.insert(event.decode::<CaseOpened>().unwrap().case.unwrap().number, at);
        }
        arrived
    });
    let called = call(world, rate, wanted).await;
    let arrived = arrived.await.unwrap();
    let mut times: Vec<f64> = called
        .iter()
        .filter_map(|(number, at)| Some(arrived.get(number)?.duration_since(*at).as_secs_f64() * 1e3))
        .collect();
    assert_eq!(times.len(), wanted, "every call got its case");
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)];
    Times { calls: times.len(), p50: at(0.5), p99: at(0.99), most: at(1.0) }
}

/// Calls at the rate, whether or not the ones before are answered. Each call's number and when it was due.
async fn call(world: &Arc<World>, rate: u32, wanted: usize) -> Vec<(String, Instant)> {
    let platform = world.people().platform();
    let called = Arc::new(Mutex::new(Vec::with_capacity(wanted)));
    let mut tick = tokio::time::interval(Duration::from_secs(1) / rate);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..wanted {
        tick.tick().await;
        let (mut platform, called, at) = (platform.clone(), called.clone(), Instant::now());
        calls.spawn(async move {
            let call = People::blocked_way();
            let receipt = loop {
                match platform.submit_request(call.clone()).await {
                    Ok(receipt) => break receipt.into_inner(),
                    // Shed: it calls again, and its time runs on.
                    Err(status) => assert_eq!(status.code(), Code::Unavailable, "{status}"),
                }
                tokio::time::sleep(AGAIN).await;
            };
            called.lock().unwrap().push((receipt.request.unwrap().number, at));
        });
    }
    while calls.join_next().await.is_some() {}
    Arc::into_inner(called).unwrap().into_inner().unwrap()
}
