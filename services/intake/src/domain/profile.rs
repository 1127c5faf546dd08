//! Intake's part of a district's profile: its doors, and how its answers are owed.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::Tz;
use huying_terms::{Calendar, Datum, Limit, LimitKind};
use serde::{Deserialize, Serialize};

use super::{
    Error,
    archive::due::{FixedVisitor, Obliging, Plan, Plans},
    bond::{Bond, BondKey, Bonds},
    channel::Channel,
    duty::{self, Telling},
    flood::Rate,
};

/// How long a reporter may object where the profile does not say. Our own setting: no public rule was found that districts share.
const OBJECTION: Limit = Limit { kind: LimitKind::WorkDay, amount: 5 };

/// The national hotline of governments (政务服务便民热线).
const HOTLINE: &str = "12345";

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
    /// What one sender may send by it; none: as the domain has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// What all senders together may send by it; none: as the domain has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub door_rate: Option<Rate>,
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
    /// 首问负责: how often the first contact tells the reporter how it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tell_every: Option<Limit>,
    /// And within which time the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_within: Option<Limit>,
    /// The unit above each, by their codes: to whom a duty that was missed climbs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub superiors: BTreeMap<String, String>,
    /// To whom the missed answers of platforms climb.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform_superior: Option<String>,
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
    /// Whom to call where a card counts no more; empty: the national hotline.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub hotline: String,
    /// What stands before a card's code in print; empty: the code stands alone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub card_url: String,
    /// What one card may send, and one phone by cards; none: as the domain has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub card_rate: Option<Rate>,
    /// Officers and enterprises, leaders and key objects, departments and towns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bonds: Vec<Bond>,
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
    pub telling: Telling,
    pub unit_names: BTreeMap<String, String>,
    pub plans: Plans,
    /// Whom to call where a card counts no more.
    pub hotline: String,
    /// What stands before a card's code in print.
    pub card_url: String,
    /// What one card may send, and one phone by cards.
    pub card_rate: Rate,
    units: BTreeSet<String>,
    channels: BTreeMap<Channel, ChannelRule>,
    /// In the order of their keys.
    bonds: Vec<Bond>,
}

impl Index {
    /// Bonds that are wanted, after one.
    pub fn bonds<'a>(&'a self, wanted: &'a Bonds, after: Option<&BondKey>) -> impl Iterator<Item = &'a Bond> {
        let from = after.map_or(0, |after| self.bonds.partition_point(|bond| bond.key() <= *after));
        self.bonds.iter().skip(from).filter(|bond| wanted.wants(bond))
    }

    /// How a door works here.
    ///
    /// # Errors
    /// The district has not opened it.
    pub fn door(&self, channel: Channel) -> Result<&ChannelRule, Error> {
        self.channels.get(&channel).ok_or(Error::UnknownChannel { channel: channel.name() })
    }

    /// That a unit is one of the district's, where the profile names them.
    ///
    /// # Errors
    /// It is not.
    pub fn has_unit(&self, unit: &str) -> Result<(), Error> {
        let known = self.units.is_empty() || self.units.contains(unit);
        if known { Ok(()) } else { Err(Error::UnknownUnit { unit: unit.to_owned() }) }
    }

    /// The unit that acts, or whoever goes on for it.
    ///
    /// # Errors
    /// Nobody says which; it is none of the district's.
    pub fn acting(&self, unit: Option<&str>) -> Result<String, Error> {
        let unit = self.current(unit.ok_or(Error::NoUnit)?);
        self.has_unit(unit)?;
        Ok(unit.to_owned())
    }

    /// The unit, or whoever goes on for it.
    pub fn current<'a>(&'a self, unit: &'a str) -> &'a str {
        self.successors.get(unit).map_or(unit, String::as_str)
    }
}

impl huying_chassis::profile::Part for Part {
    type Index = Index;

    fn district(&self) -> &str {
        &self.district
    }

    fn index(self) -> Result<Index, String> {
        let zone = self.zone.parse().map_err(|_| format!("{} is no time zone", self.zone))?;
        let mut bonds = self.bonds;
        bonds.sort_by_cached_key(Bond::key);
        let calendar = self.calendar.unwrap_or_else(|| Calendar::new(zone));
        Ok(Index {
            prefix: self.prefix,
            zone,
            successors: self.successors,
            calendar,
            objection: self.objection.unwrap_or(OBJECTION),
            telling: Telling {
                every: self.tell_every.unwrap_or(duty::EVERY),
                answer: self.answer_within.unwrap_or(duty::ANSWER),
                superiors: self.superiors,
                of_platforms: self.platform_superior,
            },
            unit_names: self.unit_names,
            plans: Plans {
                zone,
                plans: self.visit_plans,
                obliged: self.obliged_visits,
                visitors: self.fixed_visitors,
            },
            hotline: Some(self.hotline).filter(|it| !it.is_empty()).unwrap_or_else(|| HOTLINE.to_owned()),
            card_url: self.card_url,
            card_rate: self.card_rate.unwrap_or(Rate::OF_CARD),
            units: self.units,
            bonds,
            channels: self.channels.into_iter().map(|rule| (rule.channel, rule)).collect(),
        })
    }
}
