//! Where it lies: the code given, the borders around the point and the names in the address are all read and held against each other.
//!
//! What agrees is decided by its most exact part, with how sure that is. What disagrees is for a person, who is told both sides: a case must
//! not go to the wrong street because one of two clues was read first. Nothing is trusted: a code that nobody knows and a point outside every
//! border are said and passed over.

mod evidence;

use huying_terms::{AreaCode, Location, Tier};

use self::evidence::{Evidence, Gathered, Source};
use crate::domain::{
    decision::{Part, Reason, Sureness},
    house::{House, Led, Past},
    index::Index,
};

/// What is known of the place.
#[derive(Clone, Debug, Default)]
pub struct Placed {
    /// The most exact area that everything agrees on.
    pub area: Option<AreaCode>,
    pub sureness: Option<Sureness>,
    /// Areas that it may be, where none is decided: for a person to choose from. At most [`CANDIDATES`].
    pub candidates: Vec<AreaCode>,
    /// The point is no place in the district, and is not to be told on.
    pub without_point: bool,
    /// The house that the address names.
    pub house: Option<House>,
    /// Nothing gives an area, and nothing disagrees: where its road led before may help.
    is_open: bool,
    pub reasons: Vec<Reason>,
}

/// The rule of a place that nothing gives.
const NONE: &str = "area.none";

/// Most areas offered to a person.
pub const CANDIDATES: usize = 10;

impl Placed {
    /// The house whose road is all that is known of the place.
    pub fn open_house(&self) -> Option<&House> {
        self.house.as_ref().filter(|_| self.is_open)
    }

    /// With the communities where its road led before among those that it may be, the likeliest first. It is decided by none of them.
    pub fn recall(mut self, index: &Index, past: &[Past]) -> Self {
        let Some(house) = self.open_house() else { return self };
        let known = |led: &Led| index.area(&led.community).is_some();
        let led: Vec<Led> = house.leads(past).into_iter().filter(known).collect();
        if led.is_empty() {
            return self;
        }
        let all: usize = led.iter().map(|it| it.times).sum();
        let told = led.iter().take(CANDIDATES).map(|it| told(index, it)).collect::<Vec<_>>().join("、");
        let text = format!("以往{all}件在“{}”的诉求落在{told}，由人核定", house.road);
        self.reasons.retain(|it| it.rule != NONE);
        self.reasons.push(Reason::new(Part::Area, "road_history", text));
        let before = std::mem::take(&mut self.candidates);
        self.candidates = led.into_iter().map(|it| it.community).collect();
        let others: Vec<AreaCode> = before.into_iter().filter(|it| !self.candidates.contains(it)).collect();
        self.candidates.extend(others);
        self.candidates.truncate(CANDIDATES);
        self
    }
}

/// A community, how often it was meant, and its nearest house.
fn told(index: &Index, led: &Led) -> String {
    let nearest = led.nearest.map_or_else(String::new, |(_, number)| format!("，最近的是{number}号"));
    format!("{}（{}件{nearest}）", index.area_name(&led.community), led.times)
}

/// Finds the area. What the top disposes of needs no more than the district, unless something speaks against it.
pub fn find(index: &Index, location: &Location, authority: Option<Tier>) -> Placed {
    let Gathered { evidence, elsewhere, doubt, without_point, house, notes } =
        evidence::gather(index, location);
    let mut weighing = Weighing { index, notes, best: None, candidates: Vec::new(), stuck: false };
    weighing.weigh(&evidence);
    if let Some(elsewhere) = elsewhere {
        weighing.against(&elsewhere, &evidence);
    }
    Placed { without_point, house, ..weighing.finish(authority, doubt) }
}

struct Weighing<'a> {
    index: &'a Index,
    notes: Vec<Reason>,
    best: Option<Best>,
    candidates: Vec<AreaCode>,
    /// Evidence disagrees, or points to several places.
    stuck: bool,
}

struct Best {
    area: AreaCode,
    sureness: Sureness,
    reason: Reason,
}

