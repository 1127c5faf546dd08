//! The two shapes that most commands have, made of a closure each.

use std::marker::PhantomData;

use uuid::Uuid;

use super::{Command, Decision, Halt, Seen};
use crate::log::{Aggregate, Decided, Draft, Replay, Versioned};

/// See [`on`].
pub struct On<A, E, F, R = fn(&A) -> bool> {
    id: Uuid,
    step: F,
    reaches: R,
    of: PhantomData<fn() -> (A, E)>,
}

/// A step on one aggregate, at the version its caller saw: answered with the aggregate after it, or as it is when it is so already.
pub fn on<W, A, E, F>(id: Uuid, step: F) -> On<A, E, F>
where
    A: Aggregate,
    F: Fn(&Versioned<A>, &Seen<W, E>) -> Result<Decided<A::Change>, Halt<E>> + Send + Sync,
{
    On { id, step, reaches: |_| true, of: PhantomData }
}

impl<A, E, F> On<A, E, F> {
    /// Only for whoever reaches it; for others it is as if there were none.
    pub fn reached<R: Fn(&A) -> bool + Send + Sync>(self, reaches: R) -> On<A, E, F, R> {
        On { id: self.id, step: self.step, reaches, of: PhantomData }
    }
}

impl<W, A, E, F, R> Command<W> for On<A, E, F, R>
where
    W: Sync + 'static,
    A: Aggregate,
    E: Send,
    F: Fn(&Versioned<A>, &Seen<W, E>) -> Result<Decided<A::Change>, Halt<E>> + Send + Sync,
    R: Fn(&A) -> bool + Send + Sync,
{
    type Error = E;
    type Answer = Versioned<A>;

    fn admit(&self, seen: &Seen<W, E>) -> Result<(), Halt<E>> {
        seen.reached::<A>(self.id, &self.reaches)
    }

    fn decide(&self, seen: &Seen<W, E>) -> Result<Decision<Versioned<A>>, Halt<E>> {
        let it = seen.expected::<A>(self.id)?;
        Ok(match seen.draft(it, (self.step)(it, seen)?)? {
            Some((draft, after)) => Decision { drafts: vec![draft], answer: after },
            None => Decision::nothing(it.clone()),
        })
    }

    fn again(&self, seen: &Seen<W, E>, _: &Replay) -> Result<Versioned<A>, Halt<E>> {
        seen.get::<A>(self.id).cloned()
    }
}

/// See [`heard`].
pub struct Heard<E, F> {
    what: F,
    of: PhantomData<fn() -> E>,
}

/// Something heard of: what happens then. Nobody waits for an answer but for how many aggregates changed.
pub fn heard<W, E, F>(what: F) -> Heard<E, F>
where
    F: Fn(&Seen<W, E>) -> Result<Vec<Draft>, Halt<E>> + Send + Sync,
{
    Heard { what, of: PhantomData }
}

impl<W, E, F> Command<W> for Heard<E, F>
where
    E: Send,
    F: Fn(&Seen<W, E>) -> Result<Vec<Draft>, Halt<E>> + Send + Sync,
{
    type Error = E;
    type Answer = usize;

    fn decide(&self, seen: &Seen<W, E>) -> Result<Decision<usize>, Halt<E>> {
        let drafts = (self.what)(seen)?;
        Ok(Decision { answer: drafts.len(), drafts })
    }

    fn again(&self, _: &Seen<W, E>, _: &Replay) -> Result<usize, Halt<E>> {
        Ok(0)
    }
}
