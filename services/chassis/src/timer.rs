//! Timers: what is due is fired as a command through the same decide as everything else. The earliest unfired instant of an
//! aggregate is its `due_at` column. One replica fires; should two, the version refuses the second. While it is not sure what time it
//! is, none fires.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use futures::{StreamExt, future::BoxFuture, stream};
use sqlx::{AssertSqlSafe, PgPool};
use uuid::Uuid;

use crate::{
    clock::Clock,
    db::asked,
    leader::{Lead, Leading},
    shutdown::Shutdown,
};

/// How many are fired in one look, and how many of these at once.
const BATCH: i64 = 256;
const AT_ONCE: usize = 32;
/// Between looks.
const POLL: Duration = Duration::from_millis(500);

/// Fires one aggregate's due timer at an instant.
pub type Fire = Arc<dyn Fn(Uuid, DateTime<Utc>) -> BoxFuture<'static, anyhow::Result<()>> + Send + Sync>;

/// A kind of aggregate whose table has a `due_at` column.
#[derive(Clone)]
pub struct Timer {
    pub kind: &'static str,
    pub fire: Fire,
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
            while lead.holds().await {
                // A look at much takes longer than the lease.
                if lead.keep(look(service, &timers, &pool, &clock)).await.is_none() {
                    break;
                }
                if stop.unless(next_look(&clock)).await.is_none() {
                    break;
                }
            }
            lead.leave().await;
        }
    })
}

/// One look at all that is due now, which is fired.
pub async fn look(service: &'static str, timers: &[Timer], pool: &PgPool, clock: &Clock) {
    if clock.holds_timers() {
        return;
    }
    for timer in timers {
        if let Err(error) = fire_due(timer, pool, clock.now()).await {
            tracing::warn!(service, kind = timer.kind, %error, "cannot look for what is due");
        }
    }
}

/// On this clock or by real time: a clock that stands still must not hide what became due without its moving.
async fn next_look(clock: &Clock) {
    tokio::select! {
        () = clock.sleep_until(clock.now() + POLL) => {}
        () = tokio::time::sleep(POLL) => {}
    }
}

/// One look at all that is due, page by page. What failed, or is due still, waits for the next look: it must not hold up the others.
async fn fire_due(timer: &Timer, pool: &PgPool, now: DateTime<Utc>) -> Result<(), sqlx::Error> {
    let sql = format!(
        "select due_at, id from \"{}\" where due_at <= $1 and ($2::timestamptz is null or (due_at, id) > ($2, $3)) order by due_at, id limit $4",
        timer.kind
    );
    let mut after: Option<(DateTime<Utc>, Uuid)> = None;
    loop {
        let (due_at, id) = after.unzip();
        let page = sqlx::query_as(AssertSqlSafe(sql.as_str())).bind(now).bind(due_at).bind(id).bind(BATCH);
        let due: Vec<(DateTime<Utc>, Uuid)> = page.fetch_all(asked(pool)).await?;
        stream::iter(&due).for_each_concurrent(AT_ONCE, |(_, id)| fire(timer, *id, now)).await;
        if (due.len() as i64) < BATCH {
            return Ok(());
        }
        after = due.last().copied();
    }
}

async fn fire(timer: &Timer, id: Uuid, now: DateTime<Utc>) {
    if let Err(error) = (timer.fire)(id, now).await {
        tracing::warn!(kind = timer.kind, %id, error = format!("{error:#}"), "a timer did not fire");
    }
}
