//! Area × category: the more, the darker, and the number in each.

use super::{
    Anchor, SMALL, TEXT, WHOLE,
    grid::{Grid, Head},
    ink, line, picture, rectangle, words,
};
use crate::{Report, bounds, fit, mark::Tag, say};

/// A name of an area takes at most so much, a sum so much.
const NAME: f64 = 124.0;
const SUMS: f64 = 52.0;
const ROW: f64 = 21.0;
const WIDEST: f64 = 76.0;
/// A line of a category's name.
const LINE: f64 = 13.0;

/// Where the cells begin, and how wide each is.
struct Frame {
    left: f64,
    top: f64,
    wide: f64,
    end: f64,
    bottom: f64,
}

impl Frame {
    fn of(grid: &Grid) -> Self {
        let names = grid.areas.iter().map(|area| fit::width(&fit::shown(&area.name)) * TEXT + 8.0);
        let left = names.fold(48.0, f64::max).min(NAME);
        let columns = grid.categories.len() as f64;
        let wide = ((WHOLE - left - SUMS) / columns).min(WIDEST);
        let lines = grid.categories.iter().map(|it| named(it, wide).len()).max().unwrap_or(1);
        let top = LINE * lines as f64 + 6.0;
        Self { left, top, wide, end: left + wide * columns, bottom: top + ROW * grid.areas.len() as f64 }
    }

    fn middle(&self, column: usize) -> f64 {
        self.left + self.wide * (column as f64 + 0.5)
    }
}

/// `None` where nothing was counted, or nobody asked.
pub fn heat(report: &Report) -> Option<Tag> {
    let grid = Grid::of(report)?;
    let frame = Frame::of(&grid);
    let title = format!("区域与类别的受理量，共 {} 件", say::count(grid.all));
    let heads =
        grid.categories.iter().enumerate().flat_map(|(n, category)| head(category, frame.middle(n), &frame));
    let rows = grid.areas.iter().enumerate().flat_map(|(n, area)| row(&grid, n, area, &frame));
    let under = frame.bottom + ROW / 2.0;
    let sums = grid.categories.iter().enumerate();
    let sums =
        sums.map(|(n, category)| total(category.sum, (frame.middle(n), under), Anchor::Middle, frame.wide));
    let sum = (frame.end + SUMS - 4.0, under);
    let picture = picture(WHOLE, frame.bottom + ROW + 22.0, &title)
        .all(heads)
        .with(words((sum.0, frame.top - 10.0), Anchor::End, SMALL, "合计").set("font-weight", "bold"))
        .all(rows)
        .with(line((frame.left, frame.bottom + 1.0), (frame.end + SUMS, frame.bottom + 1.0), ink::FRAME))
        .with(words((frame.left - 6.0, under), Anchor::End, TEXT, "合计").set("font-weight", "bold"))
        .all(sums)
        .with(total(grid.all, sum, Anchor::End, SUMS))
        .all(key(&grid, (frame.left, frame.bottom + ROW + 6.0)));
    Some(picture)
}

/// An area with its counts and their sum.
fn row(grid: &Grid, n: usize, area: &Head, frame: &Frame) -> Vec<Tag> {
    let y = frame.top + ROW * n as f64;
    let name = fit::within(&area.name, (frame.left - 7.0) / TEXT);
    let mut tags = vec![words((frame.left - 6.0, y + ROW / 2.0), Anchor::End, TEXT, name)];
    for ((m, count), category) in grid.counts[n].iter().enumerate().zip(&grid.categories) {
        let is_rest = area.rest + category.rest > 0;
        let at = (frame.left + frame.wide * m as f64, y);
        tags.extend(cell(*count, at, frame.wide, (!is_rest).then_some(grid.most)));
    }
    tags.push(total(area.sum, (frame.end + SUMS - 4.0, y + ROW / 2.0), Anchor::End, SUMS));
    tags
}

/// A category's name in up to three lines.
fn named(category: &Head, wide: f64) -> Vec<String> {
    fit::lines(&category.name, (wide - 3.0) / SMALL, 3)
}

/// It stands above its column.
fn head(category: &Head, middle: f64, frame: &Frame) -> Vec<Tag> {
    let lines = named(category, frame.wide);
    let first = frame.top - 10.0 - LINE * (lines.len() - 1) as f64;
    let lines = lines.iter().enumerate();
    lines.map(|(n, text)| words((middle, first + LINE * n as f64), Anchor::Middle, SMALL, text)).collect()
}

/// Without `most` it is a rest, which has no shade.
fn cell(count: u64, (x, y): (f64, f64), wide: f64, most: Option<u64>) -> [Tag; 2] {
    let part = most.map_or(0.0, |most| count as f64 / most as f64);
    let fill =
        if most.is_some() && count > 0 { ink::shade(0.06 + part * 0.94) } else { ink::LIGHT.to_owned() };
    let ink = if count == 0 { ink::FAINT } else { ink::on_shade(part) };
    [
        rectangle((x, y), (wide, ROW), &fill).set("stroke", ink::GRID),
        words(
            (x + wide / 2.0, y + ROW / 2.0),
            Anchor::Middle,
            SMALL,
            say::short(count, (wide - 4.0) / SMALL),
        )
        .set("fill", ink),
    ]
}

fn total(sum: u64, at: (f64, f64), anchor: Anchor, wide: f64) -> Tag {
    words(at, anchor, SMALL, say::short(sum, (wide - 4.0) / SMALL)).set("font-weight", "bold")
}

/// What the shades stand for.
fn key(grid: &Grid, (left, y): (f64, f64)) -> Vec<Tag> {
    let mut tags = vec![words((left, y + 5.0), Anchor::Start, SMALL, "少")];
    for n in 0..10_u32 {
        let fill = ink::shade(0.06 + 0.94 * f64::from(n) / 9.0);
        tags.push(
            rectangle((left + 16.0 + 16.0 * f64::from(n), y), (16.0, 10.0), &fill).set("stroke", ink::GRID),
        );
    }
    let rest = |heads: &[Head], what| {
        let rest = heads.iter().find(|head| head.rest > 0);
        rest.map(|head| format!("{} 个{what}", head.rest))
    };
    let rest: Vec<_> =
        [rest(&grid.areas, "区域"), rest(&grid.categories, "类别")].into_iter().flatten().collect();
    let rest = match rest.is_empty() {
        true => String::new(),
        false => format!("；“{}”是其余 {}，不着色", bounds::REST, rest.join("、")),
    };
    let said = format!("多（最深 {} 件{rest}）", say::count(grid.most));
    tags.push(words((left + 182.0, y + 5.0), Anchor::Start, SMALL, said));
    tags
}
