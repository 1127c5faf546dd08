//! A step is decided on what is there, and a repeated one is answered with it.

use std::convert::Infallible;

use futures::future::join_all;
use huying_chassis::id;
use huying_chassis::log::{Decided, Draft, Meta, StepError, Versioned};
use uuid::Uuid;

use super::bench::Store;
use super::tally::{Change, SOMEWHERE, Tally, meta, now, open};

async fn step(
    store: &Store,
    id: Uuid,
    meta: &Meta,
    n: i64,
) -> Result<Versioned<Tally>, StepError<Infallible>> {
    store.log.step::<Tally, Infallible>(id, meta, |_, _| Ok(Decided::one(Change::Added(n)))).await
}

fn request() -> Meta {
    Meta { request_id: Some(id::new()), ..meta() }
}

#[tokio::test]
async fn versions_are_gap_free_whoever_steps() {
    let store = Store::new().await;
    let id = id::new();
    let opened = Change::Opened { district: SOMEWHERE.into(), name: "busy".into() };
    let (draft, _) =
        Draft::new::<Tally>(id, &[opened, Change::Added(1), Change::Added(2)], &meta(), now()).unwrap();
    store.log.append(draft.into()).await.unwrap();

    let anybody = meta();
    for _ in 0..5 {
        let steps = join_all((0..6).map(|n| step(&store, id, &anybody, n))).await;
        assert!(steps.iter().all(Result::is_ok), "each is decided anew until it fits");
    }

    let versions: Vec<i64> = sqlx::query_scalar("select version from log where aggregate = $1 order by seq")
        .bind(id)
        .fetch_all(&store.pool)
        .await
        .unwrap();
    assert_eq!(versions, (1..=33).collect::<Vec<_>>());
    let now = store.log.load::<Tally>(id).await.unwrap().unwrap();
    assert_eq!((now.version, now.it.total), (33, 3 + 5 * 15));
}

#[tokio::test]
async fn a_repeated_request_is_answered_and_not_done_again() {
    let store = Store::new().await;
    let (draft, tally) = open();
    store.log.append(draft.into()).await.unwrap();
    let once = request();

    let first = step(&store, tally.id, &once, 5).await.unwrap();
    step(&store, tally.id, &request(), 7).await.unwrap();
    let again = step(&store, tally.id, &once, 5).await.unwrap();

    assert_eq!((first.version, first.it.total), (2, 5));
    assert_eq!((again.version, again.it.total), (3, 12), "as it is now");
    assert_eq!(store.count("log").await, 3);
}

#[tokio::test]
async fn the_same_request_twice_at_once_is_done_once() {
    let store = Store::new().await;
    let (draft, tally) = open();
    store.log.append(draft.into()).await.unwrap();
    let once = request();

    let answers = join_all((0..8).map(|_| step(&store, tally.id, &once, 5))).await;

    for answer in answers {
        assert_eq!(answer.unwrap().it.total, 5);
    }
}

#[tokio::test]
async fn a_request_id_of_another_aggregate_is_refused() {
    let store = Store::new().await;
    let (first, a) = open();
    let (second, b) = open();
    store.log.append(vec![first, second].into()).await.unwrap();
    let once = request();
    step(&store, a.id, &once, 1).await.unwrap();

    let reused = step(&store, b.id, &once, 1).await;
    assert!(matches!(reused, Err(StepError::RequestIdReused)), "{reused:?}");
    // The same when both come at once: the database tells them apart.
    let twice = request();
    let both = tokio::join!(step(&store, a.id, &twice, 1), step(&store, b.id, &twice, 1));
    assert!(
        matches!(both, (Ok(_), Err(StepError::RequestIdReused)) | (Err(StepError::RequestIdReused), Ok(_))),
        "{both:?}"
    );
}

#[tokio::test]
async fn a_step_on_an_old_version_or_on_nothing_is_refused() {
    let store = Store::new().await;
    let (draft, tally) = open();
    store.log.append(draft.into()).await.unwrap();
    step(&store, tally.id, &meta(), 1).await.unwrap();

    let old = step(&store, tally.id, &Meta { expected: Some(1), ..meta() }, 1).await;
    assert!(matches!(old, Err(StepError::Stale { current: 2 })), "{old:?}");
    let nothing = step(&store, id::new(), &meta(), 1).await;
    assert!(matches!(nothing, Err(StepError::NotFound)), "{nothing:?}");
}
