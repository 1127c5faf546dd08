//! What comes in to be decided, and what a decision says, with its reasons.

use super::{danger::Danger, house::House, said::Said};
use chrono::{DateTime, Utc, serde::ts_microseconds, serde::ts_microseconds_option};
use huying_terms::{AreaCode, Limit, Location, Priority, Tier};
use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

/// A request as routing hears of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Submission {
    pub number: String,
    /// The district's area code, as the door said it.
    pub district: String,
    #[serde(with = "ts_microseconds")]
    pub submitted_at: DateTime<Utc>,
    pub content: String,
    /// What the door calls it; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    pub location: Location,
    /// A category the door gave; may be empty.
    pub given_category: String,
    /// What the platform that sent it demands.
    #[serde(default, skip_serializing_if = "Demand::is_none")]
    pub demand: Demand,
}

impl Submission {
    /// What it says.
    pub fn said(&self) -> Said<'_> {
        Said::new(&self.title, &self.content)
    }
}

/// What the platform that sent a request demands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demand {
    /// 紧急灯: it calls it urgent.
    pub urgent: bool,
    /// Its own deadline.
    #[serde(with = "ts_microseconds_option")]
    pub due_at: Option<DateTime<Utc>>,
    /// 重点人群: it says that somebody is concerned who comes first.
    #[serde(default, skip_serializing_if = "is_false")]
    pub priority_people: bool,
}

impl Demand {
    fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// A part of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Part {
    /// No profile is applied for the district: nothing can be decided.
    District,
    Area,
    Category,
    Tier,
    Holder,
    Departments,
    Priority,
    Respond,
    Resolve,
    /// Danger to life. Only a reason has it: it is no part that must be decided.
    Danger,
}

impl Part {
    /// The parts that every decision has, in their order.
    pub const DECIDED: [Self; 8] = [
        Self::Area,
        Self::Category,
        Self::Tier,
        Self::Holder,
        Self::Departments,
        Self::Priority,
        Self::Respond,
        Self::Resolve,
    ];

    /// The parts that no rule may be able to decide.
    pub const UNDECIDED: [Self; 4] = [Self::District, Self::Area, Self::Category, Self::Holder];

    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The rule of a category that a learned model decided.
pub const LEARNED: &str = "category.learned";

/// The rule of a priority that a person chose.
pub const CHOSEN: &str = "priority.hand";

/// The rule of a priority that people who come first raise.
pub const PEOPLE: &str = "priority.people";

/// Why a part of a decision is as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    pub part: Part,
    /// Which rule, such as `area.boundary`.
    pub rule: String,
    /// In words a desk officer understands.
    pub text: String,
}

impl Reason {
    pub fn new(part: Part, rule: &str, text: impl Into<String>) -> Self {
        Self { part, rule: format!("{}.{rule}", part.name()), text: text.into() }
    }
}

/// How sure an area is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Sureness {
    /// By one clue that may mean another place: a community's bare name, a road, a point beside a border.
    Low,
    /// By one clear clue.
    Fair,
    /// By a code, by a point well inside a border, or by several clues that agree.
    High,
}

/// What must be there before a case is resolved, and who looks at it before anybody is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Demands {
    /// Kinds of attachments, in casework's words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified: Option<Verifier>,
}

/// Who looks at what was resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verifier {
    /// The unit above the holder.
    Superior,
    Unit(String),
}

impl Demands {
    pub fn is_none(&self) -> bool {
        *self == Self::default()
    }
}

/// 处置权限: the row of the authority table that counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    /// Where it stands, as the profile's author sees it.
    pub line: String,
    /// What the row asks for and what held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// The lowest tier that may settle it.
    pub disposes: Tier,
    #[serde(default, skip_serializing_if = "Demands::is_none")]
    pub demands: Demands,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// The most exact area known.
    pub area: AreaCode,
    pub category: String,
    /// Where the case starts.
    pub tier: Tier,
    /// The unit that holds it first.
    pub holder: String,
    /// Whom a street would call.
    pub departments: Vec<String>,
    pub priority: Priority,
    pub respond: Limit,
    pub resolve: Limit,
    #[serde(with = "ts_microseconds")]
    pub respond_due_at: DateTime<Utc>,
    #[serde(with = "ts_microseconds")]
    pub resolve_due_at: DateTime<Utc>,
    /// In the order of the parts; at least one for each.
    pub reasons: Vec<Reason>,
    #[serde(flatten)]
    pub learned: Asked,
    /// Danger to life that the content speaks of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dangers: Vec<Danger>,
    /// How sure the area is; none: a person said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sureness: Option<Sureness>,
    /// The point given is no place in the district and is not told on.
    #[serde(default, skip_serializing_if = "is_false")]
    pub without_point: bool,
    /// It concerns people who come first: a home visit comes before all else.
    #[serde(default, skip_serializing_if = "is_false")]
    pub visit_first: bool,
    /// None: the district has no authority table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authority: Option<Authority>,
    /// The house that its address names, where the area is certain: history of its road.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub house: Option<House>,
}

/// What could be decided of a request that waits for a person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Partial {
    pub area: Option<AreaCode>,
    pub category: Option<String>,
    /// Why what is known is known, and why the rest is not.
    pub reasons: Vec<Reason>,
    #[serde(flatten)]
    pub learned: Asked,
    /// Urgent where there is danger to life; else unknown until the rest is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<Priority>,
    /// Danger to life that the content speaks of: whoever decides should do so first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dangers: Vec<Danger>,
    /// Where no area is known: which it may be, at most ten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<AreaCode>,
    /// Whose business it may be, best first; at most three.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<Suggestion>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub without_point: bool,
}

/// What a district's learned model said of the category. Empty: none was asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// Which model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Best first; at most four, each a category of the district.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guesses: Vec<Guess>,
}

/// A category and how likely it is the right one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Guess {
    pub category: String,
    /// Between 0 and 1, in whole ten-thousandths.
    pub confidence: f64,
}

/// How long a case has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    pub respond: Limit,
    pub resolve: Limit,
}

/// A unit whose business it may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Suggestion {
    pub unit: String,
    /// Between 0 and 1, in whole ten-thousandths.
    pub confidence: f64,
}

/// A person's decision. What is none is decided by the rules from the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Triage {
    pub area: String,
    pub category: String,
    pub holder: Option<String>,
    pub priority: Option<Priority>,
}

/// What the rules come to.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "there is one at a time, for a moment")]
pub enum Routing {
    Decided(Box<Decision>),
    /// A person must: what no rule could decide, never empty.
    Queued {
        partial: Partial,
        undecided: Vec<Part>,
    },
}

impl Routing {
    /// What is known of a request whoever holds it and however pressing it is: where, about what, and why.
    pub fn known(self) -> Partial {
        let it = match self {
            Self::Queued { partial, .. } => return partial,
            Self::Decided(decision) => *decision,
        };
        let of_it = |it: &Reason| matches!(it.part, Part::Area | Part::Category | Part::Danger);
        Partial {
            area: Some(it.area),
            category: Some(it.category),
            reasons: it.reasons.into_iter().filter(of_it).collect(),
            learned: it.learned,
            priority: None,
            dangers: it.dangers,
            candidates: Vec::new(),
            without_point: it.without_point,
            units: Vec::new(),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_false(it: &bool) -> bool {
    !it
}
