//! Roads and house numbers: 胜利街158号, 一元路12-3号, 解放大道1号附2号; and the building.
//!
//! A road runs through several areas as a rule, so a road alone names none: it leads to the areas it is known to run through, and a number
//! that lies in a known range to those of the range.

use std::{collections::HashMap, ops::Range};

use huying_terms::AreaCode;
use huying_words::normal;

use super::{Mention, Road, is_chinese};

/// Which houses of a road.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Side {
    #[default]
    Both,
    /// 单号.
    Odd,
    /// 双号.
    Even,
}

/// A part of a road, and the area it lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Houses {
    pub area: AreaCode,
    /// First and last house number; none where it is not known.
    pub numbers: Option<(u32, u32)>,
    pub side: Side,
}

impl Houses {
    fn holds(&self, number: u32) -> bool {
        let side = match self.side {
            Side::Both => true,
            Side::Odd => number % 2 == 1,
            Side::Even => number.is_multiple_of(2),
        };
        side && self.numbers.is_some_and(|(first, last)| (first..=last).contains(&number))
    }
}

pub(super) struct Roads {
    known: HashMap<String, Vec<Houses>>,
    /// Bare names of what the roads lie in: 武汉, 江岸.
    around: Vec<String>,
}

/// What a road's name ends in, the longest first.
const ENDS: [&str; 6] = ["大道", "大街", "公路", "路", "街", "巷"];
/// What names of provinces, cities, districts and towns end in.
const KINDS: [char; 7] = ['省', '市', '区', '县', '旗', '镇', '乡'];
/// Longest name of a road, in characters.
const LONGEST: usize = 10;

impl Roads {
    /// None known yet, of a place that lies in what is called so.
    pub(super) fn within<'a>(names: impl Iterator<Item = &'a String>) -> Self {
        let bare = |name: &String| {
            let form = normal(name);
            let bare = form.strip_suffix(KINDS).unwrap_or(&form).to_owned();
            bare.chars().nth(1).is_some().then_some(bare)
        };
        Self { known: HashMap::new(), around: names.filter_map(bare).collect() }
    }

    pub(super) fn add(&mut self, name: &str, houses: Houses) {
        self.known.entry(normal(name)).or_default().push(houses);
    }

    /// A place that is a house on a road.
    pub(super) fn add_house(&mut self, place: &str, area: &AreaCode) {
        let form = normal(place);
        let Some(end) = ends(&form).next() else { return };
        let (name, after) = form.split_at(end);
        if let Some((_, number)) = house(after).filter(|(written, _)| written.len() == after.len()) {
            self.add(name, Houses { area: area.clone(), numbers: Some((number, number)), side: Side::Both });
        }
    }

    /// The first road with a house number, else the first road; and where it stands, number included.
    pub(super) fn find(&self, text: &str, mentions: &[Mention]) -> Option<(Road, Range<usize>)> {
        let mut roads = ends(text).filter_map(|end| {
            let road = self.road(text, end, mentions)?;
            let at = end - road.name.len()..end + road.number.len();
            Some((road, at))
        });
        let first = roads.next()?;
        let with_number = |(road, _): &(Road, Range<usize>)| !road.number.is_empty();
        Some(if with_number(&first) { first } else { roads.find(with_number).unwrap_or(first) })
    }

    fn road(&self, text: &str, end: usize, mentions: &[Mention]) -> Option<Road> {
        let (before, after) = text.split_at(end);
        // What was read as an area's name is no part of the road's; a place that is a house is one all the same.
        let from = mentions.iter().filter(|it| it.at.end < end).map(|it| it.at.end).max().unwrap_or_default();
        let name = self.known(before).or_else(|| Some(self.bare(named(before.get(from..)?)?)))?;
        let house = house(after);
        let number = house.map(|(_, number)| number);
        let (areas, is_exact) = self.areas(name, number);
        let written = house.map_or("", |(written, _)| written);
        Some(Road { name: name.to_owned(), number: written.to_owned(), house: number, areas, is_exact })
    }

    /// The longest known road that the text ends in.
    fn known<'a>(&self, before: &'a str) -> Option<&'a str> {
        let starts = before.char_indices().rev().take(LONGEST).map(|(at, _)| at);
        let names = starts.filter_map(|at| before.get(at..));
        names.filter(|name| self.known.contains_key(*name)).last()
    }

    /// A name without what the road lies in: 武汉江岸一元街 is 一元街. What would be left no name, such as 汉口路, keeps it.
    fn bare<'a>(&self, name: &'a str) -> &'a str {
        let cut = |name: &'a str| self.around.iter().find_map(|it| name.strip_prefix(it.as_str()));
        let mut name = name;
        while let Some(rest) = cut(name).filter(|rest| is_name(rest)) {
            name = rest;
        }
        name
    }

    fn areas(&self, name: &str, number: Option<u32>) -> (Vec<AreaCode>, bool) {
        let ranges = self.known.get(name).map_or(&[][..], Vec::as_slice);
        let holding = |range: &&Houses| number.is_some_and(|number| range.holds(number));
        let exact = distinct(ranges.iter().filter(holding));
        if !exact.is_empty() {
            return (exact, true);
        }
        // A number outside all known ranges may lie anywhere that has none.
        let open = |range: &&Houses| number.is_none() || range.numbers.is_none();
        (distinct(ranges.iter().filter(open)), false)
    }
}

