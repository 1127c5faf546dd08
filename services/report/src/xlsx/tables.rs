//! The other sheets.

use super::book::{Head, Table, Value, heads};
use crate::{Count, Measure, Rate, Report, Row, say};

/// Columns of lines.
const LINES: usize = 200;

/// Counts and rates with what they are compared with, and their definitions.
pub(super) fn figures(report: &Report) -> Table<'_> {
    let mut names =
        heads(["代码", "指标", "单位", "本期", "分子", "分母", "上期", "环比", "去年同期", "同比"]);
    names.extend(["含义或分子口径", "分母口径", "剔除"].map(|name| Head { name, wide: true }));
    let rows = report.rates.iter().map(rate).chain(report.counts.iter().map(count)).collect();
    Table { name: "主要指标", heads: names, rows }
}

fn rate(rate: &Rate) -> Vec<Value<'_>> {
    let value = |it| Value::rate(rate.measure, it);
    let unit = match rate.measure {
        Measure::Share => "%",
        Measure::Score | Measure::Days => say::unit(rate.measure),
    };
    vec![
        Value::Text(&rate.code),
        Value::Text(&rate.name),
        Value::Text(unit),
        value(rate.value),
        Value::number(rate.numerator),
        Value::number(rate.denominator),
        value(rate.before),
        Value::change(rate.on_before()),
        value(rate.last_year),
        Value::change(rate.on_last_year()),
        Value::Text(&rate.definition.numerator),
        Value::Text(&rate.definition.denominator),
        Value::Text(&rate.definition.exclusions),
    ]
}

fn count(count: &Count) -> Vec<Value<'_>> {
    vec![
        Value::Text(&count.code),
        Value::Text(&count.name),
        Value::Text(&count.unit),
        Value::Count(count.value),
        Value::Nothing,
        Value::Nothing,
        Value::count(count.before),
        Value::change(count.on_before()),
        Value::count(count.last_year),
        Value::change(count.on_last_year()),
        Value::Text(&count.definition),
    ]
}

/// Every pair, each in its row.
pub(super) fn heat(report: &Report) -> Option<Table<'_>> {
    let name = |rows: &'_ [Row], code: &str| -> String {
        rows.iter().find(|row| row.code == code).map_or(String::new(), |row| row.name.clone())
    };
    let rows = report.heat.as_ref()?.iter().map(|cell| {
        vec![
            Value::Text(&cell.area),
            Value::Owned(name(&report.areas, &cell.area)),
            Value::Text(&cell.category),
            Value::Owned(name(&report.categories, &cell.category)),
            Value::Count(cell.count),
        ]
    });
    let heads = heads(["区域代码", "区域", "类别代码", "类别", "受理"]);
    Some(Table { name: "区域与类别", heads, rows: rows.collect() })
}

pub(super) fn tiers(report: &Report) -> Option<Table<'_>> {
    let rows = report.tiers.as_ref()?.iter().map(|tier| {
        vec![
            Value::Text(&tier.code),
            Value::Text(&tier.name),
            Value::Count(tier.received),
            Value::Count(tier.open),
            Value::Count(tier.settled),
            Value::Count(tier.own),
            Value::rate(Measure::Share, tier.own_rate),
        ]
    });
    let heads = heads(["代码", "层级", "经手", "期末在办", "办结", "自办结", "自办结率"]);
    Some(Table { name: "办结层级", heads, rows: rows.collect() })
}

/// A row for each point, a column for each rate.
pub(super) fn series(report: &Report) -> Table<'_> {
    let series = &report.series;
    let lines: Vec<_> = series.lines.iter().take(LINES).collect();
    let rates: Vec<_> =
        lines.iter().map(|line| report.rates.iter().find(|rate| rate.code == line.rate)).collect();
    let names = lines.iter().zip(&rates);
    let names = names.map(|(line, rate)| rate.map_or(line.rate.as_str(), |it| say::name(&it.code, &it.name)));
    let rows = series.starts.iter().enumerate().map(|(n, start)| {
        let values = lines.iter().zip(&rates).map(|(line, rate)| {
            let measure = rate.map_or(Measure::Share, |rate| rate.measure);
            Value::rate(measure, line.values.get(n).copied().flatten())
        });
        [Value::Day(*start)].into_iter().chain(values).collect()
    });
    let rows = rows.collect();
    Table { name: "指标走势", heads: heads(["起始日"].into_iter().chain(names)), rows }
}

pub(super) fn ages(report: &Report) -> Table<'_> {
    let rows = report
        .ages
        .iter()
        .map(|age| vec![Value::Text(&age.code), Value::Text(&age.name), Value::Count(age.count)]);
    Table { name: "逾期未结", heads: heads(["代码", "逾期时长", "件数"]), rows: rows.collect() }
}

pub(super) fn issues(report: &Report) -> Table<'_> {
    let mut names = heads(["名次", "排名依据"]);
    names.extend(["问题", "地点"].map(|name| Head { name, wide: true }));
    names.extend(heads(["人数", "件数", "首次", "最近"]));
    names.extend(["走势（由远及近）", "措施"].map(|name| Head { name, wide: true }));
    let rows = report.issues.iter().map(|issue| {
        let trend: Vec<_> = issue.trend.iter().map(u64::to_string).collect();
        vec![
            Value::Count(issue.rank.into()),
            Value::Text(if issue.people.is_some() { "人数" } else { "件数" }),
            Value::Owned(issue.words.join("、")),
            Value::Text(&issue.place),
            Value::count(issue.people),
            Value::Count(issue.cases),
            Value::day(issue.first),
            Value::day(issue.last),
            Value::Owned(trend.join(" ")),
            Value::Text(&issue.measures),
        ]
    });
    Table { name: "共性问题", heads: names, rows: rows.collect() }
}

/// What the workbook is about, and the notes.
pub(super) fn about(report: &Report) -> Table<'_> {
    let said = |name, value| vec![Value::Text(name), Value::Owned(value)];
    let compared = |period: Option<&_>| period.map_or(say::NONE.to_owned(), say::period);
    let mut rows = vec![
        said("报告", report.title.clone()),
        said("区域", report.area.said().to_owned()),
        said("所属", report.district.said().to_owned()),
        said("统计期", say::period(&report.period)),
        said("上期（环比）", compared(report.before.as_ref())),
        said("去年同期（同比）", compared(report.last_year.as_ref())),
        said("数据截至", say::instant(&report.as_of)),
    ];
    if !report.grade.is_empty() {
        rows.push(said("等次", report.grade.clone()));
    }
    rows.extend(report.notes.iter().map(|note| vec![Value::Text("说明"), Value::Text(note)]));
    let heads = vec![Head { name: "项目", wide: false }, Head { name: "内容", wide: true }];
    Table { name: "说明", heads, rows }
}
