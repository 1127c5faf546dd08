//! An older build, whose table of steps was another one. Where a change led is what its entry says, never what today's table would say: so
//! what that build wrote stays as it was, and still replays to its row.

use huying_chassis::{
    clock::Clock,
    db,
    log::{Actor, Aggregate, Bounds, Committer, Draft, Log, Meta, Stamp, verify::Kind},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::migrate::Migrator;
use uuid::Uuid;

use crate::{
    after, database,
    golden::{instant, variants},
    led,
};

/// An aggregate as the older build has it: each change leads elsewhere than today.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
struct Older<A>(A);

impl<A: Aggregate> Aggregate for Older<A> {
    const KIND: &'static str = A::KIND;
    const SHAPE: i16 = A::SHAPE;
    const PERSONAL: &'static [&'static str] = A::PERSONAL;
    const REPEATED: &'static [&'static str] = A::REPEATED;
    type Change = A::Change;
    type State = A::State;
    type About = A::About;

    /// To the state that stands after today's in the list of all.
    fn leads_to(before: Option<&Self>, change: &A::Change) -> Option<A::State> {
        let today = A::leads_to(before.map(|it| &it.0), change);
        let states = variants::of::<A::State>();
        let place = states.iter().position(|name| today.is_some_and(|today| json!(today) == *name));
        let elsewhere = states[place.map_or(0, |place| (place + 1) % states.len())];
        Some(serde_json::from_value(json!(elsewhere)).unwrap())
    }

    fn first(change: &A::Change, state: A::State, stamp: &Stamp) -> Option<Self> {
        A::first(change, state, stamp).map(Self)
    }

    /// Where it led is in this build's row, whatever today's fold makes of it.
    fn apply(&mut self, change: &A::Change, state: A::State, stamp: &Stamp) {
        self.0.apply(change, state, stamp);
        let mut row = json!(self.0);
        row["state"] = json!(state);
        self.0 = serde_json::from_value(row).unwrap();
    }

    fn district(&self) -> &str {
        self.0.district()
    }

    fn unit(&self) -> Option<&str> {
        self.0.unit()
    }

    fn about(&self) -> A::About {
        self.0.about()
    }
}

/// A change that led elsewhere than today's table says leaves the aggregate in the state that is written in its entry; and of lives that
/// the older build wrote into a service's tables, today's build says that their rows are what their logs give.
///
/// # Panics
/// When it is not so.
pub async fn states_stay<A: Aggregate>(tables: &'static Migrator, lives: &[Vec<A::Change>]) {
    lives.iter().for_each(|life| fold::<A>(life));
    let pool = db::connect(&database().await, 4, "older").await.unwrap();
    db::migrate(&pool, tables).await.unwrap();
    let (committer, _committing) = Committer::start(pool.clone(), Bounds::default());
    let log = Log::new(pool.clone(), committer, Clock::system());
    for life in lives {
        let drafted = Draft::new::<Older<A>>(Uuid::now_v7(), life, &Meta::of_service("older"), instant(0));
        log.append(drafted.unwrap().unwrap().0.into()).await.unwrap();
    }
    let found = Kind::of::<A>().verify(&pool, Uuid::nil(), 100).await.unwrap();
    assert_eq!(found.faults, []);
    assert_eq!((found.checked, found.replayed), (lives.len(), lives.iter().map(Vec::len).sum()));
}

/// Each change of a life, lived by today's table until then, with each state that the table would not give.
fn fold<A: Aggregate>(life: &[A::Change]) {
    let stamp = Stamp { id: Uuid::now_v7(), at: instant(0), actor: Actor::default() };
    let mut before: Option<A> = None;
    for change in life {
        let today = json!(A::leads_to(before.as_ref(), change));
        for elsewhere in variants::of::<A::State>().iter().filter(|state| today != **state) {
            let state = serde_json::from_value(json!(elsewhere)).unwrap();
            let row = json!(led(before.clone(), change, state, &stamp));
            assert_eq!(
                row["state"],
                *elsewhere,
                "{} {}, which led elsewhere",
                A::KIND,
                variants::name(change)
            );
        }
        before = after(before, change, &stamp);
    }
}
