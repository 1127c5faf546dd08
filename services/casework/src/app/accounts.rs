//! Counting the accounts (四账) every five minutes, by the leader of the timers. One look reads what the log has more since the last, the
//! cases that are worked on, and a page of all cases; see [`account`].

use std::sync::Arc;

use chrono::TimeDelta;
use futures::future::{BoxFuture, join_all};
use huying_chassis::{gauges::TableGauge, log::Log, timer::Timer};
use uuid::Uuid;

use super::App;
use crate::{domain::account, store::account as store};

/// Between counts, once all of the log is counted.
pub const EVERY: TimeDelta = TimeDelta::minutes(5);
/// Entries read at a time, and how many times in one look: what a new table of accounts has to catch up with is read look after look.
const ENTRIES: i64 = 2_000;
const TIMES: usize = 8;
/// Cases walked over at a time: a million takes a day.
const CASES: i64 = 4_000;

impl App {
    pub fn count_accounts(&self) -> Timer {
        let log = self.log.clone();
        let fire = move |ids: Vec<Uuid>| {
            let log = log.clone();
            let counted = async move {
                let count = async |id| (id, count(&log, id).await);
                let counted = join_all(ids.into_iter().map(count)).await;
                counted.into_iter().filter_map(|(id, done)| Some((id, done.err()?.to_string()))).collect()
            };
            Box::pin(counted) as BoxFuture<'static, Vec<(Uuid, String)>>
        };
        Timer::of_table("counted", "count_accounts", "due_at", Arc::new(fire))
    }

    pub fn table_gauges(&self) -> Vec<TableGauge> {
        vec![
            TableGauge {
                name: "huying_casework_accounts",
                help: "Cases entered, working and settled as counted last; entered is working and settled",
                labels: &["district", "account"],
                sql: store::TOLD,
            },
            TableGauge {
                name: "huying_casework_accounts_unbalanced",
                help: "Cases by which entered differs from working and settled, or which have a row without a log or a log without a row",
                labels: &["district"],
                sql: store::UNBALANCED,
            },
        ]
    }
}

/// As far as one look goes.
async fn count(log: &Log, id: Uuid) -> Result<(), sqlx::Error> {
    let pool = log.pool();
    for _ in 0..TIMES {
        let Some(from) = store::counted(pool, id, log.now()).await? else { break };
        let found = store::find(pool, from, (ENTRIES, CASES)).await?;
        let mut accounts = found.accounts;
        account::post(&mut accounts, &found.entries);
        let caught_up = (found.entries.len() as i64) < ENTRIES;
        let (mut to, now) = (store::Counted { at: found.at, ..from }, log.now());
        if caught_up {
            account::tell(&mut accounts, &found.entries, &found.working);
            let last = (found.walked.len() as i64) < CASES;
            account::walk(&mut accounts, &found.astray, last);
            to.walked = found.walked.last().copied().filter(|_| !last).unwrap_or_default();
        }
        let due_at = if caught_up { now + EVERY } else { now };
        store::keep(pool, id, (from, to), due_at, &accounts).await?;
    }
    Ok(())
}
