//! Carrying a replaced profile into what is under way: every live row of its district is looked at, batch by batch in the order of ids,
//! and changed as the new profile wants it.
//!
//! Whoever replaces a profile ([`Sweeper::apply`]) sweeps at once, as long as its caller waits, so that all is done when the answer comes.
//! Besides, the sweep is noted before the profile is replaced, and the leader of the timers ([`Sweeper::timer`]) does it once more a few
//! seconds later: what the first one did not come to, because it was killed or its caller would not wait, and what another replica wrote
//! by the old profile before it saw the new one.
//!
//! Guaranteed: looking at a row again changes nothing more; a row that cannot be changed holds up no other and is tried again; a sweep
//! that was cut off goes on after its last batch. Rows are changed by commands, so callers may change them meanwhile.

use std::{
    fmt::Debug,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use futures::future::{BoxFuture, join_all};
use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use crate::{
    auth::Reach,
    db::asked,
    id,
    log::{Aggregate, Log, Meta},
    profile::{Outcome, Part, Profiles},
    run::{Command, Runner},
    server::deadline,
    status::Problem,
    timer::Timer,
};

/// Rows looked at in one batch.
const BATCH: usize = 256;
/// Batches in one look of the leader, which is noted then.
const BATCHES: usize = 4;
/// When the leader sweeps: every replica has the new profile by then.
const SETTLED: Duration = Duration::from_secs(5);
/// How long an apply sweeps itself where its caller did not say how long it waits, and what it keeps for its answer.
const BUDGET: Duration = Duration::from_secs(20);
const ANSWER: Duration = Duration::from_secs(3);

/// Changes rows as the profile wants them; of each, how many aggregates it changed, or why it could not be done.
type Carry = Arc<dyn Fn(Vec<Uuid>) -> BoxFuture<'static, Vec<Carried>> + Send + Sync>;
type Carried = (Uuid, Result<usize, String>);

/// A kind of aggregate whose rows a profile is carried into.
#[derive(Clone)]
pub struct Live {
    kind: &'static str,
    which: &'static str,
    carry: Carry,
}

impl Live {
    /// Its rows of which a condition holds, that an index on `(district, id)` has; and what is done to each. Again must change nothing.
    pub fn new<A, W, C>(
        which: &'static str,
        runner: Runner<W>,
        meta: Meta,
        command: impl Fn(Uuid) -> C + Send + Sync + 'static,
    ) -> Self
    where
        A: Aggregate,
        W: Send + Sync + 'static,
        C: Command<W, Answer = usize> + 'static,
        C::Error: Debug + 'static,
    {
        let command = Arc::new(command);
        let carry = move |ids: Vec<Uuid>| {
            let (runner, meta, command) = (runner.clone(), meta.clone(), command.clone());
            let carried = async move {
                let run = runner.each::<A, C>(ids, &*command, &meta).await;
                run.into_iter().map(|(id, result)| (id, result.map_err(|error| error.in_full()))).collect()
            };
            Box::pin(carried) as BoxFuture<'static, Vec<Carried>>
        };
        Self { kind: A::KIND, which, carry: Arc::new(carry) }
    }
}

/// What a sweep came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Aggregates that it changed.
    pub changed: usize,
    /// Not all was done: the leader does the rest.
    pub unfinished: bool,
}

/// Sweeps one service's rows. Cheap to clone.
#[derive(Clone)]
pub struct Sweeper {
    log: Log,
    kinds: Arc<[Live]>,
}

/// After which row a sweep goes on, and whether it left one out.
#[derive(Clone, Copy, Default, FromRow)]
struct Place {
    /// Which of the kinds.
    part: i16,
    after: Uuid,
    missed: bool,
}

#[derive(FromRow)]
struct Row {
    district: String,
    due_at: DateTime<Utc>,
    #[sqlx(flatten)]
    place: Place,
}

impl Sweeper {
    pub fn new(log: Log, kinds: Vec<Live>) -> Self {
        Self { log, kinds: kinds.into() }
    }

    /// [`Profiles::apply`], and what it means for what is under way. Whether that may be is asked where something differs, in a dry run too.
    ///
    /// # Errors
    /// As there, and that it may not be.
    pub async fn apply<P: Part>(
        &self,
        profiles: &Profiles<P>,
        part: P,
        dry_run: bool,
        may: impl Future<Output = Result<(), Problem>>,
        (reach, meta): (&Reach, &Meta),
    ) -> Result<(Outcome, Swept), Problem> {
        let district = part.district().to_owned();
        let would = profiles.apply(part.clone(), true, reach, meta).await?;
        if !would.differences.is_empty() {
            may.await?;
        }
        if dry_run || would.differences.is_empty() {
            let unfinished = !dry_run && self.is_due(&district).await?;
            return Ok((would, Swept { changed: 0, unfinished }));
        }
        self.note(&district).await?;
        let outcome = profiles.apply(part, false, reach, meta).await?;
        let budget = deadline::remaining().map_or(BUDGET, |left| left.saturating_sub(ANSWER));
        Ok((outcome, self.sweep(&district, budget).await))
    }

