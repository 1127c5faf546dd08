//! A command decides on what it needs to know, and anew when any of that has changed.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use huying_chassis::id;
use huying_chassis::log::{AppendError, ChangeSet, Decided, Log, Mark, Meta, Replay, Versioned};
use huying_chassis::run::{Answering, Command, Decision, Halt, Question, RunError, Runner, Seen};
use huying_testing::command;
use uuid::Uuid;

use super::bench::Store;
use super::tally::{Change, Tally, add, meta, open};

/// How often somebody else comes in between, and how often it was decided.
#[derive(Default)]
struct World {
    interferences: AtomicUsize,
    decisions: AtomicUsize,
}

/// Nobody's question but the test's: while it is answered, somebody else adds to a tally.
#[derive(Clone, Debug)]
struct Meanwhile(Uuid);

impl Question<World> for Meanwhile {
    type Answer = ();

    fn answer<'a>(&'a self, log: &'a Log, world: &'a World) -> Answering<'a, ()> {
        Box::pin(async move {
            let left = |n: usize| n.checked_sub(1);
            if world.interferences.fetch_update(Ordering::SeqCst, Ordering::SeqCst, left).is_ok() {
                let it: Versioned<Tally> = log.load(self.0).await?.unwrap();
                log.append(add(&it, 1).0.into()).await?;
            }
            Ok(())
        })
    }
}

type See = Seen<World, &'static str>;

/// Adds to one tally as much as another holds; asks, in between, the question during which others work.
struct Copy<'a> {
    world: &'a World,
    from: Uuid,
    to: Uuid,
}

impl Command<World> for Copy<'_> {
    type Error = &'static str;
    type Answer = i64;

    fn decide(&self, seen: &See) -> Result<Decision<i64>, Halt<&'static str>> {
        let both = seen.all::<Tally>(&[self.from, self.to])?;
        let [from, to] = both[..] else { return Err(Halt::Refused("one of them is not there")) };
        seen.ask(Meanwhile(self.from))?;
        self.world.decisions.fetch_add(1, Ordering::SeqCst);
        if from.it.total == 0 {
            return Err(Halt::Refused("there is nothing to copy"));
        }
        let drafted = seen.draft(to, Decided::one(Change::Added(from.it.total)))?;
        let (draft, after) = drafted.ok_or(Halt::Refused("nothing happens"))?;
        Ok(Decision { drafts: vec![draft], answer: after.it.total })
    }

    fn again(&self, seen: &See, done: &Replay) -> Result<i64, Halt<&'static str>> {
        assert_eq!(done.aggregate, self.to);
        Ok(seen.get::<Tally>(self.to)?.it.total)
    }
}

struct Pair {
    store: Store,
    world: Arc<World>,
    from: Uuid,
    to: Uuid,
}

impl Pair {
    /// Two tallies, the first with 5.
    async fn new(interferences: usize) -> Self {
        let store = Store::new().await;
        let ((first, from), (second, to)) = (open(), open());
        store.log.append(vec![first, second].into()).await.unwrap();
        store.log.append(add(&from, 5).0.into()).await.unwrap();
        let world = Arc::new(World { interferences: interferences.into(), ..World::default() });
        Self { store, world, from: from.id, to: to.id }
    }

    async fn copy(&self, meta: &Meta) -> Result<i64, RunError<&'static str>> {
        let runner = Runner::new(self.store.log.clone(), self.world.clone());
        runner.run(&Copy { world: &self.world, from: self.from, to: self.to }, meta).await
    }

    fn decisions(&self) -> usize {
        self.world.decisions.load(Ordering::SeqCst)
    }
}

/// The other row is only looked at, not written: all the same the decision must rest on what it is when it is committed.
#[tokio::test]
async fn what_was_looked_at_and_has_changed_is_decided_on_anew() {
    let pair = Pair::new(2).await;
    assert_eq!(pair.copy(&meta()).await.unwrap(), 7, "5, and 1 each time somebody came in between");
    assert_eq!(pair.decisions(), 3);
    let to = pair.store.log.load::<Tally>(pair.to).await.unwrap().unwrap();
    assert_eq!((to.version, to.it.total), (2, 7));
}

/// Lets a tally be as it is.
struct Idle(Uuid);

impl Command<World> for Idle {
    type Error = &'static str;
    type Answer = ();

    fn decide(&self, seen: &See) -> Result<Decision<()>, Halt<&'static str>> {
        seen.get::<Tally>(self.0).map(|_| Decision::nothing(()))
    }

    fn again(&self, _: &See, _: &Replay) -> Result<(), Halt<&'static str>> {
        Ok(())
    }
}

/// That an event causes nothing rests on what was looked at too.
#[tokio::test]
async fn nothing_is_decided_anew_when_what_was_looked_at_has_changed() {
    let Pair { store, world, from, .. } = Pair::new(0).await;
    let runner = Runner::new(store.log.clone(), world);
    let mark = Mark { source: "elsewhere", aggregate: id::new(), version: 1, id: id::new() };
    let hear = async || {
        let set = runner.heard(&Idle(from), &meta()).await.unwrap();
        assert!(set.drafts.is_empty());
        ChangeSet { mark: Some(mark.clone()), ..set }
    };
    let early = hear().await;
    let it: Versioned<Tally> = store.log.load(from).await.unwrap().unwrap();
    store.log.append(add(&it, 1).0.into()).await.unwrap();
    assert_eq!(store.log.append(early).await, Err(AppendError::Stale));
    assert_eq!(store.count("followed").await, 0);
    store.log.append(hear().await).await.unwrap();
    assert_eq!(store.count("followed").await, 1);
}

#[tokio::test]
async fn a_command_that_never_gets_through_gives_up() {
    let pair = Pair::new(usize::MAX).await;
    let refused = pair.copy(&meta()).await.unwrap_err();
    assert!(matches!(refused, RunError::Append(AppendError::Stale)), "{refused:?}");
    assert_eq!(pair.store.log.load::<Tally>(pair.to).await.unwrap().unwrap().version, 1);
}

#[tokio::test]
async fn a_repeated_command_is_answered_from_what_it_did() {
    let pair = Pair::new(0).await;
    let once = Meta { command: command("test", id::new(), "copy"), ..meta() };
    assert_eq!(pair.copy(&once).await.unwrap(), 5);
    assert_eq!(pair.copy(&once).await.unwrap(), 5);
    assert_eq!(pair.decisions(), 1, "not decided again");
    let same_id = once.command.as_ref().unwrap().request_id;
    let other = Meta { command: command("test", same_id, "something else"), ..meta() };
    let reused = pair.copy(&other).await.unwrap_err();
    assert!(matches!(reused, RunError::Unanswered(problem) if problem.reason() == "REQUEST_ID_REUSED"));
}

#[tokio::test]
async fn a_refusal_and_an_absence_change_nothing() {
    let pair = Pair::new(0).await;
    let absent = Pair { to: id::new(), ..pair };
    assert!(matches!(absent.copy(&meta()).await, Err(RunError::Refused("one of them is not there"))));
    assert_eq!(absent.store.count("log").await, 3);
}
