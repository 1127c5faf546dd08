//! A district's directory made ready to be asked, once per profile: look-ups are in memory and cost no query.
//!
//! [`Reader`] finds areas in addresses, [`Borders`] areas around points, [`words`] rules and conditions in texts.

mod authority;
mod places;
mod words;

use std::{
    collections::{BTreeMap, HashMap},
    ops::Bound,
};

use huying_chassis::profile::Part;
use huying_place::{Borders, address::Reader};
use huying_terms::{AreaCode, Calendar, Limit, LimitKind, Priority, PriorityKind, Tier, UnitKind};

use self::{authority::Authority, words::Words};
use super::{
    Error,
    danger::Danger,
    force::GridForce,
    profile::{
        Area, AuthorityRule, Category, Condition, ConditionLimit, DefaultLimit, Directory, KeywordRule,
        LEARNED_PERCENT, TriageRules, Unit,
    },
};

pub use places::CodeRead;
pub use words::{GAP, Hit, Matched, Read, parts};

/// The directory, as used.
pub struct Index {
    pub district: AreaCode,
    pub calendar: Calendar,
    pub triage: TriageRules,
    pub addresses: Reader,
    pub borders: Borders,
    /// By code.
    areas: Vec<Area>,
    area_at: HashMap<AreaCode, usize>,
    /// By a code that an area had before.
    former_at: HashMap<AreaCode, usize>,
    children: HashMap<AreaCode, Vec<usize>>,
    /// By code.
    units: Vec<Unit>,
    unit_at: HashMap<String, usize>,
    posts: HashMap<(UnitKind, AreaCode), usize>,
    /// By code.
    categories: BTreeMap<String, Category>,
    words: Words,
    rules: Vec<KeywordRule>,
    conditions: Vec<Condition>,
    authority: Authority,
    /// By category: which conditions change its limit.
    condition_limits: HashMap<String, Vec<(usize, Limit)>>,
    defaults: HashMap<Priority, DefaultLimit>,
    /// How sure the learned classifier must be to decide, between 0 and 1.
    pub sure_from: f64,
    /// The longest that resolving may take where life is in danger.
    pub danger_resolve: Limit,
    /// Of whom a grid team is made up.
    pub team: Vec<String>,
    /// Those of the smallest areas first.
    forces: Vec<GridForce>,
}

/// Where the profile says nothing of danger.
const DANGER_RESOLVE: Limit = Limit { kind: LimitKind::UrgentHour, amount: 1 };

impl Index {
    /// # Errors
    /// What cannot be made ready, in words. A directory that passed its check always can.
    pub fn new(directory: Directory) -> Result<Self, String> {
        let addresses = places::reader(&directory)?;
        let Directory {
            district,
            mut areas,
            mut units,
            categories,
            rules,
            boundaries,
            defaults,
            calendar,
            conditions,
            condition_limits,
            authority,
            things,
            dangers,
            danger_resolve,
            learned_percent,
            triage,
            priority_people,
            mut forces,
            team,
            ..
        } = directory;
        forces.sort_by_key(|force| std::cmp::Reverse(force.area.as_str().len()));
        let sure_from = f64::from(learned_percent.unwrap_or(LEARNED_PERCENT)) / 100.0;
        areas.sort_by(|a, b| a.code.cmp(&b.code));
        units.sort_by(|a, b| a.code.cmp(&b.code));
        if let Some(missing) =
            Priority::ALL.iter().find(|priority| defaults.iter().all(|it| it.priority != **priority))
        {
            return Err(format!("there is no default limit for priority {missing}"));
        }
        let mut children: HashMap<AreaCode, Vec<usize>> = HashMap::new();
        for (at, area) in areas.iter().enumerate() {
            if let Some(parent) = &area.parent {
                children.entry(parent.clone()).or_default().push(at);
            }
        }
        let authority = Authority::new(authority, &categories, &conditions);
        let posts = units.iter().enumerate().filter(|(_, unit)| unit.kind.line().is_some());
        Ok(Self {
            addresses,
            former_at: places::former(&areas),
            borders: Borders::new(boundaries.into_iter().map(places::part)),
            words: Words::new(&rules, &conditions, &things, (&dangers, &priority_people))?,
            area_at: areas.iter().enumerate().map(|(at, area)| (area.code.clone(), at)).collect(),
            unit_at: units.iter().enumerate().map(|(at, unit)| (unit.code.clone(), at)).collect(),
            posts: posts.map(|(at, unit)| ((unit.kind, unit.area.clone()), at)).collect(),
            categories: categories.into_iter().map(|it| (it.code.clone(), it)).collect(),
            condition_limits: by_category(&conditions, condition_limits),
            danger_resolve: danger_resolve.unwrap_or(DANGER_RESOLVE),
            defaults: defaults.into_iter().map(|it| (it.priority, it)).collect(),
            district,
            calendar,
            triage: triage.unwrap_or_default(),
            authority,
            areas,
            children,
            units,
            rules,
            conditions,
            sure_from,
            forces,
            team,
        })
    }

