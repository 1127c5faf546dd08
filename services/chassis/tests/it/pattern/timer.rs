//! What is due fires once, not before, and not at every replica.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use huying_chassis::clock::{Clock, Reading};
use huying_chassis::id;
use huying_chassis::leader::Leading;
use huying_chassis::log::{Bounds, Decided, Draft, Log, Versioned};
use huying_chassis::run::{Runner, Seen, on};
use huying_chassis::shutdown::Shutdown;
use huying_chassis::timer::{self, Timer};
use huying_testing::{database, eventually};
use uuid::Uuid;

use super::bench::Store;
use super::tally::{Change, SOMEWHERE, Tally, meta, now};

type Fired = Arc<Mutex<Vec<Uuid>>>;

/// Rings what is wound; notes whom it was called for. A tally called `stuck` cannot ring.
fn bell(log: &Log, fired: &Fired) -> Timer {
    let (log, fired) = (log.clone(), fired.clone());
    let ring = move |id: Uuid,
                     now: chrono::DateTime<chrono::Utc>|
          -> futures::future::BoxFuture<'static, anyhow::Result<()>> {
        let (log, fired) = (log.clone(), fired.clone());
        Box::pin(async move {
            let before = log.load::<Tally>(id).await?.unwrap();
            anyhow::ensure!(!before.it.name.starts_with("stuck"), "it does not ring");
            fired.lock().unwrap().push(id);
            let ring = on(id, move |tally: &Versioned<Tally>, _: &Seen<(), Infallible>| {
                let due = tally.it.due_at.is_some_and(|at| at <= now.timestamp_micros());
                Ok(if due { Decided::one(Change::Rang) } else { Decided::AlreadyDone })
            });
            Runner::new(log, Arc::new(())).run(&ring, &meta()).await?;
            Ok(())
        })
    };
    Timer { kind: "tally", fire: Arc::new(ring) }
}

async fn wind(store: &Store, name: &str, due: Duration) -> Uuid {
    let id = id::new();
    let opened = Change::Opened { district: SOMEWHERE.into(), name: format!("{name} {id}") };
    let wound = Change::Wound((store.log.now() + due).timestamp_micros());
    let (draft, _) = Draft::new::<Tally>(id, &[opened, wound], &meta(), now()).unwrap().unwrap();
    store.log.append(draft.into()).await.unwrap();
    id
}

async fn rings(store: &Store, id: Uuid) {
    eventually("it rings", async || {
        store.log.load::<Tally>(id).await.unwrap().unwrap().it.due_at.is_none().then_some(())
    })
    .await;
}

#[tokio::test]
async fn it_fires_once_when_due_and_not_before() {
    let (clock, stop, fired) = (Clock::manual(now()), Shutdown::new(), Fired::default());
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    let early = wind(&store, "early", Duration::from_secs(3599)).await;
    let late = wind(&store, "late", Duration::from_secs(3600)).await;
    let running = tokio::spawn(timer::run(
        "tally",
        vec![bell(&store.log, &fired)],
        store.pool.clone(),
        clock.clone(),
        Leading::default(),
        stop.clone(),
    ));

    clock.advance(Duration::from_secs(3599));
    rings(&store, early).await;
    assert_eq!(*fired.lock().unwrap(), [early], "the other is due a second later");
    clock.advance(Duration::from_secs(1));
    rings(&store, late).await;
    clock.advance(Duration::from_secs(30 * 24 * 3600));
    let new = wind(&store, "due at once", Duration::ZERO).await;
    rings(&store, new).await;
    assert_eq!(*fired.lock().unwrap(), [early, late, new]);
    stop.begin();
    running.await.unwrap();
}

#[tokio::test]
async fn two_replicas_fire_once() {
    let (clock, stop, fired) = (Clock::manual(now()), Shutdown::new(), Fired::default());
    let one = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    let two = Store::at(&one.url, Bounds::default(), clock.clone()).await;
    let mut wound = Vec::new();
    for _ in 0..20 {
        wound.push(wind(&one, "one of many", Duration::from_secs(60)).await);
    }
    // Moved before anybody leads: what is due then is due still.
    clock.advance(Duration::from_secs(60));
    let run = |store: &Store| {
        tokio::spawn(timer::run(
            "tally",
            vec![bell(&store.log, &fired)],
            store.pool.clone(),
            clock.clone(),
            Leading::default(),
            stop.clone(),
        ))
    };
    let (first, second) = (run(&one), run(&two));
    for id in &wound {
        rings(&one, *id).await;
    }
    stop.begin();
    first.await.unwrap();
    second.await.unwrap();

    let mut fired = fired.lock().unwrap().clone();
    fired.sort();
    wound.sort();
    assert_eq!(fired, wound, "each once");
}

#[tokio::test]
async fn those_that_cannot_fire_do_not_hold_up_the_others() {
    let (clock, stop, fired) = (Clock::manual(now()), Shutdown::new(), Fired::default());
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    for _ in 0..300 {
        wind(&store, "stuck", Duration::from_secs(1)).await;
    }
    let last = wind(&store, "well", Duration::from_secs(2)).await;
    clock.advance(Duration::from_secs(2));
    let running = tokio::spawn(timer::run(
        "tally",
        vec![bell(&store.log, &fired)],
        store.pool.clone(),
        clock.clone(),
        Leading::default(),
        stop.clone(),
    ));
    rings(&store, last).await;
    stop.begin();
    running.await.unwrap();
}

/// The database's clock leaps a year ahead, and is put right: what was due before the leap fires only when that is sure.
#[tokio::test]
async fn while_it_is_not_sure_what_time_it_is_nothing_fires() {
    let (clock, fired) = (Clock::system(), Fired::default());
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    clock.measure(&store.pool).await.unwrap();
    let due = wind(&store, "due", Duration::ZERO).await;
    let timers = [bell(&store.log, &fired)];
    let began = (Instant::now(), clock.now());
    let read = |seconds: u64, off: TimeDelta| {
        let at = began.0 + Duration::from_secs(seconds);
        clock.hear(Reading { asked: at, answered: at, theirs: began.1 + Duration::from_secs(seconds) + off });
    };

    read(5, TimeDelta::days(365));
    timer::look("tally", &timers, &store.pool, &clock).await;
    read(30, TimeDelta::zero());
    timer::look("tally", &timers, &store.pool, &clock).await;
    assert!(clock.holds_timers() && fired.lock().unwrap().is_empty());

    read(90, TimeDelta::zero());
    timer::look("tally", &timers, &store.pool, &clock).await;
    assert_eq!(*fired.lock().unwrap(), [due]);
}
