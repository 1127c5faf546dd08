//! What speaks for a place: gathered from code, point and address, each by itself.

use std::collections::BTreeSet;

use huying_place::address::{Mention, NameKind, Reading, Road};
use huying_terms::{AreaCode, Location, Point, Tier};

use super::together;
use crate::domain::{
    decision::{Part, Reason, Sureness},
    house::House,
    index::{CodeRead, Index},
};

/// A point this near to a border (metres) may lie on either side of it: phones are no better.
const NEAR: f64 = 30.0;
/// How far (metres) from the nearest border a point outside of all is told to be.
const TELLING: f64 = 2000.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source {
    Code,
    Point,
    Address,
}

/// Something that speaks for one area, or for one of several.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub source: Source,
    /// What it may mean, by code.
    pub options: Vec<AreaCode>,
    /// What it says where nothing else helps; none: nothing.
    pub alone: Option<AreaCode>,
    /// Contradicted, it is passed over.
    pub is_weak: bool,
    pub rule: &'static str,
    pub text: String,
    pub sureness: Sureness,
}

impl Evidence {
    /// The one area that it says beyond doubt.
    pub(super) fn clear(&self) -> Option<&AreaCode> {
        match self.options.as_slice() {
            [one] if !self.is_weak => self.alone.as_ref().filter(|alone| *alone == one),
            _ => None,
        }
    }

    pub(super) fn agrees(&self, other: &Self) -> bool {
        self.options.iter().any(|one| other.options.iter().any(|it| together(one, it)))
    }
}

/// All that speaks for a place, and what was passed over.
#[derive(Default)]
pub(super) struct Gathered {
    pub evidence: Vec<Evidence>,
    /// What says that it lies in another district, in words.
    pub elsewhere: Option<String>,
    /// Something points out of the district, so that it is no matter of the whole district either.
    pub doubt: bool,
    pub without_point: bool,
    /// The house that the address names.
    pub house: Option<House>,
    pub notes: Vec<Reason>,
}

pub(super) fn gather(index: &Index, location: &Location) -> Gathered {
    let mut gathering = Gathering { index, it: Gathered::default() };
    gathering.code(&location.area);
    if let Some(point) = location.point {
        gathering.point(point);
    }
    gathering.address(&index.addresses.read(&location.address));
    gathering.it
}

struct Gathering<'a> {
    index: &'a Index,
    it: Gathered,
}

