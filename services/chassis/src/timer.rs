//! Timers: what is due is fired as a command through the same decide as everything else. When an aggregate is due its own row says, by a
//! column or an expression that an index leads to; a kind may have several timers.
//!
//! One replica fires, the leader of its service's timers; should two, the version refuses the second. Locking the due rows instead
//! (`for update skip locked`) would not do: the commit that fires them comes on another connection, and would wait for that lock.
//! Guaranteed: no timer waits for another; half of each look is for what is due the longest and half for what has become due last, so
//! neither a backlog nor what comes meanwhile starves; what was fired and is due still is left alone for a while ([`left`]); while it is
//! not sure what time it is, nothing fires.

mod left;

use std::{collections::HashSet, fmt::Debug, sync::Arc, time::Duration};

use anyhow::Context as _;
use chrono::{DateTime, Utc};
use futures::future::{BoxFuture, join_all};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::{
    clock::Clock,
    db::asked,
    leader::{Lead, Leading},
    log::{Aggregate, Meta},
    run::{Command, Runner},
    shutdown::Shutdown,
};
use left::Left;

/// How many of those due the longest are fired in one look; as many of those due last.
const BATCH: usize = 512;
/// Between looks, but while a backlog drains.
const POLL: Duration = Duration::from_millis(500);

/// Fires the due timers of aggregates; tells which did not fire, and why.
pub type Fire = Arc<dyn Fn(Vec<Uuid>) -> BoxFuture<'static, Vec<(Uuid, String)>> + Send + Sync>;
/// When it is due, and whose it is.
type Due = (DateTime<Utc>, Uuid);

/// What is to be done with each aggregate of a kind when it is due.
#[derive(Clone)]
pub struct Timer {
    pub kind: &'static str,
    /// What is done then, `turn_lamps`: tells it from the other timers of its kind.
    pub name: &'static str,
    /// When: a column of the kind's table, or an expression on it, of type `timestamptz`; null while never.
    pub due: &'static str,
    fire: Fire,
}

/// When a timer's aggregates are due, for whoever only looks: unlike the timer it holds nothing that fires.
#[derive(Clone, Copy)]
pub struct When {
    pub kind: &'static str,
    pub name: &'static str,
    pub due: &'static str,
}

impl Timer {
    pub fn when(&self) -> When {
        When { kind: self.kind, name: self.name, due: self.due }
    }

    /// The command must move the instant, or end it: what is due still afterwards is tried again later and later.
    pub fn new<A: Aggregate, W, C>(
        name: &'static str,
        due: &'static str,
        runner: Runner<W>,
        meta: Meta,
        command: impl Fn(Uuid) -> C + Send + Sync + 'static,
    ) -> Self
    where
        W: Send + Sync + 'static,
        C: Command<W> + 'static,
        C::Error: Debug + 'static,
    {
        let command = Arc::new(command);
        let fire = move |ids: Vec<Uuid>| {
            let (runner, meta, command) = (runner.clone(), meta.clone(), command.clone());
            let fired = async move {
                let run = runner.each::<A, C>(ids, &*command, &meta).await;
                run.into_iter().filter_map(|(id, result)| Some((id, result.err()?.in_full()))).collect()
            };
            Box::pin(fired) as BoxFuture<'static, Vec<(Uuid, String)>>
        };
        Self { kind: A::KIND, name, due, fire: Arc::new(fire) }
    }

    /// One that fires no command; what fires it moves the instant too.
    pub fn of_table(table: &'static str, name: &'static str, due: &'static str, fire: Fire) -> Self {
        Self { kind: table, name, due, fire }
    }

    async fn check(&self, pool: &PgPool) -> anyhow::Result<()> {
        let Self { kind, name, due, .. } = self;
        let sql = format!("explain select id from \"{kind}\" where {due} <= now() order by {due} limit 1");
        let plan: Vec<String> = sqlx::query_scalar(AssertSqlSafe(sql))
            .fetch_all(asked(pool))
            .await
            .with_context(|| format!("the timer {name} of {kind} cannot ask for {due}"))?;
        let led = !plan.iter().any(|line| line.contains("Seq Scan on ") || line.contains("Sort  ("));
        anyhow::ensure!(led, "the timer {name} of {kind} needs an index on {due}, where it is not null");
        Ok(())
    }

    /// What is due, from both ends: so many at most of each.
    async fn due(&self, pool: &PgPool, now: DateTime<Utc>, most: usize) -> Result<Vec<Due>, sqlx::Error> {
        let Self { kind, due, .. } = self;
        let one = format!("select {due} as due, id from \"{kind}\" where {due} <= $1 order by {due}");
        let sql = format!("({one} limit $2) union ({one} desc limit $2) order by due, id");
        sqlx::query_as(AssertSqlSafe(sql)).bind(now).bind(most as i64).fetch_all(asked(pool)).await
    }

