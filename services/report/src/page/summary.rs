//! The report in a few sentences, for who reads nothing else.

use super::name;
use crate::{
    Change, Issue, Measure, Number, Report, Unit, bounds, fit,
    mark::{Tag, tag},
    say,
};

/// Of the rates, the three.
const RATES: usize = 3;

pub(super) fn words(report: &Report) -> Tag {
    let said =
        [figures(report), score(report), units(report), left_out(report), overdue(report), issue(report)];
    let said: Vec<String> = said.into_iter().flatten().collect();
    match said.is_empty() {
        true => tag("p").class("summary").text("本期没有可以汇报的数据。"),
        false => tag("p").class("summary").text(said.concat()),
    }
}

/// 本期受理3,412件，环比▼ −12.3%；响应率98.7%。
fn figures(report: &Report) -> Option<String> {
    let volume = report.counts.first().map(|count| {
        let compared = [("环比", count.on_before()), ("同比", count.on_last_year())]
            .map(|(of, change)| format!("，{of}{}", change.map_or("无可比".to_owned(), Change::told)));
        let (what, unit) = (name(&count.code, &count.name), fit::within(say::name("件", &count.unit), 4.0));
        format!("{what} {} {unit}{}", say::count(count.value), compared.concat())
    });
    let rates = report.rates.iter().take(RATES);
    let rates: Vec<_> = rates
        .map(|rate| format!("{} {}", name(&rate.code, &rate.name), say::value(rate.measure, rate.value)))
        .collect();
    let rates = (!rates.is_empty()).then(|| rates.join("，"));
    let said: Vec<_> = [volume, rates].into_iter().flatten().collect();
    (!said.is_empty()).then(|| format!("本期{}。", said.join("；")))
}

/// 综合得分 93.4分，等次为良好。
fn score(report: &Report) -> Option<String> {
    let score = report.rates.iter().find(|rate| rate.measure == Measure::Score && rate.value.is_some())?;
    let grade = fit::cut(&report.grade, bounds::SHORT);
    let grade = if grade.is_empty() { grade } else { format!("，等次为{grade}") };
    Some(format!("{} {}{grade}。", name(&score.code, &score.name), say::value(score.measure, score.value)))
}

/// 不计入各率的有撤回 57 件、不予受理 23 件。
fn left_out(report: &Report) -> Option<String> {
    let counts = report.counts.iter().filter(|count| count.left_out && count.value > 0).take(RATES + 1);
    let counts: Vec<_> = counts
        .map(|it| {
            let unit = fit::within(say::name("件", &it.unit), 4.0);
            format!("{} {} {unit}", name(&it.code, &it.name), say::count(it.value))
        })
        .collect();
    (!counts.is_empty()).then(|| format!("不计入各率的有{}。", counts.join("、")))
}

/// The best and the worst, where there are several and they differ.
fn units(report: &Report) -> Option<String> {
    let score = report.rates.iter().find(|rate| rate.measure == Measure::Score)?;
    let judged = report.units.iter().filter_map(|unit| Some((unit, *unit.row.rates.get(&score.code)?)));
    let by_score =
        |(_, one): &(&Unit, Number), (_, other): &(&Unit, Number)| one.get().total_cmp(&other.get());
    // Of equals, the first as they stand.
    let best = judged.clone().rev().max_by(by_score)?;
    let worst = judged.min_by(by_score)?;
    if best.1 == worst.1 {
        return None;
    }
    let said = |(unit, value): (&Unit, Number)| {
        let rank = unit.rank.map(|rank| format!("第{rank}名"));
        let grade = Some(fit::cut(&unit.grade, bounds::SHORT)).filter(|grade| !grade.is_empty());
        let told = [Some(say::value(score.measure, Some(value))), rank, grade];
        let told: Vec<String> = told.into_iter().flatten().collect();
        format!("{}（{}）", name(&unit.row.code, &unit.row.name), told.join("，"))
    };
    let what = name(&score.code, &score.name);
    Some(format!("各单位{what}最高的是{}，最低的是{}。", said(best), said(worst)))
}

/// 逾期未结 46 件，最久的一档是超过15天（3 件）。
fn overdue(report: &Report) -> Option<String> {
    let all = report.ages.iter().fold(0_u64, |sum, age| sum.saturating_add(age.count));
    let oldest = report.ages.iter().rev().find(|age| age.count > 0)?;
    let oldest = format!("{}（{} 件）", name(&oldest.code, &oldest.name), say::count(oldest.count));
    Some(format!("逾期未结 {} 件，最久的一档是{oldest}。", say::count(all)))
}

/// What the most people report, or the most cases are about; both, where both are told, since neither can be held against the other.
fn issue(report: &Report) -> Option<String> {
    let first = |is_counted| report.issues.iter().find(|it| it.people.is_some() == is_counted);
    let said: Vec<String> = match (first(true), first(false)) {
        (Some(people), Some(cases)) => {
            let both = [("反映人数最多的是", people), ("立项问题中件数最多的是", cases)];
            both.into_iter().filter_map(|(which, it)| matter(which, it)).collect()
        }
        (one, other) => one.or(other).and_then(|it| matter("反映最集中的是", it)).into_iter().collect(),
    };
    (!said.is_empty()).then(|| format!("{}。", said.join("；")))
}

/// 反映最集中的是…
fn matter(which: &str, issue: &Issue) -> Option<String> {
    let words = issue.words.iter().take(RATES).map(|word| fit::cut(word, bounds::NAME));
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let place = fit::cut(&issue.place, bounds::NAME);
    let many = issue.people.map_or_else(
        || format!("{} 件", say::count(issue.cases)),
        |people| format!("{} 人", say::count(people)),
    );
    (!words.is_empty()).then(|| format!("{which}{place}“{}”（{many}）", words.join("、")))
}
