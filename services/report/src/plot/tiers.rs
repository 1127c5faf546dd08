//! Where cases were settled: for each tier what came to it, and of that what it settled alone, what it settled with others, what is open there, and
//! what went on.

use super::{Anchor, HALF, SMALL, TEXT, ink, picture, rectangle, words};
use crate::{
    Report, Tier, bounds, fit,
    mark::{Tag, tag},
    say,
};

const LEFT: f64 = 58.0;
const TOP: f64 = 26.0;
const ROW: f64 = 37.0;
const BAR: f64 = 15.0;
/// What a count takes, in em.
const DIGITS: f64 = 4.0;

/// `None` where no case came to any tier, or nobody asked.
pub fn tiers(report: &Report) -> Option<Tag> {
    let tiers: Vec<_> = report.tiers.iter().flatten().take(bounds::TIERS).collect();
    let most = tiers.iter().map(|tier| whole(tier)).max().filter(|most| *most > 0)?;
    let rows = tiers.iter().enumerate().map(|(n, tier)| row(tier, TOP + ROW * n as f64, most));
    let height = TOP + ROW * tiers.len() as f64;
    Some(picture(HALF, height, "各层级经手与办结").all(key()).all(rows))
}

/// What the shades stand for.
fn key() -> impl Iterator<Item = Tag> {
    let shades =
        [(ink::DARK, "自办结"), (ink::MIDDLE, "联合办结"), (ink::GRID, "期末在办"), (ink::LIGHT, "转出等")];
    shades.into_iter().zip([LEFT, LEFT + 62.0, LEFT + 134.0, LEFT + 206.0]).flat_map(|((shade, name), x)| {
        [
            rectangle((x, 4.0), (10.0, 10.0), shade).set("stroke", ink::FRAME),
            words((x + 15.0, 9.0), Anchor::Start, SMALL, name),
        ]
    })
}

/// All that came to it, whatever is told of that.
fn whole(tier: &Tier) -> u64 {
    tier.received.max(tier.settled.saturating_add(tier.open))
}

fn row(tier: &Tier, y: f64, most: u64) -> Tag {
    let long = |count: u64| (HALF - LEFT - 4.0) * count as f64 / most as f64;
    let bar = |count: u64, shade: &str| rectangle((LEFT, y), (long(count), BAR), shade);
    let (all, done) = (whole(tier), tier.settled.saturating_add(tier.open));
    let below = |x: f64, anchor: Anchor, said: String| {
        words((x, y + BAR + 9.0), anchor, SMALL - 0.5, said).set("fill", ink::FAINT)
    };
    let name = fit::within(say::name(&tier.code, &tier.name), (LEFT - 8.0) / TEXT);
    tag("g")
        .with(words((LEFT - 6.0, y + BAR / 2.0), Anchor::End, TEXT, name))
        .with(bar(all, ink::LIGHT))
        .with(bar(done, ink::GRID))
        .with(bar(tier.settled, ink::MIDDLE))
        .with(bar(tier.own.min(tier.settled), ink::DARK))
        .with(bar(all, "none").set("stroke", ink::FRAME))
        .with(below(LEFT, Anchor::Start, counts(tier, all - done)))
        .all(
            tier.own_rate
                .map(|own| below(LEFT - 6.0, Anchor::End, format!("自办{}", say::percent(own.get())))),
        )
}

/// 经手 640：办结 512、在办 30、转出等 98.
fn counts(tier: &Tier, gone: u64) -> String {
    let [all, settled, open, gone] =
        [whole(tier), tier.settled, tier.open, gone].map(|count| say::short(count, DIGITS));
    format!("经手 {all}：办结 {settled}、在办 {open}、转出等 {gone}")
}
