//! Whatever happens is a command: asked by a caller, heard from an event, or due by the clock.
//!
//! A command is pure. It looks at rows and asks questions through [`Seen`]; what is not there yet is looked up by the [`Runner`], which
//! then lets it decide anew, until it has all it needs. What it says happened is committed together with a follower's mark, and every
//! row that it looked at is guarded: when one of them has changed meanwhile, the whole decision is made again on what is there now.
//!
//! Guaranteed: a decision never rests on a row that was no longer so when it was committed; a repeated command is answered, not done
//! again; who does not reach what it is about is told that there is none; looks and tries are bounded.

use std::{collections::BTreeMap, fmt::Debug, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use tonic::Code;
use uuid::Uuid;

use crate::{
    log::{AppendError, ChangeSet, Draft, Log, Meta, Replay, not_found},
    status::Problem,
};

mod common;
mod each;
mod seen;

pub use common::{Heard, On, heard, on};
pub use each::Each;
pub use seen::{Halt, Question, Row, Seen};
use seen::{Key, Known, key_of};

/// How often a decision is made anew because something it looked at has changed.
const TRIES: usize = 16;
/// How often a command may ask for more before it decides.
const LOOKS: usize = 16;

/// Something that may happen, with all that is known of it beforehand. `W` is what questions are put to: the service's own world.
pub trait Command<W>: Send + Sync {
    /// Why the domain refuses it.
    type Error: Send;
    /// What whoever asked is told; `()` where nobody did.
    type Answer: Send;
    /// Whether whoever asks reaches what it is about. Asked before it is looked whether the command was carried out already: nobody
    /// learns that of what they do not reach.
    ///
    /// # Errors
    /// [`Halt::NotFound`] when not, exactly as when there is none; as [`decide`](Self::decide).
    fn admit(&self, _: &Seen<W, Self::Error>) -> Result<(), Halt<Self::Error>> {
        Ok(())
    }
    /// Says what happens, or asks for more. Called again whenever something new is known: it must not remember anything itself.
    ///
    /// # Errors
    /// [`Halt`]: more is needed, something is not there, or the domain refuses.
    fn decide(&self, seen: &Seen<W, Self::Error>) -> Result<Decision<Self::Answer>, Halt<Self::Error>>;
    /// What a repeated command is told, from what the first one did.
    ///
    /// # Errors
    /// As [`decide`](Self::decide).
    fn again(&self, seen: &Seen<W, Self::Error>, done: &Replay) -> Result<Self::Answer, Halt<Self::Error>>;
}

/// What a command comes to: what is to be written (nothing, when it is so already), and the answer.
#[must_use]
pub struct Decision<T> {
    pub drafts: Vec<Draft>,
    pub answer: T,
}

impl<T> Decision<T> {
    /// It is so already.
    pub fn nothing(answer: T) -> Self {
        Self { drafts: Vec::new(), answer }
    }
}

/// Why a command came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum RunError<E> {
    #[error("refused")]
    Refused(E),
    #[error("there is no {kind} {id}")]
    NotFound { kind: &'static str, id: Uuid },
    /// The caller decided on another version.
    #[error("the {kind} {id} is at version {current} now")]
    Stale { kind: &'static str, id: Uuid, current: i64 },
    #[error(transparent)]
    Append(#[from] AppendError),
    /// What it asked could not be answered, or its request id was used for something else.
    #[error("{0}")]
    Unanswered(Problem),
}

fn stale(kind: &str, id: Uuid, current: i64) -> Problem {
    Problem::new(
        Code::Aborted,
        "STALE_VERSION",
        format!("the {kind} has moved on to version {current}: read it again and decide again"),
    )
    .meta("version", current.to_string())
    .resource(kind, id.to_string())
    .retry_after(Duration::ZERO)
}

impl<E: Debug> RunError<E> {
    /// For the service's own record: with why it was refused.
    pub fn in_full(&self) -> String {
        if let Self::Refused(why) = self { format!("refused: {why:?}") } else { self.to_string() }
    }
}

impl<E: Into<Problem>> From<RunError<E>> for Problem {
    fn from(error: RunError<E>) -> Self {
        match error {
            RunError::Refused(why) => why.into(),
            RunError::NotFound { kind, id } => not_found(kind, id),
            RunError::Stale { kind, id, current } => stale(kind, id, current),
            RunError::Append(error) => error.into(),
            RunError::Unanswered(problem) => problem,
        }
    }
}

/// Runs commands of one service. Cheap to clone.
pub struct Runner<W> {
    log: Log,
    world: Arc<W>,
    known: BTreeMap<Key, Known>,
}

impl<W> Clone for Runner<W> {
    fn clone(&self) -> Self {
        Self { log: self.log.clone(), world: self.world.clone(), known: self.known.clone() }
    }
}

impl<W: Send + Sync + 'static> Runner<W> {
    pub fn new(log: Log, world: Arc<W>) -> Self {
        Self { log, world, known: BTreeMap::new() }
    }

    /// One that need not ask a question: whoever runs it has the answer.
    #[must_use]
    pub fn knowing<Q: Question<W>>(mut self, question: &Q, answer: Q::Answer) -> Self {
        self.known.insert(key_of::<W, Q>(question), (Arc::new(answer), None));
        self
    }

    /// Runs a command that a caller asks for, or that is due by the clock.
    ///
    /// # Errors
    /// See [`RunError`]; nothing is written then.
    pub async fn run<C: Command<W>>(
        &self,
        command: &C,
        meta: &Meta,
    ) -> Result<C::Answer, RunError<C::Error>> {
        self.run_knowing(self.known.clone(), command, meta).await
    }

    /// The same, with what is known beforehand for the first try.
    async fn run_knowing<C: Command<W>>(
        &self,
        mut known: BTreeMap<Key, Known>,
        command: &C,
        meta: &Meta,
    ) -> Result<C::Answer, RunError<C::Error>> {
        for _ in 0..TRIES {
            let known = std::mem::replace(&mut known, self.known.clone());
            let mut seen = Seen::new(meta.clone(), self.log.now(), known);
            self.look(&mut seen, |seen| command.admit(seen)).await?;
            if let Some(done) = self.log.repeated(meta).await.map_err(RunError::Unanswered)? {
                // What was looked at before may be older than what the first one did.
                let mut seen = self.seen(meta);
                return self.look(&mut seen, |seen| command.again(seen, &done)).await;
            }
            let Decision { drafts, answer } = self.look(&mut seen, |seen| command.decide(seen)).await?;
            let set = ChangeSet { guards: seen.guards(&drafts), drafts, ..ChangeSet::default() };
            if set.drafts.is_empty() {
                return Ok(answer);
            }
            match self.log.append(set).await {
                Ok(()) => return Ok(answer),
                Err(AppendError::Stale | AppendError::Duplicate | AppendError::Replayed) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(AppendError::Stale.into())
    }

    /// Decides for an event: the follower commits what comes of it with the event's mark, and comes again when something has changed.
    ///
    /// # Errors
    /// See [`RunError`].
    pub async fn heard<C: Command<W>>(
        &self,
        command: &C,
        meta: &Meta,
    ) -> Result<ChangeSet, RunError<C::Error>> {
        let mut seen = self.seen(meta);
        let Decision { drafts, .. } = self.look(&mut seen, |seen| command.decide(seen)).await?;
        Ok(ChangeSet { guards: seen.guards(&drafts), drafts, ..ChangeSet::default() })
    }

    fn seen<E>(&self, meta: &Meta) -> Seen<W, E> {
        Seen::new(meta.clone(), self.log.now(), self.known.clone())
    }

    /// Looks up what is asked for until nothing more is.
    async fn look<T, E>(
        &self,
        seen: &mut Seen<W, E>,
        decide: impl Fn(&Seen<W, E>) -> Result<T, Halt<E>>,
    ) -> Result<T, RunError<E>> {
        for _ in 0..LOOKS {
            match decide(seen) {
                Ok(decided) => return Ok(decided),
                Err(Halt::More) => seen.look(&self.log, &self.world).await.map_err(RunError::Unanswered)?,
                Err(Halt::NotFound { kind, id }) => return Err(RunError::NotFound { kind, id }),
                Err(Halt::Stale { kind, id, current }) => return Err(RunError::Stale { kind, id, current }),
                Err(Halt::Refused(error)) => return Err(RunError::Refused(error)),
                Err(Halt::Draft(error)) => return Err(RunError::Append(error)),
            }
        }
        Err(RunError::Append(AppendError::Bug(format!("a command asked more than {LOOKS} times"))))
    }
}

/// An answer under way.
pub type Answering<'a, T> = BoxFuture<'a, Result<T, Problem>>;
