//! A replaced profile is carried into every live row, whoever is killed in between.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use huying_chassis::clock::Clock;
use huying_chassis::id;
use huying_chassis::log::{Bounds, Decided, Draft};
use huying_chassis::run::{Halt, Runner, Seen, heard};
use huying_chassis::sweep::{Live, Sweeper, Swept};
use huying_chassis::timer::Watch;
use huying_testing::database;
use uuid::Uuid;

use super::bench::Store;
use super::tally::{Change, SOMEWHERE, Tally, meta, now};

const LONG: Duration = Duration::from_secs(60);

/// How often each was carried, and one that cannot be.
#[derive(Default)]
struct Noted {
    times: BTreeMap<Uuid, usize>,
    stuck: Option<Uuid>,
}

#[derive(Clone, Default)]
struct Carried(Arc<Mutex<Noted>>);

impl Carried {
    fn live(&self, store: &Store) -> Live {
        let carried = self.clone();
        let command = move |id: Uuid| {
            let carried = carried.clone();
            heard(move |seen: &Seen<(), ()>| {
                let tally = seen.get::<Tally>(id)?;
                let mut noted = carried.0.lock().unwrap();
                if noted.stuck == Some(id) {
                    return Err(Halt::Refused(()));
                }
                *noted.times.entry(id).or_default() += 1;
                drop(noted);
                let added = Decided::one(Change::Added(1));
                Ok(seen.draft(tally, added)?.map(|(draft, _)| draft).into_iter().collect())
            })
        };
        let runner = Runner::new(store.log.clone(), Arc::new(()));
        Live::new::<Tally, _, _>("name <> 'closed'", runner, meta(), command)
    }

    fn times(&self, id: Uuid) -> usize {
        self.0.lock().unwrap().times.get(&id).copied().unwrap_or(0)
    }

    fn stuck(&self, id: Option<Uuid>) {
        self.0.lock().unwrap().stuck = id;
    }
}

/// More tallies than a batch has, one of them closed, and one of another district; in the order of their ids.
async fn many(clock: &Clock) -> (Store, Vec<Uuid>) {
    let store = Store::at(&database().await, Bounds::default(), clock.clone()).await;
    let column =
        "alter table tally add column district text generated always as (body ->> 'district') stored";
    sqlx::query(column).execute(&store.pool).await.unwrap();
    let mut sets = Vec::new();
    let mut ids: Vec<Uuid> = (0..602).map(|_| id::new()).collect();
    ids.sort();
    for (n, id) in ids.iter().enumerate() {
        let district = if n == 601 { "990199" } else { SOMEWHERE };
        let name = if n == 600 { "closed".to_owned() } else { format!("live {n}") };
        let opened = Change::Opened { district: district.into(), name };
        sets.push(Draft::new::<Tally>(*id, &[opened], &meta(), now()).unwrap().unwrap().0.into());
    }
    assert!(store.together(sets).await.into_iter().all(|appended| appended.is_ok()));
    (store, ids)
}

#[tokio::test]
async fn every_live_row_of_the_district_once() {
    let (clock, carried) = (Clock::manual(now()), Carried::default());
    let (store, ids) = many(&clock).await;
    let sweeper = Sweeper::new(store.log.clone(), vec![carried.live(&store)]);
    let none = sweeper.sweep(SOMEWHERE, Duration::ZERO).await;
    assert_eq!(none, Swept { changed: 0, unfinished: true }, "there was no time");
    let all = sweeper.sweep(SOMEWHERE, LONG).await;
    assert_eq!(all, Swept { changed: 600, unfinished: false });
    assert!(ids[..600].iter().all(|id| carried.times(*id) == 1));
    assert_eq!((carried.times(ids[600]), carried.times(ids[601])), (0, 0));
}

#[tokio::test]
async fn what_was_cut_off_goes_on_after_its_last_batch_and_one_that_is_stuck_holds_up_nobody() {
    let (clock, carried) = (Clock::manual(now()), Carried::default());
    let (store, ids) = many(&clock).await;
    let sweeper = Sweeper::new(store.log.clone(), vec![carried.live(&store)]);
    // Whoever did it was killed after the 300th.
    let noted = "insert into sweep (id, district, due_at, after) values ($1, $2, $3, $4)";
    let noted = sqlx::query(noted).bind(id::new()).bind(SOMEWHERE).bind(clock.now()).bind(ids[299]);
    noted.execute(&store.pool).await.unwrap();
    carried.stuck(Some(ids[400]));
    let mut watch = Watch::new(sweeper.timer());
    let mut look = async || {
        watch.look(&store.pool, &clock).await.unwrap();
        let due = sqlx::query_scalar("select count(*) from sweep where due_at is not null");
        due.fetch_one(&store.pool).await.unwrap()
    };
    assert_eq!(look().await, 1_i64);
    assert_eq!((carried.times(ids[299]), carried.times(ids[300])), (0, 1));
    assert_eq!((carried.times(ids[400]), carried.times(ids[599])), (0, 1));
    // It is tried again a while later, from the beginning.
    carried.stuck(None);
    assert_eq!((look().await, carried.times(ids[400])), (1, 0));
    clock.advance(Duration::from_secs(5));
    assert_eq!((look().await, carried.times(ids[400]), carried.times(ids[0])), (0, 1, 1));
    assert_eq!((look().await, carried.times(ids[0])), (0, 1), "nothing is left to do");
}
