//! A step is decided on what is there, and a repeated one is answered with it.

use std::convert::Infallible;
use std::sync::Arc;

use futures::future::join_all;
use huying_chassis::id;
use huying_chassis::log::{Command, Decided, Draft, Meta, Versioned, command};
use huying_chassis::run::{RunError, Runner, Seen, on};
use huying_testing::command as asked_by;
use uuid::Uuid;

use super::bench::Store;
use super::tally::{Change, SOMEWHERE, Tally, meta, now, open};

async fn step(
    store: &Store,
    id: Uuid,
    meta: &Meta,
    n: i64,
) -> Result<Versioned<Tally>, RunError<Infallible>> {
    let add = on(id, |_: &Versioned<Tally>, _: &Seen<(), Infallible>| Ok(Decided::one(Change::Added(n))));
    Runner::new(store.log.clone(), Arc::new(())).run(&add, meta).await
}

fn is_reused<T>(outcome: &Result<T, RunError<Infallible>>) -> bool {
    matches!(outcome, Err(RunError::Unanswered(problem)) if problem.reason() == "REQUEST_ID_REUSED")
}

fn request() -> Meta {
    Meta { command: asked_by("test", id::new(), ""), ..meta() }
}

#[tokio::test]
async fn versions_are_gap_free_whoever_steps() {
    let store = Store::new().await;
    let id = id::new();
    let opened = Change::Opened { district: SOMEWHERE.into(), name: "busy".into() };
    let (draft, _) = Draft::new::<Tally>(id, &[opened, Change::Added(1), Change::Added(2)], &meta(), now())
        .unwrap()
        .unwrap();
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

/// An id belongs to one command of one caller: another method or other content under it is refused, another caller's is independent.
#[tokio::test]
async fn a_request_id_is_good_for_one_command() {
    let store = Store::new().await;
    let (first, a) = open();
    let (second, b) = open();
    store.log.append(vec![first, second].into()).await.unwrap();
    let asked = |subject, id, what| Meta { command: asked_by(subject, id, what), ..meta() };
    let once = id::new();
    step(&store, a.id, &asked("one", once, "add 1 to a"), 1).await.unwrap();

    let other = step(&store, a.id, &asked("one", once, "add 2 to a"), 2).await;
    assert!(is_reused(&other), "{other:?}");
    let elsewhere = step(&store, b.id, &asked("one", once, "add 1 to b"), 1).await;
    assert!(is_reused(&elsewhere), "{elsewhere:?}");
    let mut method = asked("one", once, "add 1 to a");
    method.command = method.command.map(|it| Arc::new(Command { method: "take".into(), ..(*it).clone() }));
    let taken = step(&store, a.id, &method, 1).await;
    assert!(is_reused(&taken), "{taken:?}");
    let another = step(&store, a.id, &asked("another", once, "add 1 to a"), 1).await.unwrap();
    assert_eq!((another.version, another.it.total), (3, 2), "done, whoever else used that id");

    // The same when both come at once: the database tells them apart.
    let twice = id::new();
    let (to_a, to_b) = (asked("one", twice, "to a"), asked("one", twice, "to b"));
    let both = tokio::join!(step(&store, a.id, &to_a, 1), step(&store, b.id, &to_b, 1));
    assert!(both.0.is_ok() && is_reused(&both.1) || is_reused(&both.0) && both.1.is_ok(), "{both:?}");
}

/// Commands are forgotten after thirty days, so the table stays small; until then a repeated one is known.
#[tokio::test]
async fn old_commands_are_forgotten() {
    let store = Store::new().await;
    let (draft, tally) = open();
    store.log.append(draft.into()).await.unwrap();
    let once = request();
    step(&store, tally.id, &once, 5).await.unwrap();
    let mut connection = store.pool.acquire().await.unwrap();
    let later = |days| now() + chrono::Duration::days(days);
    command::forget_old(&mut connection, later(29)).await.unwrap();
    assert_eq!(step(&store, tally.id, &once, 5).await.unwrap().it.total, 5, "known still");
    command::forget_old(&mut connection, later(31)).await.unwrap();
    assert_eq!(store.count("command").await, 0);
}

#[tokio::test]
async fn a_step_on_an_old_version_or_on_nothing_is_refused() {
    let store = Store::new().await;
    let (draft, tally) = open();
    store.log.append(draft.into()).await.unwrap();
    step(&store, tally.id, &meta(), 1).await.unwrap();

    let old = step(&store, tally.id, &Meta { expected: Some(1), ..meta() }, 1).await;
    assert!(matches!(old, Err(RunError::Stale { current: 2, .. })), "{old:?}");
    let nothing = step(&store, id::new(), &meta(), 1).await;
    assert!(matches!(nothing, Err(RunError::NotFound { .. })), "{nothing:?}");
}