impl Gathering<'_> {
    fn note(&mut self, rule: &str, text: impl Into<String>) {
        self.it.notes.push(Reason::new(Part::Area, rule, text));
    }

    fn name(&self, area: &AreaCode) -> String {
        self.index.area_name(area)
    }

    /// Says one area.
    fn says(
        &mut self,
        source: Source,
        area: &AreaCode,
        rule: &'static str,
        text: String,
        sureness: Sureness,
    ) {
        self.it.evidence.push(Evidence {
            source,
            options: vec![area.clone()],
            alone: Some(area.clone()),
            is_weak: false,
            rule,
            text,
            sureness,
        });
    }

    fn code(&mut self, code: &str) {
        match self.index.read_code(code) {
            CodeRead::Empty => {}
            CodeRead::Here { area, former } => {
                let name = self.name(&area.code);
                if former {
                    self.note("retired", format!("来件给出的区划代码已停用，现为{name}"));
                }
                self.says(Source::Code, &area.code, "given", format!("来件已给出{name}"), Sureness::High);
            }
            CodeRead::Above => self.note("above", "来件给出的区划代码只到本区以上，不采用"),
            CodeRead::Elsewhere => {
                self.it.doubt = true;
                self.it.elsewhere = Some("来件给出的区划代码是外区的".to_owned());
            }
            CodeRead::Unknown => self.note("unknown", "来件给出的区划代码不在本区目录里，不采用"),
        }
    }

    fn point(&mut self, point: Point) {
        let index = self.index;
        if point.latitude == 0.0 && point.longitude == 0.0 {
            self.it.without_point = true;
            return self.note("no_point", "坐标是(0,0)，等于没有给，不采用");
        }
        if index.borders.is_empty() {
            return;
        }
        let around = index.borders.around(point);
        let tiers = Tier::ALL.into_iter().filter(|tier| around.iter().any(|area| area.tier() == *tier));
        let mut at_once = BTreeSet::new();
        for tier in tiers {
            let here: Vec<&AreaCode> = around.iter().copied().filter(|area| area.tier() == tier).collect();
            if let [area] = here.as_slice() {
                return self.inside(point, area, at_once, &around);
            }
            self.note("overlap", format!("坐标同时落在几个{}的边界内，看上一级", tier.chinese()));
            if at_once.is_empty() {
                at_once.extend(here);
            }
        }
        if at_once.is_empty() {
            return self.outside(point);
        }
        self.it.doubt = true;
        let text = "各级边界都不止一个，坐标定不了位置".to_owned();
        let options = at_once.into_iter().cloned().collect();
        self.unclear(Source::Point, options, None, "ambiguous", text);
    }

    fn outside(&mut self, point: Point) {
        (self.it.doubt, self.it.without_point) = (true, true);
        let near = self.index.borders.near(point, TELLING);
        let nearest = near.into_iter().min_by(|(_, one), (_, other)| one.total_cmp(other));
        let how_far = nearest.map_or_else(String::new, |(area, metres)| {
            format!("（离{}的边界约{metres:.0}米）", self.name(area))
        });
        self.note("outside", format!("坐标在所有已知边界之外{how_far}，不采用"));
    }

    /// In an area's border, and in those of several at once on the tiers below it.
    fn inside(
        &mut self,
        point: Point,
        area: &AreaCode,
        at_once: BTreeSet<&AreaCode>,
        around: &BTreeSet<&AreaCode>,
    ) {
        let text = format!("坐标落在{}的边界内", self.name(area));
        let strange = around.iter().find(|it| it.tier() > area.tier() && !it.contains(area));
        if let Some(strange) = strange {
            self.note(
                "unnested",
                format!("坐标也落在{}的边界内，边界不相套，以更小的为准", self.name(strange)),
            );
        }
        if !at_once.is_empty() {
            let options = at_once.into_iter().cloned().collect();
            return self.unclear(Source::Point, options, Some(area.clone()), "boundary", text);
        }
        let near = self.index.borders.near(point, NEAR);
        let beside = |it: &&AreaCode| it.tier() <= Tier::Community && !around.contains(*it);
        let mut options: BTreeSet<AreaCode> = near.keys().copied().filter(beside).cloned().collect();
        let own = around.iter().filter(|it| it.tier() <= Tier::Community).filter_map(|it| near.get(*it));
        let nearest =
            near.iter().filter(|(it, _)| options.contains(**it)).map(|(_, metres)| metres).chain(own);
        let Some(metres) = nearest.copied().min_by(f64::total_cmp) else {
            return self.says(Source::Point, area, "boundary", text, Sureness::High);
        };
        let others: Vec<String> = options.iter().map(|it| self.name(it)).collect();
        let others =
            if others.is_empty() { String::new() } else { format!("，另一边是{}", others.join("、")) };
        self.note("near_border", format!("坐标离边界只有约{metres:.0}米{others}，别的线索优先"));
        options.insert(area.clone());
        self.unclear(Source::Point, options.into_iter().collect(), Some(area.clone()), "boundary", text);
    }

    fn unclear(
        &mut self,
        source: Source,
        options: Vec<AreaCode>,
        alone: Option<AreaCode>,
        rule: &'static str,
        text: String,
    ) {
        // Near a border whose other side is not drawn, the point speaks for one area and holds against no other.
        let is_weak = options.len() == 1;
        let sureness = Sureness::Low;
        self.it.evidence.push(Evidence { source, options, alone, is_weak, rule, text, sureness });
    }

    fn address(&mut self, reading: &Reading) {
        self.it.house = House::of(reading);
        let former = reading.mentions.iter().filter(|it| it.former);
        for it in former.collect::<Vec<_>>() {
            self.note("retired", format!("地址里的“{}”是{}的旧称", it.name, self.name(&it.area)));
        }
        if let Some(name) = reading.elsewhere.first() {
            self.it.doubt = true;
            self.it.elsewhere = Some(format!("地址写的是“{name}”"));
        }
        match pick(&reading.mentions) {
            Pick::None => {}
            Pick::One(it) => self.named(it, reading),
            Pick::Several(one, other) => self.several(one, other),
        }
        let told = |road: &Road| reading.mentions.iter().any(|it| road.areas == [it.area.clone()]);
        if let Some(road) = reading.road.as_ref().filter(|road| !road.areas.is_empty() && !told(road)) {
            self.road(road);
        }
    }

    fn named(&mut self, it: &Mention, reading: &Reading) {
        let text = format!("地址里的“{}”在{}", it.name, self.name(&it.area));
        let inside_another = |other: &Mention| other.area != it.area && other.area.contains(&it.area);
        let sureness = match it.kind {
            NameKind::Bare => Sureness::Low,
            NameKind::Place | NameKind::House | NameKind::Full
                if reading.mentions.iter().any(inside_another) =>
            {
                Sureness::High
            }
            NameKind::Place | NameKind::House | NameKind::Full => Sureness::Fair,
        };
        let rule = match it.kind {
            NameKind::Place => "place",
            NameKind::House => "road",
            NameKind::Full | NameKind::Bare => "name",
        };
        self.says(Source::Address, &it.area, rule, text, sureness);
        if let Some(last) = self.it.evidence.last_mut() {
            last.is_weak = it.kind == NameKind::Bare;
        }
    }

    fn several(&mut self, one: &Mention, other: &Mention) {
        self.it.doubt = true;
        let name = |it: &Mention| format!("“{}”（{}）", it.name, self.name(&it.area));
        let text = format!("地址同时指向{}和{}", name(one), name(other));
        let options = BTreeSet::from([one.area.clone(), other.area.clone()]);
        self.unclear(Source::Address, options.into_iter().collect(), None, "ambiguous", text);
    }

    /// A road never says an area by itself; with a house number in a known range it is a name.
    fn road(&mut self, road: &Road) {
        let names: Vec<String> = road.areas.iter().map(|area| self.name(area)).collect();
        let text = format!("地址里的“{}{}”已知在{}", road.name, road.number, names.join("、"));
        self.it.evidence.push(Evidence {
            source: Source::Address,
            options: road.areas.clone(),
            alone: None,
            is_weak: true,
            rule: "road",
            text,
            sureness: Sureness::Low,
        });
    }
}

