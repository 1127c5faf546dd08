//! Routing's part of a district's profile, as applied: areas, units, categories, rules, borders, limits, calendar.
//!
//! It is kept as it came; [`Directory::check`](super::check) says what is wrong with it before it is kept, and
//! [`Index`](super::index::Index) is how it is asked.

use super::{danger::DangerWords, decision::Demands, force::GridForce, people::PeopleWords};
use huying_terms::{
    AreaCode, Calendar, Limit, LimitKind, Point, Priority, Tier, UnitKind, clock::AMBER_PERCENT,
};
use serde::{Deserialize, Serialize};

/// A place on the tree.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    pub code: AreaCode,
    pub name: String,
    pub tier: Tier,
    /// None at the top.
    pub parent: Option<AreaCode>,
    /// Codes and names that it, or what it took over, had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_codes: Vec<AreaCode>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_names: Vec<String>,
}

/// Who can hold a case or be called on one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    pub code: String,
    pub name: String,
    pub kind: UnitKind,
    pub tier: Tier,
    pub area: AreaCode,
    /// None at the top.
    pub superior: Option<String>,
    /// Of a response group.
    pub members: Vec<String>,
    pub chair: String,
    pub class: String,
}

impl Unit {
    /// Whether it may hold what lies in an area: whoever answers for one around it, and any department, group or utility.
    pub fn may_hold(&self, area: &AreaCode) -> bool {
        self.kind.line().is_none() || self.area.contains(area)
    }
}

/// What a case can be about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Category {
    pub code: String,
    pub name: String,
    pub standard: String,
    pub major: String,
    /// Where a case starts, where no condition holds.
    pub authority: Tier,
    /// In charge; holds what starts at the top.
    pub lead: Option<String>,
    /// Also concerned.
    pub departments: Vec<String>,
    pub priority: Priority,
    /// None: by priority.
    pub respond: Option<Limit>,
    pub resolve: Option<Limit>,
    /// What the authority table may name it by besides its code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
}

/// 处置权限: a row of the authority table. What is none fits whatever it is, or is left to category and priority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuthorityRule {
    /// Where it stands, as the profile's author sees it.
    pub line: String,
    /// A category's code, or one of its scopes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The place is known to just this tier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    #[serde(flatten)]
    pub says: Says,
}

impl AuthorityRule {
    /// Whether it is about a category, whatever else it asks for.
    pub fn is_about(&self, category: &Category) -> bool {
        let named = |scope: &String| *scope == category.code || category.scopes.contains(scope);
        self.scope.as_ref().is_none_or(named)
    }

    /// It asks for no more than the category.
    pub fn always_fits(&self) -> bool {
        self.condition.is_none() && self.tier.is_none()
    }
}

/// What a row of the authority table says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Says {
    /// Where a case starts.
    pub starts: Tier,
    /// The lowest tier that may settle it.
    pub disposes: Tier,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub joins: Vec<String>,
    #[serde(default, skip_serializing_if = "Demands::is_none")]
    pub demands: Demands,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub respond: Option<Limit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolve: Option<Limit>,
}

/// Words that speak for a category.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeywordRule {
    pub category: String,
    pub all: Vec<String>,
    pub any: Vec<String>,
    pub none: Vec<String>,
    pub weight: u32,
    pub priority: Option<Priority>,
}

/// One part of an area's border. An area in several parts has several. Rings are not closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Boundary {
    pub area: AreaCode,
    pub ring: Vec<Point>,
    /// What is cut out of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub holes: Vec<Vec<Point>>,
}

/// A name that stands for an area in addresses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub name: String,
    pub area: AreaCode,
}

/// A part of a road, and the area it runs through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Road {
    pub name: String,
    pub area: AreaCode,
    /// First and last house number; none where they are not known.
    pub numbers: Option<(u32, u32)>,
    pub side: RoadSide,
}

/// Which houses of a road.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoadSide {
    Both,
    /// 单号.
    Odd,
    /// 双号.
    Even,
}

