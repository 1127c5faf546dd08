//! The page: A4, in Chinese, one file that fetches nothing. The first sheet is the summary (key figures, rates over time, tiers, what is
//! overdue), then areas and issues, then units, what no rate counts, and what each figure means.

mod figures;
mod issues;
mod left_out;
mod legend;
mod summary;
mod units;

use crate::{
    Report, bounds, fit,
    mark::{Tag, tag},
    plot, say,
};

const STYLE: &str = include_str!("page.css");
/// Nothing is fetched or run, whatever the page holds.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'";

/// So many units need no sheet of their own.
const FEW: usize = 12;

/// The page as HTML.
pub fn html(report: &Report) -> String {
    let page = tag("html").set("lang", "zh-CN").with(head(report)).with(body(report));
    format!("<!DOCTYPE html>\n{page}\n")
}

fn head(report: &Report) -> Tag {
    let title = format!("{} {} {}", area(report), heading(report), say::period(&report.period));
    tag("head")
        .with(tag("meta").set("charset", "utf-8"))
        .with(tag("meta").set("http-equiv", "Content-Security-Policy").set("content", POLICY))
        .with(tag("meta").set("name", "viewport").set("content", "width=device-width"))
        .with(tag("title").text(title))
        .with(tag("style").raw(STYLE))
}

fn body(report: &Report) -> Tag {
    let first = tag("section")
        .with(tag("h2").text("一、主要指标"))
        .with(figures::cards(report))
        .with(tag("h2").text(format!("二、指标走势（逐{}）", say::step(report.series.step))))
        .with(drawn(plot::rates(report), "本期没有可画的比率。"))
        .with(tag("div").class("pair").with(tiers(report)).with(ages(report)));
    let second = tag("section")
        .with(tag("h2").text("五、区域与类别"))
        .with(heat(report))
        .with(tag("h2").text("六、共性问题"))
        .with(issues::table(report));
    let third =
        sheet(report.units.len() > FEW).with(tag("h2").text("七、单位评价")).with(units::table(report));
    let fourth = sheet(false).with(tag("h2").text("八、不计入各率的件数")).with(left_out::table(report));
    let last = tag("section").with(tag("h2").text("九、口径与说明")).with(legend::words(report));
    let sections = [first, second, third, fourth, last];
    tag("body").with(tag("main").with(top(report)).with(summary::words(report)).all(sections))
}

/// What begins a sheet of its own where there is much of it.
fn sheet(is_much: bool) -> Tag {
    tag("section").class(if is_much { "sheet" } else { "part" })
}

fn top(report: &Report) -> Tag {
    let mut about = vec![format!("统计期 {}", say::period(&report.period))];
    if report.area.code != report.district.code {
        about.insert(0, format!("{}所属", district(report)));
    }
    about.push(format!("数据截至 {}", say::instant(&report.as_of)));
    tag("header")
        .with(
            tag("h1").with(tag("span").text(area(report))).text(" ").with(tag("span").text(heading(report))),
        )
        .with(tag("p").all(about.into_iter().map(|it| tag("span").text(it))))
}

/// What was not asked for is no nothing: the page says where it is told.
fn tiers(report: &Report) -> Tag {
    let instead = match report.tiers {
        Some(_) => "本期没有件到达各层级。".to_owned(),
        None => format!("办结层级只按{0}整体统计，见{0}的报告。", district(report)),
    };
    tag("div").with(tag("h2").text("三、办结层级")).with(drawn(plot::tiers(report), &instead))
}

fn heat(report: &Report) -> Tag {
    let instead = match report.heat {
        Some(_) => "本期没有受理。".to_owned(),
        None => format!("受理的类别只分到{0}的下一级区域，见{0}的报告。", district(report)),
    };
    drawn(plot::heat(report), &instead)
}

fn ages(report: &Report) -> Tag {
    let overdue = report.counts.iter().find(|it| it.code == "overdue_open").map_or(0, |it| it.value);
    // Whoever counts may not know for how long.
    let instead = match overdue {
        0 => "没有逾期未结的件。".to_owned(),
        number => format!("逾期未结 {number} 件，没有按时长细分。"),
    };
    tag("div").with(tag("h2").text("四、逾期未结")).with(drawn(plot::ages(report), &instead))
}

/// A plot, or a sentence where there is none.
fn drawn(plot: Option<Tag>, otherwise: &str) -> Tag {
    match plot {
        Some(plot) => tag("figure").with(plot),
        None => nothing(otherwise),
    }
}

fn nothing(said: &str) -> Tag {
    tag("p").class("nothing").text(said)
}

/// What the report is called.
fn heading(report: &Report) -> String {
    let title = fit::cut(&report.title, bounds::HEADING);
    if title.is_empty() { "评价报告".to_owned() } else { title }
}

fn area(report: &Report) -> String {
    name(&report.area.code, &report.area.name)
}

fn district(report: &Report) -> String {
    name(&report.district.code, &report.district.name)
}

/// A name as it stands in a table.
fn name(code: &str, name: &str) -> String {
    fit::cut(say::name(code, name), bounds::NAME)
}

/// The head of a table.
fn heads<'a>(names: impl IntoIterator<Item = (&'static str, &'a str)>) -> Tag {
    let cells = names.into_iter().map(|(class, name)| tag("th").class(class).text(name));
    tag("thead").with(tag("tr").all(cells))
}

/// A cell with a number.
fn number(text: impl AsRef<str>) -> Tag {
    tag("td").class("n").text(text)
}
