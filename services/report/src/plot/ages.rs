//! How long what is open is overdue: a bar for each span, the older the darker.

use super::{Anchor, HALF, TEXT, ink, picture, rectangle, words};
use crate::{
    Age, Report, bounds, fit,
    mark::{Tag, tag},
    say,
};

const LEFT: f64 = 70.0;
const TOP: f64 = 8.0;
const ROW: f64 = 27.0;
const BAR: f64 = 17.0;
/// For the count behind the longest bar.
const COUNT: f64 = 116.0;
/// What a count itself takes of it, in em.
const DIGITS: f64 = 4.0;

/// `None` where nothing is overdue.
pub fn ages(report: &Report) -> Option<Tag> {
    let ages: Vec<_> = report.ages.iter().take(bounds::AGES).collect();
    let all = ages.iter().fold(0_u64, |sum, age| sum.saturating_add(age.count));
    let most = ages.iter().map(|age| age.count).max().filter(|most| *most > 0)?;
    let rows = ages.iter().enumerate().map(|(n, age)| {
        let part = (n + 1) as f64 / ages.len() as f64;
        row(age, TOP + ROW * n as f64, (most, all), &ink::shade(0.15 + part * 0.8))
    });
    Some(picture(HALF, TOP + ROW * ages.len() as f64, "逾期未结件的逾期时长").all(rows))
}

fn row(age: &Age, y: f64, (most, all): (u64, u64), shade: &str) -> Tag {
    let long = (HALF - LEFT - COUNT) * age.count as f64 / most as f64;
    let said = match age.count {
        0 => "0 件".to_owned(),
        count => format!("{} 件（{}）", say::short(count, DIGITS), say::percent(count as f64 / all as f64)),
    };
    let name = fit::within(say::name(&age.code, &age.name), (LEFT - 8.0) / TEXT);
    tag("g")
        .with(words((LEFT - 6.0, y + BAR / 2.0), Anchor::End, TEXT, name))
        .with(rectangle((LEFT, y), (long, BAR), shade).set("stroke", ink::FRAME).set("stroke-width", 0.6))
        .with(words((LEFT + long + 6.0, y + BAR / 2.0), Anchor::Start, TEXT, said))
}
