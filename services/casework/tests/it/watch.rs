//! A department watches its dispatches, and a unit the cases that it holds; each leaves, and goes on where it stopped.

use std::time::Duration;

use huying_casework::domain::Unit;
use huying_chassis::log::Versioned;
use huying_proto::casework::v1 as pb;
use huying_testing::reason;

use super::{
    fixture as f,
    support::{Town, accept, fresh},
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
    let mut seen = town.app.watcher.watch::<huying_casework::domain::Dispatch>(
        f::DISTRICT.into(),
        "DEP-parks".into(),
        Default::default(),
    );
    let beat =
        tokio::time::timeout(Duration::from_secs(20), seen.recv()).await.expect("in time").unwrap().unwrap();
    assert_eq!(beat.0, huying_chassis::log::watch::News::Quiet);
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

fn inbox(unit: &str, cursor: &str) -> pb::WatchCasesRequest {
    pb::WatchCasesRequest { district: f::DISTRICT.into(), unit: unit.into(), cursor: cursor.into() }
}

async fn case_news(stream: &mut tonic::Streaming<pb::WatchCasesResponse>) -> pb::WatchCasesResponse {
    let in_time = async {
        loop {
            let news = stream.message().await.unwrap().expect("more");
            if news.case.is_some() || news.left.is_some() {
                return news;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), in_time).await.expect("in time")
}

/// A unit's inbox: what it holds, as it changes, and one last word of what leaves it, on whatever replica it goes on.
#[tokio::test]
async fn an_inbox_tells_what_comes_changes_and_leaves() {
    let town = Town::open().await;
    let (grid, community) = (f::grid(), f::community());
    let (_, case) = town.case_at(&grid).await;
    let mut stream = town.of(&grid).watch_cases(inbox("G-1", "")).await.unwrap().into_inner();
    let came = case_news(&mut stream).await;
    let get = pb::GetCaseRequest { id: case.id.clone() };
    let seen = town.of(&grid).get_case(get).await.unwrap().into_inner();
    assert_eq!(came.case.unwrap(), seen, "all of it, for its holder, with what they may do");
    town.of(&grid).accept_case(accept(&case)).await.unwrap();
    let changed = case_news(&mut stream).await;
    assert_eq!(changed.case.unwrap().state(), pb::CaseState::Working);
    drop(stream);

    let up = Unit { name: "同兴社区".into(), ..community.clone() };
    let version = town.escalate(case.id.parse().unwrap(), 2, &grid, up).await.version;
    let mut stream = town.of(&grid).watch_cases(inbox("G-1", &changed.cursor)).await.unwrap().into_inner();
    let last = case_news(&mut stream).await;
    let left = last.left.unwrap();
    assert!(last.case.is_none(), "nothing of what it holds no longer");
    assert_eq!((left.id.as_str(), left.number.as_str()), (case.id.as_str(), case.number.as_str()));
    let holder = (left.holder.as_str(), left.holder_name.as_str(), left.version);
    assert_eq!(holder, ("C-1", "同兴社区", version));

    // What happens to it elsewhere is not told any more: the next is another case. From the beginning on too.
    let held = town.case(&case.id).await;
    town.of(&community).accept_case(accept(&held)).await.unwrap();
    let (_, other) = town.case_at(&grid).await;
    assert_eq!(case_news(&mut stream).await.case.unwrap().id, other.id);
    let mut again = town.of(&grid).watch_cases(inbox("G-1", "")).await.unwrap().into_inner();
    assert_eq!(case_news(&mut again).await.left.unwrap().id, case.id);
    assert_eq!(case_news(&mut again).await.case.unwrap().id, other.id);
    let mut theirs = town.of(&community).watch_cases(inbox("C-1", "")).await.unwrap().into_inner();
    let theirs = case_news(&mut theirs).await.case.unwrap();
    assert_eq!((theirs.state(), theirs.id), (pb::CaseState::Working, case.id));
}

/// A department that holds a case and is called on another: each stream has its own, and a case goes on no department's subject.
#[tokio::test]
async fn cases_and_dispatches_are_told_apart() {
    let town = Town::open().await;
    let sent = call(&town, "一").await;
    let (_, held) = town.case_at(&f::parks()).await;
    let later = call(&town, "二").await;
    let mut cases = town.of(&f::parks()).watch_cases(inbox("DEP-parks", "")).await.unwrap().into_inner();
    assert_eq!(case_news(&mut cases).await.case.unwrap().id, held.id);
    let mut dispatches =
        town.dispatches_of(&f::parks()).watch_dispatches(watch("")).await.unwrap().into_inner();
    for dispatch in [&sent, &later] {
        assert_eq!(next(&mut dispatches).await.dispatch.unwrap().id, dispatch.id.to_string());
    }
    let opened: pb::CaseOpened = town.on_the_bus("casework", "huying.casework.v1.case_opened.990101").await;
    assert!(opened.case.is_some());

    for (unit, asked) in [(f::traffic(), "DEP-parks"), (f::community(), "G-1"), (f::street(), "DEP-parks")] {
        let refused = town.of(&unit).watch_cases(inbox(asked, "")).await.unwrap_err();
        assert_eq!(reason(&refused), "OUTSIDE_AREA", "{} of {asked}", unit.code);
    }
    let refused = town.of(&f::parks()).watch_cases(inbox("DEP-parks", "x")).await.unwrap_err();
    assert_eq!(reason(&refused), "BAD_FIELD");
}
