//! What a command has looked at so far, and what it still wants to know.

use std::{
    any::{Any, TypeId},
    cell::RefCell,
    collections::BTreeMap,
    fmt::Debug,
    marker::PhantomData,
    sync::Arc,
};

use chrono::{DateTime, Utc};
use futures::future::try_join_all;
use uuid::Uuid;

use super::Answering;
use crate::{
    log::{Aggregate, AppendError, Decided, Draft, Guard, Log, Meta, Versioned},
    status::Problem,
};

/// Something a command wants to know of the world `W`. Its `Debug` text is its key: two questions that read the same are the same.
pub trait Question<W>: Clone + Debug + Send + Sync + 'static {
    type Answer: Send + Sync + 'static;
    fn answer<'a>(&'a self, log: &'a Log, world: &'a W) -> Answering<'a, Self::Answer>;
    /// The row that the answer rests on, which must be the same still when the decision is committed.
    fn guard(&self, _: &Self::Answer) -> Option<Guard> {
        None
    }
}

/// The row of an aggregate; no answer when there is none.
pub struct Row<A>(Uuid, PhantomData<fn() -> A>);

impl<A> Clone for Row<A> {
    fn clone(&self) -> Self {
        Self(self.0, PhantomData)
    }
}

impl<A: Aggregate> Debug for Row<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", A::KIND, self.0)
    }
}

impl<A: Aggregate, W: Sync> Question<W> for Row<A> {
    type Answer = Option<Versioned<A>>;

    fn answer<'a>(&'a self, log: &'a Log, _: &'a W) -> Answering<'a, Self::Answer> {
        Box::pin(async move { Ok(log.load::<A>(self.0).await?) })
    }

    fn guard(&self, row: &Self::Answer) -> Option<Guard> {
        // That there is none is guarded by the claim, or the key, of whoever makes one.
        row.as_ref().map(|row| Guard { kind: A::KIND, id: row.id, version: row.version })
    }
}

