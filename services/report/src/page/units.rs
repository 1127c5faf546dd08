//! The table of units.

use std::collections::BTreeMap;

use super::{name, nothing, number};
use crate::{
    Count, Measure, Number, Rate, Report, Unit, bounds, fit,
    mark::{Tag, tag},
    plot, say,
};

/// What the table tells of each unit: figures that any of them has.
struct Columns<'a> {
    counts: Vec<&'a Count>,
    rates: Vec<&'a Rate>,
    score: Option<&'a Rate>,
}

impl<'a> Columns<'a> {
    fn of(report: &'a Report) -> Self {
        let rows = || report.units.iter().map(|unit| &unit.row);
        let counts =
            report.counts.iter().filter(|count| rows().any(|row| row.counts.contains_key(&count.code)));
        let mut rates =
            report.rates.iter().filter(|rate| rows().any(|row| row.rates.contains_key(&rate.code)));
        let score = rates.clone().find(|rate| rate.measure == Measure::Score);
        let others = rates.by_ref().filter(|rate| rate.measure != Measure::Score);
        Self {
            counts: counts.take(bounds::UNIT_COUNTS).collect(),
            rates: others.take(bounds::UNIT_RATES).collect(),
            score,
        }
    }

    fn heads(&self) -> Tag {
        let head = |code, name| fit::cut(say::name(code, name), bounds::HEAD);
        let counts = self.counts.iter().map(|it| ("n", head(&it.code, &it.name)));
        let rates = self.rates.iter().map(|it| ("n", head(&it.code, &it.name)));
        let score = self.score.iter().map(|it| ("score", head(&it.code, &it.name)));
        let fixed = |class, name: &str| (class, name.to_owned());
        let first = [fixed("rank", "名次"), fixed("unit", "单位")];
        let heads: Vec<_> = first
            .into_iter()
            .chain(counts)
            .chain(rates)
            .chain(score)
            .chain([fixed("grade", "等次")])
            .collect();
        super::heads(heads.iter().map(|(class, name)| (*class, name.as_str())))
    }

    /// The figures of a row, by their codes.
    fn cells(
        &self,
        count: impl Fn(&Count) -> Option<u64>,
        rate: impl Fn(&Rate) -> Option<Number>,
    ) -> Vec<Tag> {
        let none = || say::NONE.to_owned();
        let counts = self.counts.iter().map(|it| number(count(it).map_or_else(none, say::count)));
        let rates = self.rates.iter().map(|it| number(say::value(it.measure, rate(it))));
        let score = self.score.iter().map(|it| score(rate(it)));
        counts.chain(rates).chain(score).collect()
    }
}

pub(super) fn table(report: &Report) -> Tag {
    if report.units.is_empty() {
        return nothing("本期没有单位被评价。");
    }
    let columns = Columns::of(report);
    let mut ranks: BTreeMap<u32, usize> = BTreeMap::new();
    for rank in report.units.iter().filter_map(|unit| unit.rank) {
        *ranks.entry(rank).or_default() += 1;
    }
    let most = if report.units.len() > bounds::UNITS { bounds::UNITS - 1 } else { report.units.len() };
    let (shown, rest) = report.units.split_at(most);
    let is_tied = |unit: &Unit| unit.rank.is_some_and(|rank| ranks.get(&rank).is_some_and(|many| *many > 1));
    let rows = shown.iter().map(|unit| row(unit, &columns, is_tied(unit)));
    tag("table")
        .class("units")
        .with(columns.heads())
        .with(tag("tbody").with(whole(report, &columns)).all(rows).all(rest_of(rest, &columns)))
}

/// The area itself, to compare with.
fn whole(report: &Report, columns: &Columns<'_>) -> Tag {
    let cells = columns.cells(|count| Some(count.value), |rate| rate.value);
    tag("tr")
        .class("whole")
        .with(tag("td"))
        .with(tag("td").text(super::area(report)).text(" 总体"))
        .all(cells)
        .with(tag("td"))
}

fn row(unit: &Unit, columns: &Columns<'_>, is_tied: bool) -> Tag {
    let rank = match unit.rank {
        Some(rank) if is_tied => format!("并列 {rank}"),
        Some(rank) => rank.to_string(),
        None => say::NONE.to_owned(),
    };
    let row = &unit.row;
    let cells = columns.cells(|it| row.counts.get(&it.code).copied(), |it| row.rates.get(&it.code).copied());
    let grade = fit::cut(say::name(say::NONE, &unit.grade), bounds::SHORT);
    tag("tr")
        .with(tag("td").class("rank").text(rank))
        .with(
            tag("td")
                .text(name(&row.code, &row.name))
                .with(tag("small").text(format!(" {}", fit::cut(&unit.kind, bounds::SHORT)))),
        )
        .all(cells)
        .with(tag("td").class("grade").text(grade))
}

/// Those that there is no room for, in one row: counts add up, rates don't.
fn rest_of(units: &[Unit], columns: &Columns<'_>) -> Option<Tag> {
    if units.is_empty() {
        return None;
    }
    let sum = |count: &Count| {
        let counts = units.iter().filter_map(|unit| unit.row.counts.get(&count.code));
        Some(counts.fold(0_u64, |sum, count| sum.saturating_add(*count)))
    };
    let said = format!("{} {} 个单位（见表格文件）", bounds::REST, say::count(units.len() as u64));
    let cells = columns.cells(sum, |_| None);
    Some(tag("tr").with(tag("td")).with(tag("td").text(said)).all(cells).with(tag("td")))
}

/// A score with its bar.
fn score(value: Option<Number>) -> Tag {
    let cell = tag("td").class("score");
    match value {
        Some(value) => {
            cell.with(plot::bar(value.get())).with(tag("span").text(say::bare(Measure::Score, value)))
        }
        None => cell.with(tag("span").text(say::NONE)),
    }
}
