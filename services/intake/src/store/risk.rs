//! Finding entries of the ledger of conflicts and hidden dangers, and counting them.

use chrono::{DateTime, Utc};
use huying_chassis::{db::asked, log::Versioned};
use sqlx::PgPool;

use super::{
    counted::{self, counting},
    newest::{self, Lists, by_lead, newest},
};
use crate::domain::{
    counted::{Count, Counted},
    risk::{Risk, RiskState},
    wanted::{Cursor, Newest, Placed, Walk},
};

macro_rules! listed {
    ($lead:literal) => {
        newest!("id, version, shape, hash, body", "risk", "opened_at", " and state = $8", $lead)
    };
}

pub(super) const LISTS: Lists = by_lead!(listed);
pub(crate) const COUNT: &str = counting!("risk", "state", "state = 'settled'");

/// Those that are open, or those that are settled; the newest first.
pub async fn list(
    pool: &PgPool,
    wanted: &Newest,
    settled: bool,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Versioned<Risk>>, sqlx::Error> {
    let (sql, [one, two, three]) = LISTS.led(wanted);
    let (at, id) = newest::after(wanted, after);
    let state = if settled { RiskState::Settled } else { RiskState::Open };
    let query = sqlx::query_as(sql).bind(one).bind(two).bind(three).bind(at).bind(id);
    query.bind(DateTime::<Utc>::UNIX_EPOCH).bind(limit).bind(state.name()).fetch_all(asked(pool)).await
}

/// How many there are, and how many of them are settled.
pub async fn count(
    pool: &PgPool,
    placed: &Placed,
    after: Option<Walk>,
) -> Result<Counted<Count, Walk>, sqlx::Error> {
    counted::count(pool, COUNT, placed, after, |query| query).await
}