/// Why a command cannot decide.
#[derive(Debug)]
pub enum Halt<E> {
    /// It wants to know more.
    More,
    /// There is no such aggregate.
    NotFound { kind: &'static str, id: Uuid },
    /// The caller decided on another version.
    Stale { kind: &'static str, id: Uuid, current: i64 },
    /// The domain says no.
    Refused(E),
    /// What happens cannot be written down: a mistake of ours.
    Draft(AppendError),
}

impl<E> Halt<E> {
    /// The same, with another word for the refusal.
    pub fn map<F>(self, refused: impl FnOnce(E) -> F) -> Halt<F> {
        match self {
            Self::More => Halt::More,
            Self::NotFound { kind, id } => Halt::NotFound { kind, id },
            Self::Stale { kind, id, current } => Halt::Stale { kind, id, current },
            Self::Refused(why) => Halt::Refused(refused(why)),
            Self::Draft(error) => Halt::Draft(error),
        }
    }
}

impl<E> From<AppendError> for Halt<E> {
    fn from(error: AppendError) -> Self {
        Self::Draft(error)
    }
}

pub(super) type Key = (TypeId, String);
/// An answer, and the row that it rests on.
pub(super) type Known = (Arc<dyn Any + Send + Sync>, Option<Guard>);
type Ask<W> = Arc<dyn for<'a> Fn(&'a Log, &'a W) -> Answering<'a, Known> + Send + Sync>;

/// What a question is known by.
pub(super) fn key_of<W, Q: Question<W>>(question: &Q) -> Key {
    (TypeId::of::<Q>(), format!("{question:?}"))
}

/// A row that is known beforehand.
pub(super) fn row_of<W: Sync, A: Aggregate>(row: Versioned<A>) -> (Key, Known) {
    let question = Row::<A>(row.id, PhantomData);
    let row = Some(row);
    let guard = Question::<W>::guard(&question, &row);
    (key_of::<W, Row<A>>(&question), (Arc::new(row), guard))
}

/// What is known by now.
pub struct Seen<W, E> {
    meta: Meta,
    now: DateTime<Utc>,
    known: BTreeMap<Key, Known>,
    wanted: RefCell<Vec<(Key, Ask<W>)>>,
    refusal: PhantomData<fn() -> E>,
}

impl<W: Sync + 'static, E> Seen<W, E> {
    pub(super) fn new(meta: Meta, now: DateTime<Utc>, known: BTreeMap<Key, Known>) -> Self {
        Self { meta, now, known, wanted: RefCell::default(), refusal: PhantomData }
    }

    /// The instant at which it is decided.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The answer to a question.
    ///
    /// # Errors
    /// [`Halt::More`] while it is not known.
    pub fn ask<Q: Question<W>>(&self, question: Q) -> Result<&Q::Answer, Halt<E>> {
        let key = key_of::<W, Q>(&question);
        if let Some(answer) = self.known.get(&key).and_then(|(answer, _)| answer.downcast_ref()) {
            return Ok(answer);
        }
        let ask: Ask<W> = Arc::new(move |log, world| {
            let question = question.clone();
            Box::pin(async move {
                let answer = question.answer(log, world).await?;
                let guard = question.guard(&answer);
                Ok((Arc::new(answer) as Arc<dyn Any + Send + Sync>, guard))
            })
        });
        self.wanted.borrow_mut().push((key, ask));
        Err(Halt::More)
    }

    /// An aggregate, if it is there.
    ///
    /// # Errors
    /// [`Halt::More`] while it is not known.
    pub fn find<A: Aggregate>(&self, id: Uuid) -> Result<Option<&Versioned<A>>, Halt<E>> {
        self.ask(Row::<A>(id, PhantomData)).map(Option::as_ref)
    }

    /// An aggregate that must be there.
    ///
    /// # Errors
    /// [`Halt::More`], [`Halt::NotFound`].
    pub fn get<A: Aggregate>(&self, id: Uuid) -> Result<&Versioned<A>, Halt<E>> {
        self.find::<A>(id)?.ok_or(Halt::NotFound { kind: A::KIND, id })
    }

    /// Refuses what somebody does not reach as if there were none.
    ///
    /// # Errors
    /// [`Halt::More`], [`Halt::NotFound`].
    pub fn reached<A: Aggregate>(&self, id: Uuid, reaches: impl Fn(&A) -> bool) -> Result<(), Halt<E>> {
        match reaches(&self.get::<A>(id)?.it) {
            true => Ok(()),
            false => Err(Halt::NotFound { kind: A::KIND, id }),
        }
    }

    /// The aggregate that a caller's command is about, at the version the caller saw.
    ///
    /// # Errors
    /// [`Halt::More`], [`Halt::NotFound`], [`Halt::Stale`].
    pub fn expected<A: Aggregate>(&self, id: Uuid) -> Result<&Versioned<A>, Halt<E>> {
        let it = self.get::<A>(id)?;
        match self.meta.expected {
            Some(expected) if expected != it.version => {
                Err(Halt::Stale { kind: A::KIND, id, current: it.version })
            }
            Some(_) | None => Ok(it),
        }
    }

    /// Several aggregates, in the order of their ids given; looked up together. Those that are not there are left out.
    ///
    /// # Errors
    /// [`Halt::More`] while some are not known.
    pub fn all<A: Aggregate>(&self, ids: &[Uuid]) -> Result<Vec<&Versioned<A>>, Halt<E>> {
        let found: Vec<_> = ids.iter().map(|id| self.find::<A>(*id)).collect();
        let found: Result<Vec<_>, _> = found.into_iter().collect();
        Ok(found?.into_iter().flatten().collect())
    }

    /// The draft of what happens to an aggregate, and how it is then; none when nothing does.
    ///
    /// # Errors
    /// [`Halt::Draft`].
    pub fn draft<A: Aggregate>(
        &self,
        before: &Versioned<A>,
        decided: Decided<A::Change>,
    ) -> Result<Option<(Draft, Versioned<A>)>, Halt<E>> {
        Ok(Draft::on(before, &decided.changes(), &self.meta, self.now)?)
    }

    /// The draft of a new aggregate.
    ///
    /// # Errors
    /// [`Halt::Draft`].
    pub fn begin<A: Aggregate>(
        &self,
        id: Uuid,
        changes: &[A::Change],
    ) -> Result<Option<(Draft, Versioned<A>)>, Halt<E>> {
        Ok(Draft::new(id, changes, &self.meta, self.now)?)
    }

    /// What the decision rests on besides what it changes.
    pub(super) fn guards(&self, drafts: &[Draft]) -> Vec<Guard> {
        let changed = |guard: &Guard| drafts.iter().any(|draft| draft.is_of(guard.kind, guard.id));
        self.known.values().filter_map(|(_, guard)| guard.clone()).filter(|guard| !changed(guard)).collect()
    }

    /// Looks up, all at once, what was asked for since.
    pub(super) async fn look(&mut self, log: &Log, world: &W) -> Result<(), Problem> {
        let wanted = self.wanted.take();
        let answers = wanted.iter().map(|(_, ask)| ask(log, world));
        let known = try_join_all(answers).await?;
        self.known.extend(wanted.iter().map(|(key, _)| key.clone()).zip(known));
        Ok(())
    }
}
