//! Settling a dead letter by a person's decision: the event will not take effect here, and the aggregate goes on behind it. What was
//! decided, why and by whom is kept.

use sqlx::{Connection, Postgres, Transaction};
use uuid::Uuid;

use super::{
    Failure, Follower, Source,
    dead::{DeadLetter, DeadLetters, Reason},
};
use crate::{bus::CloudEvent, db, id};

/// How an aggregate goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Verdict {
    /// This one event is passed over.
    Dismissed,
    /// The owner's history counts from its newest entry on.
    Adopted,
    /// The owner has it no more.
    Disowned,
}

/// What settling came to.
#[derive(Debug)]
pub enum Settled {
    /// So many entries were applied after it; and where it is stuck now, if it is.
    GoesOn(u64, Option<Box<DeadLetter>>),
    /// There is no such dead letter.
    NotThere,
    /// The verdict does not fit the letter: why.
    Unfit(&'static str),
}

/// Where the mark is to stand: none, no mark any more.
type NewMark = Option<(i64, Uuid)>;

impl Follower {
    /// Settles a dead letter. It stays until all that the aggregate missed meanwhile is applied.
    ///
    /// # Errors
    /// The owner or the database is away, or what follows cannot be applied now; the letter stays.
    pub async fn settle(
        &self,
        service: &str,
        aggregate: Uuid,
        verdict: Verdict,
        (note, subject): (&str, &str),
    ) -> Result<Settled, Failure> {
        let letters = DeadLetters::new(&self.inner.pool);
        let (Some(source), Some(letter)) = (self.source_of(service), letters.get(service, aggregate).await?)
        else {
            return Ok(Settled::NotThere);
        };
        let mark = match self.new_mark(source, &letter, verdict).await? {
            Ok(mark) => mark,
            Err(why) => return Ok(Settled::Unfit(why)),
        };
        db::ask(&self.inner.pool, async |connection| {
            let mut tx = connection.begin().await?;
            move_mark_in_tx(&mut tx, &letter, mark).await?;
            self.keep_in_tx(&mut tx, &letter, verdict, (note, subject)).await?;
            tx.commit().await
        })
        .await?;
        let applied = self.release(source, &letter).await?;
        Ok(Settled::GoesOn(applied, letters.get(service, aggregate).await?.map(Box::new)))
    }

    async fn new_mark(
        &self,
        source: Source,
        letter: &DeadLetter,
        verdict: Verdict,
    ) -> Result<Result<NewMark, &'static str>, Failure> {
        // No entry has this new id: the owner calls it missing, and names its newest entry with that.
        let newest = self.ask(source, &[(letter.aggregate, letter.version, id::new())]).await?;
        let newest = newest.into_iter().next().and_then(|divergence| divergence.newest);
        let newest = newest.and_then(|mark| Some((mark.version, mark.entry.parse::<Uuid>().ok()?)));
        Ok(match (verdict, newest) {
            (Verdict::Dismissed, _) if letter.reason == Reason::Diverged => {
                Err("its owner has another history: adopt that, or disown the aggregate")
            }
            (Verdict::Dismissed, Some(_)) => match serde_json::from_str::<CloudEvent>(&letter.event) {
                Ok(event)
                    if self
                        .ask(source, &[(letter.aggregate, letter.version, event.id)])
                        .await?
                        .is_empty() =>
                {
                    Ok(Some((letter.version, event.id)))
                }
                Ok(_) => Err(
                    "its owner's log does not have this event any more: retry it, or adopt its newest entry",
                ),
                Err(_) => Err("its owner cannot tell the event: adopt its newest entry"),
            },
            // Its owner has this aggregate no more.
            (Verdict::Dismissed | Verdict::Disowned, None) => Ok(None),
            (Verdict::Disowned, Some(_)) => Err("its owner still has the aggregate: adopt it"),
            (Verdict::Adopted, Some(newest)) => Ok(Some(newest)),
            (Verdict::Adopted, None) => Err("its owner does not have the aggregate: disown it"),
        })
    }

    async fn keep_in_tx(
        &self,
        tx: &mut Transaction<'_, Postgres>,
        letter: &DeadLetter,
        verdict: Verdict,
        (note, subject): (&str, &str),
    ) -> Result<(), sqlx::Error> {
        sqlx::query(
            "insert into settled_letter (source, aggregate, version, reason, error, verdict, note, subject, at)
             select source, aggregate, version, reason, error, $3, $4, $5, $6 from dead_letter where source = $1 and aggregate = $2",
        )
        .bind(&letter.source)
        .bind(letter.aggregate)
        .bind(verdict)
        .bind(note)
        .bind(subject)
        .bind(self.inner.log.now())
        .execute(&mut **tx)
        .await?;
        tracing::warn!(service = self.inner.service, source = letter.source, aggregate = %letter.aggregate, version = letter.version, ?verdict, "a dead letter was settled");
        Ok(())
    }
}

async fn move_mark_in_tx(
    tx: &mut Transaction<'_, Postgres>,
    letter: &DeadLetter,
    mark: NewMark,
) -> Result<(), sqlx::Error> {
    let query = match mark {
        Some((version, id)) => sqlx::query(
            "insert into followed (source, aggregate, version, id) values ($1, $2, $3, $4)
             on conflict (source, aggregate) do update set version = excluded.version, id = excluded.id",
        )
        .bind(&letter.source)
        .bind(letter.aggregate)
        .bind(version)
        .bind(id),
        None => sqlx::query("delete from followed where source = $1 and aggregate = $2")
            .bind(&letter.source)
            .bind(letter.aggregate),
    };
    query.execute(&mut **tx).await?;
    Ok(())
}
