//! Intake's part of a district's profile: its doors, and how its answers are owed.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use huying_terms::{Calendar, Datum, Limit, LimitKind};
use serde::{Deserialize, Serialize};

use super::{
    Error,
    archive::due::{FixedVisitor, Obliging, Plan, Plans},
    channel::Channel,
};

/// How long a reporter may object where the profile does not say. Our own setting: no public rule was found that districts share.
const OBJECTION: Limit = Limit { kind: LimitKind::WorkDay, amount: 5 };

/// How one door works.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelRule {
    pub channel: Channel,
    pub name: String,
    pub published: bool,
    pub external_id_required: bool,
    pub sources: Vec<String>,
    /// What points are in that do not say it themselves; none: WGS 84.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub datum: Option<Datum>,
}

/// The part as applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    pub district: String,
    pub name: String,
    pub prefix: String,
    pub zone: String,
    pub channels: Vec<ChannelRule>,
    /// The codes of the district's units; none: they are not looked at.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub units: BTreeSet<String>,
    /// Who goes on for a unit that is no more, by its code; each is one of the units.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub successors: BTreeMap<String, String>,
    /// When the place works; none: the usual week in its zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<Calendar>,
    /// How long after the answer the reporter may object to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub objection: Option<Limit>,
    /// What units are called, by their codes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub unit_names: BTreeMap<String, String>,
    /// By which days households and enterprises are to be visited.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visit_plans: Vec<Plan>,
    /// Days after what obliges a visit.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub obliged_visits: BTreeMap<Obliging, u32>,
    /// Who visits the grids of an area for good.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fixed_visitors: BTreeMap<String, FixedVisitor>,
}

/// The part as used.
#[derive(Debug)]
pub struct Index {
    pub prefix: String,
    pub zone: Tz,
    /// Who goes on for a unit that is no more.
    pub successors: BTreeMap<String, String>,
    pub calendar: Calendar,
    /// How long after the answer the reporter may object to it.
    pub objection: Limit,
    pub unit_names: BTreeMap<String, String>,
    pub plans: Plans,
    channels: BTreeMap<Channel, ChannelRule>,
}

impl Index {
    /// How a door works here.
    ///
    /// # Errors
    /// The district has not opened it.
    pub fn door(&self, channel: Channel) -> Result<&ChannelRule, Error> {
        self.channels.get(&channel).ok_or(Error::UnknownChannel { channel: channel.name() })
    }
}

impl huying_chassis::profile::Part for Part {
    type Index = Index;

    fn district(&self) -> &str {
        &self.district
    }

    fn index(self) -> Result<Index, String> {
        let zone = self.zone.parse().map_err(|_| format!("{} is no time zone", self.zone))?;
        let calendar = self.calendar.unwrap_or_else(|| Calendar::new(zone));
        Ok(Index {
            prefix: self.prefix,
            zone,
            successors: self.successors,
            calendar,
            objection: self.objection.unwrap_or(OBJECTION),
            unit_names: self.unit_names,
            plans: Plans {
                zone,
                plans: self.visit_plans,
                obliged: self.obliged_visits,
                visitors: self.fixed_visitors,
            },
            channels: self.channels.into_iter().map(|rule| (rule.channel, rule)).collect(),
        })
    }
}
