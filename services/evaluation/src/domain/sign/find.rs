//! Which signs a day shows, found in the figures of an area by category. Pure.
//!
//! Counts of a day are taken as Poisson's. Complaints come in bunches, more than Poisson knows, so a surge must also be more than any day of
//! its history, and twice what is usual.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashSet},
};

use chrono::{Days, NaiveDate};
use huying_terms::Tier;
use uuid::Uuid;

use super::{Seen, SignKind};
use crate::domain::figure::{
    Counts, Measure, Span,
    period::{Rows, month},
};

/// Days before the one that is looked at. A district of which less is known has no surges yet.
pub const HISTORY: u64 = 28;
/// Fewer cases on a day are no surge, fewer overdue no hot spot.
pub const FEWEST: i64 = 5;
/// A surge is so many times what is usual, or more.
const TIMES: f64 = 2.0;
/// And a day like it is as rare as this, or rarer.
const RARE: f64 = 1e-4;
/// Most signs of one kind that a day of a district raises: the largest numbers.
pub const MOST: usize = 100;
/// Most matters of a day that are looked at: those that the other days of its week may have told already, and as many as it may raise itself.
pub const MATTERS: usize = 7 * MOST;

/// One category in an area, as the figures have it at the end of a day.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    /// Opened, by day.
    opened: BTreeMap<NaiveDate, i64>,
    /// Whether any were opened in months that are read as a whole.
    before: bool,
    open: i64,
    overdue: i64,
}

/// A matter that somebody called about on a day, once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// The first request about it.
    pub request: Uuid,
    /// Of the last call.
    pub area: String,
    /// So far, the first with them.
    pub calls: i64,
}

/// The rows that are read for a day: whole months for what there is, and every day of the months that its history touches.
pub fn rows(day: NaiveDate) -> Rows {
    let last = month(begin(day));
    Rows { last, first: (last, last) }
}

/// The first day of a day's history.
fn begin(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(HISTORY)).unwrap_or(day)
}

impl Ledger {
    /// Takes one row of the figures.
    pub fn add(&mut self, (span, day): (Span, NaiveDate), counts: &Counts) {
        self.open += counts.get(Measure::Open);
        self.overdue += counts.get(Measure::OverdueOpen);
        let opened = counts.get(Measure::Opened);
        match span {
            Span::Month => self.before |= opened > 0,
            Span::Day => *self.opened.entry(day).or_default() += opened,
        }
    }

    /// Whether any were opened when a day's history begins, or before.
    pub fn reaches(&self, day: NaiveDate) -> bool {
        self.before || self.opened.range(..=begin(day)).any(|(_, opened)| *opened > 0)
    }

    fn on(&self, day: NaiveDate) -> i64 {
        self.opened.get(&day).copied().unwrap_or_default()
    }

    /// How many were opened on a day and how many are usual, if that is a surge. Usual is the mean of the history or, where that is more,
    /// of the same weekday in it.
    pub fn surge(&self, day: NaiveDate) -> Option<(i64, f64)> {
        let before = (1..=HISTORY).filter_map(|days| day.checked_sub_days(Days::new(days)));
        let past: Vec<i64> = before.map(|day| self.on(day)).collect();
        let weekdays: Vec<i64> = past.iter().skip(6).step_by(7).copied().collect();
        let usual = mean(&past).max(mean(&weekdays));
        let number = self.on(day);
        let more = number >= FEWEST && past.iter().all(|other| number > *other);
        let far = number as f64 >= TIMES * usual && tail(number, usual.max(1.0 / HISTORY as f64)) <= RARE;
        (more && far).then_some((number, usual))
    }

    /// How many are overdue and how many are open, if that is a hot spot: as many as count, and half of what is open.
    pub fn ageing(&self) -> Option<(i64, i64)> {
        (self.overdue >= FEWEST && 2 * self.overdue >= self.open).then_some((self.overdue, self.open))
    }
}

fn mean(counts: &[i64]) -> f64 {
    counts.iter().sum::<i64>() as f64 / counts.len().max(1) as f64
}

/// How likely Poisson makes `number` or more where `usual` are. Of a number at least twice as large each term is half the one before.
pub fn tail(number: i64, usual: f64) -> f64 {
    let factorial: f64 = (1..=number).map(|it| (it as f64).ln()).sum();
    let mut term = (number as f64 * usual.ln() - usual - factorial).exp();
    let mut sum = 0.0;
    for next in number + 1..number + 65 {
        sum += term;
        term *= usual / next as f64;
    }
    sum
}

/// What a day shows in a district's areas, each by category, whether it was raised before or not: surges, then what piles up, the largest first.
/// Surges only where `known` says that the district's figures reach back far enough.
pub fn signs(
    (district, day, known): (&str, NaiveDate, bool),
    areas: &BTreeMap<String, BTreeMap<String, Ledger>>,
) -> Vec<Seen> {
    let mut found = Vec::new();
    for (area, categories) in areas {
        for (category, ledger) in categories {
            let seen = |kind, number, usual, open| Seen {
                kind,
                district: district.to_owned(),
                area: area.clone(),
                category: category.clone(),
                day,
                number,
                usual,
                open,
                request: None,
            };
            let surge = ledger.surge(day).filter(|_| known);
            found.extend(surge.map(|(number, usual)| seen(SignKind::Surge, number, Some(usual), None)));
            let ageing = ledger.ageing();
            found.extend(ageing.map(|(number, open)| seen(SignKind::Ageing, number, None, Some(open))));
        }
    }
    found.sort_by_key(|it| (it.kind != SignKind::Surge, Reverse(it.number)));
    found
}

/// What is to be raised of what a day shows: the first of each kind, at most [`MOST`] with those that the day has raised already. What `lately` holds is
/// left out before the rest is cut, else what lasts all week would hide what is a little smaller.
pub fn unraised<'a>(
    (day, mut found): (NaiveDate, Vec<Seen>),
    lately: impl IntoIterator<Item = &'a Seen>,
) -> Vec<Seen> {
    let (mut raised, mut of_day) = (HashSet::new(), BTreeMap::<&str, usize>::new());
    for seen in lately {
        raised.insert(seen.key());
        *of_day.entry(seen.kind.into()).or_default() += usize::from(seen.day == day);
    }
    found.retain(|seen| {
        // What piles up is counted in more than what came in a day, and must not hide it: so by kind.
        let of_day = of_day.entry(seen.kind.into()).or_default();
        let raise = *of_day < MOST && !raised.contains(&seen.key());
        *of_day += usize::from(raise);
        raise
    });
    found
}

/// What a day's calls repeat, as signs. A matter lies in the street of the last call about it, or somewhere in the district.
pub fn repeats((district, day): (&str, NaiveDate), matters: Vec<Matter>) -> Vec<Seen> {
    let seen = |Matter { request, area, calls }: Matter| Seen {
        kind: SignKind::Repeat,
        district: district.to_owned(),
        area: area.get(..Tier::Street.code_len()).unwrap_or(district).to_owned(),
        category: String::new(),
        day,
        number: calls,
        usual: None,
        open: None,
        request: Some(request),
    };
    matters.into_iter().map(seen).collect()
}
