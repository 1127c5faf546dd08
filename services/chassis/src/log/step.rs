//! A step on an aggregate: load, check replay, decide, append; again when somebody was faster and the caller did not mind.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Aggregate, AppendError, ChangeSet, Command, Draft, Log, Meta, Replay, Versioned};

/// How often a step without an expected version is decided anew when the version has moved on.
const TRIES: usize = 8;

/// What a pure decision comes to.
#[must_use]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided<C> {
    /// This happened.
    Done(Vec<C>),
    /// It is so already: nothing happened.
    AlreadyDone,
}

impl<C> Decided<C> {
    /// One change.
    pub fn one(change: C) -> Self {
        Self::Done(vec![change])
    }

    /// The changes; none when it is so already.
    pub fn changes(self) -> Vec<C> {
        match self {
            Self::Done(changes) => changes,
            Self::AlreadyDone => Vec::new(),
        }
    }
}

/// Why a step came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum StepError<E> {
    /// The domain says no.
    #[error("refused")]
    Refused(E),
    /// There is no such aggregate.
    #[error("there is none")]
    NotFound,
    /// The caller decided on another version.
    #[error("it is at version {current} now")]
    Stale { current: i64 },
    /// The request id belongs to another command of this caller.
    #[error("the request id was used for something else")]
    RequestIdReused,
    /// The log did not take it.
    #[error(transparent)]
    Append(AppendError),
    /// It could not be read.
    #[error("cannot read: {0}")]
    Read(#[from] sqlx::Error),
}

impl Log {
    /// One step on one aggregate. A repeated command answers with the aggregate as it is now.
    ///
    /// # Errors
    /// See [`StepError`].
    pub async fn step<A: Aggregate, E>(
        &self,
        id: Uuid,
        meta: &Meta,
        decide: impl Fn(&A, DateTime<Utc>) -> Result<Decided<A::Change>, E>,
    ) -> Result<Versioned<A>, StepError<E>> {
        self.step_with(id, meta, |before: &Versioned<A>, now| {
            Ok((decide(&before.it, now).map_err(StepError::Refused)?, Vec::new()))
        })
        .await
    }

    /// A step that also drafts changes of other aggregates: all commit together.
    ///
    /// # Errors
    /// See [`StepError`].
    pub async fn step_with<A: Aggregate, E>(
        &self,
        id: Uuid,
        meta: &Meta,
        decide: impl Fn(&Versioned<A>, DateTime<Utc>) -> Result<(Decided<A::Change>, Vec<Draft>), StepError<E>>,
    ) -> Result<Versioned<A>, StepError<E>> {
        let command = meta.command.as_deref();
        let mut stale = 0;
        for _ in 0..TRIES {
            let (before, replay) = self.load_for_step::<A>(id, command).await?.ok_or(StepError::NotFound)?;
            if is_replay(command, replay.as_ref())? {
                return Ok(before);
            }
            if meta.expected.is_some_and(|expected| expected != before.version) {
                return Err(StepError::Stale { current: before.version });
            }
            let now = self.now();
            let (decided, others) = decide(&before, now)?;
            let drafted = Draft::on(&before, &decided.changes(), meta, now).map_err(StepError::Append)?;
            let Some((draft, after)) = drafted else { return Ok(before) };
            let mut drafts = vec![draft];
            drafts.extend(others);
            match self.append(ChangeSet::from(drafts)).await {
                Ok(()) => return Ok(after),
                Err(AppendError::Stale) => stale = before.version,
                Err(AppendError::Replayed) => {}
                Err(other) => return Err(StepError::Append(other)),
            }
        }
        Err(StepError::Stale { current: stale })
    }

    /// Drafts a step without appending it: for followers, whose drafts commit with their mark. None: it is so already.
    ///
    /// # Errors
    /// See [`StepError`].
    pub async fn draft<A: Aggregate, E>(
        &self,
        id: Uuid,
        meta: &Meta,
        decide: impl Fn(&A, DateTime<Utc>) -> Result<Decided<A::Change>, E>,
    ) -> Result<Option<Draft>, StepError<E>> {
        let before = self.load::<A>(id).await?.ok_or(StepError::NotFound)?;
        let now = self.now();
        let decided = decide(&before.it, now).map_err(StepError::Refused)?;
        let drafted = Draft::on(&before, &decided.changes(), meta, now).map_err(StepError::Append)?;
        Ok(drafted.map(|(draft, _)| draft))
    }

    /// Whether a command was carried out before.
    ///
    /// # Errors
    /// `RequestIdReused`: its id was used for another one; the database is away.
    pub async fn is_replay<E>(&self, meta: &Meta) -> Result<Option<Replay>, StepError<E>> {
        let Some(command) = meta.command.as_deref() else { return Ok(None) };
        let replay = self.replayed(command).await?;
        is_replay(Some(command), replay.as_ref())?;
        Ok(replay)
    }
}

fn is_replay<E>(command: Option<&Command>, replay: Option<&Replay>) -> Result<bool, StepError<E>> {
    match (command, replay) {
        (Some(command), Some(replay)) if replay.is(command) => Ok(true),
        (Some(_), Some(_)) => Err(StepError::RequestIdReused),
        (_, None) | (None, _) => Ok(false),
    }
}
