//! Where cases were settled: for each tier what came to it, and of that what it settled alone, what it settled with others, and what it did
//! not settle.

use super::{Anchor, HALF, SMALL, TEXT, ink, picture, rectangle, words};
use crate::{
    Report, Tier, bounds, fit,
    mark::{Tag, tag},
    say,
};

const LEFT: f64 = 58.0;
const TOP: f64 = 26.0;
const ROW: f64 = 40.0;
const BAR: f64 = 15.0;
/// What a count takes, in em.
const DIGITS: f64 = 4.0;

/// `None` where no case came to any tier.
pub fn tiers(report: &Report) -> Option<Tag> {
    let tiers: Vec<_> = report.tiers.iter().take(bounds::TIERS).collect();
    let most = tiers.iter().map(|tier| tier.received.max(tier.settled)).max().filter(|most| *most > 0)?;
    let settled = tiers.iter().fold(0_u64, |sum, tier| sum.saturating_add(tier.settled));
    let rows = tiers.iter().enumerate().map(|(n, tier)| row(tier, TOP + ROW * n as f64, most, settled));
    let height = TOP + ROW * tiers.len() as f64;
    Some(picture(HALF, height, "各层级接收与办结").all(key()).all(rows))
}

/// What the shades stand for.
fn key() -> impl Iterator<Item = Tag> {
    let shades = [(ink::DARK, "自办结"), (ink::MIDDLE, "联合办结"), (ink::LIGHT, "未在本层办结")];
    shades.into_iter().zip([LEFT, LEFT + 68.0, LEFT + 146.0]).flat_map(|((shade, name), x)| {
        [
            rectangle((x, 4.0), (10.0, 10.0), shade).set("stroke", ink::FRAME),
            words((x + 15.0, 9.0), Anchor::Start, SMALL, name),
        ]
    })
}

fn row(tier: &Tier, y: f64, most: u64, settled: u64) -> Tag {
    let long = |count: u64| (HALF - LEFT - 4.0) * count as f64 / most as f64;
    let own = tier.own.min(tier.settled);
    let share = if settled == 0 { 0.0 } else { tier.settled as f64 / settled as f64 };
    let said = format!(
        "接收 {}　办结 {}（占 {}）　自办结率 {}",
        say::short(tier.received, DIGITS),
        say::short(tier.settled, DIGITS),
        say::percent(share),
        tier.own_rate.map_or(say::NONE.to_owned(), |rate| say::percent(rate.get())),
    );
    tag("g")
        .with(words(
            (LEFT - 6.0, y + BAR / 2.0),
            Anchor::End,
            TEXT,
            fit::within(say::name(&tier.code, &tier.name), (LEFT - 8.0) / TEXT),
        ))
        .with(rectangle((LEFT, y), (long(tier.received.max(tier.settled)), BAR), ink::LIGHT))
        .with(rectangle((LEFT, y), (long(tier.settled), BAR), ink::MIDDLE))
        .with(rectangle((LEFT, y), (long(own), BAR), ink::DARK))
        .with(
            rectangle((LEFT, y), (long(tier.received.max(tier.settled)), BAR), "none")
                .set("stroke", ink::FRAME),
        )
        .with(words((LEFT, y + BAR + 9.0), Anchor::Start, SMALL - 0.5, said).set("fill", ink::FAINT))
}
