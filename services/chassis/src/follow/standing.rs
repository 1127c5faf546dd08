//! Where a follower stands with an aggregate: asked before anything is decided, so that an event is decided on only when its
//! predecessor's effect is committed. Whatever lanes ask at the same moment is answered by one look, which all of them wait for: so it has
//! an answer, or has failed, within seconds.

use std::collections::HashMap;

use sqlx::PgPool;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::Failure;
use crate::{bus::CloudEvent, db::asked};

/// Questions that may wait, and how many one look answers.
const QUEUE: usize = 4096;
const GROUP: usize = 512;

// Dead letters are asked for one by one, by their key: asked with `exists`, PostgreSQL reads all of them, since it expects few.
const LOOK: &str = "
    select n.source, n.aggregate, coalesce(f.version, 0), f.id,
           (select true from dead_letter d where d.source = n.source and d.aggregate = n.aggregate) is not null,
           coalesce((select r.audited from reconciled r where r.source = n.source), 0)
      from unnest($1::text[], $2::uuid[]) as n (source, aggregate)
      left join followed f on f.source = n.source and f.aggregate = n.aggregate";

/// The mark of one aggregate, whether it is parked, and the epoch of its owner's log in which all marks were checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    /// 0: nothing of it has taken effect.
    pub version: i64,
    pub id: Option<Uuid>,
    pub parked: bool,
    pub audited: i64,
}

/// What an event is to a follower that stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// It took effect before.
    Past,
    /// The same version of another history.
    Diverged,
    /// Right behind the mark.
    Next,
    /// Something before it is missing.
    Early,
}

impl Standing {
    pub fn place(&self, event: &CloudEvent) -> Place {
        match event.sequence - self.version {
            0 if self.id != Some(event.id) => Place::Diverged,
            ..=0 => Place::Past,
            1 => Place::Next,
            _ => Place::Early,
        }
    }
}

type Key = (&'static str, Uuid);

struct Question {
    key: Key,
    answer: oneshot::Sender<Result<Standing, String>>,
}

/// Answers where the follower stands. Cheap to clone; its task ends with the last clone.
#[derive(Clone)]
pub(super) struct Standings(mpsc::Sender<Question>);

impl Standings {
    pub fn start(pool: PgPool) -> Self {
        let (ask, questions) = mpsc::channel(QUEUE);
        tokio::spawn(answer_all(pool, questions));
        Self(ask)
    }

    pub async fn of(&self, source: &'static str, aggregate: Uuid) -> Result<Standing, Failure> {
        let away = || Failure::Away("the look at the marks has ended".into());
        let (answer, answered) = oneshot::channel();
        self.0.send(Question { key: (source, aggregate), answer }).await.map_err(|_| away())?;
        answered.await.map_err(|_| away())?.map_err(Failure::Away)
    }
}

async fn answer_all(pool: PgPool, mut questions: mpsc::Receiver<Question>) {
    let mut asked = Vec::with_capacity(GROUP);
    while questions.recv_many(&mut asked, GROUP).await > 0 {
        let found = look(&pool, asked.iter().map(|question| question.key)).await;
        for Question { key, answer } in asked.drain(..) {
            let standing = match &found {
                Ok(found) => found.get(&key).copied().ok_or_else(|| "no answer".to_owned()),
                Err(error) => Err(error.to_string()),
            };
            // Whoever asked may have stopped.
            let _ = answer.send(standing);
        }
    }
}

async fn look(pool: &PgPool, keys: impl Iterator<Item = Key>) -> Result<HashMap<Key, Standing>, sqlx::Error> {
    let keys: HashMap<(String, Uuid), Key> = keys.map(|key| ((key.0.to_owned(), key.1), key)).collect();
    let (sources, aggregates): (Vec<&str>, Vec<Uuid>) = keys.values().copied().unzip();
    let rows: Vec<(String, Uuid, i64, Option<Uuid>, bool, i64)> =
        sqlx::query_as(LOOK).bind(sources).bind(aggregates).fetch_all(asked(pool)).await?;
    let standing = |(source, aggregate, version, id, parked, audited)| {
        Some((*keys.get(&(source, aggregate))?, Standing { version, id, parked, audited }))
    };
    Ok(rows.into_iter().filter_map(standing).collect())
}
