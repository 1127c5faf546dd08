//! Area × category, brought down to what a page can show: those with the most cases, and the rest in one.

use std::collections::HashMap;

use crate::{Report, Row, bounds, say};

/// Counts with their sums, as shown.
#[derive(Debug)]
pub struct Grid {
    pub areas: Vec<Head>,
    pub categories: Vec<Head>,
    /// A row for each area.
    pub counts: Vec<Vec<u64>>,
    pub all: u64,
    /// The largest of those that are not a rest.
    pub most: u64,
}

/// A row's or a column's name and sum.
#[derive(Debug)]
pub struct Head {
    pub name: String,
    pub sum: u64,
    /// How many it stands for, where it is a rest; otherwise 0.
    pub rest: usize,
}

impl Grid {
    /// `None` where nothing was counted, or nobody asked.
    pub fn of(report: &Report) -> Option<Self> {
        let cells = report.heat.iter().flatten().filter(|cell| cell.count > 0);
        let cells: Vec<_> =
            cells.map(|cell| (cell.area.as_str(), cell.category.as_str(), cell.count)).collect();
        let (areas, row) =
            heads(cells.iter().map(|(area, _, count)| (*area, *count)), &report.areas, bounds::AREAS);
        let (categories, column) =
            heads(cells.iter().map(|(_, it, count)| (*it, *count)), &report.categories, bounds::CATEGORIES);
        let mut counts = vec![vec![0_u64; categories.len()]; areas.len()];
        for (area, category, count) in &cells {
            let cell = &mut counts[row[area]][column[category]];
            *cell = cell.saturating_add(*count);
        }
        let named = counts.iter().zip(&areas).filter(|(_, head)| head.rest == 0);
        let named = named.flat_map(|(row, _)| row.iter().zip(&categories).filter(|(_, head)| head.rest == 0));
        let most = named.map(|(count, _)| *count).max().unwrap_or(0);
        let all = sum(cells.iter().map(|(_, _, count)| *count));
        (all > 0).then_some(Self { areas, categories, counts, all, most: most.max(1) })
    }
}

/// What is shown of one side, and where each code stands in it.
fn heads<'a>(
    cells: impl Iterator<Item = (&'a str, u64)>,
    rows: &[Row],
    most: usize,
) -> (Vec<Head>, HashMap<&'a str, usize>) {
    let mut sums: HashMap<&str, u64> = HashMap::new();
    for (code, count) in cells {
        let so_far = sums.entry(code).or_default();
        *so_far = so_far.saturating_add(count);
    }
    let mut sums: Vec<_> = sums.into_iter().collect();
    sums.sort_by(|(code, sum), (other, others)| others.cmp(sum).then(code.cmp(other)));
    let names: HashMap<_, _> = rows.iter().map(|row| (row.code.as_str(), row.name.as_str())).collect();
    let shown = if sums.len() > most { most - 1 } else { sums.len() };
    let places = sums.iter().enumerate().map(|(n, (code, _))| (*code, n.min(shown))).collect();
    let mut heads: Vec<Head> = sums[..shown]
        .iter()
        .map(|(code, sum)| Head {
            name: say::name(code, names.get(code).unwrap_or(&"")).to_owned(),
            sum: *sum,
            rest: 0,
        })
        .collect();
    let rest = &sums[shown..];
    if !rest.is_empty() {
        heads.push(Head {
            name: bounds::REST.to_owned(),
            sum: sum(rest.iter().map(|(_, sum)| *sum)),
            rest: rest.len(),
        });
    }
    (heads, places)
}

fn sum(counts: impl Iterator<Item = u64>) -> u64 {
    counts.fold(0, u64::saturating_add)
}
