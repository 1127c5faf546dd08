//! What is due fires once, not before, and not at every replica.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use huying_chassis::clock::{Clock, Reading};
use huying_chassis::id;
use huying_chassis::leader::Leading;
use huying_chassis::log::{Bounds, Decided, Draft, Log, Versioned};
use huying_chassis::run::{Answering, Halt, Question, Runner, Seen, on};
use huying_chassis::shutdown::Shutdown;
use huying_chassis::timer::{self, Looked, Timer, Watch};
use huying_testing::{database, eventually};
use sqlx::AssertSqlSafe;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::bench::Store;
use super::tally::{Change, SOMEWHERE, Tally, add, meta, now};

type Fired = Arc<Mutex<Vec<Uuid>>>;

/// Rings what is wound; notes whom it was decided for. A tally called `stuck` refuses, nothing comes of one called
/// `deaf`, and one called `mute` asks somebody who does not answer.
pub fn bell(log: &Log, fired: &Fired) -> Timer {
    let fired = fired.clone();
    let ring = move |id: Uuid| {
        let fired = fired.clone();
        on(id, move |tally: &Versioned<Tally>, seen: &Seen<(), &'static str>| {
            fired.lock().unwrap().push(id);
            let due = tally.it.due_at.is_some_and(|at| at <= seen.now().timestamp_micros());
            match tally.it.name.split(' ').next() {
                Some("stuck") => Err(Halt::Refused("it does not ring")),
                Some("mute") => seen.ask(Never).map(|()| Decided::AlreadyDone),
                Some("deaf") => Ok(Decided::AlreadyDone),
                Some(_) | None if due => Ok(Decided::one(Change::Rang)),
                Some(_) | None => Ok(Decided::AlreadyDone),
            }
        })
    };
    Timer::new::<Tally, _, _>("ring", "due_at", Runner::new(log.clone(), Arc::new(())), meta(), ring)
}

/// Something else that a tally may be due for: it is emptied at the instant that its total stands for.
fn emptying(log: &Log) -> Timer {
    let empty = |id| {
        on(id, |tally: &Versioned<Tally>, _: &Seen<(), &'static str>| {
            Ok(Decided::one(Change::Added(-tally.it.total)))
        })
    };
    let runner = Runner::new(log.clone(), Arc::new(()));
    Timer::new::<Tally, _, _>("empty", EMPTIED_AT, runner, meta(), empty)
}

const EMPTIED_AT: &str = "instant(nullif(body -> 'total', '0'))";

fn index() -> String {
    format!("create index on tally (({EMPTIED_AT})) where {EMPTIED_AT} is not null")
}

async fn wind(store: &Store, name: &str, due: Duration) -> Uuid {
    wind_many(store, name, due, 1).await[0]
}

async fn wind_many(store: &Store, name: &str, due: Duration, number: usize) -> Vec<Uuid> {
    let mut all = Vec::with_capacity(number);
    while all.len() < number {
        let ids: Vec<Uuid> = (0..(number - all.len()).min(2000)).map(|_| id::new()).collect();
        let sets = ids.iter().map(|id| {
            let opened = Change::Opened { district: SOMEWHERE.into(), name: format!("{name} {id}") };
            let wound = Change::Wound((store.log.now() + due).timestamp_micros());
            Draft::new::<Tally>(*id, &[opened, wound], &meta(), now()).unwrap().unwrap().0.into()
        });
        assert!(store.together(sets.collect()).await.iter().all(Result::is_ok));
        all.extend(ids);
    }
    all
}