    pub fn area(&self, code: &AreaCode) -> Option<&Area> {
        self.areas.get(*self.area_at.get(code)?)
    }

    /// An area by a code nobody checked.
    pub fn known_area(&self, code: &str) -> Option<&Area> {
        self.area(&AreaCode::parse(code).ok()?)
    }

    /// The areas right below one, by code, after a code.
    pub fn areas_below(&self, parent: &AreaCode, after: &str) -> impl Iterator<Item = &Area> {
        let below = self.children.get(parent).map_or(&[][..], Vec::as_slice);
        let areas = below.iter().filter_map(|at| self.areas.get(*at));
        areas.skip_while(move |area| area.code.as_str() <= after)
    }

    /// For people: a community or a grid with its street before it.
    pub fn area_name(&self, code: &AreaCode) -> String {
        let name =
            |code: &AreaCode| self.area(code).map_or_else(|| code.to_string(), |area| area.name.clone());
        match code.at(Tier::Street) {
            Some(street) if street != *code => format!("{}{}", name(&street), name(code)),
            Some(_) | None => name(code),
        }
    }

    pub fn unit(&self, code: &str) -> Option<&Unit> {
        self.units.get(*self.unit_at.get(code)?)
    }

    /// The unit above one.
    ///
    /// # Errors
    /// A unit nobody knows; the top.
    pub fn superior(&self, code: &str) -> Result<&Unit, Error> {
        let unit = self.unit(code).ok_or_else(|| Error::UnknownUnit { unit: code.to_owned() })?;
        let above = unit.superior.as_ref().and_then(|superior| self.unit(superior));
        above.ok_or_else(|| Error::NoSuperior { unit: code.to_owned() })
    }

    /// All units, by code, after a code.
    pub fn units_after(&self, after: &str) -> impl Iterator<Item = &Unit> {
        let from = self.units.partition_point(|unit| unit.code.as_str() <= after);
        self.units.iter().skip(from)
    }

    /// The unit of a kind that answers for an area.
    pub fn post(&self, kind: UnitKind, area: &AreaCode) -> Option<&Unit> {
        self.units.get(*self.posts.get(&(kind, area.clone()))?)
    }

    /// Who serves an area, the nearest first.
    pub fn forces(&self, area: &AreaCode) -> impl Iterator<Item = &GridForce> {
        self.forces.iter().filter(|force| force.area.contains(area))
    }

    /// The unit that answers for an area, or for the next around it that has one.
    pub fn answering(&self, area: &AreaCode) -> Option<&Unit> {
        let tiers = [
            (Tier::Grid, UnitKind::GridTeam),
            (Tier::Community, UnitKind::Community),
            (Tier::Street, UnitKind::Street),
            (Tier::District, UnitKind::District),
        ];
        tiers.into_iter().find_map(|(tier, kind)| self.post(kind, &area.at(tier)?))
    }

