//! Sheets with a row for each unit, area or category, and a column for each count and rate that any of them has.

use super::book::{Head, Table, Value, heads};
use crate::{Count, Rate, Report, Row, say};

/// Columns of a sheet, of counts and of rates.
const COLUMNS: usize = 200;

/// The figures that rows have.
struct Figures<'a> {
    counts: Vec<&'a Count>,
    rates: Vec<&'a Rate>,
}

impl<'a> Figures<'a> {
    fn of<'r>(report: &'a Report, rows: impl Iterator<Item = &'r Row> + Clone) -> Self {
        let counts = report.counts.iter();
        let rates = report.rates.iter();
        Self {
            counts: counts
                .filter(|it| rows.clone().any(|row| row.counts.contains_key(&it.code)))
                .take(COLUMNS)
                .collect(),
            rates: rates
                .filter(|it| rows.clone().any(|row| row.rates.contains_key(&it.code)))
                .take(COLUMNS)
                .collect(),
        }
    }

    fn heads(&self) -> impl Iterator<Item = Head<'a>> {
        let counts = self.counts.iter().map(|it| say::name(&it.code, &it.name));
        let rates = self.rates.iter().map(|it| say::name(&it.code, &it.name));
        heads(counts.chain(rates)).into_iter()
    }

    fn values<'r>(&self, row: &'r Row) -> impl Iterator<Item = Value<'r>> {
        let counts = self.counts.iter().map(|it| Value::count(row.counts.get(&it.code).copied()));
        let rates = self.rates.iter().map(|it| Value::rate(it.measure, row.rates.get(&it.code).copied()));
        counts.chain(rates).collect::<Vec<_>>().into_iter()
    }
}

pub(super) fn units(report: &Report) -> Table<'_> {
    let figures = Figures::of(report, report.units.iter().map(|unit| &unit.row));
    let mut names = heads(["名次", "代码"]);
    names.push(Head { name: "单位", wide: true });
    let names = names.into_iter().chain(heads(["类型"])).chain(figures.heads()).chain(heads(["等次"]));
    let rows = report.units.iter().map(|unit| {
        let named = [
            Value::count(unit.rank.map(u64::from)),
            Value::Text(&unit.row.code),
            Value::Text(&unit.row.name),
            Value::Text(&unit.kind),
        ];
        named.into_iter().chain(figures.values(&unit.row)).chain([Value::Text(&unit.grade)]).collect()
    });
    Table { name: "单位", heads: names.collect(), rows: rows.collect() }
}

pub(super) fn areas(report: &Report) -> Table<'_> {
    table("区域", report, &report.areas)
}

pub(super) fn categories(report: &Report) -> Table<'_> {
    table("类别", report, &report.categories)
}

fn table<'a>(name: &'static str, report: &'a Report, rows: &'a [Row]) -> Table<'a> {
    let figures = Figures::of(report, rows.iter());
    let named = [Head { name: "代码", wide: false }, Head { name, wide: true }];
    let values = rows.iter().map(|row| {
        [Value::Text(&row.code), Value::Text(&row.name)].into_iter().chain(figures.values(row)).collect()
    });
    Table { name, heads: named.into_iter().chain(figures.heads()).collect(), rows: values.collect() }
}