    /// What is due of these.
    async fn due_of(&self, pool: &PgPool, ids: &[Uuid], now: DateTime<Utc>) -> Result<Vec<Due>, sqlx::Error> {
        let Self { kind, due, .. } = self;
        let sql = format!("select {due}, id from \"{kind}\" where id = any ($1) and {due} <= $2");
        sqlx::query_as(AssertSqlSafe(sql)).bind(ids).bind(now).fetch_all(asked(pool)).await
    }
}

/// That an index leads to what is due, in its order: without one, each look would read the whole table.
///
/// # Errors
/// There is none for one of them, or the database is away.
pub async fn check(timers: &[Timer], pool: &PgPool) -> anyhow::Result<()> {
    for timer in timers {
        timer.check(pool).await?;
    }
    Ok(())
}

/// Runs a service's timers until the stop.
pub fn run(
    service: &'static str,
    timers: Vec<Timer>,
    pool: PgPool,
    clock: Clock,
    leading: Leading,
    stop: Shutdown,
) -> BoxFuture<'static, ()> {
    Box::pin(async move {
        if timers.is_empty() {
            return;
        }
        while let Some(lead) = Lead::win(&pool, &format!("timer.{service}"), &stop).await {
            let mut lead = lead.shown_by(&leading);
            let all =
                timers.iter().map(|timer| Watch::new(timer.clone()).go_on(service, &pool, &clock, &stop));
            let _ = lead.keep(join_all(all)).await;
            lead.leave().await;
        }
    })
}

/// A timer at work.
pub struct Watch {
    timer: Timer,
    left: Left,
}

/// What one look came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    pub fired: usize,
    /// Of these, those that are due still, at the same instant.
    pub stuck: usize,
}

impl Watch {
    pub fn new(timer: Timer) -> Self {
        Self { timer, left: Left::default() }
    }

    async fn go_on(mut self, service: &str, pool: &PgPool, clock: &Clock, stop: &Shutdown) {
        let timer = (self.timer.kind, self.timer.name);
        while let Some(looked) = stop.unless(self.look(pool, clock)).await {
            let looked = looked.unwrap_or_else(|error| {
                tracing::warn!(service, ?timer, %error, "cannot look for what is due");
                Looked::default()
            });
            // There is more, and it gets on.
            let drains = looked.fired >= BATCH && looked.stuck < looked.fired && !self.left.is_full();
            if !drains && stop.unless(next_look(clock)).await.is_none() {
                return;
            }
        }
    }

    /// Fires what is due now and not left alone, from both ends.
    ///
    /// # Errors
    /// The database is away.
    pub async fn look(&mut self, pool: &PgPool, clock: &Clock) -> Result<Looked, sqlx::Error> {
        if clock.holds_timers() {
            return Ok(Looked::default());
        }
        let now = clock.now();
        self.left.tidy(now);
        let mut due = self.timer.due(pool, now, BATCH + self.left.len()).await?;
        due.retain(|(at, id)| !self.left.rests(*id, *at, now));
        if due.len() > 2 * BATCH {
            due.drain(BATCH..due.len() - BATCH);
        }
        if due.is_empty() {
            return Ok(Looked::default());
        }
        let ids: Vec<Uuid> = due.iter().map(|(_, id)| *id).collect();
        let failed = (self.timer.fire)(ids.clone()).await;
        let still: HashSet<Due> = self.timer.due_of(pool, &ids, now).await?.into_iter().collect();
        let (stuck, moved): (Vec<Due>, Vec<Due>) = due.iter().partition(|due| still.contains(due));
        moved.iter().for_each(|(_, id)| self.left.forget(*id));
        stuck.iter().for_each(|(at, id)| self.left.leave(*id, *at, now));
        self.tell(&stuck, &failed);
        Ok(Looked { fired: due.len(), stuck: stuck.len() })
    }

    /// One line for all, with one of the reasons.
    fn tell(&self, stuck: &[Due], failed: &[(Uuid, String)]) {
        let Some((due, id)) = stuck.first() else { return };
        let Timer { kind, name, .. } = self.timer;
        let (stuck, left) = (stuck.len(), self.left.len());
        let (id, why) = failed.first().map_or((*id, "nothing came of it"), |(id, why)| (*id, why.as_str()));
        tracing::warn!(kind, timer = name, stuck, left, %due, %id, why, "fired, and due still: left alone for a while");
    }
}

/// On this clock or by real time: a clock that stands still must not hide what became due without its moving.
async fn next_look(clock: &Clock) {
    tokio::select! {
        () = clock.sleep_until(clock.now() + POLL) => {}
        () = tokio::time::sleep(POLL) => {}
    }
}
