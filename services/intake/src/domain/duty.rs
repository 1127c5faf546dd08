//! 首问负责: by when the first contact has to tell the reporter something, and who hears of a duty that was missed. Until the case is settled
//! that is how it goes, at intervals; once it is, the answer. A duty that was missed climbs from unit to unit, and goes on climbing until
//! the reporter is told.
//!
//! A platform has rules of its own for what it tells its callers meanwhile, so that only its answers have a clock here.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use huying_chassis::log::Decided;
use huying_terms::{Limit, LimitKind, worktime};

use super::{change::Change, profile::Index, request::Request};

/// How often a reporter is told how it goes where the profile does not say. Our own setting: no public rule was found that districts share.
pub const EVERY: Limit = Limit { kind: LimitKind::WorkDay, amount: 5 };
/// How soon a reporter is told the answer, likewise.
pub const ANSWER: Limit = Limit { kind: LimitKind::WorkDay, amount: 1 };
/// How often one duty climbs at most; there are four tiers.
const CLIMBS: u32 = 8;

/// What a district asks of first contacts.
#[derive(Clone, Debug)]
pub struct Telling {
    /// How often a reporter is told how it goes.
    pub every: Limit,
    /// How soon the answer; and how long a missed duty stays with one unit before it climbs on.
    pub answer: Limit,
    /// The unit above each, by their codes.
    pub superiors: BTreeMap<String, String>,
    /// To whom the missed answers of platforms climb.
    pub of_platforms: Option<String>,
}

impl Index {
    /// By when the reporter is to be told how it goes, from an instant on.
    pub fn tell_by(&self, from: DateTime<Utc>) -> DateTime<Utc> {
        worktime::due(&self.calendar, from, self.telling.every)
    }

    /// By when the reporter is to be told the answer, from an instant on.
    pub fn answer_by(&self, from: DateTime<Utc>) -> DateTime<Utc> {
        worktime::due(&self.calendar, from, self.telling.answer)
    }

    fn above(&self, unit: Option<&str>) -> Option<&String> {
        match unit {
            Some(unit) => self.telling.superiors.get(self.current(unit)),
            None => self.telling.of_platforms.as_ref(),
        }
    }
}

impl Request {
    /// By when its reporter is to be told how it goes, from an instant on; none where a platform sees to that.
    pub fn tell_by(&self, profile: &Index, from: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.first_contact.unit.as_ref().map(|_| profile.tell_by(from))
    }

    /// The first contact did not tell the reporter in time: the unit above hears of it, or above the one that heard last.
    pub fn miss(&self, profile: &Index, now: DateTime<Utc>) -> Decided<Change> {
        let first = &self.first_contact;
        let Some(due_at) = first.due_at.filter(|due| *due <= now) else {
            return Decided::AlreadyDone;
        };
        let heard = first.climbed_to.as_deref().or(first.unit.as_deref());
        let to = profile.above(heard).filter(|_| first.missed < CLIMBS).cloned();
        let next_at = to.is_some().then(|| profile.answer_by(now));
        Decided::one(Change::DutyMissed { unit: first.unit.clone(), due_at, to, next_at })
    }
}
