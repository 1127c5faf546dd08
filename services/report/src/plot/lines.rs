//! Rates over time, each line named at its end.

use super::{
    Anchor, SMALL, TEXT, WHOLE,
    axis::Axis,
    ink::{self, LOOKS, Look, Mark},
    line, picture, words,
};
use crate::{
    Measure, Number, Report, bounds, fit,
    mark::{Tag, place, tag},
    say,
};

const HEIGHT: f64 = 216.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = HEIGHT - 26.0;
const LEFT: f64 = 42.0;
/// Where the plot ends and the names begin.
const RIGHT: f64 = WHOLE - 132.0;
/// Between two names, one above the other.
const GAP: f64 = 16.0;
/// With more points than these, a line has no marks.
const MARKED: usize = 35;

/// A line with the name of its rate.
struct Named {
    name: String,
    values: Vec<Option<f64>>,
    look: &'static Look,
}

/// The first rates that are shares; `None` where none has a value.
pub fn rates(report: &Report) -> Option<Tag> {
    let starts = &report.series.starts;
    let first = starts.len().saturating_sub(bounds::POINTS);
    let lines = named(report, first);
    let axis = Axis::over(lines.iter().flat_map(|line| line.values.iter().flatten().copied()))?;
    let labels: Vec<String> =
        starts[first..].iter().map(|start| say::point(report.series.step, *start)).collect();
    let across = |n: usize| match labels.len() {
        0 | 1 => (LEFT + RIGHT) / 2.0,
        count => LEFT + 10.0 + (RIGHT - LEFT - 20.0) * n as f64 / (count - 1) as f64,
    };
    let up = |value: f64| BOTTOM - (BOTTOM - TOP) * axis.part(value);
    let names: Vec<&str> = lines.iter().map(|line| line.name.as_str()).collect();
    let drawn = lines.iter().map(|line| {
        let points = line.values.iter().enumerate();
        let points: Vec<_> = points.map(|(n, value)| Some((across(n), up((*value)?)))).collect();
        one(&points, line.look)
    });
    let picture =
        picture(WHOLE, HEIGHT, &format!("{}：逐{}走势", names.join("、"), say::step(report.series.step)))
            .all(across_ticks(&axis, up))
            .all(below(&labels, across))
            .all(drawn)
            .all(ends(&lines, across, up))
            .all(raised(&axis));
    Some(picture)
}

/// Lines that have a value.
fn named(report: &Report, first: usize) -> Vec<Named> {
    let count = report.series.starts.len() - first;
    let shares = report.series.lines.iter().filter_map(|line| {
        let rate = report.rates.iter().find(|rate| rate.code == line.rate);
        let name = rate.map_or(line.rate.as_str(), |rate| say::name(&rate.code, &rate.name));
        let name = fit::cut(name, bounds::NAME);
        let values = line.values.iter().skip(first).take(count).map(|value| value.map(Number::get)).collect();
        rate.is_none_or(|rate| rate.measure == Measure::Share).then_some((name, values))
    });
    let full = shares.filter(|(_, values): &(_, Vec<Option<f64>>)| values.iter().any(Option::is_some));
    full.zip(&LOOKS).map(|((name, values), look)| Named { name, values, look }).collect()
}

fn across_ticks(axis: &Axis, up: impl Fn(f64) -> f64) -> Vec<Tag> {
    let ticks = axis.ticks().flat_map(|tick| {
        let y = up(tick);
        let ink = if tick == axis.low { ink::FRAME } else { ink::GRID };
        [
            line((LEFT, y), (RIGHT, y), ink),
            words((LEFT - 6.0, y), Anchor::End, SMALL, axis.label(tick)).set("fill", ink::FAINT),
        ]
    });
    ticks.collect()
}

/// Says that the axis does not begin with nothing.
fn raised(axis: &Axis) -> Option<Tag> {
    let said = format!("纵轴自 {} 起", axis.label(axis.low));
    let at = (WHOLE - 2.0, BOTTOM + 13.0);
    (axis.low > 0.0).then(|| words(at, Anchor::End, SMALL - 0.5, said).set("fill", ink::FAINT))
}

/// The points' names, as many as there is room for.
fn below(labels: &[String], across: impl Fn(usize) -> f64) -> Vec<Tag> {
    let widest = labels.iter().map(|label| fit::width(label)).fold(1.0, f64::max) * SMALL;
    let apart = if labels.len() > 1 { across(1) - across(0) } else { WHOLE };
    let every = ((widest + 10.0) / apart).ceil().max(1.0) as usize;
    let shown = labels.iter().enumerate().step_by(every);
    let names = shown.flat_map(|(n, label)| {
        let x = across(n);
        [
            line((x, BOTTOM), (x, BOTTOM + 4.0), ink::FRAME),
            words((x, BOTTOM + 13.0), Anchor::Middle, SMALL, label).set("fill", ink::FAINT),
        ]
    });
    names.collect()
}

