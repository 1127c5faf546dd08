//! Looking up: one case, lists, a case's history.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use huying_chassis::{
    log::{Aggregate as _, Entry, Versioned, not_found, read::entries_of},
    status::Problem,
};
use huying_terms::Tz;
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        Approval, Approvals, By, Case, Cases, Dispatch, Dispatches, Page, Period, Place, Ruled as _, Sight,
        dispatch::tally::DispatchCounts,
    },
    store::{self, tally::CountedTo},
};

/// Most dispatches, or cases, that an answer counts.
pub const COUNTED: usize = store::path::COUNT;

/// How a case is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CaseName {
    Id(Uuid),
    Number(String),
}

impl fmt::Display for CaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => id.fmt(f),
            Self::Number(number) => number.fmt(f),
        }
    }
}

impl App {
    /// A case, and how much of it is seen. What is out of reach is answered as what is not there.
    pub async fn case(&self, name: &CaseName, by: &By) -> Result<(Versioned<Case>, Sight), Problem> {
        let case = match name {
            CaseName::Id(id) => self.log.load::<Case>(*id).await?,
            CaseName::Number(number) => store::case::by_number(self.log.pool(), number).await?,
        };
        let sight = match case.as_ref().and_then(|case| case.it.sight(by)) {
            Some(sight) => Some(sight),
            // Whoever works on its requests sees where they came from.
            None => {
                let into = case.as_ref().and_then(|case| case.it.case());
                self.holds(into, by).await?.then_some(Sight::Whole)
            }
        };
        case.zip(sight).ok_or_else(|| not_found(Case::KIND, name))
    }

    /// Whether somebody holds a case. Where there is none one is looked for all the same: what is not there is found out by as many look-ups
    /// as what is out of reach, and in no other time.
    async fn holds(&self, case: Option<Uuid>, by: &By) -> Result<bool, Problem> {
        let found = self.log.load::<Case>(case.unwrap_or_default()).await?;
        Ok(found.is_some_and(|case| case.it.is_held(by)))
    }

    /// A dispatch, likewise: whoever holds its case reaches it too.
    pub async fn dispatch(&self, id: Uuid, by: &By) -> Result<Versioned<Dispatch>, Problem> {
        let dispatch = self.log.load::<Dispatch>(id).await?;
        let reached = dispatch.as_ref().is_some_and(|dispatch| dispatch.it.is_reached(by))
            || self.holds(dispatch.as_ref().map(|dispatch| dispatch.it.case), by).await?;
        dispatch.filter(|_| reached).ok_or_else(|| not_found(Dispatch::KIND, id))
    }

    /// The dispatches of a case, in the order called.
    pub async fn called(&self, case: &Case) -> Result<Vec<Versioned<Dispatch>>, Problem> {
        Ok(self.log.load_all::<Dispatch>(&case.called()).await?)
    }

    /// An approval, likewise.
    pub async fn approval(&self, id: Uuid, by: &By) -> Result<Versioned<Approval>, Problem> {
        let approval = self.log.load::<Approval>(id).await?.filter(|approval| approval.it.is_reached(by));
        approval.ok_or_else(|| not_found(Approval::KIND, id))
    }

    pub async fn approvals(
        &self,
        approvals: &Approvals,
        after: Option<Place>,
        size: i64,
    ) -> Result<Page<Versioned<Approval>>, Problem> {
        Ok(store::approval::list(self.log.pool(), approvals, after, size).await?)
    }

    pub async fn cases(
        &self,
        cases: &Cases,
        after: Option<Place>,
        size: i64,
    ) -> Result<Page<Versioned<Case>>, Problem> {
        Ok(store::case::list(self.log.pool(), cases, after, size).await?)
    }

    /// How many cases of an area became supervised items in a year of its district's zone.
    pub async fn supervised(&self, district: &str, area: &str, year: i32) -> Result<i64, Problem> {
        let zone = self.profile(district).await?.calendar.zone;
        let begins = |year| first_instant(year, zone);
        let span = (begins(year), begins(year + 1));
        Ok(store::case::supervised_between(self.log.pool(), (district, area), span).await?)
    }

    pub async fn dispatches(
        &self,
        dispatches: &Dispatches,
        after: Option<Place>,
        size: i64,
    ) -> Result<Page<Versioned<Dispatch>>, Problem> {
        Ok(store::dispatch::list(self.log.pool(), dispatches, after, size).await?)
    }

    /// How units answered and called in a period, in so many dispatches at most; and where the next ones begin.
    pub async fn count_dispatches(
        &self,
        period: &Period,
        after: Option<CountedTo>,
        most: usize,
    ) -> Result<(DispatchCounts, Option<CountedTo>), Problem> {
        Ok(store::tally::count(self.log.pool(), period, after, most).await?)
    }

    pub async fn history(&self, id: Uuid, from: i64, size: i64) -> Result<Vec<Entry>, Problem> {
        Ok(entries_of(self.log.pool(), id, from, size).await?)
    }
}

/// When a year begins; where its first midnight is none, by that of UTC.
fn first_instant(year: i32, zone: Tz) -> DateTime<Utc> {
    let midnight = NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(NaiveTime::MIN);
    let local = zone.from_local_datetime(&midnight).earliest();
    local.map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}
