//! When somebody is to be visited next: by the district's plans, and after what obliges a visit. A plan is its days of the month, so a visit each
//! month is due by the 31st, which is every month's last day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc, serde::ts_microseconds};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

use super::{ArchiveKind, Place};

/// Within how many days a visit is due after what obliges it, where the profile does not say. Our own setting.
const OBLIGED: u32 = 3;
/// Most plans of a district.
pub const PLANS: usize = 10;
/// Most dues of an archive.
pub const DUES: usize = 20;

/// 三必访: what obliges a visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, VariantArray)]
#[serde(rename_all = "snake_case")]
pub enum Obliging {
    MajorLabourDispute,
    SafetyAccident,
    MajorEventInvitation,
}

/// Why a visit is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueReason {
    Plan,
    Obliged(Obliging),
}

/// A visit that is due.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    pub reason: DueReason,
    /// The day of what obliges it; of a plan the day that it is due on.
    pub on: NaiveDate,
    /// A visit from then on settles it: when the day of what obliges it begins.
    #[serde(with = "ts_microseconds")]
    pub since: DateTime<Utc>,
    /// The end of the day that it is due on.
    #[serde(with = "ts_microseconds")]
    pub due_at: DateTime<Utc>,
    /// That it was missed is told.
    pub told: bool,
}

/// 走访计划: who is to be visited by which days of each month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub name: String,
    pub kind: ArchiveKind,
    /// Only 重点企业.
    pub key: bool,
    /// Days of the month, from 1; where a month has no such day, its last.
    pub days: BTreeSet<u32>,
}

/// 固定走访人员: who visits the grids of an area for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedVisitor {
    pub unit: String,
    /// As published; may be empty.
    pub officer: String,
}

/// When visits are due in a district, and who makes them.
#[derive(Clone, Debug)]
pub struct Plans {
    pub zone: Tz,
    /// The first that suits counts.
    pub plans: Vec<Plan>,
    /// Days after what obliges a visit.
    pub obliged: BTreeMap<Obliging, u32>,
    /// By area.
    pub visitors: BTreeMap<String, FixedVisitor>,
}

impl Obliging {
    pub const ALL: &[Self] = Self::VARIANTS;
}

impl Plan {
    fn suits(&self, place: &Place) -> bool {
        self.kind == place.kind && (place.key || !self.key)
    }

    /// The first of its days from a day on.
    fn from(&self, day: NaiveDate) -> Option<NaiveDate> {
        let month = |first: NaiveDate| {
            self.days.iter().filter_map(move |day| in_month(first, *day)).find(|it| *it >= day)
        };
        let first = day.with_day(1)?;
        month(first).or_else(|| month(first.checked_add_months(chrono::Months::new(1))?))
    }
}

/// A day of the month that begins with `first`; its last, where it has no such day.
fn in_month(first: NaiveDate, day: u32) -> Option<NaiveDate> {
    let last = first.checked_add_months(chrono::Months::new(1))?.pred_opt()?;
    last.with_day(day.min(last.day()))
}

impl Plans {
    /// Who visits an area for good: whoever is named for it, or else for the least area around it.
    pub fn visitor(&self, area: &str) -> Option<&FixedVisitor> {
        [15, 12, 9, 6].into_iter().find_map(|length| self.visitors.get(area.get(..length)?))
    }

    /// The local day of an instant.
    pub fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// When a day ends; one whose midnight is none ends with that of UTC.
    fn ends(&self, day: NaiveDate) -> DateTime<Utc> {
        let midnight = day.checked_add_days(Days::new(1)).unwrap_or(day).and_time(NaiveTime::MIN);
        let local = self.zone.from_local_datetime(&midnight).earliest();
        local.map_or_else(|| midnight.and_utc(), |at| at.to_utc())
    }

    fn due(&self, reason: DueReason, on: NaiveDate, day: NaiveDate) -> Due {
        let since = on.pred_opt().map_or(DateTime::<Utc>::UNIX_EPOCH, |before| self.ends(before));
        Due { reason, on, since, due_at: self.ends(day), told: false }
    }

    /// By which day somebody is to be visited who was never visited and is known since a day.
    pub fn first(&self, place: &Place, since: NaiveDate) -> Option<Due> {
        let plan = self.plans.iter().find(|plan| plan.suits(place))?;
        let day = plan.from(since)?;
        Some(self.due(DueReason::Plan, day, day))
    }

    /// By which day they are to be visited again: a visit counts for the plan's next day.
    pub fn next(&self, place: &Place, visited: NaiveDate) -> Option<Due> {
        let counts_for = self.first(place, visited)?.on;
        self.first(place, counts_for.succ_opt()?)
    }

    /// The visit that is due after something that happened on a day.
    pub fn obliged(&self, what: Obliging, on: NaiveDate) -> Due {
        let days = self.obliged.get(&what).copied().unwrap_or(OBLIGED);
        let day = on.checked_add_days(Days::new(days.into())).unwrap_or(on);
        self.due(DueReason::Obliged(what), on, day)
    }
}