impl Weighing<'_> {
    fn weigh(&mut self, evidence: &[Evidence]) {
        let clear: Vec<&Evidence> = evidence.iter().filter(|it| it.clear().is_some()).collect();
        for (at, one) in clear.iter().enumerate() {
            if let Some(other) = clear.iter().skip(at + 1).find(|other| !one.agrees(other)) {
                return self.conflict(one, other);
            }
        }
        self.agreed(&clear);
        let (weak, other): (Vec<&Evidence>, Vec<&Evidence>) =
            evidence.iter().filter(|it| it.clear().is_none()).partition(|it| it.is_weak);
        other.into_iter().chain(weak).for_each(|it| self.narrow(it, evidence));
    }

    /// The most exact of what is clear and agrees; of two grids, the community that both lie in.
    fn agreed(&mut self, clear: &[&Evidence]) {
        let Some((area, most)) =
            clear.iter().filter_map(|it| Some((it.clear()?, *it))).min_by_key(|(area, _)| area.tier())
        else {
            return;
        };
        let exact = |it: &&&Evidence| it.clear().is_some_and(|area| area.tier() <= Tier::Community);
        let sources: Vec<Source> = clear.iter().filter(exact).map(|it| it.source).collect();
        let twice = sources.iter().any(|source| Some(source) != sources.first());
        let sureness = if twice { Sureness::High } else { most.sureness };
        let apart = clear.iter().filter_map(|it| it.clear()).any(|it| it.tier() == area.tier() && it != area);
        let area = match area.at(Tier::Community).filter(|_| apart) {
            Some(community) => {
                self.note("grids", "线索指向同一社区的不同网格，按社区");
                community
            }
            None => area.clone(),
        };
        self.take(area, sureness, most);
    }

    /// What may mean several areas says more where one of them fits what is known.
    fn narrow(&mut self, it: &Evidence, all: &[Evidence]) {
        let known = self.best.as_ref().map(|best| best.area.clone());
        let fits: Vec<&AreaCode> = match &known {
            Some(known) => it.options.iter().filter(|option| together(option, known)).collect(),
            None => it.options.iter().collect(),
        };
        let meant = match (fits.as_slice(), &it.alone) {
            ([], _) if it.is_weak => {
                return self.note("passed_over", format!("{}，与别的线索不符，不采用", it.text));
            }
            ([], _) => return self.contradicted(it, all),
            ([one], _) if known.is_some() => Some((*one).clone()),
            (_, alone) => hinted(it, all).or_else(|| alone.clone()),
        };
        match (meant, &known) {
            (Some(meant), Some(known)) if !known.contains(&meant) || meant == *known => {}
            (Some(meant), _) => self.take(meant, it.sureness, it),
            (None, Some(_)) => {}
            (None, None) => self.offer(it),
        }
    }

    /// Several areas and nothing to choose by: for a person.
    fn offer(&mut self, it: &Evidence) {
        self.note(it.rule, it.text.clone());
        self.stuck |= !it.is_weak;
        self.candidates.extend(it.options.iter().cloned());
    }

    fn contradicted(&mut self, it: &Evidence, all: &[Evidence]) {
        if let Some(other) = all.iter().find(|other| !other.is_weak && !other.agrees(it)) {
            self.conflict(other, it);
        }
    }

    fn conflict(&mut self, one: &Evidence, other: &Evidence) {
        self.note("conflict", format!("{}，而{}：不是一处，由人核定", one.text, other.text));
        self.candidates.extend(one.options.iter().chain(&other.options).cloned());
        (self.best, self.stuck) = (None, true);
    }

    /// Something says that it lies elsewhere.
    fn against(&mut self, elsewhere: &str, evidence: &[Evidence]) {
        self.stuck = true;
        let here = evidence.iter().find(|it| it.clear().is_some()).or(evidence.first());
        match here {
            Some(here) => {
                self.note("conflict", format!("{}，而{elsewhere}：不是一处，由人核定", here.text));
                self.candidates.extend(self.best.take().map(|best| best.area));
                self.candidates.extend(here.options.iter().cloned());
            }
            None => self.note("elsewhere", format!("{elsewhere}，不在本区")),
        }
    }

    fn take(&mut self, area: AreaCode, sureness: Sureness, by: &Evidence) {
        let reason = Reason::new(Part::Area, by.rule, by.text.clone());
        self.best = Some(Best { area, sureness, reason });
    }

    fn note(&mut self, rule: &str, text: impl Into<String>) {
        self.notes.push(Reason::new(Part::Area, rule, text));
    }

    fn finish(mut self, authority: Option<Tier>, doubt: bool) -> Placed {
        let top = self.index.district.tier();
        if self.best.is_none() && !doubt && !self.stuck && authority.is_some_and(|tier| tier >= top) {
            let text =
                format!("事项由{}处置，按{}受理", top.chinese(), self.index.area_name(&self.index.district));
            let reason = Reason::new(Part::Area, "category", text);
            self.best = Some(Best { area: self.index.district.clone(), sureness: Sureness::Fair, reason });
        }
        if self.best.is_none() && !self.stuck {
            self.note("none", "没有能定到本区哪个地方的线索");
        }
        self.candidates.sort();
        self.candidates.dedup();
        self.candidates.truncate(if self.best.is_some() { 0 } else { CANDIDATES });
        let mut reasons = self.notes;
        let (area, sureness) = match self.best {
            Some(Best { area, sureness, reason }) => {
                reasons.push(reason);
                (Some(area), Some(sureness))
            }
            None => (None, None),
        };
        let is_open = area.is_none() && !self.stuck;
        Placed { area, sureness, candidates: self.candidates, is_open, reasons, ..Placed::default() }
    }
}

/// Of several areas, the one that a weak clue speaks for too.
fn hinted(it: &Evidence, all: &[Evidence]) -> Option<AreaCode> {
    let clues = || all.iter().filter(|clue| clue.is_weak && clue.rule != it.rule);
    let fits =
        |option: &&AreaCode| clues().any(|clue| clue.options.iter().any(|area| together(area, option)));
    let mut fitting = it.options.iter().filter(fits);
    fitting.next().filter(|_| fitting.next().is_none()).cloned()
}

/// Whether two areas may be one place: one lies in the other, or both in one community.
fn together(one: &AreaCode, other: &AreaCode) -> bool {
    let community = |area: &AreaCode| area.at(Tier::Community);
    one.contains(other)
        || other.contains(one)
        || (community(one).is_some() && community(one) == community(other))
}
