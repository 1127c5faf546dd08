//! Areas by name: one automaton over the names of places, of areas, and of communities without their 社区.
//!
//! A name goes on where a road, a stop or a bridge is called after it (百步亭路, 恒大双城站): then it is no name of the place. A community's bare
//! name is a common word more often than not (公园, 香港, 四村), so it counts only where nothing else is called so and where it stands as a
//! word of its own: after a break, and before a number or nothing (东方航标 is no 东方社区).

use std::{collections::BTreeMap, ops::Range};

use aho_corasick::{AhoCorasick, MatchKind};
use huying_terms::{AreaCode, Tier};
use huying_words::normal;

use super::{Named, is_chinese};

/// What kind of name it is, from the most telling on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// A name that the profile says stands for the area.
    Place,
    /// A road with a house number that is known to lie there.
    House,
    /// The area's own.
    Full,
    /// A community's own without 社区.
    Bare,
}

/// A name in an address and an area it stands for. A name of several areas gives several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention {
    pub name: String,
    pub area: AreaCode,
    pub kind: NameKind,
    /// The name is one that the area had before.
    pub former: bool,
    /// Where in the normal form, in bytes.
    pub at: Range<usize>,
}

struct Meaning {
    kind: NameKind,
    former: bool,
    areas: Vec<AreaCode>,
}

pub(super) struct Names {
    automaton: Option<AhoCorasick>,
    meanings: Vec<Meaning>,
}

/// What is called after a place that it leads to or stops at.
const PASSES_BY: [&str; 20] = [
    "路", "街", "大道", "大街", "巷", "站", "公交", "车站", "地铁", "桥", "大桥", "立交", "高架", "隧道",
    "支路", "东路", "西路", "南路", "北路", "中路",
];
/// What only looks so: a road's edge or lamp at the place, and its 街道.
const BESIDE: [&str; 6] = ["路边", "路旁", "路面", "路灯", "路段", "街道"];
/// A name that ends so is said whole and goes on in no other.
const WHOLE: [&str; 12] =
    ["社区", "街道", "居委会", "村委会", "网格", "办事处", "街道办", "镇", "乡", "区", "市", "号"];
/// A bare name begins an address, or follows one of these.
const BREAKS: [char; 14] = ['市', '区', '街', '道', '镇', '乡', '路', '号', ' ', ',', '、', ';', '。', '('];

impl Names {
    pub(super) fn new(areas: &[Named], places: &[Named]) -> Result<Self, String> {
        let mut meanings: BTreeMap<String, Meaning> = BTreeMap::new();
        let mut add = |name: &str, kind: NameKind, of: &Named| {
            let form = normal(name);
            if form.is_empty() {
                return;
            }
            let new = || Meaning { kind, former: of.former, areas: Vec::new() };
            let meaning = meanings.entry(form).or_insert_with(new);
            // The more telling kind was added first and keeps the name, and what is called so now keeps it from what was.
            if (meaning.kind, meaning.former) == (kind, of.former) && !meaning.areas.contains(&of.area) {
                meaning.areas.push(of.area.clone());
            }
        };
        places.iter().for_each(|it| add(&it.name, NameKind::Place, it));
        for now in [false, true] {
            for it in areas.iter().filter(|it| it.former == now) {
                add(&it.name, NameKind::Full, it);
                also(it).iter().for_each(|name| add(name, NameKind::Full, it));
            }
        }
        for it in areas.iter().filter(|it| it.area.tier() == Tier::Community) {
            if let Some(bare) = it.name.strip_suffix(COMMUNITY).filter(|bare| bare.chars().nth(1).is_some()) {
                add(bare, NameKind::Bare, it);
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

    /// The names in a normal form, longest first where they begin alike; none lies in another.
    pub(super) fn find(&self, text: &str) -> Vec<Mention> {
        let mut mentions = Vec::new();
        for hit in self.automaton.iter().flat_map(|automaton| automaton.find_iter(text)) {
            let (Some(meaning), Some(name)) =
                (self.meanings.get(hit.pattern().as_usize()), text.get(hit.range()))
            else {
                continue;
            };
            let after = text.get(hit.end()..).unwrap_or_default();
            let before = text.get(..hit.start()).unwrap_or_default();
            if passes_by(name, after) || (meaning.kind == NameKind::Bare && !stands_alone(before, after)) {
                continue;
            }
            mentions.extend(meaning.areas.iter().map(|area| Mention {
                name: name.to_owned(),
                area: area.clone(),
                kind: meaning.kind,
                former: meaning.former,
                at: hit.range(),
            }));
        }
        mentions
    }
}

const COMMUNITY: &str = "社区";

/// What else people call an area by its own name.
fn also(it: &Named) -> Vec<String> {
    let (name, tier) = (it.name.as_str(), it.area.tier());
    let with = |stem: &str, ends: &[&str]| ends.iter().map(|end| format!("{stem}{end}")).collect();
    if let Some(stem) = name.strip_suffix("街道").filter(|_| tier == Tier::Street) {
        return with(stem, &["街办事处", "街道办"]);
    }
    if let Some(stem) = name.strip_suffix("村委会").filter(|_| tier == Tier::Community) {
        return with(stem, &["村"]);
    }
    if let Some(stem) = name.strip_suffix(COMMUNITY).filter(|_| tier == Tier::Community) {
        return with(stem, &["居委会"]);
    }
    Vec::new()
}

/// Whether what follows makes the name one of a road, a stop or a line.
pub(super) fn passes_by(name: &str, after: &str) -> bool {
    !WHOLE.iter().any(|end| name.ends_with(end))
        && !BESIDE.iter().any(|next| after.starts_with(next))
        && PASSES_BY.iter().any(|next| after.starts_with(next))
}

fn stands_alone(before: &str, after: &str) -> bool {
    let begins = before.chars().next_back().is_none_or(|c| BREAKS.contains(&c));
    begins && !after.starts_with(is_chinese)
}
