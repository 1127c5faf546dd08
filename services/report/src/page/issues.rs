//! The tables of common issues: those that are ranked by cases, and those that are ranked by people.

use super::{heads, nothing, number};
use crate::{
    Issue, Report, Step, bounds, fit,
    mark::{Tag, tag},
    plot, say,
};

const HEADS: [(&str, &str); 8] = [
    ("rank", "名次"),
    ("words", "问题"),
    ("place", "地点"),
    ("n", "人数"),
    ("n", "件数"),
    ("days", "起止"),
    ("trend", "走势"),
    ("measures", "措施"),
];

pub(super) fn table(report: &Report) -> Tag {
    if report.issues.is_empty() {
        return nothing("本报告没有列出共性问题。");
    }
    let (by_people, by_cases): (Vec<_>, Vec<_>) = report.issues.iter().partition(|it| it.people.is_some());
    tag("div")
        .all(list("按件数排名（未统计人数）：", &by_cases))
        .all(list("按人数排名（一人反映多次只计一人）：", &by_people))
}

fn list(ranked: &str, issues: &[&Issue]) -> Vec<Tag> {
    let (shown, rest) = issues.split_at(issues.len().min(bounds::ISSUES));
    if shown.is_empty() {
        return Vec::new();
    }
    let rows = shown.iter().map(|issue| row(issue));
    let table = tag("table").class("issues").with(heads(HEADS)).with(tag("tbody").all(rows));
    let rest = (!rest.is_empty())
        .then(|| nothing(&format!("另有 {} 个共性问题，见表格文件。", say::count(rest.len() as u64))));
    [nothing(ranked), table].into_iter().chain(rest).collect()
}

fn row(issue: &Issue) -> Tag {
    let words = issue.words.iter().take(bounds::WORDS).map(|word| fit::cut(word, bounds::NAME));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let trend = match plot::trend(&issue.trend) {
        Some(trend) => tag("td").with(trend),
        None => tag("td").text(say::NONE),
    };
    tag("tr")
        .with(tag("td").class("rank").text(issue.rank.to_string()))
        .with(whole(tag("td").class("words"), &fit::cut(&words.join("、"), bounds::HEADING), '、'))
        .with(whole(tag("td"), &fit::cut(&issue.place, bounds::NAME), ' '))
        .with(number(issue.people.map_or_else(|| say::NONE.to_owned(), say::count)))
        .with(number(say::count(issue.cases)))
        .with(tag("td").class("days").text(days(issue)))
        .with(trend)
        .with(tag("td").text(or_none(fit::cut(&issue.measures, bounds::HEADING))))
}

/// Text that is broken behind these rather than within what they part.
fn whole(cell: Tag, text: &str, part: char) -> Tag {
    if text.is_empty() {
        return cell.text(say::NONE);
    }
    text.split_inclusive(part).fold(cell, |cell, piece| {
        let rest = piece.strip_suffix(' ').unwrap_or(piece);
        let cell = cell.with(tag("span").text(rest));
        if rest == piece { cell } else { cell.text(" ") }
    })
}

fn days(issue: &Issue) -> String {
    let short = |day| say::point(Step::Day, day);
    match (issue.first, issue.last) {
        (Some(first), Some(last)) if first != last => {
            format!("{}–{}", short(first), short(last))
        }
        (Some(day), _) | (_, Some(day)) => short(day),
        (None, None) => say::NONE.to_owned(),
    }
}

fn or_none(text: String) -> String {
    if text.is_empty() { say::NONE.to_owned() } else { text }
}
