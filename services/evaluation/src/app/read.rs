//! Looking: one callback, lists, rates.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use huying_chassis::{log::Versioned, status::Problem};
use huying_terms::worktime;
use uuid::Uuid;

use super::App;
use crate::{
    domain::{
        callback::Callback,
        figure::{
            By, Cells, Counts,
            board::{Board, Compared},
            period::Period,
            standing::{Rules, Standing},
        },
        wanted::{Cursor, Filter, Rates},
    },
    store::{
        figure::{self, Line},
        overdue::Later,
    },
};

/// What was counted, by key.
type Counted = BTreeMap<String, Counts>;

impl App {
    /// One callback.
    ///
    /// # Errors
    /// The store is away.
    pub async fn get(&self, id: Uuid) -> Result<Option<Versioned<Callback>>, Problem> {
        Ok(self.log.load(id).await?)
    }

    /// A page of callbacks, the earliest due first.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any callback; the store is away.
    pub async fn list(
        &self,
        filter: &Filter,
        after: Option<Cursor>,
        size: i64,
    ) -> Result<Vec<Versioned<Callback>>, Problem> {
        let page = self.store.list(filter, after, size).await?;
        if page.is_empty() && after.is_none() {
            self.require_district(&filter.district).await?;
        }
        Ok(page)
    }

    /// The rates of a period, with those of the times it is compared with.
    ///
    /// # Errors
    /// `UNKNOWN_DISTRICT` when there is neither a profile nor any figure; the store is away.
    pub async fn rates(&self, wanted: &Rates) -> Result<Board, Problem> {
        let counted_at = self.count().await?;
        self.board(wanted, counted_at).await
    }

    /// The same of what is counted already.
    ///
    /// # Errors
    /// As [`rates`](Self::rates).
    pub(super) async fn board(&self, wanted: &Rates, counted_at: DateTime<Utc>) -> Result<Board, Problem> {
        let (profile, _) = self.profile_or_default(&wanted.district).await?;
        let rules = profile.rules();
        let period = wanted.period;
        let areas = match wanted.by {
            Some(_) => Vec::new(),
            None => figure::areas(self.log.pool(), &wanted.district, &wanted.area).await?,
        };
        let now = self.counted(wanted, &areas, Some(period)).await?;
        self.require_counted(&wanted.district, &now.0).await?;
        let before = self.counted(wanted, &areas, period.before()).await?;
        let last_year = self.counted(wanted, &areas, period.last_year()).await?;
        let compare = |now: Standing| {
            let then = |(total, by_key): &(Counts, Counted)| {
                let counts = if now.key.is_empty() { Some(total) } else { by_key.get(&now.key) };
                rules.standing(now.key.clone(), counts.cloned().unwrap_or_default())
            };
            Compared { before: then(&before), last_year: then(&last_year), now }
        };
        Ok(Board {
            total: compare(rules.standing("", now.0.clone())),
            standings: rules.standings(now.1.clone()).into_iter().map(compare).collect(),
            rules: rules.clone(),
            counted_at,
        })
    }

    /// How all units of a district stand in a period by other rules, on the same counts or on others.
    ///
    /// # Errors
    /// The store is away.
    pub(super) async fn would_be(
        &self,
        wanted: &Rates,
        rules: &Rules,
        cells: Option<&Cells>,
    ) -> Result<Board, Problem> {
        let (total, by_key) = match cells {
            Some(cells) => {
                let (_, tomorrow) = self.days(self.zone(&wanted.district).await);
                of_cells(&wanted.district, wanted.period.until(tomorrow), cells)
            }
            None => self.counted(wanted, &[], Some(wanted.period)).await?,
        };
        let alone = |now: Standing| {
            let nothing = rules.standing(now.key.clone(), Counts::default());
            Compared { before: nothing.clone(), last_year: nothing, now }
        };
        Ok(Board {
            total: alone(rules.standing("", total)),
            standings: rules.standings(by_key).into_iter().map(alone).collect(),
            rules: rules.clone(),
            counted_at: self.now(),
        })
    }

    /// Whether a district of which this was counted is known at all.
    pub(super) async fn require_counted(&self, district: &str, counts: &Counts) -> Result<(), Problem> {
        if counts.is_nothing() && !figure::exists(self.log.pool(), district).await? {
            self.require_district(district).await?;
        }
        Ok(())
    }

    /// What was counted in a period, of one that is not over until now: in all, and by key, or by these areas where it is told by area.
    pub(super) async fn counted(
        &self,
        wanted: &Rates,
        areas: &[String],
        period: Option<Period>,
    ) -> Result<(Counts, Counted), Problem> {
        let Some(period) = period else { return Ok(Default::default()) };
        let zone = self.zone(&wanted.district).await;
        let (today, tomorrow) = self.days(zone);
        let period = period.until(tomorrow);
        let area = std::slice::from_ref(&wanted.area);
        // All of one unit is what there is of that unit.
        let whole = if wanted.unit.is_empty() { By::All } else { By::Unit };
        let (by, scopes) = wanted.by.map_or((whole, areas), |by| (by, area));
        let of = |by, scopes| {
            let (district, key) = (&*wanted.district, &*wanted.unit);
            figure::Wanted { district, by, scopes, key, rows: period.rows(), to: period.to }
        };
        let (whole, parts) = (of(whole, area), of(by, scopes));
        // The sums of a day have what falls due on it from its beginning on.
        let later = (period.to == tomorrow).then(|| Later {
            district: &wanted.district,
            area: &wanted.area,
            day: today,
            from: self.now(),
            to: worktime::begins(zone, tomorrow),
        });
        let read = figure::read_both(self.log.pool(), (&whole, &parts), later.as_ref());
        let (total, by_key, later) = Box::pin(read).await?;
        let total = sums((&whole, period), total, &later, |_, _| String::new());
        let by_area = wanted.by.is_none();
        let key = |scope: &str, key: &str| String::from(if by_area { scope } else { key });
        let by_key = sums((&parts, period), by_key, &later, key);
        Ok((total.into_values().next().unwrap_or_default(), by_key))
    }
}

/// The sums of some areas, with what is to be taken off, each under what `key` makes of its area and its key.
fn sums(
    (wanted, period): (&figure::Wanted<'_>, Period),
    lines: Vec<Line>,
    later: &Cells,
    key: impl Fn(&str, &str) -> String,
) -> Counted {
    let mut sums = Counted::new();
    for line in lines {
        let sum = sums.entry(key(&line.scope, &line.key)).or_default();
        period.add(sum, (line.span, line.day), &line.counts());
    }
    for (cell, counts) in later.iter().filter(|(cell, _)| wanted.holds(cell)) {
        let sum = sums.entry(key(&cell.scope, &cell.key)).or_default();
        period.add(sum, (cell.span, cell.day), counts);
    }
    sums.retain(|_, counts| !counts.is_nothing());
    sums
}

/// The sums of a district that rows make in a period, in all and by unit.
fn of_cells(district: &str, period: Period, cells: &Cells) -> (Counts, Counted) {
    let (mut total, mut by_key) = (Counts::default(), Counted::new());
    for (cell, counts) in cells.iter().filter(|(cell, _)| cell.scope == district) {
        match cell.by {
            By::All => period.add(&mut total, (cell.span, cell.day), counts),
            By::Unit => {
                period.add(by_key.entry(cell.key.clone()).or_default(), (cell.span, cell.day), counts);
            }
            By::Category | By::Tier | By::Channel => {}
        }
    }
    by_key.retain(|_, counts| !counts.is_nothing());
    (total, by_key)
}