    /// Does what is noted, a few batches at a time.
    pub fn timer(&self) -> Timer {
        let sweeper = self.clone();
        let fire = move |ids: Vec<Uuid>| {
            let sweeper = sweeper.clone();
            let looked = async move {
                let look = async |id| (id, sweeper.look(id).await);
                let looked = join_all(ids.into_iter().map(look)).await;
                looked.into_iter().filter_map(|(id, done)| Some((id, done.err()?.to_string()))).collect()
            };
            Box::pin(looked) as BoxFuture<'static, Vec<(Uuid, String)>>
        };
        Timer::of_table("sweep", "sweep", "due_at", Arc::new(fire))
    }

    /// From its beginning to its end, or as far as the time lets it.
    pub async fn sweep(&self, district: &str, budget: Duration) -> Swept {
        let (begun, mut changed, mut next) = (Instant::now(), 0, Some(Place::default()));
        let mut missed = false;
        while let Some(place) = next
            && begun.elapsed() < budget
        {
            match self.batch(district, place).await {
                Ok((more, place)) => {
                    (changed, missed) = (changed + more, place.missed);
                    next = self.is_within(place).then_some(place);
                }
                Err(error) => {
                    tracing::warn!(district, %error, "a sweep stops here: the leader goes on");
                    break;
                }
            }
        }
        Swept { changed, unfinished: missed || next.is_some() }
    }

    /// That there is one to do.
    async fn note(&self, district: &str) -> Result<(), sqlx::Error> {
        let sql = "insert into sweep (id, district, due_at) values ($1, $2, $3)
                   on conflict (district) do update set due_at = excluded.due_at, part = 0, after = default, missed = false";
        let insert = sqlx::query(sql).bind(id::new()).bind(district).bind(self.log.now() + SETTLED);
        insert.execute(asked(self.log.pool())).await?;
        Ok(())
    }

    async fn is_due(&self, district: &str) -> Result<bool, sqlx::Error> {
        let sql = "select exists (select from sweep where district = $1 and due_at is not null)";
        sqlx::query_scalar(sql).bind(district).fetch_one(asked(self.log.pool())).await
    }

    async fn look(&self, id: Uuid) -> Result<(), sqlx::Error> {
        let sql = "select district, due_at, part, after, missed from sweep where id = $1 and due_at <= $2";
        let row = sqlx::query_as(sql).bind(id).bind(self.log.now());
        let Some(Row { district, due_at, mut place }) = row.fetch_optional(asked(self.log.pool())).await?
        else {
            return Ok(());
        };
        for _ in 0..BATCHES {
            if self.is_within(place) {
                place = self.batch(&district, place).await?.1;
            }
        }
        let now = self.log.now();
        let (due, place) = match (self.is_within(place), place.missed) {
            (true, _) => (Some(now), place),
            (false, true) => (Some(now + SETTLED), Place::default()),
            (false, false) => (None, Place::default()),
        };
        // Not when the profile was replaced again meanwhile: that one is swept from the beginning.
        let sql =
            "update sweep set due_at = $3, part = $4, after = $5, missed = $6 where id = $1 and due_at = $2";
        let update = sqlx::query(sql).bind(id).bind(due_at).bind(due);
        let update = update.bind(place.part).bind(place.after).bind(place.missed);
        update.execute(asked(self.log.pool())).await?;
        Ok(())
    }

    fn kind(&self, place: Place) -> Option<&Live> {
        usize::try_from(place.part).ok().and_then(|part| self.kinds.get(part))
    }

    fn is_within(&self, place: Place) -> bool {
        self.kind(place).is_some()
    }

    /// The rows after a place: how many aggregates changed, and the place after them.
    async fn batch(&self, district: &str, place: Place) -> Result<(usize, Place), sqlx::Error> {
        let Some(live) = self.kind(place) else { return Ok((0, place)) };
        let sql = format!(
            "select id from \"{}\" where district = $1 and id > $2 and {} order by id limit {BATCH}",
            live.kind, live.which
        );
        let rows = sqlx::query_scalar(AssertSqlSafe(sql)).bind(district).bind(place.after);
        let ids: Vec<Uuid> = rows.fetch_all(asked(self.log.pool())).await?;
        let (mut changed, mut missed) = (0, place.missed);
        for (id, carried) in (live.carry)(ids.clone()).await {
            match carried {
                Ok(more) => changed += more,
                Err(error) => {
                    missed = true;
                    tracing::warn!(kind = live.kind, %id, error, "a profile could not be carried into a row");
                }
            }
        }
        let next = match ids.last() {
            Some(&after) if ids.len() == BATCH => Place { after, missed, ..place },
            _ => Place { part: place.part + 1, after: Uuid::nil(), missed },
        };
        Ok((changed, next))
    }
}
