//! What each figure means (口径), and how the page is to be read.

use super::{heads, name};
use crate::{
    Count, Period, Rate, Report, bounds, fit,
    mark::{Tag, tag},
    say,
};

pub(super) fn words(report: &Report) -> Tag {
    let rates = (!report.rates.is_empty()).then(|| {
        tag("table")
            .class("legend")
            .with(heads([("what", "指标"), ("", "分子"), ("", "分母"), ("", "剔除")]))
            .with(tag("tbody").all(report.rates.iter().take(bounds::RATES).map(rate)))
    });
    let counts = (!report.counts.is_empty()).then(|| {
        tag("table")
            .class("legend")
            .with(heads([("what", "指标"), ("", "含义")]))
            .with(tag("tbody").all(report.counts.iter().take(bounds::COUNTS).map(count)))
    });
    let notes =
        report.notes.iter().take(bounds::NOTES).map(|note| tag("li").text(fit::cut(note, bounds::TEXT)));
    tag("div")
        .all(rates)
        .all(counts)
        .with(tag("ul").all(notes).all(read(report).into_iter().map(|said| tag("li").text(said))))
}

fn rate(rate: &Rate) -> Tag {
    let definition = &rate.definition;
    tag("tr")
        .with(tag("th").text(name(&rate.code, &rate.name)))
        .all([&definition.numerator, &definition.denominator, &definition.exclusions].map(|it| said(it)))
}

fn count(count: &Count) -> Tag {
    tag("tr").with(tag("th").text(name(&count.code, &count.name))).with(said(&count.definition))
}

fn said(text: &str) -> Tag {
    tag("td").text(say::name(say::NONE, &fit::cut(text, bounds::TEXT)))
}

fn read(report: &Report) -> [String; 6] {
    let with = |period: &Option<Period>| period.as_ref().map_or("没有可比的时期".to_owned(), say::period);
    [
        format!("环比：与上期（{}）比；同比：与上年同期（{}）比。", with(&report.before), with(&report.last_year)),
        "件数按百分比比较，比率按百分点比较。▲ 为升，▼ 为降；蓝色为变好，橙色粗体为变差，黑色不论好坏。".to_owned(),
        "办结层级：经手是本期到过本层的件次，即在本层办结的、期末仍在本层的（在办），以及转出等（转给别的单位，或撤回、不予受理、并案），离开又回来的各计一次；自办结是本层独自办结、没有上报也没有呼叫其他单位的件，层级下的百分比是自办结率。".to_owned(),
        "不计入各率的件：不予受理只能以公布的理由并经批准，剔除只能由申诉成立而来；件数后的百分比是相应的率。".to_owned(),
        format!("“{}”表示没有样本或没有可比的数，不是 0。", say::NONE),
        "得分相同的单位名次相同（并列），后面的名次顺延。单位、区域、类别过多时其余合为“其他”，全部数据在表格文件中。"
            .to_owned(),
    ]
}