enum Pick<'a> {
    None,
    One(&'a Mention),
    Several(&'a Mention, &'a Mention),
}

/// What the names of an address come to: a place first, made more exact by an area's own name within it.
fn pick(mentions: &[Mention]) -> Pick<'_> {
    let (places, own): (Vec<&Mention>, Vec<&Mention>) =
        mentions.iter().partition(|it| matches!(it.kind, NameKind::Place | NameKind::House));
    let place = match most_exact(&places) {
        Pick::None => return areas(&own),
        Pick::One(place) => place,
        several @ Pick::Several(..) => return several,
    };
    let whole = own.iter().copied().filter(|it| it.kind == NameKind::Full);
    if let Some(other) = whole.filter(|it| !together(&it.area, &place.area)).min_by_key(|it| it.area.tier()) {
        // 一居委会 is the name of several: one of them that fits is meant.
        let meant = own.iter().any(|it| it.name == other.name && together(&it.area, &place.area));
        if !meant {
            return Pick::Several(place, other);
        }
    }
    let inside: Vec<&Mention> =
        own.into_iter().filter(|it| it.area != place.area && place.area.contains(&it.area)).collect();
    match most_exact(&inside) {
        Pick::One(inner) => Pick::One(inner),
        Pick::None | Pick::Several(..) => Pick::One(place),
    }
}

fn areas<'a>(mentions: &[&'a Mention]) -> Pick<'a> {
    let full: Vec<&Mention> = mentions.iter().copied().filter(|it| it.kind == NameKind::Full).collect();
    // A bare name counts only where it agrees with the full ones.
    let fits = |it: &&&Mention| {
        it.kind == NameKind::Full || full.is_empty() || full.iter().any(|outer| outer.area.contains(&it.area))
    };
    let fitting: Vec<&Mention> = mentions.iter().filter(fits).copied().collect();
    most_exact(&fitting)
}

/// The one of the most exact tier. Of several there, the one that lies in what a higher tier names too. An area's own name of a higher tier
/// in which none of them lies contradicts them, whatever else is named: two streets are two places, though the community lies in one.
fn most_exact<'a>(mentions: &[&'a Mention]) -> Pick<'a> {
    let Some(tier) = mentions.iter().map(|it| it.area.tier()).min() else {
        return Pick::None;
    };
    let (exact, outer): (Vec<&'a Mention>, Vec<&'a Mention>) =
        mentions.iter().copied().partition(|it| it.area.tier() == tier);
    let agrees = |it: &&&Mention| outer.is_empty() || outer.iter().any(|outer| outer.area.contains(&it.area));
    let agreeing: Vec<&'a Mention> = exact.iter().filter(agrees).copied().collect();
    let Some(first) = agreeing.first().copied() else {
        return match (exact.first(), outer.first()) {
            (Some(one), Some(other)) => Pick::Several(one, other),
            (Some(one), None) => Pick::One(one),
            (None, _) => Pick::None,
        };
    };
    let holds = |outer: &Mention| agreeing.iter().any(|it| outer.area.contains(&it.area));
    // 一居委会 is the name of several: one of them that holds it is meant.
    let is_meant = |it: &Mention| outer.iter().any(|outer| outer.name == it.name && holds(outer));
    let apart = outer.iter().copied().find(|it| it.kind == NameKind::Full && !is_meant(it));
    match agreeing.iter().copied().find(|it| it.area != first.area).or(apart) {
        Some(other) => Pick::Several(first, other),
        None => Pick::One(first),
    }
}
