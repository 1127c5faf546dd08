//! Casework's part of a district's profile: where escalation ends, when the place works, how long a dispatch may take.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use huying_chassis::profile::Part;
use huying_terms::{AreaCode, Calendar, Clock, Limit, LimitKind, Tier};
use serde::{Deserialize, Serialize};

use super::attachment::{AttachmentPolicy, Evidence};
use super::group::ResponseGroup;
use super::handling::RequiredHandling;
use super::ledger::Ledger;
use super::policies::Policies;
use super::roster::Rostered;
use super::successor::{MOST_SUCCESSORS, MOST_UNITS};
use super::unit::Holder;
use super::verification::VerificationDemand;

/// Limits where a decided route brings none: an older routing, or a gap in its profile. A case must not be lost for that.
pub const FALLBACK_RESPOND: Limit = Limit { kind: LimitKind::WorkHour, amount: 2 };
pub const FALLBACK_RESOLVE: Limit = Limit { kind: LimitKind::WorkDay, amount: 5 };

/// Most categories, or parts of one, that demand evidence.
pub const MOST_EVIDENCE: usize = 1000;

/// The part as it is applied, kept and used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaseworkProfile {
    /// The district's area code.
    pub district: String,
    /// The highest tier: where escalation ends.
    pub top_tier: Tier,
    pub calendar: Calendar,
    /// Per cent of a limit at which the lamp turns amber.
    pub amber_percent: u32,
    /// A dispatch's time to report in and to complete.
    pub dispatch_respond: Limit,
    pub dispatch_resolve: Limit,
    #[serde(default)]
    pub policies: Policies,
    /// What may be attached to a case.
    #[serde(default, skip_serializing_if = "AttachmentPolicy::is_usual")]
    pub attachments: AttachmentPolicy,
    /// What must be, before one is resolved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What must be said, when one is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub required: Vec<RequiredHandling>,
    /// 专项响应组.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<ResponseGroup>,
    /// What is looked at on site once it is resolved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verification: Vec<VerificationDemand>,
    /// 清单、台账.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ledgers: Vec<Ledger>,
    /// The units of the district, by code, with their names, as routing's part has them; none: they are not known here.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub units: BTreeMap<String, String>,
    /// Who goes on for a unit that is no more, by its code; each is one of the units.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub successors: BTreeMap<String, Holder>,
    /// 值班表: the officers of units, in the order in which equals are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roster: Vec<Rostered>,
}

/// Whether a category is this one, or lies below this part of a code: parts end with a colon.
pub fn is_below(category: &str, part: &str) -> bool {
    category.strip_prefix(part).is_some_and(|below| below.is_empty() || below.starts_with(':'))
}

/// Whether it can be a category's code, or a part of one.
pub fn is_category_part(part: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:-".contains(&byte);
    (1..=40).contains(&part.len()) && part.bytes().all(plain)
}

impl CaseworkProfile {
    /// For a district whose casework part is not applied yet: the usual week in China's one zone, escalation up to the district. A case
    /// that comes before its profile is opened and worked all the same.
    pub fn fallback(district: &str) -> Self {
        Self {
            district: district.to_owned(),
            top_tier: Tier::District,
            calendar: Calendar::default(),
            amber_percent: huying_terms::AMBER_PERCENT,
            dispatch_respond: FALLBACK_RESPOND,
            dispatch_resolve: Limit { kind: LimitKind::WorkDay, amount: 3 },
            policies: Policies::default(),
            attachments: AttachmentPolicy::default(),
            evidence: Vec::new(),
            groups: Vec::new(),
            required: Vec::new(),
            verification: Vec::new(),
            ledgers: Vec::new(),
            units: BTreeMap::new(),
            successors: BTreeMap::new(),
            roster: Vec::new(),
        }
    }

    /// Whether it names the units, and this one is none of them.
    pub fn lacks(&self, unit: &str) -> bool {
        !self.units.is_empty() && !self.units.contains_key(unit)
    }

    /// The officers of a unit, in the roster's order.
    pub fn roster_of<'a>(&'a self, unit: &'a str) -> impl Iterator<Item = &'a Rostered> {
        self.roster.iter().filter(move |it| it.unit == unit)
    }

