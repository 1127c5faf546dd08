//! Key figures: a card for each rate and each count that rates are made of, with 环比 and 同比.

use super::{name, nothing};
use crate::{
    Better, Change, Count, Rate, Report, Tone, bounds, fit,
    mark::{Tag, tag},
    say,
};

/// What a unit may take, in em.
const UNIT: f64 = 4.0;
/// And a count.
const VALUE: f64 = 6.0;

pub(super) fn cards(report: &Report) -> Tag {
    if report.rates.is_empty() && report.counts.is_empty() {
        return nothing("本期没有指标。");
    }
    tag("div")
        .class("figures")
        .all(report.rates.iter().take(bounds::RATES).map(rate))
        .all(report.counts.iter().filter(|it| !it.left_out).take(bounds::COUNTS).map(count))
}

fn rate(rate: &Rate) -> Tag {
    let value = rate.value.map_or(say::NONE.to_owned(), |value| say::bare(rate.measure, value));
    let unit = rate.value.map_or("", |_| say::unit(rate.measure));
    let parts = rate
        .numerator
        .zip(rate.denominator)
        .map_or(String::new(), |(part, of)| format!("{} / {}", say::part(part), say::part(of)));
    card(
        tag("div").class("rate"),
        &name(&rate.code, &rate.name),
        value_of(&value, unit).with(tag("small").text(parts)),
        [rate.on_before(), rate.on_last_year()],
        rate.better,
    )
}

fn count(count: &Count) -> Tag {
    card(
        tag("div"),
        &name(&count.code, &count.name),
        value_of(&say::short(count.value, VALUE), &fit::within(say::name("件", &count.unit), UNIT)),
        [count.on_before(), count.on_last_year()],
        count.better,
    )
}

fn value_of(value: &str, unit: &str) -> Tag {
    tag("p").class("value").with(tag("b").text(value)).text(unit)
}

fn card(card: Tag, name: &str, value: Tag, changes: [Option<Change>; 2], better: Better) -> Tag {
    let changes = ["环比", "同比"].into_iter().zip(changes);
    card.with(tag("p").class("name").text(name))
        .with(value)
        .with(tag("p").class("changes").all(changes.map(|(of, change)| changed(of, change, better))))
}

fn changed(of: &str, change: Option<Change>, better: Better) -> Tag {
    let class = match change.map(|change| change.tone(better)) {
        Some(Tone::Good) => "good",
        Some(Tone::Bad) => "bad",
        Some(Tone::Even) | None => "even",
    };
    let said = change.map_or(say::NONE.to_owned(), Change::said);
    tag("span").text(of).text(" ").with(tag("i").class(class).text(said))
}
