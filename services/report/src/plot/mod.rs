//! Plots as SVG. Each can be read without colours: lines differ in their dashes and marks too, areas in how dark they are, and what a
//! shape stands for is written beside it. One unit is a pixel of a page that is 182 mm wide. `None`: there is nothing to draw.

mod ages;
mod axis;
mod grid;
mod heat;
mod ink;
mod lines;
mod spark;
mod tiers;

pub use ages::ages;
pub use heat::heat;
pub use lines::rates;
pub use spark::{bar, trend};
pub use tiers::tiers;

use crate::mark::{Tag, place, tag};

/// The width of a page, and of half a page.
const WHOLE: f64 = 688.0;
const HALF: f64 = 336.0;
/// The size of text, and of what is less important.
const TEXT: f64 = 11.0;
const SMALL: f64 = 10.0;

/// Fonts that have Chinese, on the systems of those who read it.
const FONTS: &str = "'Noto Sans CJK SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', sans-serif";

/// A picture with the words that a screen reader says.
fn picture(width: f64, height: f64, title: &str) -> Tag {
    tag("svg")
        .set("xmlns", "http://www.w3.org/2000/svg")
        .set("viewBox", format!("0 0 {} {}", place(width), place(height)))
        .set("role", "img")
        .set("font-family", FONTS)
        .at("font-size", TEXT)
        .set("fill", ink::TEXT)
        .with(tag("title").text(title))
}

/// Where a text stands to its point.
#[derive(Clone, Copy)]
enum Anchor {
    Start,
    Middle,
    End,
}

/// Text whose middle lies at this height.
fn words((x, y): (f64, f64), anchor: Anchor, size: f64, text: impl AsRef<str>) -> Tag {
    let anchor = match anchor {
        Anchor::Start => "start",
        Anchor::Middle => "middle",
        Anchor::End => "end",
    };
    tag("text")
        .at("x", x)
        .at("y", y + size * 0.36)
        .at("font-size", size)
        .set("text-anchor", anchor)
        .text(text)
}

fn rectangle((x, y): (f64, f64), (width, height): (f64, f64), fill: &str) -> Tag {
    let (width, height) = (width.max(0.0), height.max(0.0));
    tag("rect").at("x", x).at("y", y).at("width", width).at("height", height).set("fill", fill)
}

fn line((x1, y1): (f64, f64), (x2, y2): (f64, f64), stroke: &str) -> Tag {
    tag("line").at("x1", x1).at("y1", y1).at("x2", x2).at("y2", y2).set("stroke", stroke)
}