    /// A response group by its code.
    pub fn group(&self, code: &str) -> Option<&ResponseGroup> {
        self.groups.iter().find(|group| group.code == code)
    }

    /// A clock of this place, running from `at` on.
    pub fn clock(&self, limit: Limit, at: DateTime<Utc>) -> Clock {
        Clock::start_with_amber(&self.calendar, limit, self.amber_percent, at)
    }

    /// Everything that is wrong, each with its field.
    pub fn check(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        match AreaCode::parse(&self.district) {
            Ok(code) if code.tier() >= self.top_tier => {}
            Ok(code) => wrong
                .push(("profile.top_tier", format!("must not be above the {} the code names", code.tier()))),
            Err(error) => wrong.push(("profile.district", error.to_string())),
        }
        if let Err(error) = self.calendar.check() {
            wrong.push(("profile.calendar", error.to_string()));
        }
        if !(1..=99).contains(&self.amber_percent) {
            wrong.push(("profile.amber_percent", "must be from 1 to 99".to_owned()));
        }
        wrong.extend(self.policies.check());
        wrong.extend(self.policies.check_ladder());
        if self.top_tier < Tier::Street {
            wrong.push(("profile.top_tier", "must be street or district: nobody below may call".to_owned()));
        }
        wrong.extend(self.attachments.check());
        wrong.extend(ResponseGroup::check(&self.groups));
        if self.evidence.len() > MOST_EVIDENCE || !self.evidence.iter().all(Evidence::is_right) {
            let what = format!("must have a category and each kind once, and at most {MOST_EVIDENCE} items");
            wrong.push(("profile.evidence", what));
        }
        if self.required.len() > MOST_EVIDENCE || !self.required.iter().all(RequiredHandling::is_right) {
            let what = format!("must have a category and each field once, and at most {MOST_EVIDENCE} items");
            wrong.push(("profile.required", what));
        }
        let right = self.verification.iter().all(VerificationDemand::is_right);
        if self.verification.len() > MOST_EVIDENCE || !right {
            let what =
                format!("must have a category and a unit's code or none, and at most {MOST_EVIDENCE} items");
            wrong.push(("profile.verification", what));
        }
        wrong.extend(Rostered::check(&self.roster).into_iter().map(|what| ("profile.roster", what)));
        wrong.extend(self.check_units());
        wrong
    }

    /// Whoever goes on is there, and whoever is replaced is not; the chairs and members of groups are there.
    fn check_units(&self) -> Vec<(&'static str, String)> {
        let mut wrong = Vec::new();
        let (units, successors) = (&self.units, &self.successors);
        if units.len() > MOST_UNITS || successors.len() > MOST_SUCCESSORS {
            let what = format!("must be at most {MOST_UNITS} units and {MOST_SUCCESSORS} successors");
            wrong.push(("profile.units", what));
        }
        for (unit, to) in
            successors.iter().filter(|(unit, to)| units.contains_key(*unit) || !units.contains_key(&to.unit))
        {
            let what = format!("{unit} must be no unit any more, and its successor {} must be one", to.unit);
            wrong.push(("profile.successors", what));
        }
        if units.is_empty() {
            return wrong;
        }
        let looks = self.verification.iter().filter_map(|demand| demand.unit.as_ref());
        for unit in looks.filter(|unit| !units.contains_key(*unit)) {
            wrong.push(("profile.verification", format!("{unit} must be a unit")));
        }
        let strangers = self.roster.iter().map(|it| &it.unit).filter(|unit| !units.contains_key(*unit));
        for unit in strangers.collect::<BTreeSet<_>>() {
            wrong.push(("profile.roster", format!("{unit} must be a unit")));
        }
        for group in &self.groups {
            for unit in group.members.iter().chain([&group.chair]).filter(|unit| !units.contains_key(*unit)) {
                wrong.push(("profile.groups", format!("{unit} of {} must be a unit", group.code)));
            }
        }
        wrong
    }
}

impl Part for CaseworkProfile {
    type Index = Self;

    fn district(&self) -> &str {
        &self.district
    }

    fn index(self) -> Result<Self, String> {
        Ok(self)
    }
}