/// One line, broken where there is no value.
fn one(points: &[Option<(f64, f64)>], look: &Look) -> Tag {
    let (mut path, mut is_down) = (String::new(), false);
    for point in points {
        if let Some((x, y)) = point {
            path.push_str(&format!("{}{} {}", if is_down { 'L' } else { 'M' }, place(*x), place(*y)));
        }
        is_down = point.is_some();
    }
    let all = points.len() <= MARKED;
    let alone = |n: usize| {
        let is_there = |n: Option<usize>| n.and_then(|n| points.get(n)).is_some_and(Option::is_some);
        !is_there(n.checked_sub(1)) && !is_there(Some(n + 1))
    };
    let marks = points.iter().enumerate().filter_map(|(n, point)| (all || alone(n)).then_some((*point)?));
    tag("g")
        .with(
            tag("path")
                .set("d", path)
                .set("fill", "none")
                .set("stroke", look.colour)
                .set("stroke-width", 2)
                .set("stroke-dasharray", if look.dashes.is_empty() { "none" } else { look.dashes }),
        )
        .all(marks.map(|point| mark(point, look)))
}

fn mark((x, y): (f64, f64), look: &Look) -> Tag {
    let corners = |corners: &[(f64, f64)]| {
        let text: Vec<String> =
            corners.iter().map(|(dx, dy)| format!("{},{}", place(x + dx), place(y + dy))).collect();
        tag("polygon").set("points", text.join(" "))
    };
    let shape = match look.mark {
        Mark::Circle => tag("circle").at("cx", x).at("cy", y).at("r", 3.2),
        Mark::Square => corners(&[(-2.9, -2.9), (2.9, -2.9), (2.9, 2.9), (-2.9, 2.9)]),
        Mark::Triangle => corners(&[(0.0, -4.0), (3.8, 3.0), (-3.8, 3.0)]),
        Mark::Diamond => corners(&[(0.0, -4.2), (4.2, 0.0), (0.0, 4.2), (-4.2, 0.0)]),
    };
    shape.set("fill", look.colour).set("stroke", ink::LIGHT).set("stroke-width", 0.8)
}

/// Each line's name and last value, moved apart where they would lie over each other.
fn ends(lines: &[Named], across: impl Fn(usize) -> f64, up: impl Fn(f64) -> f64) -> Vec<Tag> {
    let last = lines.iter().filter_map(|line| {
        let (n, value) = line.values.iter().enumerate().rev().find_map(|(n, value)| Some((n, (*value)?)))?;
        Some((line, (across(n), up(value)), value))
    });
    let mut last: Vec<_> = last.collect();
    last.sort_by(|(_, (_, one), _), (_, (_, other), _)| one.total_cmp(other));
    let heights = apart(last.iter().map(|(_, (_, y), _)| *y).collect());
    let tags = last.into_iter().zip(heights).flat_map(|((named, end, value), y)| {
        let value = say::percent(value);
        let name = fit::within(&named.name, (WHOLE - RIGHT - 26.0) / TEXT - fit::width(&value) - 0.4);
        let x = RIGHT + 12.0;
        [
            line((end.0 + 5.0, end.1), (x - 6.0, y), ink::FRAME).set("stroke-width", 0.6),
            mark((x, y), named.look),
            words((x + 8.0, y), Anchor::Start, TEXT, format!("{name} {value}")).set("font-weight", "bold"),
        ]
    });
    tags.collect()
}

/// Heights from the top, at least [`GAP`] apart and none below the plot.
fn apart(mut heights: Vec<f64>) -> Vec<f64> {
    for n in 1..heights.len() {
        heights[n] = heights[n].max(heights[n - 1] + GAP);
    }
    let mut most = BOTTOM;
    for height in heights.iter_mut().rev() {
        *height = height.min(most);
        most = *height - GAP;
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_lie_over_each_other() {
        assert_eq!(apart(vec![20.0, 21.0, 100.0]), [20.0, 36.0, 100.0]);
        let low = apart(vec![BOTTOM - 1.0, BOTTOM, BOTTOM]);
        assert_eq!(low, [BOTTOM - 2.0 * GAP, BOTTOM - GAP, BOTTOM]);
    }
}
