//! One long table: a row for each value, so that any of it can be filtered and pivoted.
//!
//! | column | |
//! |---|---|
//! | `figure`, `name` | what it is: a code of the report's counts and rates, or one of this file (`rank`, `grade`, `received`, `open`, `settled`, `own`, `own_rate`, `people`, `cases`); and its name |
//! | `by` | what it is told of: `total`, `unit`, `area`, `category`, `area_category`, `tier`, `age`, `issue`, `issue_step` (ranked by people), `topic`, `topic_step` (ranked by cases), or `day`, `week`, `month` |
//! | `key`, `key2` | which of these: a code, an issue's rank, the first day of a point; `key2` is the category of `area_category` and the step (from 1, the oldest) of `issue_step` and `topic_step` |
//! | `label` | its name |
//! | `period` | `now`, `before` (上期), `last_year` (去年同期) |
//! | `value` | a plain number, but of `grade`; empty where there is none |
//! | `unit` | `件` or as the count says, `share` and `score` (0 to 1), `days`, `人`; empty for `rank` and `grade` |
//! | `numerator`, `denominator` | of a rate in all |
//!
//! What nobody asked for, as tiers of a street, has no rows.
//!
//! UTF-8 with its mark, lines end as spreadsheets want it, and text that one would take for a formula stands behind an apostrophe.

use huying_words::csv_cell;
use serde::Serialize;

use crate::{Count, Issue, Measure, Number, Rate, Report, Row, Step, Tier, Unit, Unwritable, say};

/// In the order of a [`Fact`].
const COLUMNS: [&str; 11] =
    ["figure", "name", "by", "key", "key2", "label", "period", "value", "unit", "numerator", "denominator"];

/// A row.
#[derive(Default, Serialize)]
struct Fact {
    figure: String,
    name: String,
    by: &'static str,
    key: String,
    key2: String,
    label: String,
    period: &'static str,
    value: String,
    unit: String,
    numerator: String,
    denominator: String,
}

/// What a fact is told of.
struct Of<'a> {
    by: &'static str,
    key: &'a str,
    label: &'a str,
}

/// All of a report as one table.
///
/// # Errors
/// None is known.
pub fn csv(report: &Report) -> Result<Vec<u8>, Unwritable> {
    let mark = "\u{feff}".as_bytes().to_vec();
    let mut csv =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).has_headers(false).from_writer(mark);
    csv.write_record(COLUMNS)?;
    for fact in facts(report) {
        csv.serialize(fact)?;
    }
    csv.into_inner().map_err(|error| Unwritable::Csv(error.into_error().into()))
}

fn facts(report: &Report) -> Vec<Fact> {
    let total = Of { by: "total", key: &report.area.code, label: report.area.said() };
    let mut facts: Vec<Fact> = report.counts.iter().flat_map(|count| of_count(&total, count)).collect();
    facts.extend(report.rates.iter().flat_map(|rate| of_rate(&total, rate)));
    facts.extend(grade(&total, &report.grade));
    facts.extend(over_time(report));
    facts.extend(report.tiers.iter().flatten().flat_map(tier));
    facts.extend(report.units.iter().flat_map(|unit| of_unit(report, unit)));
    facts.extend(report.areas.iter().flat_map(|row| of_row(report, "area", row)));
    facts.extend(report.categories.iter().flat_map(|row| of_row(report, "category", row)));
    facts.extend(heat(report));
    facts.extend(report.ages.iter().map(|age| {
        let of = Of { by: "age", key: &age.code, label: say::name(&age.code, &age.name) };
        fact(&of, ("overdue_open", "逾期未结"), age.count.to_string(), "件")
    }));
    facts.extend(report.issues.iter().flat_map(issue));
    facts
}

/// A fact of this period.
fn fact(of: &Of<'_>, (figure, name): (&str, &str), value: String, unit: &str) -> Fact {
    Fact {
        figure: csv_cell(figure).into_owned(),
        name: csv_cell(say::name(figure, name)).into_owned(),
        by: of.by,
        key: csv_cell(of.key).into_owned(),
        label: csv_cell(of.label).into_owned(),
        period: "now",
        value: csv_cell(&value).into_owned(),
        unit: csv_cell(unit).into_owned(),
        ..Fact::default()
    }
}

/// −1.5 is a number and no formula.
fn number(fact: Fact, value: Option<Number>) -> Fact {
    Fact { value: plain(value), ..fact }
}

fn plain(value: Option<Number>) -> String {
    value.map_or(String::new(), |value| (value.get() + 0.0).to_string())
}

fn unit(measure: Measure) -> &'static str {
    match measure {
        Measure::Share => "share",
        Measure::Score => "score",
        Measure::Days => "days",
    }
}

fn of_count(of: &Of<'_>, count: &Count) -> Vec<Fact> {
    let told = [("now", Some(count.value)), ("before", count.before), ("last_year", count.last_year)];
    let facts = told.into_iter().filter_map(|(period, value)| {
        let fact = fact(of, (&count.code, &count.name), value?.to_string(), &count.unit);
        Some(Fact { period, ..fact })
    });
    facts.collect()
}