fn distinct<'a>(ranges: impl Iterator<Item = &'a Houses>) -> Vec<AreaCode> {
    let mut areas: Vec<AreaCode> = ranges.map(|range| range.area.clone()).collect();
    areas.sort();
    areas.dedup();
    areas
}

/// Where the names of roads end in a text, in bytes. `街道` ends none, nor does 街 in it.
fn ends(text: &str) -> impl Iterator<Item = usize> + '_ {
    text.char_indices().filter_map(|(at, _)| {
        let rest = text.get(at..)?;
        let end = ENDS.iter().find(|end| rest.starts_with(**end))?;
        let after = rest.get(end.len()..)?;
        // 大道 is found at 大; the 道 of 街道 or a 路口 of a crossing is no end.
        let no_road = after.starts_with("道") || after.starts_with("办") || after.starts_with("灯");
        (!no_road).then_some(at + end.len())
    })
}

/// The name that a text ends in, back to where another name or number ends.
fn named(before: &str) -> Option<&str> {
    let end = ENDS.iter().find(|end| before.ends_with(**end))?;
    let stem = before.strip_suffix(end)?;
    let is_break = |c: char| {
        !is_chinese(c)
            || ['省', '市', '区', '县', '镇', '乡', '道', '街', '路', '号', '村', '在', '与', '和', '到']
                .contains(&c)
    };
    let start = stem.rfind(is_break).and_then(|at| Some(at + stem.get(at..)?.chars().next()?.len_utf8()));
    let name = before.get(start.unwrap_or_default()..)?;
    let length = name.chars().count();
    (2..=LONGEST).contains(&length).then_some(name).filter(|name| name.len() > end.len())
}

/// Whether something of a name is left before 路 and its like.
fn is_name(name: &str) -> bool {
    let stem = ENDS.iter().find_map(|end| name.strip_suffix(end));
    stem.is_some_and(|stem| stem.chars().nth(1).is_some())
}

/// The house number at the beginning: as written, and the house's own number.
fn house(after: &str) -> Option<(&str, u32)> {
    let digits = after.len() - after.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number = after.get(..digits)?.parse().ok()?;
    // The rest of the number: -3, 之3, 附2, 号, 号附2号, 弄.
    let rest = after.get(digits..)?;
    let tail = rest
        .trim_start_matches(|c: char| c.is_ascii_digit() || ['-', '之', '附', '号', '弄', '#'].contains(&c));
    let written = after.get(..after.len() - tail.len())?;
    let is_number = rest.is_empty() || rest.starts_with(['-', '之', '附', '号', '弄', '#']);
    is_number.then_some((written, number))
}

/// The building, unit and room as written, from the first building on.
pub(super) fn building(text: &str) -> String {
    const MARKS: [&str; 4] = ["栋", "幢", "号楼", "座"];
    let Some((at, mark)) = MARKS.iter().filter_map(|mark| Some((text.find(mark)?, *mark))).min() else {
        return String::new();
    };
    let head = text.get(..at).unwrap_or_default();
    let numeral = |c: char| c.is_ascii_alphanumeric() || "一二三四五六七八九十东西南北".contains(c);
    let start = head.trim_end_matches(numeral).len();
    if start == at {
        return String::new();
    }
    let rest = text.get(at + mark.len()..).unwrap_or_default();
    let tail = rest.trim_start_matches(|c: char| numeral(c) || "单元室号楼层".contains(c));
    text.get(start..text.len() - tail.len()).unwrap_or_default().to_owned()
}