/// A circumstance read out of words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    pub code: String,
    pub name: String,
    pub keywords: Vec<String>,
}

/// A category's time to resolve under a condition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConditionLimit {
    pub category: String,
    pub condition: String,
    pub resolve: Limit,
}

/// Limits where a category has none of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultLimit {
    pub priority: Priority,
    pub respond: Limit,
    pub resolve: Limit,
}

/// How long the triage desk may take with a priority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriageLimit {
    pub priority: Priority,
    pub limit: Limit,
}

/// At which share of its time what nobody minds is told to a tier above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriageRung {
    /// Over 100.
    pub percent: u32,
    pub tier: Tier,
}

/// 研判席: the triage desk. The default is what counts where a profile says nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TriageRules {
    pub limits: Vec<TriageLimit>,
    pub amber_percent: u32,
    pub claim_minutes: u32,
    /// By rising percent.
    pub climbs: Vec<TriageRung>,
    /// Time to decide where life is in danger; none: [`DANGER_TRIAGE`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub danger: Option<Limit>,
}

/// What the desk has for a danger to life, where the profile says nothing.
pub const DANGER_TRIAGE: Limit = Limit { kind: LimitKind::UrgentMinute, amount: 10 };

impl Default for TriageRules {
    fn default() -> Self {
        Self {
            limits: Vec::new(),
            amber_percent: AMBER_PERCENT,
            claim_minutes: 15,
            climbs: vec![TriageRung { percent: 200, tier: Tier::District }],
            danger: None,
        }
    }
}

impl TriageRules {
    /// Time to decide; where the profile says none, a usual one.
    pub fn limit(&self, priority: Priority, in_danger: bool) -> Limit {
        if in_danger {
            return self.danger.unwrap_or(DANGER_TRIAGE);
        }
        let own = self.limits.iter().find(|it| it.priority == priority).map(|it| it.limit);
        own.unwrap_or(match priority {
            Priority::Urgent => Limit { kind: LimitKind::UrgentHour, amount: 1 },
            Priority::High => Limit { kind: LimitKind::WorkHour, amount: 2 },
            Priority::Normal => Limit { kind: LimitKind::WorkHour, amount: 4 },
        })
    }
}

/// The part as applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Directory {
    /// The top of the tree: a district, or a town that has none above it.
    pub district: AreaCode,
    pub areas: Vec<Area>,
    pub units: Vec<Unit>,
    pub categories: Vec<Category>,
    pub rules: Vec<KeywordRule>,
    pub boundaries: Vec<Boundary>,
    pub defaults: Vec<DefaultLimit>,
    pub calendar: Calendar,
    pub places: Vec<Place>,
    pub conditions: Vec<Condition>,
    pub condition_limits: Vec<ConditionLimit>,
    /// In the order in which they are asked; the last fits everything. Empty: each category starts where it says itself.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub authority: Vec<AuthorityRule>,
    /// How sure the learned classifier must be to decide, in percent. None: [`LEARNED_PERCENT`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learned_percent: Option<u32>,
    /// Words for things that people ask for: that there is none is the very matter (没有路灯).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub things: Vec<String>,
    /// Words of danger besides those that every district has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dangers: Vec<DangerWords>,
    /// The longest that resolving may take where life is in danger; none: one hour.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub danger_resolve: Option<Limit>,
    /// What the district lies in, from the top: 湖北省, 武汉市.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub within: Vec<String>,
    /// Names of places outside that addresses give: the city's other districts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub elsewhere: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roads: Vec<Road>,
    /// None: the default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triage: Option<TriageRules>,
    /// Words that tell of people who come first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub priority_people: Vec<PeopleWords>,
    /// Who serves which area.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forces: Vec<GridForce>,
    /// Of whom a grid team is made up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub team: Vec<String>,
}

/// Below this a person decides, where the district has settled nothing else.
pub const LEARNED_PERCENT: u32 = 90;