fn of_rate(of: &Of<'_>, rate: &Rate) -> Vec<Fact> {
    let empty = || fact(of, (&rate.code, &rate.name), String::new(), unit(rate.measure));
    let now = Fact {
        numerator: plain(rate.numerator),
        denominator: plain(rate.denominator),
        ..number(empty(), rate.value)
    };
    let then = [("before", rate.before), ("last_year", rate.last_year)];
    let then = then.into_iter().filter(|(_, value)| value.is_some());
    [now].into_iter().chain(then.map(|(period, value)| Fact { period, ..number(empty(), value) })).collect()
}

fn over_time(report: &Report) -> impl Iterator<Item = Fact> {
    let series = &report.series;
    let by = match series.step {
        Step::Day => "day",
        Step::Week => "week",
        Step::Month => "month",
    };
    series.lines.iter().flat_map(move |line| {
        let rate = report.rates.iter().find(|rate| rate.code == line.rate);
        let (name, unit) = rate.map_or(("", "share"), |rate| (rate.name.as_str(), unit(rate.measure)));
        series.starts.iter().zip(&line.values).map(move |(start, value)| {
            let of = Of { by, key: &start.to_string(), label: &say::point(series.step, *start) };
            number(fact(&of, (&line.rate, name), String::new(), unit), *value)
        })
    })
}

fn tier(tier: &Tier) -> [Fact; 5] {
    let of = Of { by: "tier", key: &tier.code, label: say::name(&tier.code, &tier.name) };
    [
        fact(&of, ("received", "经手"), tier.received.to_string(), "件"),
        fact(&of, ("open", "期末在办"), tier.open.to_string(), "件"),
        fact(&of, ("settled", "办结"), tier.settled.to_string(), "件"),
        fact(&of, ("own", "自办结"), tier.own.to_string(), "件"),
        number(fact(&of, ("own_rate", "自办结率"), String::new(), "share"), tier.own_rate),
    ]
}

/// The report's counts and rates that a row has, in their order.
fn of_row(report: &Report, by: &'static str, row: &Row) -> Vec<Fact> {
    let of = Of { by, key: &row.code, label: say::name(&row.code, &row.name) };
    let counts = report.counts.iter().filter_map(|count| {
        let value = row.counts.get(&count.code)?;
        Some(fact(&of, (&count.code, &count.name), value.to_string(), &count.unit))
    });
    let rates = report.rates.iter().filter_map(|rate| {
        let value = row.rates.get(&rate.code)?;
        let fact = fact(&of, (&rate.code, &rate.name), String::new(), unit(rate.measure));
        Some(number(fact, Some(*value)))
    });
    counts.chain(rates).collect()
}

fn of_unit(report: &Report, unit: &Unit) -> Vec<Fact> {
    let row = &unit.row;
    let of = Of { by: "unit", key: &row.code, label: say::name(&row.code, &row.name) };
    let rank = unit.rank.map(|rank| fact(&of, ("rank", "名次"), rank.to_string(), ""));
    of_row(report, "unit", row).into_iter().chain(rank).chain(grade(&of, &unit.grade)).collect()
}

fn grade(of: &Of<'_>, grade: &str) -> Option<Fact> {
    (!grade.is_empty()).then(|| fact(of, ("grade", "等次"), grade.to_owned(), ""))
}

fn heat(report: &Report) -> impl Iterator<Item = Fact> {
    let volume =
        report.counts.first().map_or(("submitted", "受理"), |it| (it.code.as_str(), it.name.as_str()));
    report.heat.iter().flatten().map(move |cell| {
        let name = |rows: &[Row], code: &str| {
            rows.iter()
                .find(|row| row.code == code)
                .map_or(code, |row| say::name(&row.code, &row.name))
                .to_owned()
        };
        let label =
            format!("{} · {}", name(&report.areas, &cell.area), name(&report.categories, &cell.category));
        let of = Of { by: "area_category", key: &cell.area, label: &label };
        let key2 = csv_cell(&cell.category).into_owned();
        Fact { key2, ..fact(&of, volume, cell.count.to_string(), "件") }
    })
}

/// Ranks by people and ranks by cases are of two lists, so they are told by two names.
fn issue(issue: &Issue) -> Vec<Fact> {
    let [by, by_step] =
        if issue.people.is_some() { ["issue", "issue_step"] } else { ["topic", "topic_step"] };
    let (rank, label) = (issue.rank.to_string(), format!("{} {}", issue.place, issue.words.join("、")));
    let of = |by| Of { by, key: &rank, label: label.trim() };
    let people = issue.people.map(|it| fact(&of(by), ("people", "人数"), it.to_string(), "人"));
    let cases = fact(&of(by), ("cases", "件数"), issue.cases.to_string(), "件");
    let mut facts: Vec<Fact> = people.into_iter().chain([cases]).collect();
    facts.extend((1_usize..).zip(&issue.trend).map(|(step, count)| Fact {
        key2: step.to_string(),
        ..fact(&of(by_step), ("cases", "件数"), count.to_string(), "件")
    }));
    facts
}
