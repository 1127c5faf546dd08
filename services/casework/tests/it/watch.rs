//! A department watches its dispatches, leaves, and goes on where it stopped.

use std::time::Duration;

use huying_chassis::log::Versioned;
use huying_proto::casework::v1 as pb;
use huying_testing::reason;

use super::{
    fixture as f,
    support::{Town, fresh},
};

async fn call(town: &Town, task: &str) -> Versioned<huying_casework::domain::Dispatch> {
    let (_, case) = town.accepted(&f::street()).await;
    town.call(&case, &[f::parks(), f::traffic()], task).await.remove(0)
}

fn watch(cursor: &str) -> pb::WatchDispatchesRequest {
    pb::WatchDispatchesRequest {
        district: f::DISTRICT.into(),
        unit: "DEP-parks".into(),
        cursor: cursor.into(),
    }
}

async fn next(stream: &mut tonic::Streaming<pb::WatchDispatchesResponse>) -> pb::WatchDispatchesResponse {
    tokio::time::timeout(Duration::from_secs(20), stream.message())
        .await
        .expect("in time")
        .unwrap()
        .expect("more")
}

#[tokio::test]
async fn a_watch_goes_on_where_it_stopped() {
    let town = Town::open().await;
    let first = call(&town, "一").await;
    let mut parks = town.dispatches_of(&f::parks());
    let mut stream = parks.watch_dispatches(watch("")).await.unwrap().into_inner();
    let seen = next(&mut stream).await;
    assert_eq!(seen.dispatch.unwrap().id, first.id.to_string());

    let second = call(&town, "二").await;
    let live = next(&mut stream).await;
    assert_eq!(live.dispatch.unwrap().id, second.id.to_string(), "only its own, as they come");
    drop(stream);

    let accept = pb::RespondDispatchRequest {
        request_id: fresh(),
        id: first.id.to_string(),
        version: 1,
        response: pb::DispatchResponse::Accept.into(),
        note: String::new(),
    };
    parks.respond_dispatch(accept).await.unwrap();
    let mut stream = parks.watch_dispatches(watch(&live.cursor)).await.unwrap().into_inner();
    let changed = next(&mut stream).await.dispatch.unwrap();
    assert_eq!((changed.state(), changed.id), (pb::DispatchState::Accepted, first.id.to_string()));

    // From the beginning: each once, as it is now.
    let mut stream = parks.watch_dispatches(watch("")).await.unwrap().into_inner();
    let states =
        [next(&mut stream).await, next(&mut stream).await].map(|seen| seen.dispatch.unwrap().state());
    assert_eq!(states, [pb::DispatchState::Sent, pb::DispatchState::Accepted]);
    town.stop.begin();
    let end = tokio::time::timeout(Duration::from_secs(20), stream.message()).await.expect("in time");
    assert!(end.is_err() || end.unwrap().is_none(), "a stop ends the stream");
}

#[tokio::test]
async fn an_idle_watch_says_that_it_is_there() {
    let town = Town::open().await;
    let mut seen = town.app.watch(f::DISTRICT.into(), "DEP-parks".into(), Default::default());
    let beat =
        tokio::time::timeout(Duration::from_secs(20), seen.recv()).await.expect("in time").unwrap().unwrap();
    assert!(beat.0.is_none());
}

#[tokio::test]
async fn nobody_watches_another_unit() {
    let town = Town::open().await;
    let refused = town.dispatches_of(&f::traffic()).watch_dispatches(watch("")).await.unwrap_err();
    assert_eq!(reason(&refused), "OUTSIDE_AREA");
    let refused = town.dispatches_of(&f::parks()).watch_dispatches(watch("somewhere")).await.unwrap_err();
    assert_eq!((refused.code(), reason(&refused).as_str()), (tonic::Code::InvalidArgument, "BAD_FIELD"));
    assert!(town.desk_of_dispatches().watch_dispatches(watch("")).await.is_ok(), "the district's desk may");
}
