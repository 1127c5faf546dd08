//! Areas in addresses: one automaton over the names of places, of areas, and of communities without their 社区.
//!
//! A community's bare name is a common word more often than not (公园, 香港, 四村), so it counts only where nothing else is called so
//! and where it stands as a word of its own: after a break, and not as the beginning of a road or an estate.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};
use huying_terms::{AreaCode, Tier};

use crate::domain::profile::{Area, Place};

/// What kind of name it is, from the most telling on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameKind {
    /// A name the profile says stands for the area.
    Place,
    /// The area's own.
    Full,
    /// A community's own without 社区.
    Bare,
}

/// A name in an address and an area it stands for. A name of several areas gives several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention<'a> {
    pub name: &'a str,
    pub area: &'a AreaCode,
    pub kind: NameKind,
}

struct Meaning {
    kind: NameKind,
    areas: Vec<AreaCode>,
}

/// All names.
pub struct Names {
    automaton: Option<AhoCorasick>,
    meanings: Vec<Meaning>,
}

const COMMUNITY: &str = "社区";
/// A bare name before one of these is a part of another name.
const GOES_ON: [&str; 22] = [
    "路", "街", "大道", "大街", "巷", "里", "桥", "大桥", "站", "公园", "广场", "小区", "花园", "花苑", "村",
    "苑", "城", "大厦", "中心", "医院", "学校", "小学",
];
/// A bare name begins an address, or follows one of these.
const BREAKS: [char; 18] =
    ['市', '区', '街', '道', '镇', '乡', '路', '号', ' ', '　', ',', '，', '、', ';', '；', '。', '(', '（'];

impl Names {
    pub(super) fn new(district: &AreaCode, areas: &[Area], places: &[Place]) -> Result<Self, String> {
        let mut meanings: BTreeMap<String, Meaning> = BTreeMap::new();
        let mut add = |name: &str, kind: NameKind, area: &AreaCode| {
            let meaning =
                meanings.entry(name.to_owned()).or_insert_with(|| Meaning { kind, areas: Vec::new() });
            // The more telling kind was added first and keeps the name.
            if meaning.kind == kind && !meaning.areas.contains(area) {
                meaning.areas.push(area.clone());
            }
        };
        places.iter().for_each(|place| add(&place.name, NameKind::Place, &place.area));
        // The district's own name is in every address and says nothing.
        let below = || areas.iter().filter(|area| area.code != *district && !area.name.is_empty());
        below().for_each(|area| add(&area.name, NameKind::Full, &area.code));
        for area in below().filter(|area| area.code.tier() == Tier::Community) {
            if let Some(bare) = area.name.strip_suffix(COMMUNITY).filter(|bare| bare.chars().nth(1).is_some())
            {
                add(bare, NameKind::Bare, &area.code);
            }
        }
        meanings.retain(|_, meaning| meaning.kind != NameKind::Bare || meaning.areas.len() == 1);
        let (names, meanings): (Vec<String>, Vec<Meaning>) = meanings.into_iter().unzip();
        let automaton = if names.is_empty() {
            None
        } else {
            let built = AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(&names);
            Some(built.map_err(|error| format!("the names cannot be made ready: {error}"))?)
        };
        Ok(Self { automaton, meanings })
    }

    /// The names in an address, longest first where they begin alike; none lies in another.
    pub fn find<'a>(&'a self, address: &'a str) -> Vec<Mention<'a>> {
        let mut mentions = Vec::new();
        for hit in self.automaton.iter().flat_map(|automaton| automaton.find_iter(address)) {
            let (Some(meaning), Some(name)) =
                (self.meanings.get(hit.pattern().as_usize()), address.get(hit.range()))
            else {
                continue;
            };
            if meaning.kind == NameKind::Bare && !stands_alone(address, hit.start(), hit.end()) {
                continue;
            }
            mentions.extend(meaning.areas.iter().map(|area| Mention { name, area, kind: meaning.kind }));
        }
        mentions
    }
}

fn stands_alone(address: &str, start: usize, end: usize) -> bool {
    let (before, after) = (address.get(..start).unwrap_or_default(), address.get(end..).unwrap_or_default());
    let begins = before.chars().next_back().is_none_or(|c| BREAKS.contains(&c));
    begins && !GOES_ON.iter().any(|next| after.starts_with(next))
}
