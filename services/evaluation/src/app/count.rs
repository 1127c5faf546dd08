//! Counting: what was heard of cases, the callbacks that ended and the ratings are added to the figures in steps of thousands.
//!
//! The leader of the timers counts as soon as there is something, and whoever is asked for figures counts first what nobody has yet. They take
//! turns, and what one has counted is not there for the next.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use futures::future::BoxFuture;
use huying_chassis::{log::Aggregate as _, status::Problem, timer::Timer};
use tonic::Code;
use uuid::Uuid;

use super::App;
use crate::{
    domain::{profile::EvaluationProfile, rating::Rating},
    store::{figure, rating},
};

/// What was heard, callbacks that ended, and ratings, counted in one step.
const MOST: i64 = 4_000;
/// After this long no further step begins: whoever asked is answered with what is counted by then. Below the shortest deadline that is usual.
const A_WHILE: Duration = Duration::from_secs(2);

/// So long a command tries to have all counted: within the ten seconds of a call that does not say how long it waits.
const PATIENT: Duration = Duration::from_secs(5);

impl App {
    /// Count what is not counted: of cases, of callbacks, and of ratings.
    pub fn counting(&self) -> [Timer; 3] {
        let timer = |table, due| {
            let app = self.clone();
            let fire = move |ids: Vec<Uuid>| {
                let app = app.clone();
                Box::pin(async move {
                    match app.count().await {
                        Ok(_) => Vec::new(),
                        Err(error) => ids.into_iter().map(|id| (id, error.to_string())).collect(),
                    }
                }) as BoxFuture<'static, Vec<(Uuid, String)>>
            };
            Timer::of_table(table, "count", due, Arc::new(fire))
        };
        [timer("heard", "at"), timer("callback", figure::UNCOUNTED), timer(Rating::KIND, rating::UNCOUNTED)]
    }

    /// Counts all that was known when it began, or as much as a while takes; what somebody else is counting for longer is not waited for.
    /// Until when all is counted.
    ///
    /// # Errors
    /// The database is away.
    pub async fn count(&self) -> Result<DateTime<Utc>, sqlx::Error> {
        let app = self.clone();
        let zones = move |district: String| {
            let app = app.clone();
            Box::pin(async move { app.zone(&district).await }) as BoxFuture<'static, Tz>
        };
        let began = Instant::now();
        while began.elapsed() < A_WHILE {
            let now = self.log.now();
            let Some(step) = figure::count(self.log.pool(), MOST, &zones).await? else { break };
            if step != figure::Step::default() {
                self.counted.send_replace(());
            }
            if step.heard.max(step.ended) < MOST as usize {
                return Ok(now);
            }
        }
        let oldest = figure::oldest(self.log.pool()).await?;
        Ok(oldest.unwrap_or_else(|| self.log.now()))
    }

    /// Counts all that was known when it began, for whoever must know cases as they are.
    ///
    /// # Errors
    /// `OVERLOADED`: it takes longer than five seconds; the store is away.
    pub(super) async fn catch_up(&self) -> Result<(), Problem> {
        let (known, began) = (self.log.now(), Instant::now());
        while began.elapsed() < PATIENT {
            if self.count().await? >= known {
                return Ok(());
            }
        }
        let words = "too much was heard at once and is not counted yet: try again";
        Err(Problem::new(Code::Unavailable, "OVERLOADED", words).retry_after(A_WHILE))
    }

    /// The zone of a district's days.
    pub(super) async fn zone(&self, district: &str) -> Tz {
        let profile = self.profile_or_default(district).await;
        let zone = |profile: &EvaluationProfile| profile.calendar.zone;
        profile.map_or_else(|_| zone(&EvaluationProfile::default_of(district)), |(profile, _)| zone(&profile))
    }

    /// Today in a zone, and the first day that has not begun: figures are told up to that at the latest, since what will be overdue later is counted
    /// already.
    pub(super) fn days(&self, zone: Tz) -> (NaiveDate, NaiveDate) {
        let today = self.now().with_timezone(&zone).date_naive();
        (today, today.succ_opt().unwrap_or(today))
    }
}
