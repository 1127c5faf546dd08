//! Numbers that people see: taken from the database a few at a time, more when many are needed. A quiet town counts without holes.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{NaiveDate, NaiveTime};
use huying_chassis::db::asked;
use huying_terms::Tz;
use sqlx::PgPool;
use tokio::sync::Mutex;

// On a day that the log came to another cluster, some numbers may have been given that this database knows nothing of. So it goes on far
// above them: at ten for each second of the day until then, which no district reaches.
pub(crate) const TAKE: &str = "
    with floor as (
        select coalesce(max(1 + 10 * extract(epoch from raised_at - $4)::bigint), 1) as first
          from epoch where number = (select max(number) from epoch) and raised_at >= $4 and raised_at < $4 + interval '1 day')
    insert into number as n (prefix, day, next) select $1, $2, first + $3 from floor
    on conflict (prefix, day) do update set next = greatest(n.next, (select first from floor)) + $3
    returning next - $3";

/// Most numbers taken at a time.
const MOST: i64 = 1024;
/// Numbers used up faster than this are taken in larger runs.
const FAST: Duration = Duration::from_secs(1);

struct Run {
    day: NaiveDate,
    next: i64,
    end: i64,
    size: i64,
    taken_at: Instant,
}

/// Gives out numbers. Cheap to clone.
#[derive(Clone)]
pub struct Numbers {
    pool: PgPool,
    runs: Arc<Mutex<HashMap<String, Run>>>,
}

impl Numbers {
    pub fn new(pool: PgPool) -> Self {
        Self { pool, runs: Arc::default() }
    }

    /// The next number of a prefix on a day in a zone, such as `JA-20261121-000123`.
    pub async fn next(&self, prefix: &str, (day, zone): (NaiveDate, Tz)) -> Result<String, sqlx::Error> {
        let mut runs = self.runs.lock().await;
        let run = match runs.remove(prefix) {
            Some(run) if run.day == day && run.next < run.end => run,
            used => self.take(prefix, (day, zone), used).await?,
        };
        let number = run.next;
        runs.insert(prefix.to_owned(), Run { next: number + 1, ..run });
        Ok(format!("{prefix}-{}-{number:06}", day.format("%Y%m%d")))
    }

    async fn take(
        &self,
        prefix: &str,
        (day, zone): (NaiveDate, Tz),
        used: Option<Run>,
    ) -> Result<Run, sqlx::Error> {
        let size = match used {
            Some(used) if used.taken_at.elapsed() < FAST => (used.size * 2).min(MOST),
            Some(_) | None => 1,
        };
        // A day that has no midnight begins when its first hour does.
        let begins = day.and_time(NaiveTime::MIN).and_local_timezone(zone).earliest();
        let first: i64 = sqlx::query_scalar(TAKE)
            .bind(prefix)
            .bind(day)
            .bind(size)
            .bind(begins.map_or_else(|| day.and_time(NaiveTime::MIN).and_utc(), |at| at.to_utc()))
            .fetch_one(asked(&self.pool))
            .await?;
        Ok(Run { day, next: first, end: first + size, size, taken_at: Instant::now() })
    }
}
