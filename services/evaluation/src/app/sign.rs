//! Early signs: once a day of its own each district's figures are looked at, and what they show is raised. Nothing here reads a case.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;
use futures::future::BoxFuture;
use huying_chassis::{
    id,
    log::{Draft, Meta, Versioned},
    status::Problem,
    timer::Timer,
};
use huying_terms::worktime;
use uuid::Uuid;

use super::App;
use crate::{
    NAME,
    domain::{
        figure::{By, has_categories},
        sign::{
            Seen, Sign, SignChange,
            find::{self, Ledger},
        },
        wanted::Placed,
    },
    store::figure,
};

/// How long after midnight a day is looked at: what happened on it has come by then.
const LATE: Duration = Duration::hours(1);
/// What one week can raise of a district, three kinds of sign on each day, with a day to spare: among these is whatever would be raised twice.
const LATELY: i64 = 8 * 3 * find::MOST as i64;

impl App {
    /// Looks for signs, in each district once a day.
    pub fn watching(&self) -> Timer {
        let app = self.clone();
        let fire = move |watches: Vec<Uuid>| {
            let app = app.clone();
            Box::pin(async move {
                let mut failed = Vec::new();
                for watch in watches {
                    let looked = Box::pin(app.look_for_signs(watch)).await;
                    failed.extend(looked.err().map(|problem| (watch, problem.to_string())));
                }
                failed
            }) as BoxFuture<'static, Vec<(Uuid, String)>>
        };
        Timer::of_table("sign_watch", "look_for_signs", "look_at", Arc::new(fire))
    }

    /// Looks at yesterday once all of it is counted, raises what it shows, and comes again tomorrow. Until then nothing moves.
    async fn look_for_signs(&self, watch: Uuid) -> Result<(), Problem> {
        let Some(district) = self.store.watched(watch).await? else { return Ok(()) };
        let zone = self.zone(&district).await;
        let (today, tomorrow) = self.days(zone);
        if self.count().await? >= worktime::begins(zone, today) {
            let yesterday = today.pred_opt().unwrap_or(today);
            self.raise(&district, yesterday, zone).await?;
            self.store.look_again(watch, worktime::begins(zone, tomorrow) + LATE).await?;
        }
        Ok(())
    }

    async fn raise(&self, district: &str, day: NaiveDate, zone: Tz) -> Result<(), Problem> {
        let areas = self.ledgers(district, day).await?;
        let known = areas.get(district).is_some_and(|all| all.values().any(|ledger| ledger.reaches(day)));
        let mut found = find::signs((district, day, known), &areas);
        let whole = (worktime::begins(zone, day), worktime::begins(zone, day.succ_opt().unwrap_or(day)));
        found.extend(find::repeats((district, day), self.store.repeated(district, whole).await?));
        if found.is_empty() {
            return Ok(());
        }
        let within = Placed { district: district.to_owned(), area: district.to_owned() };
        let lately = self.store.signs(&within, None, LATELY).await?;
        let unraised = find::unraised((day, found), lately.iter().map(|it| &it.it.seen));
        let now = self.log.now();
        let drafts = unraised.into_iter().map(|seen| draft(seen, now)).collect::<Result<Vec<_>, _>>()?;
        let drafts: Vec<Draft> = drafts.into_iter().flatten().collect();
        if drafts.is_empty() {
            return Ok(());
        }
        tracing::info!(district, %day, signs = drafts.len(), "early signs");
        Ok(self.log.append(drafts.into()).await?)
    }

    /// What the figures say of each category at the end of a day, in the district and in each area next below it, one area at a time.
    async fn ledgers(
        &self,
        district: &str,
        day: NaiveDate,
    ) -> Result<BTreeMap<String, BTreeMap<String, Ledger>>, Problem> {
        let mut areas = figure::areas(self.log.pool(), district, district).await?;
        areas.retain(|area| has_categories(district, area));
        areas.push(district.to_owned());
        let (rows, to) = (find::rows(day), day.succ_opt().unwrap_or(day));
        let mut ledgers = BTreeMap::new();
        for area in areas {
            let scopes = std::slice::from_ref(&area);
            let wanted = figure::Wanted { district, by: By::Category, scopes, key: "", rows, to };
            let categories: &mut BTreeMap<String, Ledger> = ledgers.entry(area.clone()).or_default();
            for line in figure::read(self.log.pool(), &wanted).await? {
                let when = (line.span, line.day);
                categories.entry(line.key.clone()).or_default().add(when, &line.counts());
            }
        }
        Ok(ledgers)
    }

    /// Signs, the newest first.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any figure; the store is away.
    pub async fn signs(
        &self,
        within: &Placed,
        after: Option<Uuid>,
        size: i64,
    ) -> Result<Vec<Versioned<Sign>>, Problem> {
        let page = self.store.signs(within, after, size).await?;
        let nothing = page.is_empty() && after.is_none();
        if nothing && !figure::exists(self.log.pool(), &within.district).await? {
            self.require_district(&within.district).await?;
        }
        Ok(page)
    }
}

fn draft(seen: Seen, now: DateTime<Utc>) -> Result<Option<Draft>, Problem> {
    let changes = [SignChange::Raised(Box::new(seen))];
    let drafted = Draft::new::<Sign>(id::new(), &changes, &Meta::of_service(NAME), now)?;
    Ok(drafted.map(|(draft, _)| draft))
}
