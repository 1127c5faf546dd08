//! What no rate counts, in the open: of each unit what was withdrawn, declined, merged or struck out, beside the share that this is where the profile has a
//! rate of it.

use super::{heads, name, nothing};
use crate::{
    Count, Number, Report, Row, bounds, fit,
    mark::{Tag, tag},
    say,
};

/// Columns.
const MOST: usize = 6;

pub(super) fn table(report: &Report) -> Tag {
    let counts: Vec<&Count> = report.counts.iter().filter(|count| count.left_out).take(MOST).collect();
    let all = |row: &Row| counts.iter().filter_map(|count| row.counts.get(&count.code)).fold(0, add);
    let mut rows: Vec<(&Row, u64)> = report.units.iter().map(|unit| (&unit.row, all(&unit.row))).collect();
    rows.retain(|(_, all)| *all > 0);
    // Whose there are most come first; of equals, as they stand.
    rows.sort_by_key(|(_, all)| std::cmp::Reverse(*all));
    if rows.is_empty() && counts.iter().all(|count| count.value == 0) {
        return nothing("本期没有不计入各率的件。");
    }
    let most = if rows.len() > bounds::LEFT_OUT { bounds::LEFT_OUT - 1 } else { rows.len() };
    let (shown, rest) = rows.split_at(most);
    let names = counts.iter().map(|it| ("n", fit::cut(say::name(&it.code, &it.name), bounds::HEAD)));
    let names: Vec<_> = std::iter::once(("", "单位".to_owned())).chain(names).collect();
    let shown = shown.iter().map(|(unit, _)| row(&counts, unit));
    tag("table")
        .class("left")
        .with(heads(names.iter().map(|(class, name)| (*class, name.as_str()))))
        .with(tag("tbody").with(whole(report, &counts)).all(shown).all(rest_of(&counts, rest)))
}

fn add(sum: u64, number: &u64) -> u64 {
    sum.saturating_add(*number)
}

/// The area itself.
fn whole(report: &Report, counts: &[&Count]) -> Tag {
    let share = |code: &str| report.rates.iter().find(|rate| rate.code == code).and_then(|rate| rate.value);
    tag("tr")
        .class("whole")
        .with(tag("td").text(super::area(report)).text(" 总体"))
        .all(counts.iter().map(|count| cell(count.value, share(&count.code))))
}

fn row(counts: &[&Count], row: &Row) -> Tag {
    let number = |code: &str| row.counts.get(code).copied().unwrap_or_default();
    let cells = counts.iter().map(|it| cell(number(&it.code), row.rates.get(&it.code).copied()));
    tag("tr").with(tag("td").text(name(&row.code, &row.name))).all(cells)
}

/// Those that there is no room for, in one row.
fn rest_of(counts: &[&Count], rows: &[(&Row, u64)]) -> Option<Tag> {
    let said = format!("{} {} 个单位（见表格文件）", bounds::REST, say::count(rows.len() as u64));
    let sum = |code: &str| rows.iter().filter_map(|(row, _)| row.counts.get(code)).fold(0, add);
    let cells = counts.iter().map(|it| cell(sum(&it.code), None));
    (!rows.is_empty()).then(|| tag("tr").with(tag("td").text(said)).all(cells))
}

/// 12 3.4%.
fn cell(number: u64, share: Option<Number>) -> Tag {
    let share = share.filter(|_| number > 0).map(|share| tag("small").text(say::percent(share.get())));
    tag("td").class("n").text(say::count(number)).all(share)
}