    pub fn category(&self, code: &str) -> Option<&Category> {
        self.categories.get(code)
    }

    /// All categories, by code.
    pub fn categories(&self) -> impl Iterator<Item = &Category> {
        self.categories.values()
    }

    /// All categories, by code, after a code.
    pub fn categories_after(&self, after: &str) -> impl Iterator<Item = &Category> {
        self.categories.range::<str, _>((Bound::Excluded(after), Bound::Unbounded)).map(|(_, it)| it)
    }

    pub fn default_limit(&self, priority: Priority) -> Option<&DefaultLimit> {
        self.defaults.get(&priority)
    }

    /// Reads a text once: which words of rules, conditions and dangers occur, where, and how they are meant.
    pub fn read(&self, text: &str) -> Read {
        self.words.read(text)
    }

    /// The keyword rules that hold in what was read, with the words that made them.
    pub fn rules_in<'a>(&'a self, read: &'a Read) -> impl Iterator<Item = Matched<'a>> {
        self.words.rules_in(&self.rules, read)
    }

    /// The words of rules that occur in what was read, but are denied or settled each time.
    pub fn denied_in<'a>(&self, read: &'a Read) -> Vec<&'a str> {
        self.words.denied_in(read)
    }

    /// The dangers to life that words may speak of, each with where they do.
    pub fn dangers_in<'a>(&self, read: &'a Read) -> BTreeMap<Danger, Vec<&'a Hit>> {
        self.words.dangers_in(read)
    }

    /// The people who come first that words may speak of, each with where they do.
    pub fn people_in<'a>(&self, read: &'a Read) -> BTreeMap<PriorityKind, Vec<&'a Hit>> {
        self.words.people_in(read)
    }

    /// The rows of the authority table that a category's cases may come under, in their order, each with the number of the condition that
    /// it asks for.
    pub fn authority_for(&self, category: &str) -> impl Iterator<Item = (&AuthorityRule, Option<usize>)> {
        self.authority.of(category)
    }

    /// A condition by its code.
    pub fn condition(&self, code: &str) -> Option<&Condition> {
        self.conditions.iter().find(|it| it.code == code)
    }

    /// A condition that holds, with the word that made it.
    pub fn condition_in<'a>(&'a self, at: usize, read: &'a Read) -> Option<(&'a Condition, &'a str)> {
        Some((self.conditions.get(at)?, self.words.condition_in(at, read)?))
    }

    /// The conditions that hold and shorten or lengthen a category's limit, with the first word that made each.
    pub fn limits_in<'a>(
        &'a self,
        category: &str,
        read: &'a Read,
    ) -> impl Iterator<Item = (&'a Condition, &'a str, Limit)> {
        let limits = self.condition_limits.get(category).map_or(&[][..], Vec::as_slice);
        limits.iter().filter_map(move |(at, limit)| {
            self.condition_in(*at, read).map(|(condition, word)| (condition, word, *limit))
        })
    }
}

impl Part for Directory {
    type Index = Index;

    fn district(&self) -> &str {
        self.district.as_str()
    }

    fn index(self) -> Result<Index, String> {
        Index::new(self)
    }
}

fn by_category(
    conditions: &[Condition],
    limits: Vec<ConditionLimit>,
) -> HashMap<String, Vec<(usize, Limit)>> {
    let place: HashMap<&str, usize> =
        conditions.iter().enumerate().map(|(at, it)| (it.code.as_str(), at)).collect();
    let mut by_category: HashMap<String, Vec<(usize, Limit)>> = HashMap::new();
    for limit in limits {
        if let Some(at) = place.get(limit.condition.as_str()) {
            by_category.entry(limit.category).or_default().push((*at, limit.resolve));
        }
    }
    by_category
}