/// A service's timers run on a store, until the stop.
fn running(store: &Store, timers: Vec<Timer>, clock: &Clock, stop: &Shutdown) -> JoinHandle<()> {
    let (pool, clock, stop) = (store.pool.clone(), clock.clone(), stop.clone());
    tokio::spawn(timer::run("tally", timers, pool, clock, Leading::default(), stop))
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
    let running = running(&store, vec![bell(&store.log, &fired)], &clock, &stop);

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
    let run = |store: &Store| running(store, vec![bell(&store.log, &fired)], &clock, &stop);
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

/// One of two replicas ends in the middle of a backlog: the other goes on from there.
#[tokio::test]
async fn a_backlog_changes_hands_and_each_fires_once() {
    let (clock, fired) = (Clock::manual(now()), Fired::default());
    let one = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    let two = Store::at(&one.url, Bounds::default(), clock.clone()).await;
    let backlog = wind_many(&one, "one of many", Duration::ZERO, 5000).await.len() as i64;
    let stops = [Shutdown::new(), Shutdown::new()];
    let rang = async || one.count("log where entry like '%Rang%'").await;

    let first = running(&one, vec![bell(&one.log, &fired)], &clock, &stops[0]);
    eventually("some have rung", async || (rang().await > 0).then_some(())).await;
    let second = running(&two, vec![bell(&two.log, &fired)], &clock, &stops[1]);
    stops[0].begin();
    first.await.unwrap();
    assert!(rang().await < backlog, "there was nothing left for the other");
    eventually("all have rung", async || {
        (one.count("tally where due_at is null").await == backlog).then_some(())
    })
    .await;
    stops[1].begin();
    second.await.unwrap();
    assert_eq!(rang().await, backlog, "each once");
    assert_eq!(one.count("tally where version <> 3").await, 0);
}

/// A standstill leaves a backlog: it drains whole, each once, and what becomes due meanwhile does not wait for it.
#[tokio::test]
async fn a_hundred_thousand_drain_and_a_new_one_does_not_wait_for_them() {
    const BACKLOG: usize = 100_000;
    let (clock, stop, fired) = (Clock::manual(now()), Shutdown::new(), Fired::default());
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    wind(&store, "one of many", Duration::ZERO).await;
    // Rows alone: what fires them reads no log.
    let copy = "insert into tally (id, version, shape, hash, body)
         select gen_random_uuid(), version, shape, hash, body from tally, generate_series(2, $1)";
    sqlx::query(copy).bind(BACKLOG as i32).execute(&store.pool).await.unwrap();
    clock.advance(Duration::from_secs(1));
    let running = running(&store, vec![bell(&store.log, &fired)], &clock, &stop);
    eventually("some have rung", async || (!fired.lock().unwrap().is_empty()).then_some(())).await;
    let new = wind(&store, "new", Duration::ZERO).await;
    rings(&store, new).await;
    let left = store.count("tally where due_at is not null").await;
    assert!(left > BACKLOG as i64 / 2, "it waited for the backlog: {left} are left");
    eventually("all have rung", async || {
        (store.count("tally where due_at is not null").await == 0).then_some(())
    })
    .await;
    stop.begin();
    running.await.unwrap();
    assert_eq!(store.count("tally where version <> 3").await, 0, "each once");
}

#[tokio::test]
async fn those_that_cannot_fire_do_not_hold_up_the_others() {
    let (clock, stop, fired) = (Clock::manual(now()), Shutdown::new(), Fired::default());
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    // As many as one look takes, due before and after.
    wind_many(&store, "stuck", Duration::from_secs(1), 520).await;
    let last = wind(&store, "well", Duration::from_secs(2)).await;
    wind_many(&store, "stuck", Duration::from_secs(3), 520).await;
    clock.advance(Duration::from_secs(3));
    let running = running(&store, vec![bell(&store.log, &fired)], &clock, &stop);
    rings(&store, last).await;
    stop.begin();
    running.await.unwrap();
}

/// Whether its step is refused or comes to nothing.
#[tokio::test]
async fn what_is_due_still_is_left_alone_for_longer_each_time() {
    let (clock, fired) = (Clock::manual(now()), Fired::default());
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    let mut watch = Watch::new(bell(&store.log, &fired));
    for name in ["stuck", "deaf"] {
        wind(&store, name, Duration::ZERO).await;
    }
    let mut times = Vec::new();
    for second in 0..=20 {
        let looked = watch.look(&store.pool, &clock).await.unwrap();
        assert_eq!(watch.look(&store.pool, &clock).await.unwrap(), Looked::default(), "at once");
        if looked.fired > 0 {
            assert_eq!(looked, Looked { fired: 2, stuck: 2 });
            times.push(second);
        }
        clock.advance(Duration::from_secs(1));
    }
    assert_eq!(times, [0, 1, 3, 7, 15]);

    let well = wind(&store, "well", Duration::ZERO).await;
    assert_eq!(watch.look(&store.pool, &clock).await.unwrap(), Looked { fired: 1, stuck: 0 });
    rings(&store, well).await;
}

/// What becomes due while a backlog drains is fired in the next look, and the oldest of the backlog too.
#[tokio::test]
async fn a_backlog_does_not_starve_what_becomes_due_meanwhile() {
    let (clock, fired) = (Clock::manual(now()), Fired::default());
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    let mut watch = Watch::new(bell(&store.log, &fired));
    let oldest = wind(&store, "oldest", Duration::ZERO).await;
    wind_many(&store, "one of many", Duration::from_secs(1), 4000).await;
    clock.advance(Duration::from_secs(2));
    let mut left = 4001;
    while left > 1024 {
        let new = wind(&store, "new", Duration::ZERO).await;
        let looked = watch.look(&store.pool, &clock).await.unwrap();
        assert_eq!(looked, Looked { fired: 1024, stuck: 0 });
        left -= 1023;
        let fired = std::mem::take(&mut *fired.lock().unwrap());
        assert!(fired.contains(&new), "with {left} left");
        assert_eq!(fired.contains(&oldest), left == 4001 - 1023);
    }
}

/// Each has an instant of its own, that an index leads to.
#[tokio::test]
async fn a_kind_may_have_several_timers() {
    let (clock, stop, fired) = (Clock::manual(now()), Shutdown::new(), Fired::default());
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    let timers = vec![bell(&store.log, &fired), emptying(&store.log)];
    timer::check(&timers[..1], &store.pool).await.unwrap();
    let refused = timer::check(&timers, &store.pool).await.unwrap_err().to_string();
    assert!(refused.contains("the timer empty of tally needs an index"), "{refused}");
    sqlx::raw_sql(AssertSqlSafe(index())).execute(&store.pool).await.unwrap();
    timer::check(&timers, &store.pool).await.unwrap();

    let both = wind(&store, "both", Duration::from_secs(2)).await;
    let load = async || store.log.load::<Tally>(both).await.unwrap().unwrap();
    let due = (clock.now() + Duration::from_secs(1)).timestamp_micros();
    store.log.append(add(&load().await, due).0.into()).await.unwrap();
    let running = running(&store, timers, &clock, &stop);
    clock.advance(Duration::from_secs(1));
    eventually("it is emptied", async || (load().await.it.total == 0).then_some(())).await;
    assert!(fired.lock().unwrap().is_empty(), "it rings a second later");
    clock.advance(Duration::from_secs(1));
    rings(&store, both).await;
    stop.begin();
    running.await.unwrap();
}

/// Somebody who must be asked does not answer: what asks is given up after two seconds.
#[tokio::test]
async fn one_that_waits_does_not_hold_up_the_others() {
    let (clock, fired) = (Clock::manual(now()), Fired::default());
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    let mut watch = Watch::new(bell(&store.log, &fired));
    wind(&store, "mute", Duration::ZERO).await;
    let well = wind(&store, "well", Duration::ZERO).await;
    let began = Instant::now();
    let (looked, ()) = tokio::join!(watch.look(&store.pool, &clock), rings(&store, well));
    assert_eq!(looked.unwrap(), Looked { fired: 2, stuck: 1 });
    assert!(began.elapsed() < Duration::from_secs(20));
}

/// A timer that waits holds up no other.
#[tokio::test]
async fn each_timer_looks_by_itself() {
    let (clock, stop, fired) = (Clock::manual(now()), Shutdown::new(), Fired::default());
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    sqlx::raw_sql(AssertSqlSafe(index())).execute(&store.pool).await.unwrap();
    let mute = wind(&store, "mute", Duration::ZERO).await;
    let running = running(&store, vec![bell(&store.log, &fired), emptying(&store.log)], &clock, &stop);
    let load = async || store.log.load::<Tally>(mute).await.unwrap().unwrap();
    eventually("it is being rung", async || (!fired.lock().unwrap().is_empty()).then_some(())).await;
    let began = Instant::now();
    store.log.append(add(&load().await, clock.now().timestamp_micros()).0.into()).await.unwrap();
    eventually("it is emptied", async || (load().await.it.total == 0).then_some(())).await;
    assert!(began.elapsed() < Duration::from_secs(2), "it waited for the bell");
    stop.begin();
    running.await.unwrap();
}

/// What nobody answers.
#[derive(Clone, Debug)]
struct Never;

impl Question<()> for Never {
    type Answer = ();

    fn answer<'a>(&'a self, _: &'a Log, (): &'a ()) -> Answering<'a, ()> {
        Box::pin(std::future::pending())
    }
}

/// The database's clock leaps a year ahead, and is put right: what was due before the leap fires only when that is sure.
#[tokio::test]
async fn while_it_is_not_sure_what_time_it_is_nothing_fires() {
    let (clock, fired) = (Clock::system(), Fired::default());
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    clock.measure(&store.pool).await.unwrap();
    let due = wind(&store, "due", Duration::ZERO).await;
    let mut watch = Watch::new(bell(&store.log, &fired));
    let began = (Instant::now(), clock.now());
    let read = |seconds: u64, off: TimeDelta| {
        let at = began.0 + Duration::from_secs(seconds);
        clock.hear(Reading { asked: at, answered: at, theirs: began.1 + Duration::from_secs(seconds) + off });
    };

    read(5, TimeDelta::days(365));
    watch.look(&store.pool, &clock).await.unwrap();
    read(30, TimeDelta::zero());
    watch.look(&store.pool, &clock).await.unwrap();
    assert!(clock.holds_timers() && fired.lock().unwrap().is_empty());

    read(90, TimeDelta::zero());
    watch.look(&store.pool, &clock).await.unwrap();
    assert_eq!(*fired.lock().unwrap(), [due]);
}
