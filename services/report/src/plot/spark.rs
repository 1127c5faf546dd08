//! Plots as small as a word.

use super::{ink, picture, rectangle};
use crate::{bounds, mark::Tag, say};

const WIDTH: f64 = 96.0;
const HEIGHT: f64 = 20.0;

/// Cases of each step, the newest dark; `None` where there were none.
pub fn trend(counts: &[u64]) -> Option<Tag> {
    let counts = &counts[counts.len().saturating_sub(bounds::TREND)..];
    let most = *counts.iter().max().filter(|most| **most > 0)?;
    let wide = (WIDTH / counts.len() as f64).min(12.0);
    let bars = counts.iter().enumerate().filter(|(_, count)| **count > 0).map(|(n, count)| {
        let high = ((HEIGHT - 2.0) * *count as f64 / most as f64).max(1.0);
        let fill = if n + 1 == counts.len() { ink::DARK } else { ink::MIDDLE };
        rectangle((wide * n as f64 + 0.5, HEIGHT - 1.0 - high), (wide - 1.0, high), fill)
    });
    let said: Vec<String> = counts.iter().map(|count| say::count(*count)).collect();
    let floor = super::line((0.0, HEIGHT - 0.5), (WIDTH, HEIGHT - 0.5), ink::FRAME);
    Some(picture(WIDTH, HEIGHT, &format!("走势：{}", said.join("、"))).all(bars).with(floor))
}

/// A share as a bar: 0 to 1.
pub fn bar(share: f64) -> Tag {
    let (wide, high) = (48.0, 8.0);
    picture(wide, high, &say::percent(share))
        .with(rectangle((0.0, 0.0), (wide * share.clamp(0.0, 1.0), high), ink::DARK))
        .with(
            rectangle((0.25, 0.25), (wide - 0.5, high - 0.5), "none")
                .set("stroke", ink::FRAME)
                .set("stroke-width", 0.5),
        )
}
