//! Where it lies: the code given, the borders around the point, the names in the address; the most exact of what agrees.
//!
//! Nothing is trusted: a code nobody knows, a point outside every border, an address that names two places are said and passed over.

use huying_terms::{AreaCode, Location, Point, Tier};

use super::Found;
use crate::domain::{
    decision::{Part, Reason},
    index::{Index, Mention, NameKind},
};

struct Search<'a> {
    index: &'a Index,
    best: Option<(AreaCode, Reason)>,
    notes: Vec<Reason>,
    /// Something pointed elsewhere, or to several places.
    doubt: bool,
}

/// Finds the area. What the top disposes of needs no more than the district, unless something speaks against it.
pub(super) fn find(index: &Index, location: &Location, authority: Option<Tier>) -> Found<AreaCode> {
    let mut search = Search { index, best: None, notes: Vec::new(), doubt: false };
    search.by_code(&location.area);
    if let Some(point) = location.point.filter(|_| !search.is_exact()) {
        search.by_border(point);
    }
    if !search.is_exact() {
        search.by_names(&location.address);
    }
    search.finish(authority)
}

impl Search<'_> {
    /// A community or a grid: exact enough to stop.
    fn is_exact(&self) -> bool {
        self.best.as_ref().is_some_and(|(area, _)| area.tier() <= Tier::Community)
    }

    fn by_code(&mut self, code: &str) {
        if code.is_empty() {
            return;
        }
        match self.index.known_area(code) {
            Some(area) => {
                let text = format!("来件已给出{}", self.index.area_name(&area.code));
                self.offer(&area.code, "given", text);
            }
            None => self.note("unknown", "来件给出的区划代码不在本区目录里，不采用"),
        }
    }

    fn by_border(&mut self, point: Point) {
        let around = self.index.borders.around(point);
        if around.is_empty() {
            if !self.index.borders.is_empty() {
                self.doubt("outside", "坐标在所有已知边界之外");
            }
            return;
        }
        for tier in Tier::ALL {
            let mut here = around.iter().filter(|area| area.tier() == tier);
            match (here.next(), here.next()) {
                (Some(area), None) => {
                    let text = format!("坐标落在{}的边界内", self.index.area_name(area));
                    return self.offer(area, "boundary", text);
                }
                (Some(_), Some(_)) => {
                    self.note("overlap", format!("坐标同时落在几个{}的边界内，看上一级", tier.chinese()))
                }
                (None, _) => {}
            }
        }
        self.doubt("ambiguous", "各级边界都不止一个，坐标定不了位置");
    }

    fn by_names(&mut self, address: &str) {
        let index = self.index;
        let mentions = index.names.find(address);
        let places: Vec<&Mention<'_>> = mentions.iter().filter(|it| it.kind == NameKind::Place).collect();
        let own: Vec<&Mention<'_>> = mentions.iter().filter(|it| it.kind != NameKind::Place).collect();
        let place = match most_exact(&places) {
            Pick::None => None,
            Pick::One(place) => Some(place),
            Pick::Several(one, other) => return self.several(one, other),
        };
        // Within a place, an area's own name may say it more exactly; elsewhere the place counts.
        let Some(place) = place else {
            return self.by_area_names(&own);
        };
        let inside: Vec<_> =
            own.into_iter().filter(|it| it.area != place.area && place.area.contains(it.area)).collect();
        match most_exact(&inside) {
            Pick::One(inner) => self.named(inner),
            Pick::None | Pick::Several(..) => self.named(place),
        }
    }

    fn by_area_names(&mut self, mentions: &[&Mention<'_>]) {
        let full: Vec<&Mention<'_>> =
            mentions.iter().copied().filter(|it| it.kind == NameKind::Full).collect();
        // A bare name counts only where it agrees with the full ones.
        let fits = |it: &Mention<'_>| {
            it.kind == NameKind::Full
                || full.is_empty()
                || full.iter().any(|outer| outer.area.contains(it.area))
        };
        let fitting: Vec<&Mention<'_>> = mentions.iter().copied().filter(|it| fits(it)).collect();
        match most_exact(&fitting) {
            Pick::None => {}
            Pick::One(one) => self.named(one),
            Pick::Several(one, other) => self.several(one, other),
        }
    }

    fn named(&mut self, it: &Mention<'_>) {
        let rule = match it.kind {
            NameKind::Place => "place",
            NameKind::Full | NameKind::Bare => "name",
        };
        let text = format!("地址里的“{}”在{}", it.name, self.index.area_name(it.area));
        self.offer(it.area, rule, text);
    }

    fn several(&mut self, one: &Mention<'_>, other: &Mention<'_>) {
        let name = |it: &Mention<'_>| format!("“{}”（{}）", it.name, self.index.area_name(it.area));
        let text = format!("地址同时指向{}和{}，定不了", name(one), name(other));
        self.doubt("ambiguous", text);
    }

    /// Takes an area that is more exact than what there is, and agrees with it.
    fn offer(&mut self, area: &AreaCode, rule: &str, text: String) {
        match &self.best {
            Some((best, _)) if best == area || area.contains(best) => {}
            Some((best, _)) if !best.contains(area) => {
                let known = self.index.area_name(best);
                self.note("conflict", format!("{text}，与{known}不符，不采用"));
            }
            Some(_) | None => self.best = Some((area.clone(), Reason::new(Part::Area, rule, text))),
        }
    }

    fn note(&mut self, rule: &str, text: impl Into<String>) {
        self.notes.push(Reason::new(Part::Area, rule, text));
    }

    fn doubt(&mut self, rule: &str, text: impl Into<String>) {
        self.doubt = true;
        self.note(rule, text);
    }

    fn finish(mut self, authority: Option<Tier>) -> Found<AreaCode> {
        let top = self.index.district.tier();
        if self.best.is_none() && !self.doubt && authority.is_some_and(|tier| tier >= top) {
            let text =
                format!("事项由{}处置，按{}受理", top.chinese(), self.index.area_name(&self.index.district));
            self.best = Some((self.index.district.clone(), Reason::new(Part::Area, "category", text)));
        }
        if self.best.is_none() {
            self.note("none", "没有能定到本区哪个地方的线索");
        }
        let mut reasons = self.notes;
        let value = self.best.map(|(area, reason)| {
            reasons.push(reason);
            area
        });
        Found { value, reasons }
    }
}

enum Pick<'a> {
    None,
    One(&'a Mention<'a>),
    Several(&'a Mention<'a>, &'a Mention<'a>),
}

/// The one of the most exact tier. Of several there, the one that lies in what a higher tier names too; and one that lies in none of
/// what a higher tier names contradicts it.
fn most_exact<'a>(mentions: &[&'a Mention<'a>]) -> Pick<'a> {
    let Some(tier) = mentions.iter().map(|it| it.area.tier()).min() else {
        return Pick::None;
    };
    let (exact, outer): (Vec<&'a Mention<'a>>, Vec<_>) =
        mentions.iter().copied().partition(|it| it.area.tier() == tier);
    let agrees =
        |it: &&&Mention<'_>| outer.is_empty() || outer.iter().any(|outer| outer.area.contains(it.area));
    let agreeing: Vec<&'a Mention<'a>> = exact.iter().filter(agrees).copied().collect();
    let Some(first) = agreeing.first().copied() else {
        return match (exact.first(), outer.first()) {
            (Some(one), Some(other)) => Pick::Several(one, other),
            (Some(one), None) => Pick::One(one),
            (None, _) => Pick::None,
        };
    };
    match agreeing.iter().find(|it| it.area != first.area) {
        Some(other) => Pick::Several(first, other),
        None => Pick::One(first),
    }
}
